package nexus.aiagents.app.desktop;

import static nexus.aiagents.app.desktop.DesktopFixture.await;
import static nexus.aiagents.app.desktop.DesktopFixture.fx;
import static nexus.aiagents.app.desktop.DesktopFixture.onFx;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import javafx.stage.Window;
import nexus.aiagents.app.desktop.shell.EngineConnector;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.AgentView.State;
import nexus.aiagents.engine.view.RunView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

/// The screens on the real engine: agents in the sandbox, a journal on the disk, a budget in a file.
@ExtendWith(ApplicationExtension.class)
class PicturesOnEngineTest {
    private static final String YAML = """
            project:
              name: small
            ---
            agents:
              worker:
                source: worker.js
              publisher:
                source: publisher.js
              undo:
                source: undo.js
            ---
            supervisor:
              name: team
              agents: [worker]
            ---
            saga:
              name: publish
              steps:
                - name: draft
                  action: worker
                  compensation: undo
                - name: review
                  action: worker
                  compensation: undo
                - name: publish
                  action: publisher
            ---
            cost:
              agent: worker
              budget:
                maxTokens: 100000 # enough for a week
                # What a person may lose in a night.
                maxDollars: 0.50
              onLimit: pause # never kill
            """;

    @TempDir
    Path folder;

    private DesktopFixture desktop;

    @Start
    void start(Stage stage) throws IOException {
        Files.writeString(folder.resolve("nexus.yaml"), YAML);
        Files.writeString(folder.resolve("worker.js"), "export default function (input) { return {text: 'done'}; }\n");
        Files.writeString(
                folder.resolve("undo.js"), "export default function (input) { return {undone: input.step}; }\n");
        Files.writeString(folder.resolve("publisher.js"), """
                export default function (input) {
                  if (input?.input?.failAt === 'publish') {
                    throw Object.assign(new Error('asked to fail'), {code: 'asked-to-fail'});
                  }
                  return {url: 'https://example.org'};
                }
                """);
        desktop = new DesktopFixture(stage, new EngineConnector(), DesktopApp::screens);
        desktop.workspace.open(folder);
    }

    @AfterEach
    void close() {
        desktop.close();
    }

    private void up() throws InterruptedException, ExecutionException, TimeoutException {
        await(
                "open or not",
                () -> desktop.workspace.view().get() != null
                        || desktop.workspace.problem().get() != null);
        var problem = onFx(() -> desktop.workspace.problem().get());
        assertNull(problem, () -> problem.details());
        onFx(() -> desktop.workspace.submit(new Command.Up())).get(60, TimeUnit.SECONDS);
        await("up", () -> worker().state() == State.IDLE);
    }

    private AgentView worker() {
        return desktop.workspace.view().get().agents().stream()
                .filter(a -> a.name().equals("worker"))
                .findFirst()
                .orElseThrow();
    }

    private <T extends Node> T node(String query) {
        await(query, () -> desktop.window.scene().lookup(query) != null);
        @SuppressWarnings("unchecked")
        T found = (T) onFx(() -> desktop.window.scene().lookup(query));
        return found;
    }

    @Test
    void an_agent_crashed_from_the_tree_is_up_again_and_its_restart_is_counted(FxRobot robot) throws Exception {
        up();
        fx(() -> desktop.window.show(Screen.SUPERVISORS, "worker"));
        node("#tree-crash");
        DesktopFixture.click(robot, "#tree-crash");
        await("restarted", () -> worker().restarts() == 1 && worker().state() == State.IDLE);
        Node picture = node("#tree-picture");
        await("told", () -> picture.getAccessibleText().contains("Agent worker, Idle · 1 restart"));
    }

    @Test
    void a_saga_that_is_made_to_fail_shows_its_compensations(FxRobot robot) throws Exception {
        up();
        fx(() -> desktop.window.show(Screen.RUNS, null));
        node("#runs-saga");
        DesktopFixture.click(robot, "#runs-saga");
        await("the dialog", () -> inAnyWindow("#run-fail-at") != null);
        fx(() -> {
            @SuppressWarnings("unchecked")
            ComboBox<String> failAt = (ComboBox<String>) inAnyWindow("#run-fail-at");
            failAt.setValue("publish");
        });
        DesktopFixture.click(robot, "#run-go");
        await(
                "rolled back",
                () -> desktop.workspace.view().get().runs().stream().anyMatch(r -> r.state() == RunView.State.FAILED));
        Label story = node("#run-story");
        await(
                "its story",
                () -> story.getText().startsWith("publish failed (asked-to-fail): asked to fail")
                        && story.getText().endsWith("2 steps were undone."));
        Node steps = node("#saga-steps");
        await(
                "compensated",
                () -> steps.lookupAll(".step-cell").stream()
                                .filter(n -> n.getAccessibleText() != null
                                        && n.getAccessibleText().contains("Compensated, number"))
                                .count()
                        == 2);
    }

    private static Node inAnyWindow(String query) {
        return Window.getWindows().stream()
                .map(w -> w.getScene().lookup(query))
                .filter(java.util.Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    @Test
    void the_slider_writes_the_limit_into_the_file_keeps_its_comments_and_applies_it(FxRobot robot) throws Exception {
        up();
        fx(() -> desktop.window.show(Screen.COST, null));
        Node slider = node("#budget-slider-agent-worker");
        fx(slider::requestFocus);
        robot.push(KeyCode.RIGHT);
        await("applied", () -> {
            Long limit = desktop.workspace.view().get().budgets().getFirst().maxMicroDollars();
            return limit != null && limit > 500_000;
        });
        Label message = node("#budget-message-agent-worker");
        await("told", () -> message.getText().equals("Written to the YAML and applied."));
        long limit = desktop.workspace.view().get().budgets().getFirst().maxMicroDollars();
        String written = Files.readString(folder.resolve("nexus.yaml"));
        String value = written.lines()
                .filter(l -> l.strip().startsWith("maxDollars:"))
                .findFirst()
                .orElseThrow()
                .strip()
                .substring("maxDollars:".length())
                .strip();
        assertEquals(limit, Math.round(Double.parseDouble(value) * 1e6));
        assertTrue(YAML.replace("maxDollars: 0.50", "maxDollars: " + value).equals(written), written);
    }

    @Test
    void stop_stops_and_says_what_it_cost(FxRobot robot) throws Exception {
        up();
        fx(() -> desktop.window.show(Screen.AGENT, "worker"));
        node("#agent-stop");
        DesktopFixture.click(robot, "#agent-stop");
        await("stopped", () -> worker().state() == State.STOPPED);
        Label progress = node("#agent-progress");
        await(
                "told",
                () -> progress.getText().startsWith("Stopped after ")
                        && progress.getText().endsWith("$0.00 spent after the click"));
    }

    @Test
    void a_run_with_ones_own_input_shows_its_result(FxRobot robot) throws Exception {
        up();
        fx(() -> desktop.window.show(Screen.AGENT, "worker"));
        fx(() -> desktop.window.front().actions().stream()
                .filter(a -> a.id().equals("agent.run"))
                .findFirst()
                .orElseThrow()
                .fire());
        await(
                "done",
                () -> desktop.workspace.view().get().runs().stream()
                        .anyMatch(r -> r.name().equals("worker")
                                && r.state() == RunView.State.DONE
                                && "{\"text\":\"done\"}".equals(r.outputJson())));
    }
}
