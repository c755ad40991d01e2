package nexus.aiagents.app.desktop;

import static nexus.aiagents.app.desktop.DesktopFixture.await;
import static nexus.aiagents.app.desktop.DesktopFixture.fx;
import static nexus.aiagents.app.desktop.DesktopFixture.onFx;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javafx.event.ActionEvent;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.TextField;
import javafx.scene.control.TextInputControl;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import nexus.aiagents.app.desktop.editor.EditorScreen;
import nexus.aiagents.app.desktop.shell.Screen;
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
class EditorFormTest {
    private static final String YAML = """
            # a small team
            project: {name: small}
            ---
            model: {name: default, provider: scripted, model: scripted-small}
            ---
            agent:
              name: writer   # who writes
              runtime: model
              prompt: You write.
              maxTokens: 200
              grants:
                models: [default]
                kv: true
            ---
            saga:
              name: publish
              steps:
                - name: draft
                  action: writer
                - name: ship   # the last
                  action: writer
                  input: {text: "${steps.draft.output}"}
            ---
            supervisor:
              name: team
              agents: [writer]
            """;

    private final FakeEngineClient client = new FakeEngineClient(SampleViews.stopped("/demo"));
    private DesktopFixture desktop;
    private Path file;
    private CodeArea area;

    @Start
    void start(Stage stage) throws Exception {
        desktop = new DesktopFixture(stage, this::connect, w -> List.of(new EditorScreen(w)));
        Path folder = Files.createDirectory(desktop.home.resolve("small"));
        file = Files.writeString(folder.resolve("nexus.yaml"), YAML);
        Files.writeString(folder.resolve("more.yaml"), "agents: {other: {prompt: hi}}\n");
        Files.writeString(folder.resolve("notes.md"), "# Notes\n");
        desktop.window.show(Screen.EDITOR, null);
    }

    private EngineClient connect(Path folder) {
        return client;
    }

    @AfterEach
    void close() {
        desktop.close();
    }

    private void open() {
        fx(() -> {
            desktop.workspace.open(file.getParent());
            desktop.workspace.show(Screen.EDITOR, "nexus.yaml");
        });
        await("the file is open", () -> desktop.window.scene().lookup(".editor-area") != null);
        await("the project is open", () -> desktop.workspace.view().get() != null);
        area = onFx(() -> (CodeArea) desktop.window.scene().lookup(".editor-area"));
    }

    private Node node(String id) {
        return desktop.window.scene().lookup("#" + id);
    }

    private boolean isFocused(String id) {
        Node node = node(id);
        Node owner = desktop.window.scene().getFocusOwner();
        return node != null && owner == node;
    }

    private String title() {
        return node("form-title") instanceof Label label ? label.getText() : "";
    }

    private void caret(int line, int column) {
        fx(() -> {
            area.moveTo(line, column);
            area.requestFocus();
        });
    }

    private void shows(String title) {
        await("the form shows " + title, () -> title().equals(title));
    }

    private String text(String id) {
        return node(id) instanceof TextInputControl input ? input.getText() : null;
    }

    private void focus(String id) {
        await(id + " is there", () -> node(id) != null);
        fx(() -> node(id).requestFocus());
    }

    private static void press(FxRobot robot, KeyCode... codes) {
        robot.press(codes);
        for (int i = codes.length - 1; i >= 0; i--) {
            robot.release(codes[i]);
        }
    }

    private void textBecomes(String expected) {
        try {
            await("the text", Duration.ofSeconds(20), () -> area.getText().equals(expected));
        } catch (AssertionError e) {
            assertEquals(expected, onFx(area::getText));
        }
    }

    private List<Diagnostic> problems() {
        @SuppressWarnings("unchecked")
        ListView<Diagnostic> list = (ListView<Diagnostic>) node("problems");
        return List.copyOf(list.getItems());
    }

    private boolean isMarked(int line) {
        return area.getStyleSpans(line).stream().anyMatch(s -> s.getStyle().contains("error"));
    }

    private static boolean shows(Node within, String text) {
        if (within instanceof Label label && label.isVisible() && text.equals(label.getText())) {
            return true;
        }
        return within instanceof Parent parent
                && parent.getChildrenUnmodifiable().stream().anyMatch(child -> shows(child, text));
    }

    @Test
    void text_and_form_are_one(FxRobot robot) {
        open();
        caret(6, 4);
        shows("writer");
        await("the form is filled", () -> "200".equals(text("form-agent-maxTokens")));

        // typed in the form: one step, and every other byte stays
        focus("form-agent-name");
        fx(() -> ((TextInputControl) node("form-agent-name")).selectAll());
        robot.write("poet: x");
        textBecomes(YAML.replaceFirst("writer ", "\"poet: x\" "));
        assertEquals("poet: x", onFx(() -> text("form-agent-name")), "the field has what was typed");
        press(robot, KeyCode.CONTROL, KeyCode.Z);
        textBecomes(YAML);
        await("the form follows", () -> "writer".equals(text("form-agent-name")));
        press(robot, KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.Z);
        textBecomes(YAML.replaceFirst("writer ", "\"poet: x\" "));
        press(robot, KeyCode.CONTROL, KeyCode.Z);
        textBecomes(YAML);

        // typed in the text
        int end = onFx(() -> area.getText().indexOf("200") + 3);
        fx(() -> {
            area.moveTo(end);
            area.requestFocus();
        });
        robot.write("0");
        await("the form follows the text", () -> "2000".equals(text("form-agent-maxTokens")));
        focus("form-agent-maxTokens");
        fx(() -> ((TextInputControl) node("form-agent-maxTokens")).end());
        robot.write("lots");
        textBecomes(YAML.replace("200", "2000lots"));

        // what is wrong is said there too, in the same words, and nothing is lost
        await("marked in the text", () -> isMarked(9));
        await(
                "the field says what is wrong",
                () -> problems().size() == 1
                        && shows(node("form-fields"), problems().getFirst().message()));
        assertEquals("2000lots", onFx(() -> text("form-agent-maxTokens")));
        press(robot, KeyCode.CONTROL, KeyCode.Z);
        textBecomes(YAML.replace("200", "2000"));
        press(robot, KeyCode.CONTROL, KeyCode.Z);
        textBecomes(YAML);

        // a choice and a switch
        await("followed", () -> node("form-agent-runtime") instanceof ComboBox);
        fx(() -> {
            @SuppressWarnings("unchecked")
            ComboBox<String> runtime = (ComboBox<String>) node("form-agent-runtime");
            assertEquals(List.of("javascript", "wasm", "model"), runtime.getItems());
            runtime.setValue("javascript");
        });
        textBecomes(YAML.replace("runtime: model", "runtime: javascript"));
        await("followed", () -> node("form-agent-grants-kv") instanceof CheckBox box && box.isSelected());
        fx(() -> ((CheckBox) node("form-agent-grants-kv")).fire());
        textBecomes(YAML.replace("runtime: model", "runtime: javascript").replace("kv: true", "kv: false"));
        fx(() -> {
            area.undo();
            area.undo();
        });
        textBecomes(YAML);
        await("undo in the text is seen in the form", () -> ((CheckBox) node("form-agent-grants-kv")).isSelected());
        aSmallWindowBrokenTextAndOtherFilesAreBorne();
    }

    @Test
    void all_of_it_can_be_done_with_the_keyboard(FxRobot robot) {
        open();
        aKeyGetsAnotherName(robot);
        caret(9, 4);
        shows("writer");
        await("filled", () -> node("form-agent-name") != null);
        press(robot, KeyCode.F6);
        await("F6 goes into the form", () -> isFocused("form-agent-name"));
        press(robot, KeyCode.TAB);
        await("Tab to the next field", () -> isFocused("form-agent-runtime"));
        press(robot, KeyCode.ESCAPE);
        await("Escape goes back to the text", area::isFocused);
        press(robot, KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.F);
        await("hidden", () -> node("form") == null);
        press(robot, KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.F);
        await("shown, and in it", () -> isFocused("form-agent-name"));

        // add a setting, found by typing
        press(robot, KeyCode.ALT, KeyCode.INSERT);
        await("asked what", () -> isFocused("palette-query"));
        robot.write("heartb");
        press(robot, KeyCode.ENTER);
        await("the new field has the focus", () -> isFocused("form-agent-heartbeat"));
        robot.write("30s");
        textBecomes(YAML.replace("    kv: true\n", "    kv: true\n  heartbeat: 30s\n"));
        press(robot, KeyCode.ALT, KeyCode.DELETE);
        textBecomes(YAML);
        await("the focus is on what is before it", () -> isFocused("form-agent-grants"));

        // a map: its first field has the focus; what is typed there is not touched while it is typed
        press(robot, KeyCode.ALT, KeyCode.INSERT);
        await("asked what", () -> isFocused("palette-query"));
        robot.write("schedule");
        press(robot, KeyCode.ENTER);
        await("in the new map", () -> isFocused("form-agent-schedule-cron"));
        robot.write("0 9 * * MON");
        textBecomes(YAML.replace("   # who writes\n", "   # who writes\n  schedule:\n    cron: \"0 9 * * MON\"\n"));
        press(robot, KeyCode.CONTROL, KeyCode.Z);
        press(robot, KeyCode.CONTROL, KeyCode.Z);
        textBecomes(YAML);

        // a step by its own form, moved by keys
        caret(15, 4);
        shows("publish");
        focus("form-saga-steps-1");
        press(robot, KeyCode.ALT, KeyCode.UP);
        textBecomes(YAML.replace(
                "    - name: draft\n      action: writer\n    - name: ship   # the last\n      action: writer\n"
                        + "      input: {text: \"${steps.draft.output}\"}\n",
                "    - name: ship   # the last\n      action: writer\n"
                        + "      input: {text: \"${steps.draft.output}\"}\n    - name: draft\n      action: writer\n"));
        await("the focus went with it", () -> isFocused("form-saga-steps-0"));
        press(robot, KeyCode.SPACE);
        shows("ship");
        await("its first field", () -> isFocused("form-saga-steps-0-name"));
        assertEquals("${steps.draft.output}", onFx(() -> text("form-saga-steps-0-input-text")));
        press(robot, KeyCode.CONTROL, KeyCode.Z);
        textBecomes(YAML);

        // a list of names
        caret(24, 4);
        shows("team");
        focus("form-add-supervisor-agents");
        press(robot, KeyCode.SPACE);
        await(
                "a new item",
                () -> node("form-supervisor-agents-1") instanceof ComboBox<?> box
                        && box.getItems().contains("writer"));
        robot.write("team");
        textBecomes(YAML.replace("[writer]", "[writer, team]"));
        press(robot, KeyCode.CONTROL, KeyCode.Z);
        press(robot, KeyCode.CONTROL, KeyCode.Z);
        textBecomes(YAML);
        assertFalse(onFx(() -> area.isUndoAvailable() && area.getText().isEmpty()));
    }

    private void aKeyGetsAnotherName(FxRobot robot) {
        caret(21, 8);
        shows("ship");
        focus("form-saga-steps-1-input-text");
        press(robot, KeyCode.SHIFT, KeyCode.F2);
        await("it is asked", () -> isFocused("form-name-saga-steps-1-input-text"));
        robot.write(" ");
        press(robot, KeyCode.ENTER);
        await("why not", () -> shows(node("form"), "A key needs a name."));
        fx(() -> ((TextInputControl) node("form-name-saga-steps-1-input-text")).setText("words"));
        press(robot, KeyCode.ENTER);
        textBecomes(YAML.replace("{text:", "{words:"));
        await("it is that field now", () -> isFocused("form-saga-steps-1-input-words"));
        press(robot, KeyCode.CONTROL, KeyCode.Z);
        textBecomes(YAML);
        await("one step", () -> node("form-saga-steps-1-input-text") != null);
        assertTrue(onFx(() -> node("form-rename-saga-steps-1-action") == null), "only where keys are free");
        fx(area::requestFocus);
    }

    private void aSmallWindowBrokenTextAndOtherFilesAreBorne() {
        caret(6, 4);
        shows("writer");
        fx(() -> {
            desktop.stage.setWidth(1000);
            desktop.stage.setHeight(640);
            area.insertText(1, 0, "oops: [\n");
        });
        await("the block that the caret came to, broken as it is", () -> "small".equals(title()));
        caret(7, 4);
        shows("writer");
        await("a broken document elsewhere does not matter", () -> "200".equals(text("form-agent-maxTokens")));
        caret(1, 4);
        shows("");
        assertTrue(onFx(() -> node("form-begin").isVisible()));

        // another file, one without forms, and back
        fx(() -> desktop.workspace.show(Screen.EDITOR, "more.yaml:0:12"));
        shows("other");
        await("filled", () -> "hi".equals(text("form-agents-other-prompt")));
        fx(() -> desktop.workspace.show(Screen.EDITOR, "more.yaml:0:2"));
        await(
                "the map of agents",
                () -> node("form-new-name") != null && node("form-new-name").isVisible());
        fx(() -> {
            TextField name = (TextField) node("form-new-name");
            name.setText("third");
            name.fireEvent(new ActionEvent());
        });
        await("there is another", () -> node("form-agents-third") != null);
        fx(() -> desktop.workspace.show(Screen.EDITOR, "notes.md"));
        shows("");
        await("said", () -> shows(node("form"), "There are forms for YAML files."));
        fx(() -> desktop.workspace.show(Screen.EDITOR, "nexus.yaml:7:4"));
        shows("writer");
        await("filled again", () -> "200".equals(text("form-agent-maxTokens")));
    }
}
