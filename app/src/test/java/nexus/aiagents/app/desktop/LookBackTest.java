package nexus.aiagents.app.desktop;

import static nexus.aiagents.app.desktop.DesktopFixture.await;
import static nexus.aiagents.app.desktop.DesktopFixture.fx;
import static nexus.aiagents.app.desktop.DesktopFixture.onFx;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Slider;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.tree.TreePicture;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

/// The time scrubber: the whole window as it was.
@ExtendWith(ApplicationExtension.class)
class LookBackTest {
    private final FakeEngineClient client = new FakeEngineClient(SampleViews.running("/demo"));
    private DesktopFixture desktop;

    @Start
    void start(Stage stage) {
        client.past.put(7L, SampleViews.stopped("/demo"));
        desktop = new DesktopFixture(stage, _ -> client, DesktopApp::screens);
        desktop.workspace.open(desktop.home);
    }

    @AfterEach
    void close() {
        desktop.close();
    }

    private <T extends Node> T node(String query) {
        await(query, () -> desktop.window.scene().lookup(query) != null);
        @SuppressWarnings("unchecked")
        T found = (T) onFx(() -> desktop.window.scene().lookup(query));
        return found;
    }

    private String agents() {
        return ((Label) desktop.window.scene().lookup("#status-agents")).getText();
    }

    private void lookBack(FxRobot robot) {
        await("open", () -> desktop.workspace.view().get() != null);
        fx(() -> desktop.window.show(Screen.SUPERVISORS, "researcher"));
        node("#tree-picture");
        robot.press(KeyCode.CONTROL).press(KeyCode.T).release(KeyCode.T).release(KeyCode.CONTROL);
        await("the bar", () -> desktop.window.scene().lookup("#time-bar").isVisible());
    }

    @Test
    void the_slider_shows_the_whole_window_as_it_was_and_back_to_now_ends_it(FxRobot robot) {
        assertFalse(onFx(() -> desktop.window.scene().lookup("#time-bar").isVisible()));
        lookBack(robot);
        Slider slider = node("#time-slider");
        TreePicture picture = node("#tree-picture");
        assertEquals(120, onFx(slider::getMax));
        assertTrue(onFx(picture::getAccessibleText).contains("researcher, Running"));

        fx(() -> slider.setValue(7));
        await("the past", () -> picture.getAccessibleText().contains("researcher, Stopped"));
        assertEquals("Stopped", onFx(this::agents));
        assertFalse(onFx(() -> ((Label) desktop.window.scene().lookup("#time-when")).getText())
                .isEmpty());

        client.change(v -> LivelyViews.withRestart(v, "researcher"));
        await(
                "now goes on",
                () -> desktop.workspace.live().get().agents().getFirst().restarts() == 2);
        assertEquals("Stopped", onFx(this::agents), "but it is not shown");

        fx(((Button) node("#time-now"))::fire);
        await("now", () -> picture.getAccessibleText().contains("2 restarts"));
        assertFalse(onFx(() -> desktop.window.scene().lookup("#time-bar").isVisible()));
    }

    @Test
    void nothing_can_be_done_to_the_past(FxRobot robot) throws Exception {
        lookBack(robot);
        CommandResult result =
                onFx(() -> desktop.workspace.submit(new Command.Down())).get();
        var refused = assertInstanceOf(CommandResult.Refused.class, result);
        assertTrue(refused.message().contains("Go back to now"), refused.message());
        robot.press(KeyCode.ESCAPE).release(KeyCode.ESCAPE);
        await("now", () -> !desktop.window.scene().lookup("#time-bar").isVisible());
        fx(() -> desktop.workspace.send(new Command.Down()));
        assertInstanceOf(Command.Down.class, client.nextCommand());
    }

    @Test
    void arrows_go_from_entry_to_entry(FxRobot robot) {
        lookBack(robot);
        client.past.put(119L, SampleViews.stopped("/demo"));
        Slider slider = node("#time-slider");
        fx(slider::requestFocus);
        robot.press(KeyCode.LEFT).release(KeyCode.LEFT);
        await("one entry back", () -> agents().equals("Stopped"));
    }

    @Test
    void another_project_is_shown_as_it_is_now(FxRobot robot) {
        lookBack(robot);
        fx(() -> desktop.workspace.closeProject());
        await("closed", () -> !desktop.window.scene().lookup("#time-bar").isVisible());
        assertFalse(onFx(() -> desktop.workspace.past().isActive()));
    }
}
