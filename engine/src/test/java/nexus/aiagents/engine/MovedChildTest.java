package nexus.aiagents.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.SupervisorView;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Children that get another place or another supervisor while the team is up.
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MovedChildTest {
    @TempDir
    Path folder;

    TestProject project;

    @BeforeEach
    void project() throws Exception {
        project = new TestProject(folder);
        for (String name : List.of("one", "two", "three", "four")) {
            project.agent(name, "export default () => 1;", "loop: {every: 1h}");
        }
        project.write("nexus.yaml", "project: {name: test}\n");
        project.write("team.yaml", """
                supervisor:
                  name: house   # the top of it
                  strategy: rest-for-one
                  children:
                    - one       # first of all
                    # writes it down
                    - name: two
                      restart: transient
                    - bar
                """);
        project.write("bar.yaml", """
                supervisor: {name: bar, children: [three, four]}
                """);
    }

    private String yaml(String file) throws Exception {
        return Files.readString(folder.resolve(file));
    }

    private CommandResult move(Engine engine, String from, String child, String to, Integer place) throws Exception {
        return project.submit(engine, new Command.MoveChild(from, child, to, place));
    }

    private static List<String> children(Engine engine, String name) {
        return engine.view().supervisors().stream()
                .filter(s -> s.name().equals(name))
                .flatMap(s -> s.children().stream())
                .map(SupervisorView.ChildView::name)
                .toList();
    }

    private void awaitUp(Engine engine, String agent) {
        project.await(agent + " to be up", () -> project.agent(engine, agent).state() == AgentView.State.IDLE);
    }

    private static long ups(Engine engine, String agent) {
        return engine.history(HistoryQuery.last(1_000, "AgentUp")).stream()
                .filter(entry -> agent.equals(entry.event().agent()))
                .count();
    }

    @Test
    void another_place_stops_nobody_and_is_what_the_next_failure_goes_by() throws Exception {
        try (Engine engine = project.open()) {
            project.submit(engine, new Command.Up());
            assertInstanceOf(CommandResult.Done.class, move(engine, "house", "two", "house", 0));
            assertEquals(List.of("two", "one", "bar"), children(engine, "house"));
            assertEquals("""
                    supervisor:
                      name: house   # the top of it
                      strategy: rest-for-one
                      children:
                        # writes it down
                        - name: two
                          restart: transient
                        - one       # first of all
                        - bar
                    """, yaml("team.yaml"));
            assertEquals(1, ups(engine, "two"));
            project.submit(engine, new Command.CrashAgent("one"));
            project.await("those behind it to be restarted", () -> ups(engine, "three") == 2);
            assertEquals(1, ups(engine, "two"), "it stands before it now");
        }
    }

    @Test
    void under_another_supervisor_it_is_started_again_with_its_settings_and_stays_there() throws Exception {
        project.write("bar.yaml", "supervisor:\n  name: bar\n  children:\n  - three\n  - four\n");
        try (Engine engine = project.open()) {
            project.submit(engine, new Command.Up());
            assertInstanceOf(CommandResult.Done.class, move(engine, "house", "two", "bar", 1));
            awaitUp(engine, "two");
            assertEquals("bar", project.agent(engine, "two").supervisor());
            assertEquals(2, ups(engine, "two"));
            assertEquals(1, ups(engine, "three"), "its new siblings do not notice");
            assertEquals(
                    "supervisor:\n  name: bar\n  children:\n  - three\n  # writes it down\n  - name: two\n"
                            + "    restart: transient\n  - four\n",
                    yaml("bar.yaml"));
            assertTrue(yaml("team.yaml").endsWith("    - one       # first of all\n    - bar\n"));
        }
        try (Engine engine = project.open()) {
            assertEquals(List.of("three", "two", "four"), children(engine, "bar"));
        }
    }

    @Test
    void a_whole_supervisor_is_moved_and_who_was_stopped_by_hand_stays_down() throws Exception {
        project.write(
                "bar.yaml",
                "supervisor: {name: bar, children: [three]}\n---\nsupervisor: {name: pub, children: [four]}\n");
        project.write("team.yaml", yaml("team.yaml") + "    - pub\n");
        try (Engine engine = project.open()) {
            project.submit(engine, new Command.Up());
            project.submit(engine, new Command.StopChild("bar", "three"));
            assertInstanceOf(CommandResult.Done.class, move(engine, "bar", "three", "pub", 0));
            assertEquals(List.of(), children(engine, "bar"));
            SupervisorView pub = engine.view().supervisors().stream()
                    .filter(s -> s.name().equals("pub"))
                    .findFirst()
                    .orElseThrow();
            assertEquals("operator", pub.children().getFirst().held());
            assertEquals(1, ups(engine, "three"));
            assertInstanceOf(CommandResult.Done.class, move(engine, "house", "pub", "bar", null));
            awaitUp(engine, "four");
            assertEquals(2, ups(engine, "four"));
            assertEquals(1, ups(engine, "one"));
            assertEquals(
                    "supervisor: {name: bar, children: [pub]}\n---\nsupervisor: {name: pub, children: [three, four]}\n",
                    yaml("bar.yaml"));
            project.submit(engine, new Command.StartAgent("three"));
            awaitUp(engine, "three");
        }
    }

    @Test
    void what_can_not_be_moved_is_refused_and_nothing_is_written_or_stopped() throws Exception {
        try (Engine engine = project.open()) {
            project.submit(engine, new Command.Up());
            String team = yaml("team.yaml");
            String bar = yaml("bar.yaml");
            assertRefused("bad-input", move(engine, "house", "bar", "bar", 0));
            assertRefused("already", move(engine, "house", "one", "house", 0));
            assertRefused("unknown-name", move(engine, "bar", "one", "house", 0));
            assertRefused("unknown-name", move(engine, "house", "one", "nowhere", 0));
            assertRefused("bad-input", move(engine, "house", "two", "bar", 0)); // its comment has no room in one line
            project.write("bar.yaml", bar.replace("four", "four, two"));
            assertInstanceOf(CommandResult.Refused.class, move(engine, "house", "one", "bar", 0));
            project.write("bar.yaml", bar);
            assertEquals(team, yaml("team.yaml"));
            for (String agent : List.of("one", "two", "three", "four")) {
                assertEquals(1, ups(engine, agent));
            }
            assertTrue(engine.history(HistoryQuery.last(100, "ChildDeleted")).stream()
                    .noneMatch(e -> e.event() instanceof EngineEvent.ChildDeleted));
        }
    }

    private static void assertRefused(String code, CommandResult result) {
        assertEquals(code, assertInstanceOf(CommandResult.Refused.class, result).code(), result.toString());
    }
}
