package nexus.aiagents.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.journal.EngineEvent.AgentExited;
import nexus.aiagents.engine.journal.ExitReason.Kind;
import nexus.aiagents.engine.view.AgentView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A real program that does not listen: its supervisor asks, waits, and kills, in its turn.
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StubbornChildTest {
    @TempDir
    Path folder;

    private static List<AgentExited> exits(Engine engine) {
        return engine.history(HistoryQuery.last(1_000, "AgentExited")).stream()
                .map(entry -> (AgentExited) entry.event())
                .toList();
    }

    @Test
    void children_are_stopped_in_reverse_and_who_does_not_listen_is_killed_when_its_time_is_over() throws Exception {
        TestProject project = new TestProject(folder);
        project.agent("first", "export default () => 1;", "loop: {every: 1h}");
        String deaf = "loop: {every: 10ms}, limits: {timeout: 10m, fuel: 9000000000000}";
        project.agent("deaf", "export default () => { while (true); };", deaf);
        project.agent("brute", "export default () => { while (true); };", deaf);
        project.agent("last", "export default () => 1;", "loop: {every: 1h}");
        project.write("nexus.yaml", """
                project: {name: test}
                ---
                supervisor:
                  name: team
                  strategy: rest-for-one
                  children:
                    - first
                    - {name: deaf, shutdown: 300ms}
                    - {name: brute, shutdown: brutal-kill}
                    - last
                """);
        try (Engine engine = project.open()) {
            project.submit(engine, new Command.Up());
            for (String agent : List.of("deaf", "brute")) {
                project.await(
                        agent + " to be at it",
                        () -> project.agent(engine, agent).state() == AgentView.State.RUNNING);
            }
            assertInstanceOf(CommandResult.Done.class, project.submit(engine, new Command.Down()));
            List<AgentExited> exits = exits(engine);
            assertEquals(
                    List.of("last", "brute", "deaf", "first"),
                    exits.stream().map(AgentExited::agent).toList());
            assertEquals(
                    List.of(Kind.SHUTDOWN, Kind.KILLED, Kind.KILLED, Kind.SHUTDOWN),
                    exits.stream().map(e -> e.reason().kind()).toList());
            assertTrue(project.submit(engine, new Command.Up()) instanceof CommandResult.Done, "it starts again");
        }
    }
}
