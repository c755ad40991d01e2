package nexus.aiagents.app.desktop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import javafx.application.ColorScheme;
import javafx.stage.Stage;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
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
}
