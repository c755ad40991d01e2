package nexus.aiagents.app.desktop;

import static nexus.aiagents.app.desktop.DesktopFixture.await;
import static nexus.aiagents.app.desktop.DesktopFixture.click;
import static nexus.aiagents.app.desktop.DesktopFixture.fx;
import static nexus.aiagents.app.desktop.DesktopFixture.onFx;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import javafx.application.ColorScheme;
import javafx.css.PseudoClass;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.MenuButton;
import javafx.scene.input.KeyCode;
import javafx.scene.robot.Robot;
import javafx.stage.Stage;
import nexus.aiagents.app.desktop.fx.BackgroundTask;
import nexus.aiagents.app.desktop.shell.Notification;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.shell.SettingsStore;
import nexus.aiagents.app.desktop.shell.Theme;
import nexus.aiagents.engine.control.Command;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

/// What a person can do from anywhere in the window.
@ExtendWith(ApplicationExtension.class)
class ShellVerbsTest {
    private final FakeEngineClient client = new FakeEngineClient(SampleViews.stopped("/demo"));
    private DesktopFixture desktop;

    @Start
    void start(Stage stage) {
        desktop = new DesktopFixture(stage, _ -> client, DesktopApp::screens);
        desktop.window.show(Screen.HOME, null);
    }

    @AfterEach
    void close() {
        desktop.close();
    }

    @Test
    void keys_start_and_stop_the_team_and_lead_to_every_screen(FxRobot robot) throws Exception {
        fx(() -> desktop.workspace.open(desktop.home));
        await("open", () -> desktop.workspace.view().get() != null);
        robot.push(KeyCode.F5);
        assertInstanceOf(Command.Up.class, client.nextCommand());
        client.set(SampleViews.running("/demo"));
        await("up", () -> !desktop.window.scene().lookup("#team-stop").isDisabled());
        robot.push(KeyCode.SHIFT, KeyCode.F5);
        assertInstanceOf(Command.Down.class, client.nextCommand());
        List<String> screens = List.of(
                Screen.HOME,
                Screen.EDITOR,
                Screen.SUPERVISORS,
                Screen.RUNS,
                Screen.POOLS,
                Screen.COST,
                Screen.AGENT,
                Screen.CAPABILITIES,
                Screen.TRUST);
        for (int i = screens.size(); i > 0; i--) {
            control(KeyCode.getKeyCode(String.valueOf(i)));
            assertEquals(screens.get(i - 1), onFx(() -> desktop.window.front().id()));
        }
        control(KeyCode.COMMA);
        assertEquals(Screen.SETTINGS, onFx(() -> desktop.window.front().id()));
    }

    @Test
    void a_theme_that_is_chosen_holds_at_once_and_after_a_restart_and_models_say_their_price(FxRobot robot)
            throws Exception {
        assertFalse(onFx(this::isDark));
        fx(() -> desktop.system.set(ColorScheme.DARK));
        assertTrue(onFx(this::isDark), "like the system");
        Files.writeString(
                desktop.home.resolve("nexus.yaml"),
                "project: {name: demo}\n---\nmodel: {name: big, provider: openai, model: gpt-5,"
                        + " price: {input: 1.25, output: 10}}\n");
        fx(() -> desktop.workspace.open(desktop.home));
        fx(() -> desktop.window.show(Screen.SETTINGS, null));
        click(robot, "#theme-light");
        await("light", () -> !isDark());
        click(robot, "#theme-dark");
        await("dark", this::isDark);
        fx(() -> desktop.system.set(ColorScheme.LIGHT));
        assertTrue(onFx(this::isDark), "whatever the system says");
        await(
                "kept",
                () -> SettingsStore.load(desktop.home.resolve("config/settings.json"))
                        .get()
                        .theme()
                        .equals(Theme.Choice.DARK));
        await("the model", () -> texts(desktop.window.scene().getRoot()).anyMatch("gpt-5"::equals));
        List<String> said = onFx(() -> texts(desktop.window.scene().getRoot()).toList());
        int at = said.indexOf("gpt-5");
        assertEquals(List.of("gpt-5", "$1.25", "$10.00"), said.subList(at, at + 3));
    }

    @Test
    void notifications_are_read_counted_followed_and_cleared(FxRobot robot) {
        fx(() -> {
            var told = desktop.workspace.notifications();
            told.post(Notification.Kind.FAILED, "nightly failed", "why", Screen.AUDIT, null);
            told.post(Notification.Kind.NEEDS_YOU, "writer is paused", "its budget", Screen.COST, null);
            told.post(Notification.Kind.NEEDS_YOU, "writer is paused", "its budget", Screen.COST, null);
        });
        await(
                "how many are new",
                () -> texts(desktop.window.scene().lookup(".top-bar")).anyMatch("2"::equals));
        click(robot, "#notifications-open");
        await("the history", () -> desktop.window.scene().lookup("#notification-list") != null);
        ListView<?> list = (ListView<?>) onFx(() -> desktop.window.scene().lookup("#notification-list"));
        await("coalesced", () -> list.getItems().size() == 2 && texts(list).anyMatch("writer is paused  ×2"::equals));
        click(robot, onFx(() -> button(list, "Look at it")));
        await(
                "there",
                () -> desktop.window.front().id().equals(Screen.COST)
                        && desktop.window.scene().lookup("#notification-list") == null);
        assertTrue(onFx(() -> texts(desktop.window.scene().lookup(".top-bar")).noneMatch("2"::equals)), "read");
        click(robot, "#notifications-open");
        await("the history", () -> desktop.window.scene().lookup("#notification-list") != null);
        click(robot, onFx(() -> button(desktop.window.scene().getRoot(), "Clear history")));
        await(
                "nothing yet",
                () -> texts(desktop.window.scene().getRoot())
                        .anyMatch(t -> t.startsWith("Nothing yet. You hear only of")));
    }

    @Test
    void what_takes_long_is_seen_with_its_progress_and_each_of_it_can_be_cancelled(FxRobot robot) {
        CountDownLatch never = new CountDownLatch(1);
        List<BackgroundTask> tasks = onFx(() -> Stream.of("Counting", "Sorting")
                .map(title -> desktop.workspace
                        .background()
                        .run(
                                title,
                                task -> {
                                    task.report("half of it", 0.5);
                                    never.await();
                                    return true;
                                },
                                _ -> {
                                    throw new AssertionError("a cancelled task tells nothing");
                                },
                                e -> {
                                    throw new AssertionError(e);
                                }))
                .toList());
        await("the first", () -> status().anyMatch("Counting: half of it"::equals));
        MenuButton more = (MenuButton) onFx(() -> desktop.window.scene().lookup(".status-bar .menu-button"));
        assertEquals("1 more", onFx(more::getText));
        click(robot, more);
        await("the others", more::isShowing);
        robot.push(KeyCode.DOWN).push(KeyCode.ENTER);
        await("the other one ends", () -> desktop.workspace.background().tasks().equals(tasks.subList(0, 1)));
        click(robot, "#task-cancel");
        await("all is over", () -> status().anyMatch("Ready"::equals));
        assertTrue(tasks.stream().allMatch(BackgroundTask::isCancelled));
        assertFalse(onFx(() -> desktop.window.scene().lookup("#task-cancel").isVisible()));
    }

    /// Without the pauses that are made between keys elsewhere, as there are many.
    private static void control(KeyCode key) {
        fx(() -> {
            Robot keys = new Robot();
            keys.keyPress(KeyCode.CONTROL);
            keys.keyPress(key);
            keys.keyRelease(key);
            keys.keyRelease(KeyCode.CONTROL);
        });
    }

    private boolean isDark() {
        return desktop.window.scene().getRoot().getPseudoClassStates().contains(PseudoClass.getPseudoClass("dark"));
    }

    private Stream<String> status() {
        return texts(desktop.window.scene().lookup(".status-bar"));
    }

    private static Stream<String> texts(Node under) {
        return under.lookupAll(".label").stream()
                .filter(n -> n instanceof Label && n.isVisible())
                .map(n -> ((Label) n).getText());
    }

    private static Node button(Node under, String text) {
        return under.lookupAll(".button").stream()
                .filter(n -> n instanceof Button b && text.equals(b.getText()))
                .findFirst()
                .orElseThrow();
    }
}
