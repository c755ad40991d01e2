package nexus.aiagents.app.desktop;

import static nexus.aiagents.app.desktop.DesktopFixture.await;
import static nexus.aiagents.app.desktop.DesktopFixture.fx;
import static nexus.aiagents.app.desktop.DesktopFixture.onFx;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import javafx.application.ColorScheme;
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

/// One click, on the real engine. With `-Dscreenshots=FOLDER` it leaves a picture of every screen there.
@ExtendWith(ApplicationExtension.class)
class DemoTest {
    private DesktopFixture desktop;

    @Start
    void start(Stage stage) {
        int width = Integer.getInteger("screenshots.width", 1280);
        int height = Integer.getInteger("screenshots.height", 800);
        desktop = new DesktopFixture(stage, new EngineConnector(), DesktopApp::screens, width, height);
        desktop.window.show(Screen.HOME, null);
    }

    @AfterEach
    void close() {
        desktop.close();
    }

    @Test
    void the_demo_starts_a_team_rolls_a_saga_back_and_stops_when_told() {
        shot("welcome");
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

        pictures();

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

    private void pictures() {
        if (System.getProperty("screenshots") == null) {
            return;
        }
        await(
                "something was paid and the runaway met its budget",
                () -> view().orElseThrow().agents().stream().anyMatch(a -> Objects.equals(a.pausedBy(), "budget")));
        List<String> screens = List.of(
                Screen.HOME,
                Screen.EDITOR,
                Screen.SUPERVISORS,
                Screen.RUNS,
                Screen.POOLS,
                Screen.COST,
                Screen.AGENT,
                Screen.TRUST,
                Screen.AUDIT,
                Screen.SETTINGS);
        for (String screen : screens) {
            fx(() -> desktop.workspace.show(screen, screen.equals(Screen.AGENT) ? "researcher" : null));
            if (screen.equals(Screen.EDITOR)) {
                await("file", () -> desktop.window.scene().lookup(".editor-area") != null);
            }
            shot(screen);
        }
    }

    private void shot(String name) {
        String folder = System.getProperty("screenshots");
        if (folder == null) {
            return;
        }
        long later = System.nanoTime() + 1_500_000_000L; // what fills itself in the background shall be there
        await("settled", () -> System.nanoTime() > later);
        for (ColorScheme scheme : ColorScheme.values()) {
            fx(() -> desktop.system.set(scheme));
            long drawn = System.nanoTime() + 300_000_000L;
            await("drawn", () -> System.nanoTime() > drawn);
            desktop.picture(Path.of(
                    folder,
                    "%s-%s-%dx%d.png"
                            .formatted(
                                    name, scheme.name().toLowerCase(Locale.ROOT), (int) desktop.stage.getWidth(), (int)
                                            desktop.stage.getHeight())));
        }
        fx(() -> desktop.system.set(ColorScheme.LIGHT));
    }
}
