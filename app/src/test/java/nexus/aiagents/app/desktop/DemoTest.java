package nexus.aiagents.app.desktop;

import static nexus.aiagents.app.desktop.DesktopFixture.await;
import static nexus.aiagents.app.desktop.DesktopFixture.fx;
import static nexus.aiagents.app.desktop.DesktopFixture.onFx;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Optional;
import javafx.scene.control.Button;
import javafx.stage.Stage;
import nexus.aiagents.app.desktop.shell.EngineConnector;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.RunView.StepState;
import nexus.aiagents.engine.view.RunView.StepView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

/// One click, on the real engine.
@ExtendWith(ApplicationExtension.class)
class DemoTest {
    private DesktopFixture desktop;

    @Start
    void start(Stage stage) {
        desktop = new DesktopFixture(stage, new EngineConnector(), DesktopApp::screens);
        desktop.window.show(Screen.HOME, null);
    }

    @AfterEach
    void close() {
        desktop.close();
    }

    @Test
    void the_demo_starts_a_team_rolls_a_saga_back_and_stops_when_told() {
        fx(() -> ((Button) desktop.window.scene().lookup("#run-demo")).fire());
        await("the team is up", () -> view().map(ProjectView::up).orElse(false));
        assertEquals(Screen.SUPERVISORS, onFx(() -> desktop.window.front().id()));
        await(
                "the saga was rolled back",
                () -> view().flatMap(DemoTest::saga)
                        .filter(r -> r.state() == RunView.State.FAILED)
                        .isPresent());
        RunView saga = onFx(() -> view().flatMap(DemoTest::saga).orElseThrow());
        assertEquals("publish", saga.failedStep());
        assertEquals(
                List.of(3, 2, 1, 0),
                saga.steps().stream().map(StepView::undoOrder).toList(),
                "undone in reverse");
        assertEquals(
                3,
                saga.steps().stream()
                        .filter(s -> s.undoState() == StepState.COMPENSATED)
                        .count());
        await(
                "an agent works",
                () -> view().orElseThrow().agents().stream()
                        .anyMatch(a -> a.state() == AgentView.State.RUNNING || a.state() == AgentView.State.IDLE));

        fx(() -> ((Button) desktop.window.scene().lookup("#team-stop")).fire());
        await("stopped", () -> !view().orElseThrow().up());
        assertFalse(onFx(() -> desktop.window.scene().lookup("#team-start").isDisabled()));
    }

    private Optional<ProjectView> view() {
        return Optional.ofNullable(desktop.workspace.view().get());
    }

    private static Optional<RunView> saga(ProjectView view) {
        return view.runs().stream()
                .filter(r -> r.name().equals("publish-article"))
                .findFirst();
    }
}
