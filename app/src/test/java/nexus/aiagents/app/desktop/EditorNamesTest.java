package nexus.aiagents.app.desktop;

import static nexus.aiagents.app.desktop.DesktopFixture.await;
import static nexus.aiagents.app.desktop.DesktopFixture.fx;
import static nexus.aiagents.app.desktop.DesktopFixture.onFx;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.TabPane;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import javafx.stage.Window;
import nexus.aiagents.app.desktop.editor.EditorScreen;
import nexus.aiagents.app.desktop.shell.Choice;
import nexus.aiagents.app.desktop.shell.Screen;
import org.fxmisc.richtext.CodeArea;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

/// Names in the editor: where one is given, where it is used, another name, the outline; and the form of
/// the text.
@ExtendWith(ApplicationExtension.class)
class EditorNamesTest {
    private static final String TEAM = """
            project: {name: small}
            ---
            model: {name: default, provider: scripted, model: scripted-small}
            ---
            supervisor:
              name: team
              agents: [writer]
            ---
            saga:
              name: publish
              steps:
                - {name: draft, action: writer}
            """;
    private static final String AGENTS = """
            # who works here
            agent:
              name: writer
              runtime: model
              prompt: You write.
            """;

    private final FakeEngineClient client = new FakeEngineClient(SampleViews.stopped("/demo"));
    private DesktopFixture desktop;
    private Path folder;

    @Start
    void start(Stage stage) throws Exception {
        desktop = new DesktopFixture(stage, _ -> client, w -> List.of(new EditorScreen(w)));
        folder = Files.createDirectory(desktop.home.resolve("small"));
        Files.writeString(folder.resolve("nexus.yaml"), TEAM);
        Files.writeString(folder.resolve("agents.yaml"), AGENTS);
        desktop.window.show(Screen.EDITOR, null);
    }

    @AfterEach
    void close() {
        desktop.close();
    }

    private CodeArea open(String place) {
        fx(() -> {
            if (desktop.workspace.folder().get() == null) {
                desktop.workspace.open(folder);
            }
            desktop.workspace.show(Screen.EDITOR, place);
        });
        String file = place.substring(0, place.indexOf(':'));
        await(file + " is in front", () -> frontName().equals(file));
        return onFx(this::front);
    }

    private String frontName() {
        TabPane tabs = (TabPane) desktop.window.scene().lookup("#editor-tabs");
        var tab = tabs.getSelectionModel().getSelectedItem();
        return tab == null ? "" : tab.getId().substring("tab-".length());
    }

    private CodeArea front() {
        TabPane tabs = (TabPane) desktop.window.scene().lookup("#editor-tabs");
        return (CodeArea)
                tabs.getSelectionModel().getSelectedItem().getContent().lookup(".editor-area");
    }

    private static void press(FxRobot robot, KeyCode... keys) {
        robot.press(keys).release(keys);
    }

    private static Node inAnyWindow(String id) {
        for (Window window : Window.getWindows()) {
            Node found = window.getScene() == null ? null : window.getScene().lookup(id);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    @SuppressWarnings("unchecked")
    private List<String> picks() {
        ListView<Choice> list = (ListView<Choice>) desktop.window.scene().lookup("#palette-list");
        return list == null
                ? List.of()
                : list.getItems().stream()
                        .map(c -> c.title() + " | " + c.detail())
                        .toList();
    }

    @Test
    void f12_goes_to_the_definition_in_another_file(FxRobot robot) {
        open("nexus.yaml:6:12");
        press(robot, KeyCode.F12);
        await("the agent is in front", () -> frontName().equals("agents.yaml"));
        await("at its name", () -> front().getCurrentParagraph() == 2 && front().getCaretColumn() == 8);
    }

    @Test
    void shift_f12_lists_the_usages_and_enter_goes_there(FxRobot robot) {
        open("agents.yaml:2:9");
        press(robot, KeyCode.SHIFT, KeyCode.F12);
        await("listed", () -> picks().size() == 3);
        assertEquals(
                List.of(
                        "name: writer | agents.yaml:3",
                        "agents: [writer] | nexus.yaml:7",
                        "- {name: draft, action: writer} | nexus.yaml:12"),
                onFx(this::picks));
        robot.write("draft");
        await("found", () -> picks().size() == 1);
        press(robot, KeyCode.ENTER);
        await("there", () -> frontName().equals("nexus.yaml") && front().getCurrentParagraph() == 11);
    }

    @Test
    void f2_renames_in_all_files_as_one_step_each_and_says_why_a_name_can_not_be_given(FxRobot robot) {
        open("nexus.yaml:6:12");
        press(robot, KeyCode.F2);
        await("asked", () -> inAnyWindow("#rename-name") != null);
        fx(() -> ((TextField) inAnyWindow("#rename-name")).setText("team"));
        fx(() -> ((javafx.scene.control.Button) inAnyWindow("#rename-go")).fire());
        await(
                "refused",
                () -> inAnyWindow("#rename-refused") instanceof Label l
                        && l.getText().startsWith("there is a supervisor `team` already"));
        fx(() -> ((TextField) inAnyWindow("#rename-name")).setText("author"));
        fx(() -> ((javafx.scene.control.Button) inAnyWindow("#rename-go")).fire());
        await(
                "renamed here",
                () -> frontName().equals("nexus.yaml") && front().getText().equals(TEAM.replace("writer", "author")));
        fx(() -> desktop.workspace.show(Screen.EDITOR, "agents.yaml:0:0"));
        await(
                "renamed there",
                () -> frontName().equals("agents.yaml")
                        && front().getText().equals(AGENTS.replace("writer", "author")));
        assertTrue(onFx(() -> desktop.window.unsaved()).contains("agents.yaml"), "nothing is saved behind one's back");
        CodeArea area = onFx(this::front);
        fx(area::undo);
        assertEquals(AGENTS, onFx(area::getText));
    }

    @Test
    void the_outline_finds_a_step_by_typing(FxRobot robot) {
        open("nexus.yaml:0:0");
        press(robot, KeyCode.CONTROL, KeyCode.SHIFT, KeyCode.O);
        await("listed", () -> picks().size() == 5);
        robot.write("dra");
        await("found", () -> picks().equals(List.of("draft | step of publish")));
        press(robot, KeyCode.ENTER);
        await("there", () -> front().getCurrentParagraph() == 11);
    }

    @Test
    void format_is_one_step_that_keeps_comments(FxRobot robot) {
        CodeArea area = open("agents.yaml:0:0");
        String untidy =
                "# who works here\nagent:\n     name: writer   \n     # how\n     runtime: model\n\n\n     prompt: You write.\n";
        fx(() -> area.replaceText(untidy));
        fx(area::requestFocus);
        press(robot, KeyCode.SHIFT, KeyCode.ALT, KeyCode.F);
        await(
                "tidy",
                () -> area.getText()
                        .equals(
                                "# who works here\nagent:\n  name: writer\n  # how\n  runtime: model\n\n  prompt: You write.\n"));
        fx(area::undo);
        await("undone", () -> area.getText().equals(untidy));
    }
}
