package nexus.aiagents.app.desktop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import javafx.application.ColorScheme;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Control;
import javafx.scene.control.Labeled;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

@ExtendWith(ApplicationExtension.class)
class ShellTest {
    private final FakeEngineClient client = new FakeEngineClient(SampleViews.stopped("/demo"));
    private DesktopFixture desktop;

    @Start
    void start(Stage stage) {
        desktop = new DesktopFixture(stage, _ -> client, DesktopApp::screens);
    }

    @AfterEach
    void close() {
        desktop.close();
    }

    @Test
    void the_theme_follows_the_operating_system_live() {
        assertEquals(
                false,
                DesktopFixture.onFx(() -> desktop.workspace.theme().dark().get()));
        DesktopFixture.fx(() -> desktop.system.set(ColorScheme.DARK));
        assertTrue(DesktopFixture.onFx(() -> desktop.workspace.theme().dark().get()));
    }

    @Test
    void a_change_of_the_project_reaches_the_window_and_a_refusal_the_person() throws Exception {
        DesktopFixture.fx(() -> desktop.workspace.open(desktop.home));
        DesktopFixture.await("open", () -> desktop.workspace.view().get() != null);
        client.set(SampleViews.running("/demo"));
        DesktopFixture.await("up", () -> desktop.workspace.view().get().up());

        client.answerWith(_ -> new CommandResult.Refused("unknown-name", "There is no agent nobody."));
        DesktopFixture.fx(() -> desktop.workspace.submit(new Command.CrashAgent("nobody")));
        assertInstanceOf(Command.CrashAgent.class, client.nextCommand());
        DesktopFixture.await(
                "told", () -> !desktop.workspace.notifications().history().isEmpty());
        assertEquals(
                "There is no agent nobody.",
                DesktopFixture.onFx(() ->
                        desktop.workspace.notifications().history().getFirst().text()));
    }

    @Test
    void the_palette_finds_an_action_by_a_few_letters_and_does_it(FxRobot robot) {
        robot.press(KeyCode.CONTROL).press(KeyCode.K).release(KeyCode.K).release(KeyCode.CONTROL);
        DesktopFixture.await("open", () -> desktop.window.scene().lookup("#palette-query") != null);
        robot.write("gset");
        robot.press(KeyCode.ENTER).release(KeyCode.ENTER);
        DesktopFixture.await(
                "went there",
                () -> desktop.window.front() != null
                        && desktop.window.front().id().equals(Screen.SETTINGS));
        assertNull(DesktopFixture.onFx(() -> desktop.window.scene().lookup("#palette-query")));
    }

    @Test
    void what_can_not_be_done_says_why() {
        assertEquals(
                "Open a project first.",
                DesktopFixture.onFx(
                        () -> desktop.window.scene().lookup("#team-start").getAccessibleHelp()));
        DesktopFixture.fx(() -> desktop.workspace.open(desktop.home));
        DesktopFixture.await(
                "can be started",
                () -> !desktop.window.scene().lookup("#team-start").isDisabled());
    }

    @Test
    void f6_goes_round_the_parts_of_the_window(FxRobot robot) {
        DesktopFixture.fx(() -> desktop.window.show(Screen.HOME, null));
        DesktopFixture.fx(() -> desktop.window.scene().lookup("#rail-home").requestFocus());
        robot.press(KeyCode.F6).release(KeyCode.F6);
        DesktopFixture.await("top bar", () -> isIn(".top-bar"));
        robot.press(KeyCode.F6).release(KeyCode.F6);
        DesktopFixture.await("screen", () -> isIn(".stage"));
    }

    @Test
    void every_control_of_every_screen_has_a_name() {
        DesktopFixture.fx(() -> desktop.workspace.open(desktop.home));
        DesktopFixture.await("open", () -> desktop.workspace.view().get() != null);
        client.set(SampleViews.running("/demo"));
        DesktopFixture.await("up", () -> desktop.workspace.view().get().up());
        for (String id : List.of(Screen.HOME, Screen.EDITOR, Screen.SETTINGS)) {
            List<String> nameless = DesktopFixture.onFx(() -> {
                desktop.window.show(id, null);
                desktop.window.scene().getRoot().applyCss();
                desktop.window.scene().getRoot().layout();
                List<String> found = new ArrayList<>();
                collectNameless(desktop.window.scene().getRoot(), found);
                return found;
            });
            assertEquals(List.of(), nameless, id);
        }
    }

    private static void collectNameless(Node node, List<String> found) {
        if (!node.isVisible()) {
            return;
        }
        boolean labelled =
                node instanceof Labeled l && l.getText() != null && !l.getText().isBlank();
        boolean named =
                node.getAccessibleText() != null && !node.getAccessibleText().isBlank();
        boolean own = node.getId() != null || node.getStyleClass().contains("button-icon");
        if (node instanceof Control && node.isFocusTraversable() && !labelled && !named && own) {
            found.add(node.toString());
        }
        if (node instanceof Parent parent) {
            parent.getChildrenUnmodifiable().forEach(child -> collectNameless(child, found));
        }
    }

    private boolean isIn(String selector) {
        Node part = desktop.window.scene().lookup(selector);
        for (Node n = desktop.window.scene().getFocusOwner(); n != null; n = n.getParent()) {
            if (n == part) {
                return true;
            }
        }
        return false;
    }
}
