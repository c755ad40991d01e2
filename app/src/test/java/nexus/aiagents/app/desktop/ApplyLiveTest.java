package nexus.aiagents.app.desktop;

import static nexus.aiagents.app.desktop.DesktopFixture.await;
import static nexus.aiagents.app.desktop.DesktopFixture.fx;
import static nexus.aiagents.app.desktop.DesktopFixture.onFx;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import javafx.application.ColorScheme;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.Label;
import javafx.scene.control.Labeled;
import javafx.scene.control.ListView;
import javafx.scene.control.TextArea;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import nexus.aiagents.app.desktop.editor.EditorScreen;
import nexus.aiagents.app.desktop.editor.merge.SideBySide;
import nexus.aiagents.app.desktop.shell.EngineConnector;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.EngineClient;
import org.fxmisc.richtext.CodeArea;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

/// From an edit to what runs, and edits that other programs make meanwhile, on a real engine.
@ExtendWith(ApplicationExtension.class)
class ApplyLiveTest {
    private static final String YAML = """
            # a small team
            project: {name: small}
            ---
            model: {name: default, provider: scripted, model: scripted-small}
            ---
            agent:
              name: writer
              runtime: model
              prompt: You write.
            ---
            agent:
              name: reader
              runtime: model
              prompt: You read.
            ---
            supervisor:
              name: team
              agents: [writer, reader]
            """;

    private DesktopFixture desktop;
    private Path file;

    @Start
    void start(Stage stage) throws Exception {
        desktop = new DesktopFixture(stage, new EngineConnector(), w -> List.of(new EditorScreen(w)));
        Path folder = Files.createDirectory(desktop.home.resolve("small"));
        file = Files.writeString(folder.resolve("nexus.yaml"), YAML);
        desktop.window.show(Screen.EDITOR, null);
    }

    @AfterEach
    void close() {
        desktop.close();
    }

    private CodeArea open() {
        fx(() -> {
            desktop.workspace.open(file.getParent());
            desktop.workspace.show(Screen.EDITOR, "nexus.yaml");
        });
        await("the file is open", () -> node(".editor-area") != null);
        await("the project is open", () -> desktop.workspace.view().get() != null);
        return (CodeArea) node(".editor-area");
    }

    private Node node(String selector) {
        return desktop.window.scene().lookup(selector);
    }

    private boolean isThere(String selector) {
        Node node = node(selector);
        return node != null && node.isVisible();
    }

    private boolean says(String selector, String words) {
        return isThere(selector)
                && node(selector).lookupAll(".label").stream()
                        .anyMatch(
                                label -> label instanceof Label l && l.getText().contains(words));
    }

    private void press(String within, String text) {
        fx(() -> node(within).lookupAll(".button").stream()
                .map(ButtonBase.class::cast)
                .filter(button -> button.getText() != null && button.getText().equals(text))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no button " + text))
                .fire());
    }

    private void save() {
        fx(() -> desktop.window.front().actions().stream()
                .filter(action -> action.id().equals("editor.save"))
                .findFirst()
                .orElseThrow()
                .fire());
    }

    private EngineClient engine() {
        return Objects.requireNonNull(onFx(() -> desktop.workspace.client().get()));
    }

    private int starts(String agent) {
        return engine().history(new EngineClient.HistoryQuery(0, 100, false, Set.of("AgentUp"), agent, null))
                .size();
    }

    private boolean isTold(String title) {
        return desktop.workspace.notifications().history().stream()
                .anyMatch(n -> n.title().contains(title));
    }

    /// For people to look at, when they ask for it.
    private void picture(String name) {
        String folder = System.getProperty("nexus.pictures");
        if (folder != null) {
            for (ColorScheme scheme : ColorScheme.values()) {
                fx(() -> desktop.system.set(scheme));
                desktop.picture(Path.of(folder, name + "-" + scheme + ".png"));
            }
        }
    }

    private static void replace(CodeArea area, String old, String by) {
        int at = area.getText().indexOf(old);
        area.replaceText(at, at + old.length(), by);
    }

    @Test
    void what_an_edit_restarts_is_said_then_it_is_applied_and_has_restarted(FxRobot robot) throws Exception {
        CodeArea area = open();
        engine().submit(new Command.Up(), "test").toCompletableFuture().join();
        fx(() -> {
            replace(area, "You write.", "You write well.");
            area.insertText(0, "# edited\n");
            area.requestFocus();
        });
        robot.press(KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.D).release(KeyCode.D, KeyCode.SHIFT, KeyCode.CONTROL);
        await("said", () -> says("#difference", "Writer restarts."));
        assertEquals("Apply and restart writer", onFx(() -> ((Button) node("#apply-live")).getText()));
        assertEquals(
                1,
                onFx(() -> ((ListView<?>) node("#difference-plan")).getItems().size()));
        robot.press(KeyCode.F7).release(KeyCode.F7);
        ListView<?> lines = (ListView<?>) node("#difference-lines");
        int first = onFx(() -> lines.getSelectionModel().getSelectedIndex());
        robot.press(KeyCode.F7).release(KeyCode.F7);
        assertTrue(onFx(() -> lines.getSelectionModel().getSelectedIndex()) > first);
        assertEquals(YAML, Files.readString(file), "nothing is saved by looking");
        sideBySide(robot, lines);
        picture("difference");

        fx(() -> ((Button) node("#apply-live")).fire());
        await("told", () -> isTold("The changes are applied"));
        assertEquals(2, starts("writer"));
        assertEquals(1, starts("reader"), "its sibling ran on");
        assertTrue(Files.readString(file).contains("You write well."));
        await(
                "nothing differs",
                () -> ((ListView<?>) node("#difference-lines")).getItems().isEmpty());
        assertTrue(onFx(() -> node("#apply-live").isDisabled()));

        robot.press(KeyCode.ESCAPE).release(KeyCode.ESCAPE);
        await("the text is back", () -> node("#difference") == null);
        fx(() -> replace(area, "You read.", "You read well."));
        save();
        await("it waits for a decision", () -> says("#apply-bar", "reader restarts"));
        assertEquals(1, starts("reader"), "saving alone restarts nobody");
        picture("apply-bar");
        fx(() -> replace(area, "You read well.", "You read."));
        save();
        await("nothing to decide", () -> !isThere("#apply-bar"));

        fx(() -> replace(area, "name: reader", "nam: reader"));
        fx(() -> desktop.window.front().actions().stream()
                .filter(action -> action.id().equals("editor.difference"))
                .findFirst()
                .orElseThrow()
                .fire());
        await("why not", () -> says("#difference", "The files have errors"));
        assertTrue(onFx(() -> node("#apply-live").isDisabled()));
        fx(area::undo);
    }

    /// The new layout shows the same, is walked by the same keys, and gives way where there is no room
    /// for it.
    private void sideBySide(FxRobot robot, ListView<?> lines) {
        int last = onFx(() -> lines.getSelectionModel().getSelectedIndex());
        fx(() -> ((ToggleButton) node("#difference-beside")).fire());
        @SuppressWarnings("unchecked")
        ListView<SideBySide.Row> sides = (ListView<SideBySide.Row>) node("#difference-sides");
        assertTrue(onFx(() -> !lines.isVisible() && sides.isFocused()));
        SideBySide.Row selected = onFx(() -> sides.getSelectionModel().getSelectedItem());
        assertEquals("gone:   prompt: You write., new:   prompt: You write well.", selected.words());
        robot.press(KeyCode.SHIFT, KeyCode.F7).release(KeyCode.F7, KeyCode.SHIFT);
        assertEquals(
                "new: # edited",
                onFx(() -> sides.getSelectionModel().getSelectedItem().words()));
        robot.press(KeyCode.F7).release(KeyCode.F7);
        assertEquals(selected, onFx(() -> sides.getSelectionModel().getSelectedItem()));
        picture("difference-beside");
        fx(() -> desktop.stage.setWidth(880));
        await("no room", () -> lines.isVisible() && lines.isFocused());
        assertEquals(last, onFx(() -> lines.getSelectionModel().getSelectedIndex()));
        fx(() -> desktop.stage.setWidth(1280));
        await("room again", () -> !lines.isVisible() && sides.isFocused());
        fx(() -> ((ToggleButton) node("#difference-unified")).fire());
        assertEquals(last, onFx(() -> lines.getSelectionModel().getSelectedIndex()));
    }

    @Test
    void what_other_programs_write_is_merged_and_never_lost() throws Exception {
        CodeArea area = open();
        // Saved elsewhere by renaming, with nothing typed here: taken, the caret stays with its line.
        fx(() -> area.moveTo(16, 4));
        Path beside = Files.writeString(file.resolveSibling("nexus.yaml.new"), "# above\n" + YAML);
        Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
        await("taken", () -> area.getText().startsWith("# above\n"));
        assertEquals(17, onFx(area::getCurrentParagraph));
        assertEquals(4, onFx(area::getCaretColumn));

        // Typed here, other lines changed there: both.
        fx(() -> area.appendText("# mine\n"));
        Files.writeString(file, "# theirs\n" + YAML);
        await("merged", () -> area.getText().equals("# theirs\n" + YAML + "# mine\n"));
        assertTrue(isTold("Merged into nexus.yaml"));
        fx(area::undo);
        assertEquals("# above\n" + YAML + "# mine\n", onFx(area::getText), "one step takes theirs out again");
        fx(area::redo);
        save();
        await("saved", () -> desktop.window.unsaved() == null);
        assertEquals("# theirs\n" + YAML + "# mine\n", Files.readString(file));

        // The same line changed on both sides: a person decides.
        fx(() -> {
            replace(area, "You write.", "You write well.");
            replace(area, "You read.", "You read well.");
        });
        String theirs =
                Files.readString(file).replace("You write.", "You write badly.").replace("You read.", "Read!");
        Files.writeString(file, theirs);
        await("asked", () -> says(".conflict", "2 places"));
        save();
        assertEquals(theirs, Files.readString(file), "what was not seen is not overwritten");
        press(".conflict", "Decide…");
        await("both sides", () -> says("#merge", "2 of 2 places"));
        picture("merge");
        assertTrue(onFx(() -> node("#merge-take").isDisabled()));
        fx(() -> {
            List<Labeled> choices = node("#merge").lookupAll(".toggle-button").stream()
                    .map(Labeled.class::cast)
                    .toList();
            ((ButtonBase) choices.stream()
                            .filter(c -> c.getText().equals("From disk"))
                            .findFirst()
                            .orElseThrow())
                    .fire();
            TextArea byHand = node("#merge").lookupAll(".merge-result").stream()
                    .map(TextArea.class::cast)
                    .toList()
                    .getLast();
            byHand.setText("  prompt: Read well!");
        });
        await("all decided", () -> !node("#merge-take").isDisabled());
        fx(() -> ((Button) node("#merge-take")).fire());
        await("merged", () -> node("#merge") == null && !isThere(".conflict"));
        assertTrue(onFx(() ->
                area.getText().contains("You write badly.") && area.getText().contains("prompt: Read well!")));
        save();
        await("saved", () -> desktop.window.unsaved() == null);
        String merged = onFx(area::getText);
        assertEquals(merged, Files.readString(file));

        // Written again with the same text: nothing to say. Gone: said, and it can be saved again.
        Files.writeString(file, merged);
        Files.delete(file);
        await("gone", () -> says(".conflict", "deleted or renamed"));
        picture("gone");
        press(".conflict", "Save it here again");
        await("there again", () -> Files.exists(file) && !isThere(".conflict"));
        assertEquals(merged, Files.readString(file));
        assertFalse(onFx(() -> desktop.window.unsaved() != null));

        // No text any more: said once, and taken again when it is.
        Files.write(file, new byte[] {0, 1, 2, (byte) 0xff});
        await("unreadable", () -> says(".conflict", "can not be read any more"));
        Files.writeString(file, merged);
        await("readable", () -> !isThere(".conflict"));
        assertEquals(merged, onFx(area::getText));
    }
}
