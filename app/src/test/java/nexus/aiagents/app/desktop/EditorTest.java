package nexus.aiagents.app.desktop;

import static nexus.aiagents.app.desktop.DesktopFixture.await;
import static nexus.aiagents.app.desktop.DesktopFixture.fx;
import static nexus.aiagents.app.desktop.DesktopFixture.onFx;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javafx.geometry.Bounds;
import javafx.geometry.Point2D;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.MenuButton;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import nexus.aiagents.app.desktop.editor.EditorScreen;
import nexus.aiagents.app.desktop.fx.Fx;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.CannotOpen;
import nexus.aiagents.app.desktop.shell.Notification;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.project.Diagnostic;
import org.fxmisc.richtext.CodeArea;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

@ExtendWith(ApplicationExtension.class)
class EditorTest {
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
            supervisor:
              name: team
              agents: [writer]
            """;

    private final FakeEngineClient client = new FakeEngineClient(SampleViews.stopped("/demo"));
    private volatile boolean refuse;
    private DesktopFixture desktop;
    private Path file;

    @Start
    void start(Stage stage) throws Exception {
        desktop = new DesktopFixture(stage, this::connect, w -> List.of(new EditorScreen(w)));
        Path folder = Files.createDirectory(desktop.home.resolve("small"));
        file = Files.writeString(folder.resolve("nexus.yaml"), YAML);
        desktop.window.show(Screen.EDITOR, null);
    }

    private EngineClient connect(Path folder) throws CannotOpen {
        if (refuse) {
            throw new CannotOpen("The project has an error", "why", "mend it", List.of());
        }
        return client;
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
        await("the file is open", () -> desktop.window.scene().lookup(".editor-area") != null);
        await("the project is open", () -> desktop.workspace.view().get() != null || refuse);
        return (CodeArea) onFx(() -> desktop.window.scene().lookup(".editor-area"));
    }

    private List<Diagnostic> problems() {
        @SuppressWarnings("unchecked")
        ListView<Diagnostic> list =
                (ListView<Diagnostic>) desktop.window.scene().lookup("#problems");
        return List.copyOf(list.getItems());
    }

    @Test
    void a_syntax_error_in_javascript_is_marked_while_it_is_typed(FxRobot robot) throws Exception {
        Files.writeString(file.resolveSibling("agent.js"), "export default (input) => input;\nconst x = 1;\n");
        Files.writeString(file, YAML + "---\nagent: {name: script, source: agent.js}\n");
        open();
        fx(() -> desktop.workspace.show(Screen.EDITOR, "agent.js"));
        await(
                "the program is open",
                () -> desktop.window.scene().lookup("#tab-agent.js") != null || programArea() != null);
        CodeArea area = onFx(this::programArea);
        fx(() -> {
            area.moveTo(1, 10);
            area.requestFocus();
        });
        robot.press(KeyCode.SPACE).release(KeyCode.SPACE);
        robot.write("=");
        await("marked", () -> isMarked(area, 1));
        Diagnostic wrong = onFx(() -> problems().getFirst());
        assertEquals("agent.js", wrong.at().file());
        assertEquals(1, wrong.at().line());
        fx(area::undo);
        await("unmarked", () -> problems().isEmpty() && !isMarked(area, 1));
    }

    private CodeArea programArea() {
        return desktop.window.scene().getRoot().lookupAll(".editor-area").stream()
                .map(CodeArea.class::cast)
                .filter(area -> area.getText().contains("export default"))
                .findFirst()
                .orElse(null);
    }

    private long kept() {
        Path unsaved = desktop.home.resolve("data/unsaved");
        try (var files = Files.list(unsaved)) {
            return files.filter(f -> f.toString().endsWith(".json")).count();
        } catch (java.io.IOException _) {
            return 0;
        }
    }

    @Test
    void what_was_typed_and_not_saved_is_there_again_after_a_crash_of_the_app() throws Exception {
        CodeArea area = open();
        fx(() -> area.appendText("# half a thought"));
        await("it is kept", () -> kept() == 1);

        EditorScreen after = onFx(() -> new EditorScreen(desktop.workspace)); // as the next start of the app makes it
        await("brought back", () -> after.unsaved() != null);
        assertEquals("Not saved: nexus.yaml.", onFx(after::unsaved));
        assertEquals(YAML, Files.readString(file), "the disk is as it was");

        fx(after::discardUnsaved);
        assertEquals(0, kept(), "what was discarded is not offered again");
    }

    @Test
    void what_was_typed_comes_back_even_if_its_file_is_gone_and_saving_writes_the_file_anew() throws Exception {
        CodeArea area = open();
        fx(() -> area.appendText("# half a thought"));
        await("it is kept", () -> kept() == 1);
        Files.delete(file);

        EditorScreen after = onFx(() -> new EditorScreen(desktop.workspace));
        await("brought back", () -> after.unsaved() != null);
        fx(() -> after.actions().stream()
                .filter(action -> action.id().equals("editor.save"))
                .forEach(Action::fire));
        await("written", () -> Files.exists(file));
        assertEquals(YAML + "# half a thought", Files.readString(file));
        assertTrue(onFx(() -> desktop.workspace.notifications().history().stream()
                .noneMatch(n -> n.kind() == Notification.Kind.FAILED)));
    }

    @Test
    void nothing_is_kept_of_what_was_saved(FxRobot robot) throws Exception {
        CodeArea area = open();
        fx(() -> area.appendText("# a thought"));
        await("it is kept", () -> kept() == 1);
        fx(area::requestFocus);
        robot.press(KeyCode.CONTROL).press(KeyCode.S).release(KeyCode.S).release(KeyCode.CONTROL);
        await("nothing is kept", () -> kept() == 0);
        assertEquals(YAML + "# a thought", Files.readString(file));
    }

    private static boolean isMarked(CodeArea area, int line) {
        return area.getStyleSpans(line).stream().anyMatch(s -> s.getStyle().contains("error"));
    }

    @Test
    void a_broken_line_is_marked_while_it_is_typed_and_unmarked_when_it_is_mended(FxRobot robot) throws Exception {
        CodeArea area = open();
        await("checked", () -> problems().isEmpty());
        fx(() -> {
            area.moveTo(11, area.getParagraphLength(11));
            area.requestFocus();
        });
        robot.press(KeyCode.ENTER).release(KeyCode.ENTER);
        robot.write("strategi: one-for-all");

        await("marked", () -> isMarked(area, 12));
        Diagnostic wrong = onFx(() -> problems().getFirst());
        assertEquals(12, wrong.at().line());
        assertEquals(2, wrong.at().column());
        assertEquals(YAML, Files.readString(file), "nothing was saved");
        assertEquals("nexus.yaml, has errors, not saved", onFx(this::inTree));

        robot.press(KeyCode.CONTROL).press(KeyCode.Z).release(KeyCode.Z).release(KeyCode.CONTROL);
        fx(() -> {
            while (area.getUndoManager().isUndoAvailable()) {
                area.undo();
            }
        });
        await("unmarked", () -> problems().isEmpty() && !isMarked(area, 11));
        assertEquals(YAML, onFx(area::getText));
        assertEquals("nexus.yaml", onFx(this::inTree));
    }

    /// What the tree of files says of the only file.
    private String inTree() {
        return desktop.window.scene().getRoot().lookupAll(".file-tree .tree-cell").stream()
                .map(node -> node.getAccessibleText())
                .filter(text -> text != null && !text.isEmpty())
                .findFirst()
                .orElse("");
    }

    @Test
    void what_is_typed_has_the_colour_of_what_it_is_part_of_now() {
        CodeArea area = open();
        await("checked", () -> problems().isEmpty());
        fx(() -> {
            area.insertText(0, 5, "very ");
            area.insertText(7, 3, "x"); // ends a word that is known
        });
        assertEquals(List.of("comment"), onFx(() -> styles(area, 0)));
        assertEquals(List.of("", "key", "marker", "", "string"), onFx(() -> styles(area, 7)));
        fx(() -> area.insertText(7, 3, " # "));
        assertEquals(List.of("", "string", "", "comment"), onFx(() -> styles(area, 7)));
    }

    /// Of a line, one after the other, whatever is marked in it as wrong.
    private static List<String> styles(CodeArea area, int line) {
        List<String> styles = new ArrayList<>();
        area.getStyleSpans(line).forEach(span -> {
            String style = String.join(
                    " ",
                    span.getStyle().stream().filter(s -> !s.equals("error")).toList());
            if (styles.isEmpty() || !styles.getLast().equals(style)) {
                styles.add(style);
            }
        });
        return styles;
    }

    @Test
    void saving_writes_the_file_and_applies_it_to_the_running_project(FxRobot robot) throws Exception {
        CodeArea area = open();
        fx(() -> {
            area.moveTo(0);
            area.requestFocus();
        });
        robot.write("# mine ");
        await("written", () -> area.getText().startsWith("# mine "));
        assertTrue(onFx(() -> desktop.window.unsaved() != null));
        robot.press(KeyCode.CONTROL).press(KeyCode.S).release(KeyCode.S).release(KeyCode.CONTROL);
        assertInstanceOf(Command.Reload.class, client.nextCommand());
        assertEquals("# mine " + YAML, Files.readString(file));
        assertFalse(onFx(() -> desktop.window.unsaved() != null));
    }

    @Test
    void the_key_for_mending_puts_right_what_is_marked_and_the_next_problem_is_one_key_away(FxRobot robot) {
        CodeArea area = open();
        fx(() -> {
            area.replaceText(YAML.replace("prompt:", "promt:").replace("[writer]", "[writr]"));
            area.moveTo(0);
            area.requestFocus();
        });
        await("two problems", () -> problems().size() >= 2);
        robot.press(KeyCode.F8).release(KeyCode.F8);
        await("at the first", () -> area.getCurrentParagraph() == 8 && area.getCaretColumn() == 2);
        robot.press(KeyCode.F8).release(KeyCode.F8);
        await("at the second", () -> area.getCurrentParagraph() == 12);
        robot.press(KeyCode.SHIFT, KeyCode.F8).release(KeyCode.F8, KeyCode.SHIFT);
        await("back at the first", () -> area.getCurrentParagraph() == 8 && area.getCaretColumn() == 2);
        robot.press(KeyCode.ALT).press(KeyCode.ENTER).release(KeyCode.ENTER).release(KeyCode.ALT);
        await("mended", () -> area.getText().contains("  prompt: You write."));
        robot.press(KeyCode.F8).release(KeyCode.F8);
        await("at the next", () -> area.getCurrentParagraph() == 12);
    }

    @Test
    void a_text_is_found_and_replaced_one_by_one_or_everywhere_and_each_is_one_step(FxRobot robot) {
        CodeArea area = open();
        fx(() -> {
            area.moveTo(0);
            area.requestFocus();
        });
        robot.press(KeyCode.CONTROL, KeyCode.F).release(KeyCode.F, KeyCode.CONTROL);
        await("asked", () -> field("#find-query").isFocused());
        assertFalse(onFx(() -> field("#find-replacement").getParent().isVisible()), "nothing is replaced by it");
        robot.write("WRITER");
        await(
                "the first",
                () -> found().equals("1 of 2") && area.getSelectedText().equals("writer"));
        robot.press(KeyCode.SHIFT, KeyCode.ENTER).release(KeyCode.ENTER, KeyCode.SHIFT);
        await("the one before it is the last", () -> found().equals("2 of 2"));
        DesktopFixture.click(robot, "#find-case");
        await("not in these letters", () -> found().equals("Not found"));
        DesktopFixture.click(robot, "#find-case");
        robot.press(KeyCode.CONTROL, KeyCode.H).release(KeyCode.H, KeyCode.CONTROL);
        await("the other field", () -> field("#find-replacement").getParent().isVisible());
        fx(() -> {
            area.moveTo(0);
            field("#find-replacement").requestFocus();
        });
        robot.write("poet").push(KeyCode.ENTER);
        await("looked for first", () -> found().equals("1 of 2"));
        robot.push(KeyCode.ENTER);
        String one = YAML.replace("name: writer", "name: poet");
        await("that one, and on to the next", () -> area.getText().equals(one) && found().equals("1 of 1"));
        fx(() -> field("#find-query").setText("name: "));
        DesktopFixture.click(robot, "#find-replace-all");
        String all = one.replace("name: ", "poet");
        await("all", () -> area.getText().equals(all) && found().equals("4 replaced"));
        robot.push(KeyCode.ESCAPE);
        await(
                "back in the text",
                () -> area.isFocused()
                        && !field("#find-query").getParent().getParent().isVisible());
        robot.press(KeyCode.CONTROL, KeyCode.Z).release(KeyCode.Z, KeyCode.CONTROL);
        await("one step", () -> area.getText().equals(one));
        robot.press(KeyCode.CONTROL, KeyCode.Z).release(KeyCode.Z, KeyCode.CONTROL);
        await("and the one before", () -> area.getText().equals(YAML));
    }

    private TextField field(String id) {
        return (TextField) desktop.window.scene().lookup(id);
    }

    private String found() {
        return ((Label) desktop.window.scene().lookup("#find-result")).getText();
    }

    @Test
    void a_word_says_what_it_means_and_a_file_is_opened_from_the_tree_and_not_left_without_a_question(FxRobot robot)
            throws Exception {
        Files.writeString(file.resolveSibling("agent.js"), "export default (input) => input;\n");
        CodeArea area = open();
        int at = YAML.indexOf("runtime:") + 2;
        await("drawn", () -> area.getCharacterBoundsOnScreen(at, at + 1).isPresent());
        robot.moveTo(onFx(() -> {
            Bounds word = area.getCharacterBoundsOnScreen(at, at + 1).orElseThrow();
            return new Point2D(word.getCenterX(), word.getCenterY());
        }));
        await(
                "what it means",
                () -> javafx.stage.Window.getWindows().stream()
                        .map(w -> w.getScene().lookup("#hover"))
                        .anyMatch(n -> n instanceof Label says && says.getText().contains("javascript")));

        await("listed", () -> inTree("agent.js") != null);
        DesktopFixture.click(robot, onFx(() -> inTree("agent.js")));
        await("open", () -> programArea() != null);
        fx(() -> programArea().appendText("// not saved"));
        MenuButton menu = (MenuButton) onFx(() -> desktop.window.scene().lookup("#project-menu"));
        Fx.later(() -> menu.getItems().get(2).fire());
        press("Keep editing");
        assertTrue(onFx(() -> desktop.workspace.client().get() != null && desktop.window.unsaved() != null));
        Fx.later(() -> menu.getItems().get(2).fire());
        press("Discard changes");
        await("closed", () -> desktop.workspace.client().get() == null);
        assertEquals("export default (input) => input;\n", Files.readString(file.resolveSibling("agent.js")));
    }

    private Node inTree(String name) {
        return desktop.window.scene().getRoot().lookupAll(".file-tree .tree-cell").stream()
                .filter(cell -> name.equals(cell.getAccessibleText()))
                .findFirst()
                .orElse(null);
    }

    /// In the dialog that asks.
    private static void press(String button) {
        await(button, () -> inDialog(button) != null);
        fx(() -> inDialog(button).fire());
    }

    private static Button inDialog(String text) {
        return javafx.stage.Window.getWindows().stream()
                .flatMap(w -> w.getScene().getRoot().lookupAll(".button").stream())
                .filter(n -> n instanceof Button b && text.equals(b.getText()))
                .map(Button.class::cast)
                .findFirst()
                .orElse(null);
    }

    @Test
    void completion_knows_what_may_stand_at_the_caret(FxRobot robot) {
        CodeArea area = open();
        fx(() -> {
            area.insertText(area.getLength(), "  str");
            area.moveTo(area.getLength());
            area.requestFocus();
        });
        robot.press(KeyCode.CONTROL).press(KeyCode.SPACE).release(KeyCode.SPACE).release(KeyCode.CONTROL);
        await(
                "offered",
                () -> javafx.stage.Window.getWindows().stream()
                        .anyMatch(w -> w.getScene().getRoot().lookup("#completions") != null && w.isShowing()));
        robot.press(KeyCode.ENTER).release(KeyCode.ENTER);
        await("taken", () -> area.getText().endsWith("  strategy: "));
    }

    @Test
    void a_project_that_could_not_be_opened_opens_when_it_is_saved_mended() throws Exception {
        refuse = true;
        CodeArea area = open();
        await("refused", () -> desktop.workspace.problem().get() != null);
        assertTrue(onFx(() -> desktop.window.scene().lookup("#problem").isVisible()));
        refuse = false;
        fx(() -> {
            area.insertText(0, "# mended\n");
            desktop.window.front().actions().stream()
                    .filter(a -> a.id().equals("editor.save"))
                    .findFirst()
                    .orElseThrow()
                    .fire();
        });
        await("open", () -> desktop.workspace.view().get() != null);
        assertFalse(onFx(() -> desktop.window.scene().lookup("#problem").isVisible()));
    }
}
