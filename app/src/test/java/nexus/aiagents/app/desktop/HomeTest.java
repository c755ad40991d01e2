package nexus.aiagents.app.desktop;

import static nexus.aiagents.app.desktop.DesktopFixture.await;
import static nexus.aiagents.app.desktop.DesktopFixture.fx;
import static nexus.aiagents.app.desktop.DesktopFixture.onFx;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import nexus.aiagents.app.desktop.shell.CannotOpen;
import nexus.aiagents.app.desktop.shell.Notification;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.EngineClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

@ExtendWith(ApplicationExtension.class)
class HomeTest {
    private final FakeEngineClient client = new FakeEngineClient(SampleViews.stopped("/demo"));
    private volatile CannotOpen refusal;
    private DesktopFixture desktop;

    @Start
    void start(Stage stage) {
        desktop = new DesktopFixture(stage, this::connect, w -> DesktopApp.screens(w, HomeTest::unpack));
        desktop.window.show(Screen.HOME, null);
    }

    private EngineClient connect(Path folder) throws CannotOpen {
        if (refusal != null) {
            throw refusal;
        }
        return client;
    }

    private static void unpack(String template, Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("nexus.yaml"), "project: {name: " + template + "}\n");
    }

    @AfterEach
    void close() {
        desktop.close();
    }

    @Test
    void the_demo_has_the_focus_and_one_key_brings_a_running_team_and_a_saga_that_rolls_back(FxRobot robot)
            throws Exception {
        client.answerWith(command -> {
            if (command instanceof Command.Up) {
                client.set(SampleViews.running("/demo"));
            }
            return command instanceof Command.RunSaga
                    ? new CommandResult.RunStarted("r-1")
                    : new CommandResult.Done("up");
        });
        assertEquals(
                "run-demo", onFx(() -> desktop.window.scene().getFocusOwner().getId()));
        robot.press(KeyCode.ENTER).release(KeyCode.ENTER);

        assertInstanceOf(Command.Up.class, client.nextCommand());
        Command.RunSaga saga = assertInstanceOf(Command.RunSaga.class, client.nextCommand());
        assertEquals("publish-article", saga.saga());
        assertTrue(saga.inputJson().contains("\"failAt\":\"publish\""));
        await("the team is up", () -> label("#status-agents").equals("2 of 4 up"));
        assertEquals(Screen.SUPERVISORS, onFx(() -> desktop.window.front().id()));
        assertTrue(onFx(() -> desktop.window.scene().lookup("#status-scripted").isVisible()));
        assertTrue(Files.exists(desktop.home.resolve("data/demo/research-team/nexus.yaml")));
        await("remembered", () -> !desktop.settings.get().recents().isEmpty());
    }

    @Test
    void a_folder_without_a_project_is_refused_with_what_to_do() {
        refusal = new CannotOpen(
                "Not a Nexus OS project", "It has no nexus.yaml.", "Open another folder.", java.util.List.of());
        fx(() -> ((Button) desktop.window.scene().lookup("#open-folder")).fire());
        await("said", () -> desktop.window.scene().lookup("#problem").isVisible());
        assertTrue(onFx(() -> desktop.window.scene().lookup("#problem").getAccessibleText())
                .contains("Open another"));

        refusal = null;
        fx(() -> ((Button) desktop.window.scene().lookup("#problem-again")).fire());
        await("open", () -> desktop.workspace.view().get() != null);
        assertTrue(onFx(() -> !desktop.window.scene().lookup("#problem").isVisible()));
    }

    @Test
    void a_second_project_lets_the_first_one_go() {
        fx(() -> desktop.workspace.open(desktop.home));
        await("open", () -> desktop.workspace.client().get() != null);
        fx(() -> desktop.workspace.open(desktop.home.resolve("other")));
        await("closed", client::isClosed);
    }

    @Test
    void a_run_that_fails_while_one_looks_on_is_told() {
        fx(() -> desktop.workspace.open(desktop.home));
        await("open", () -> desktop.workspace.view().get() != null);
        client.set(SampleViews.running("/demo"));
        await(
                "told",
                () -> desktop.workspace.notifications().history().stream()
                        .anyMatch(n -> n.kind() == Notification.Kind.FAILED
                                && n.title().equals("publish-article failed")));
    }

    private String label(String id) {
        return ((Label) desktop.window.scene().lookup(id)).getText();
    }
}
