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

/// Children that are added to and taken from supervisors that run, and what becomes of the YAML.
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AddedChildTest {
    @TempDir
    Path folder;

    TestProject project;

    @BeforeEach
    void project() throws Exception {
        project = new TestProject(folder);
        for (String name : List.of("one", "two", "three", "spare")) {
            project.agent(name, "export default () => 1;", "loop: {every: 1h}");
        }
        project.write("nexus.yaml", "project: {name: test}\n");
        project.write("team.yaml", """
                supervisor:
                  name: house   # the top of it
                  maxRestarts: 0
                  children:
                    - one
                ---
                supervisor: {name: bar, children: [two, three]}
                """);
    }

    private String yaml() throws Exception {
        return Files.readString(folder.resolve("team.yaml"));
    }

    private CommandResult add(Engine engine, String supervisor, String child) throws Exception {
        return project.submit(engine, new Command.AddChild(supervisor, child, null, null, false));
    }

    private static SupervisorView supervisor(Engine engine, String name) {
        return engine.view().supervisors().stream()
                .filter(s -> s.name().equals(name))
                .findFirst()
                .orElseThrow();
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
    void a_supervisor_becomes_the_child_of_another_and_from_then_on_its_failure_is_its_parents() throws Exception {
        try (Engine engine = project.open()) {
            project.submit(engine, new Command.Up());
            assertEquals(new CommandResult.ChildAdded("house", "bar"), add(engine, "house", "bar"));
            assertEquals("house", supervisor(engine, "bar").parent());
            assertEquals(SupervisorView.State.RUNNING, supervisor(engine, "bar").state());
            for (String agent : List.of("two", "three")) {
                awaitUp(engine, agent);
                assertEquals(2, ups(engine, agent), "stopped with the old tree, started with the new one");
            }
            assertEquals(1, ups(engine, "one"), "its sibling does not notice");
            assertTrue(yaml().contains("    - one\n    - bar\n"), yaml());
            assertTrue(yaml().contains("# the top of it"));

            for (int i = 0; i < 4; i++) {
                int before = (int) ups(engine, "two");
                project.submit(engine, new Command.CrashAgent("two"));
                if (i < 3) {
                    project.await("it to be up again", () -> ups(engine, "two") > before);
                }
            }
            project.await(
                    "the house to give up too: it allows no restart",
                    () -> engine.history(HistoryQuery.last(100, "SupervisorGaveUp")).stream()
                            .anyMatch(e -> ((EngineEvent.SupervisorGaveUp) e.event())
                                    .supervisor()
                                    .equals("house")));
            project.await("the team to be down", () -> !engine.view().up());
        }
    }

    @Test
    void a_circle_is_refused_and_nothing_is_stopped_or_written_for_it() throws Exception {
        try (Engine engine = project.open()) {
            project.submit(engine, new Command.Up());
            add(engine, "house", "bar");
            String before = yaml();
            long ups = ups(engine, "two");
            for (String parent : List.of("bar", "house")) {
                CommandResult.Refused refused =
                        assertInstanceOf(CommandResult.Refused.class, add(engine, parent, "house"));
                assertEquals("project-errors", refused.code(), refused.message());
            }
            assertInstanceOf(CommandResult.Refused.class, add(engine, "bar", "one"), "it has a parent");
            assertInstanceOf(CommandResult.Refused.class, add(engine, "bar", "nobody"));
            assertEquals(before, yaml());
            assertEquals(ups, ups(engine, "two"));
            assertEquals(
                    SupervisorView.State.RUNNING, supervisor(engine, "house").state());
        }
    }

    @Test
    void one_that_does_not_start_is_not_added_and_the_yaml_is_as_it_was() throws Exception {
        project.write("trust.yaml", """
                trust: {provider: axis, requirements: {minTrustTier: T3}, enforcement: {onUntrusted: reject}}
                """);
        String before = yaml();
        try (Engine engine = project.open()) {
            project.submit(engine, new Command.Up());
            assertInstanceOf(CommandResult.Refused.class, add(engine, "house", "spare"));
            assertEquals(before, yaml());
            assertEquals(1, supervisor(engine, "house").children().size());
        }
    }

    @Test
    void a_child_that_is_up_is_not_deleted_and_one_that_is_stopped_is_gone_for_good() throws Exception {
        try (Engine engine = project.open()) {
            project.submit(engine, new Command.Up());
            CommandResult.Refused up = assertInstanceOf(
                    CommandResult.Refused.class, project.submit(engine, new Command.DeleteChild("bar", "two")));
            assertEquals("running", up.code());
            project.submit(engine, new Command.StopChild("bar", "two"));
            assertInstanceOf(CommandResult.Done.class, project.submit(engine, new Command.DeleteChild("bar", "two")));
            assertTrue(yaml().contains("children: [three]"), yaml());
            assertEquals(new CommandResult.ChildAdded("house", "two"), add(engine, "house", "two"), "it is free now");
        }
        try (Engine engine = project.open()) {
            project.submit(engine, new Command.Up());
            assertEquals("house", project.agent(engine, "two").supervisor());
        }
    }

    @Test
    void what_was_edited_elsewhere_in_the_files_is_not_taken_over_by_the_way() throws Exception {
        try (Engine engine = project.open()) {
            project.submit(engine, new Command.Up());
            project.write(
                    "team.yaml",
                    yaml().replace("maxRestarts: 0", "maxRestarts: 9").replace("[two, three]", "[two]"));
            assertEquals(new CommandResult.ChildAdded("house", "spare"), add(engine, "house", "spare"));
            awaitUp(engine, "three"); // that waits for a reload
            project.submit(engine, new Command.Reload());
            awaitUp(engine, "spare");
            assertEquals(2, supervisor(engine, "house").children().size());
            assertEquals(1, supervisor(engine, "bar").children().size());
        }
    }
}
