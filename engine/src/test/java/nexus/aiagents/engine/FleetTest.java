package nexus.aiagents.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.view.AgentView;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What holds for a handful of agents holds for very many. The figures are in
/// `docs/reference/benchmarks.md`.
@Timeout(value = 240, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FleetTest {
    private static final int AGENTS = 2_000;
    private static final int CRASHES = 200;

    @TempDir
    Path folder;

    TestProject project;

    @BeforeEach
    void fleet() throws Exception {
        project = new TestProject(folder);
        project.write("idle.js", "export default input => input;\n");
        StringBuilder text = new StringBuilder("project: {name: fleet}\n---\nagents:\n");
        IntStream.range(0, AGENTS).forEach(i -> text.append("  a").append(i).append(": {source: idle.js}\n"));
        text.append("---\nsupervisor: {name: fleet, maxRestarts: 1000, withinSeconds: 600, agents: [");
        IntStream.range(0, AGENTS)
                .forEach(i -> text.append(i == 0 ? "a" : ", a").append(i));
        project.write("nexus.yaml", text.append("]}\n").toString());
    }

    @Test
    void two_thousand_agents_are_up_and_two_hundred_that_crash_at_once_are_up_again() throws Exception {
        try (Engine engine = project.open()) {
            assertInstanceOf(CommandResult.Done.class, project.submit(engine, new Command.Up()));
            assertEquals(AGENTS, idle(engine));

            List<CompletableFuture<CommandResult>> crashes = IntStream.range(0, CRASHES)
                    .mapToObj(i -> engine.submit(new Command.CrashAgent("a" + i * (AGENTS / CRASHES)), "test")
                            .toCompletableFuture())
                    .toList();
            for (CompletableFuture<CommandResult> crash : crashes) {
                assertInstanceOf(CommandResult.Done.class, crash.get(60, TimeUnit.SECONDS));
            }
            project.await("all to be up again", () -> restarts(engine) == CRASHES && idle(engine) == AGENTS);
            assertTrue(engine.view().agents().stream().allMatch(agent -> agent.restarts() <= 1));

            assertInstanceOf(CommandResult.Done.class, project.submit(engine, new Command.Down()));
            assertEquals(0, idle(engine));
        }
    }

    private static long idle(Engine engine) {
        return engine.view().agents().stream()
                .filter(agent -> agent.state() == AgentView.State.IDLE)
                .count();
    }

    private static int restarts(Engine engine) {
        return engine.view().agents().stream().mapToInt(AgentView::restarts).sum();
    }
}
