package nexus.aiagents.app.desktop.editor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import nexus.aiagents.app.desktop.fx.BackgroundTask;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.ActionButton;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.project.Analysis.Symbol;
import nexus.aiagents.engine.project.LanguageService;
import nexus.aiagents.engine.project.LanguageService.Block;
import nexus.aiagents.engine.project.Position;
import org.fxmisc.flowless.VirtualizedScrollPane;
import org.fxmisc.richtext.CodeArea;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/// One block of the project's YAML as it lies on the disk, to be read beside what it makes; the editor
/// is one step away. JavaFX thread.
public final class YamlPane extends BorderPane {
    private static final double NUMBER = 40;

    private final Workspace workspace;
    private final CodeArea area = new CodeArea();
    private final Highlighting highlighting = new Highlighting(area, new YamlSyntax());
    private final Label place = new Label();
    private @Nullable Excerpt shown;
    private @Nullable BackgroundTask reading;

    /// @param from the first of its lines, from 0
    private record Excerpt(String file, int from, int nameLine, int nameColumn, String text) {}

    public YamlPane(Workspace workspace, String prefix) {
        this.workspace = workspace;
        area.setEditable(false);
        area.setId(prefix + "-yaml");
        area.getStyleClass().add("editor-area");
        area.setAccessibleText("Its YAML");
        area.setFocusTraversable(true);
        place.getStyleClass().addAll("muted", "small");
        place.setMinWidth(0);
        Action edit = Action.always(prefix + ".editYaml", "Edit in the editor", Feather.EDIT_3, null, this::edit);
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox bar = new HBox(8, place, gap, new ActionButton(edit, "small"));
        bar.setAlignment(Pos.CENTER_LEFT);
        bar.getStyleClass().add("tab-bar-row");
        setTop(bar);
        area.sceneProperty().addListener((_, _, scene) -> {
            if (scene != null && area.getParagraphGraphicFactory() == null) { // its style sheets want a scene
                area.setParagraphGraphicFactory(this::number);
            }
        });
        setCenter(new VirtualizedScrollPane<>(area));
        setMinSize(0, 0);
    }

    /// Reads the block again.
    ///
    /// @param kind as in {@link Symbol}: `agent`
    public void show(Path folder, String kind, String name) {
        BackgroundTask earlier = reading;
        if (earlier != null) {
            earlier.cancel();
        }
        LanguageService language = workspace.language();
        reading = workspace
                .background()
                .quietly(
                        _ -> java.util.Optional.ofNullable(excerpt(language, folder, kind, name)),
                        found -> show(found.orElse(null)),
                        e -> {
                            shown = null;
                            area.replaceText("");
                            place.setText("It can not be read: " + e.getMessage());
                        });
    }

    private static @Nullable Excerpt excerpt(LanguageService language, Path folder, String kind, String name)
            throws IOException {
        Position at = language.analyze(folder, Map.of()).outline().stream()
                .filter(symbol -> symbol.kind().equals(kind) && symbol.name().equals(name))
                .map(Symbol::at)
                .findFirst()
                .orElse(null);
        if (at == null) {
            return null;
        }
        String text = TextFile.read(folder.resolve(at.file())).text();
        Position whole = language.outline(at.file(), text).stream()
                .filter(block -> block.kind().equals(kind) && block.name().equals(name))
                .map(Block::whole)
                .findFirst()
                .orElse(at);
        List<String> lines = text.lines().toList();
        int last = Math.min(
                lines.size(),
                whole.endColumn() == 0 ? Math.max(whole.line() + 1, whole.endLine()) : whole.endLine() + 1);
        String excerpt = String.join("\n", lines.subList(Math.min(whole.line(), last), last))
                .stripTrailing();
        return new Excerpt(at.file(), whole.line(), at.line(), at.column(), excerpt);
    }

    private void show(@Nullable Excerpt now) {
        if (now != null && now.equals(shown)) {
            return;
        }
        shown = now;
        boolean numbered = area.getParagraphGraphicFactory() != null;
        area.replaceText(now == null ? "" : now.text());
        area.moveTo(0);
        area.requestFollowCaret();
        highlighting.all();
        if (numbered) {
            area.setParagraphGraphicFactory(this::number); // it may begin at another line now
        }
        place.setText(
                now == null
                        ? "The project's YAML does not name it any more."
                        : now.file() + ", line " + (now.from() + 1));
    }

    /// The line in its file.
    private Node number(int line) {
        Excerpt now = shown;
        return new Gutter((now == null ? 0 : now.from()) + line + 1, NUMBER, false);
    }

    private void edit() {
        Excerpt now = shown;
        workspace.show(
                Screen.EDITOR, now == null ? "nexus.yaml" : now.file() + ":" + now.nameLine() + ":" + now.nameColumn());
    }
}
