package nexus.aiagents.app.desktop.editor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javafx.beans.Observable;
import nexus.aiagents.app.desktop.shell.Workspace;
import org.jspecify.annotations.Nullable;

/// Opens the files again that were open when the project was closed, each with its caret where it was, the
/// one in front last. JavaFX thread.
final class OpenTabs {
    private static final String KEY = "editor.open";
    /// `front` or `behind`, line and column from 0, the name in the project.
    private static final Pattern KEPT = Pattern.compile("(front|behind) (\\d{1,7}) (\\d{1,7}) (.+)");

    private final Workspace workspace;
    private final OpenFiles files;
    private final BiConsumer<String, Consumer<EditorFile>> open;
    /// Files are on their way back; what is open meanwhile is not all.
    private boolean returning;

    /// @param open opens a file of the project in front and hands it over
    OpenTabs(Workspace workspace, OpenFiles files, BiConsumer<String, Consumer<EditorFile>> open) {
        this.workspace = workspace;
        this.files = files;
        this.open = open;
        files.tabs().getTabs().addListener((Observable _) -> keep());
        files.tabs().getSelectionModel().selectedItemProperty().addListener((_, _, _) -> keep());
        workspace.viewState().beforeLeaving(this::keep); // carets move too often to be followed
        workspace.viewState().follow(KEY, this::bringBack);
    }

    /// Whether some will be opened.
    boolean any() {
        return !workspace.viewState().get(KEY).isEmpty();
    }

    private void keep() {
        if (returning) {
            return;
        }
        EditorFile front = files.front();
        List<String> kept = new ArrayList<>();
        for (EditorFile file : files.inOrder()) {
            kept.add((file == front ? "front " : "behind ") + file.area().getCurrentParagraph() + " "
                    + file.area().getCaretColumn() + " " + file.name());
        }
        workspace.viewState().put(KEY, kept);
    }

    private record Place(boolean front, int line, int column, String name) {
        static @Nullable Place of(String kept) {
            Matcher m = KEPT.matcher(kept);
            return m.matches()
                    ? new Place(
                            m.group(1).equals("front"),
                            Integer.parseInt(m.group(2)),
                            Integer.parseInt(m.group(3)),
                            m.group(4))
                    : null;
        }
    }

    private void bringBack(List<String> kept) {
        Path project = workspace.folder().get();
        if (project == null || kept.isEmpty() || !files.all().isEmpty()) {
            return;
        }
        List<Place> places = new ArrayList<>();
        for (String line : kept) {
            Place place = Place.of(line);
            if (place != null) {
                places.add(place);
            }
        }
        returning = true;
        workspace
                .background()
                .quietly(
                        _ -> places.stream()
                                .filter(p -> canBeOpened(project, p.name()))
                                .toList(),
                        there -> next(project, there, 0),
                        _ -> next(project, List.of(), 0));
    }

    private static boolean canBeOpened(Path project, String name) {
        Path file = project.resolve(name).normalize();
        if (!file.startsWith(project)) {
            return false;
        }
        try {
            TextFile.read(file);
            return true;
        } catch (IOException _) {
            return false; // gone, or no text any more
        }
    }

    /// One after the other, so that the tabs stand in their order.
    private void next(Path project, List<Place> places, int at) {
        if (!project.equals(workspace.folder().get()) || at == places.size()) {
            returning = false;
            places.stream().filter(Place::front).findFirst().ifPresent(p -> files.bringToFront(p.name()));
            keep();
            return;
        }
        Place place = places.get(at);
        open.accept(place.name(), file -> {
            file.jump(place.line(), place.column());
            next(project, places, at + 1);
        });
    }
}
