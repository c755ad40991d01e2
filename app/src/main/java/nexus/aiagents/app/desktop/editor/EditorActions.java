package nexus.aiagents.app.desktop.editor;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javafx.beans.binding.Bindings;
import javafx.beans.value.ObservableStringValue;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import nexus.aiagents.app.desktop.shell.Action;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.feather.Feather;

/// What can be done in the editor, for the palette, the menus and the keys. JavaFX thread.
final class EditorActions {
    private final OpenFiles files;
    private final ObservableStringValue noFile;
    private final List<Action> all = new ArrayList<>();

    EditorActions(OpenFiles files) {
        this.files = files;
        noFile = Bindings.createStringBinding(
                () -> files.front() == null ? "No file is open." : "",
                files.tabs().getSelectionModel().selectedItemProperty());
    }

    List<Action> all() {
        return List.copyOf(all);
    }

    EditorActions files(FindBar find) {
        front("editor.save", "Save", Feather.SAVE, key(KeyCode.S), f -> files.save(f, false));
        add("editor.save-all", "Save all files", Feather.SAVE, shifted(KeyCode.S), noFile, files::saveAll);
        front("editor.find", "Find in file", Feather.SEARCH, key(KeyCode.F), f -> find.open(f.area(), false));
        front(
                "editor.replace",
                "Find and replace in file",
                Feather.REPEAT,
                new KeyCodeCombination(KeyCode.H, KeyCombination.CONTROL_DOWN),
                f -> find.open(f.area(), true));
        return this;
    }

    EditorActions assist(Assist assist) {
        front(
                "editor.complete",
                "Complete",
                Feather.LIST,
                new KeyCodeCombination(KeyCode.SPACE, KeyCombination.CONTROL_DOWN),
                assist::complete);
        front(
                "editor.fix",
                "Mend the problem here",
                Feather.TOOL,
                new KeyCodeCombination(KeyCode.ENTER, KeyCombination.ALT_DOWN),
                assist::fix);
        return this;
    }

    EditorActions problems(LiveDiagnostics diagnostics, ProblemWalk walk) {
        ObservableStringValue none = Bindings.createStringBinding(
                () -> diagnostics.analysis().get().diagnostics().isEmpty() ? "There are no problems." : "",
                diagnostics.analysis());
        add(
                "editor.next-problem",
                "Go to the next problem",
                Feather.ARROW_DOWN,
                plain(KeyCode.F8),
                none,
                () -> walk.go(1));
        add(
                "editor.previous-problem",
                "Go to the previous problem",
                Feather.ARROW_UP,
                new KeyCodeCombination(KeyCode.F8, KeyCombination.SHIFT_DOWN),
                none,
                () -> walk.go(-1));
        return this;
    }

    EditorActions names(Navigation navigation) {
        ObservableStringValue noYaml = Bindings.createStringBinding(
                () -> {
                    EditorFile front = files.front();
                    return front == null ? "No file is open." : front.isYaml() ? "" : "This is for YAML files.";
                },
                files.tabs().getSelectionModel().selectedItemProperty());
        all.addAll(navigation.actions(noYaml, this::onFront));
        return this;
    }

    EditorActions live(DifferenceView view, ApplyLive live) {
        add(
                "editor.difference",
                "Show the difference to what runs",
                Feather.COLUMNS,
                shifted(KeyCode.D),
                view.whyNot(),
                view::show);
        add(
                "editor.next-difference",
                "Go to the next difference",
                Feather.ARROW_DOWN,
                plain(KeyCode.F7),
                view.whyNot(),
                () -> view.go(1));
        add(
                "editor.previous-difference",
                "Go to the previous difference",
                Feather.ARROW_UP,
                new KeyCodeCombination(KeyCode.F7, KeyCombination.SHIFT_DOWN),
                view.whyNot(),
                () -> view.go(-1));
        add(
                "editor.difference-beside",
                "Show old and new side by side, or unified",
                Feather.COLUMNS,
                null,
                view.whyNotBeside(),
                view::turn);
        ObservableStringValue notShown = Bindings.createStringBinding(
                () -> !view.isShown() && live.pending().get() == null
                        ? "Look at the difference first: it says what will restart."
                        : live.whyNot().get(),
                view.shownProperty(),
                live.pending(),
                live.whyNot());
        add("editor.apply", "Apply live", Feather.UPLOAD, shifted(KeyCode.ENTER), notShown, live::apply);
        return this;
    }

    EditorActions and(Action more) {
        all.add(more);
        return this;
    }

    private void front(String id, String title, Ikon icon, KeyCombination key, Consumer<EditorFile> work) {
        add(id, title, icon, key, noFile, onFront(work));
    }

    private void add(
            String id,
            String title,
            Ikon icon,
            @Nullable KeyCombination key,
            ObservableStringValue whyNot,
            Runnable work) {
        all.add(new Action(id, title, icon, key, whyNot, work));
    }

    private Runnable onFront(Consumer<EditorFile> work) {
        return () -> {
            EditorFile front = files.front();
            if (front != null) {
                work.accept(front);
            }
        };
    }

    private static KeyCombination plain(KeyCode code) {
        return new KeyCodeCombination(code);
    }

    private static KeyCombination key(KeyCode code) {
        return new KeyCodeCombination(code, KeyCombination.SHORTCUT_DOWN);
    }

    private static KeyCombination shifted(KeyCode code) {
        return new KeyCodeCombination(code, KeyCombination.SHORTCUT_DOWN, KeyCombination.SHIFT_DOWN);
    }
}
