package nexus.aiagents.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.view.ProjectView.QueueView;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.SupervisorView;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A pool with a queue is started, stopped and restarted by its supervisor, as any other child.
class PoolChildTest {
    private static final String POOL = "pool: {name: crew, agent: worker, strategy: round-robin, size: 2}\n---\n";

    @TempDir
    Path folder;

    TestProject project;

    @BeforeEach
    void project() throws Exception {
        project = new TestProject(folder);
        project.write("nexus.yaml", "project: {name: test}\n");
        Files.createDirectories(folder.resolve("work"));
        // Works until there is a file of that name.
        project.agent(
                "worker",
                """
                export default async function (input, nexus) {
                  await nexus.file.write("work/started-" + input.job, "");
                  while (true) {
                    try { await nexus.file.read("work/go-" + input.job); break; } catch (e) { nexus.now(); }
                  }
                  return input.job;
                }
                """,
                "grants: {files: [{path: work, mode: rw}]}, runaway: off, limits: {fuel: 9000000000000}");
    }

    private void team(String child, String more) throws Exception {
        project.write("team.yaml", POOL + "supervisor: {name: team, children: [" + child + "]" + more + "}\n");
    }

    private CommandResult submit(Engine engine, Command command) throws Exception {
        return project.submit(engine, command);
    }

    private String bring(Engine engine, String job) throws Exception {
        return assertInstanceOf(
                        CommandResult.RunStarted.class,
                        submit(engine, new Command.RunPool("crew", "{\"job\":\"" + job + "\"}")))
                .runId();
    }

    private void go(String job) throws Exception {
        project.write("work/go-" + job, "");
    }

    private void awaitAtWork(String job) {
        project.await(job + " to be at work", () -> Files.exists(folder.resolve("work/started-" + job)));
    }

    private static QueueView queue(Engine engine) {
        return engine.view().pools().getFirst().queue();
    }

    private static SupervisorView team(Engine engine) {
        return engine.view().supervisors().getFirst();
    }

    private static int count(Engine engine, String event) throws Exception {
        return engine.history(HistoryQuery.last(10_000, event)).size();
    }

    @Test
    void it_works_while_its_supervisor_is_up_and_what_it_is_brought_before_waits() throws Exception {
        team("crew", "");
        try (Engine engine = project.open()) {
            String early = bring(engine, "early");
            go("early");
            assertEquals("closed", queue(engine).state());
            assertEquals(RunView.State.RUNNING, project.run(engine, early).state());
            assertInstanceOf(CommandResult.Done.class, submit(engine, new Command.Up()));
            assertEquals(RunView.State.DONE, project.finished(engine, early).state());
            assertEquals("open", queue(engine).state());
            assertEquals("pool", team(engine).children().getFirst().kind());
            assertEquals(new SupervisorView.Counts(1, 1, 0, 0, 1), engine.view().count("team"));
            assertInstanceOf(CommandResult.Done.class, submit(engine, new Command.Down()));
            project.await("it to be closed", () -> queue(engine).state().equals("closed"));
            String late = bring(engine, "late");
            assertFalse(project.run(engine, late).state().isFinal());
        }
    }

    @Test
    void asked_to_stop_it_finishes_what_is_at_work_and_begins_nothing() throws Exception {
        team("{name: crew, shutdown: 60s}", "");
        try (Engine engine = project.open()) {
            submit(engine, new Command.Up());
            String one = bring(engine, "one");
            String two = bring(engine, "two");
            String three = bring(engine, "three");
            awaitAtWork("one");
            awaitAtWork("two");
            var down = engine.submit(new Command.Down(), "test").toCompletableFuture();
            project.await("it to be closed", () -> queue(engine).state().equals("closed"));
            assertFalse(down.isDone(), "two jobs are at work");
            go("one");
            project.finished(engine, one);
            assertFalse(down.isDone(), "one job is at work");
            go("two");
            assertInstanceOf(CommandResult.Done.class, down.get());
            assertEquals(RunView.State.DONE, project.run(engine, two).state());
            assertFalse(Files.exists(folder.resolve("work/started-three")), "it was not begun");
            assertEquals(0, count(engine, "PoolJobUnknown"));
            go("three");
            submit(engine, new Command.Up());
            assertEquals(RunView.State.DONE, project.finished(engine, three).state());
        }
    }

    @Test
    void who_does_not_finish_in_time_is_cut_short_and_its_job_is_worked_on_again() throws Exception {
        team("{name: crew, shutdown: 50ms}", "");
        try (Engine engine = project.open()) {
            submit(engine, new Command.Up());
            String job = bring(engine, "long");
            awaitAtWork("long");
            assertInstanceOf(CommandResult.Done.class, submit(engine, new Command.Down()));
            assertEquals(1, count(engine, "PoolJobUnknown"));
            assertFalse(project.run(engine, job).state().isFinal(), "it has not failed");
            go("long");
            submit(engine, new Command.Up());
            assertEquals(RunView.State.DONE, project.finished(engine, job).state());
        }
    }

    @Test
    void a_siblings_failure_restarts_it_as_its_supervisor_says_and_no_job_is_lost() throws Exception {
        project.agent("sibling", "export default () => 1;", "loop: {every: 1h}");
        team("crew, sibling", ", strategy: one-for-all, maxRestarts: 9");
        try (Engine engine = project.open()) {
            go("a");
            go("b");
            submit(engine, new Command.Up());
            String before = bring(engine, "a");
            project.finished(engine, before);
            assertInstanceOf(CommandResult.Done.class, submit(engine, new Command.CrashAgent("sibling")));
            project.await("it to be opened again", () -> {
                try {
                    return count(engine, "PoolOpened") == 2;
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            assertEquals(
                    RunView.State.DONE,
                    project.finished(engine, bring(engine, "b")).state());
            assertEquals(1, team(engine).inWindow());
        }
    }

    @Test
    void its_operator_verbs_are_those_of_a_child() throws Exception {
        team("crew", "");
        try (Engine engine = project.open()) {
            submit(engine, new Command.Up());
            assertInstanceOf(CommandResult.Done.class, submit(engine, new Command.StopChild("team", "crew")));
            assertEquals("closed", queue(engine).state());
            assertEquals("operator", team(engine).children().getFirst().held());
            assertInstanceOf(CommandResult.Done.class, submit(engine, new Command.StartChild("team", "crew")));
            assertEquals("open", queue(engine).state());
            assertEquals(null, team(engine).children().getFirst().held());
            assertInstanceOf(CommandResult.Done.class, submit(engine, new Command.RestartChild("team", "crew")));
            assertEquals("open", queue(engine).state());
        }
    }

    @Test
    void failed_jobs_are_the_jobs_failures_and_not_the_pools() throws Exception {
        project.agent("worker", "export default () => { throw new Error('no'); };", "");
        team("crew", ", maxRestarts: 0");
        try (Engine engine = project.open()) {
            submit(engine, new Command.Up());
            for (int i = 0; i < 5; i++) {
                assertEquals(
                        RunView.State.FAILED,
                        project.finished(engine, bring(engine, "x")).state());
            }
            assertEquals(SupervisorView.State.RUNNING, team(engine).state());
            assertEquals("open", queue(engine).state());
        }
    }

    @Test
    void one_whose_agents_may_not_run_stays_down_and_keeps_its_jobs() throws Exception {
        project.write("trust.yaml", """
                trust: {provider: axis, requirements: {minTrustTier: T3}, enforcement: {onUntrusted: reject}}
                """);
        team("crew", "");
        try (Engine engine = project.open()) {
            String first = bring(engine, "1");
            String second = bring(engine, "2");
            String third = bring(engine, "3");
            submit(engine, new Command.Up());
            assertEquals(RunView.State.FAILED, project.finished(engine, first).state());
            project.await(
                    "it to be held",
                    () -> "untrusted".equals(team(engine).children().getFirst().held()));
            assertEquals("closed", queue(engine).state());
            project.finished(engine, second); // it was begun together with the first
            assertFalse(project.run(engine, third).state().isFinal(), "it waits until a person starts the pool");
            assertEquals(SupervisorView.State.RUNNING, team(engine).state());
        }
    }

    @Test
    void a_reload_can_put_it_under_a_supervisor_and_take_it_away() throws Exception {
        project.write("team.yaml", POOL.replace("---\n", ""));
        try (Engine engine = project.open()) {
            project.await("it to be open", () -> queue(engine).state().equals("open"));
            team("crew", "");
            assertInstanceOf(CommandResult.Done.class, submit(engine, new Command.Reload()));
            project.await(
                    "it to be closed, as its supervisor is",
                    () -> queue(engine).state().equals("closed"));
            submit(engine, new Command.Up());
            assertEquals("open", queue(engine).state());
            project.write("team.yaml", POOL.replace("---\n", ""));
            assertInstanceOf(CommandResult.Done.class, submit(engine, new Command.Reload()));
            go("x");
            assertEquals(
                    RunView.State.DONE,
                    project.finished(engine, bring(engine, "x")).state());
            assertTrue(engine.view().supervisors().isEmpty());
        }
    }

    @Test
    void it_is_added_to_a_running_supervisor_and_taken_away_again_and_no_job_is_lost() throws Exception {
        project.agent("sibling", "export default () => 1;", "loop: {every: 1h}");
        team("sibling", "");
        try (Engine engine = project.open()) {
            submit(engine, new Command.Up());
            String before = bring(engine, "before");
            awaitAtWork("before");
            assertEquals(
                    new CommandResult.ChildAdded("team", "crew"),
                    submit(engine, new Command.AddChild("team", "crew", "transient", "60s", false)));
            assertTrue(Files.readString(folder.resolve("team.yaml")).contains("name: crew, restart: transient"));
            assertEquals(2, team(engine).children().size());
            assertEquals("pool", team(engine).children().getLast().kind());
            assertEquals("open", queue(engine).state());
            assertFalse(project.run(engine, before).state().isFinal(), "what was at work goes on");
            go("before");
            assertEquals(RunView.State.DONE, project.finished(engine, before).state());
            assertEquals(0, count(engine, "PoolJobUnknown"));

            assertInstanceOf(CommandResult.Done.class, submit(engine, new Command.StopChild("team", "crew")));
            assertEquals("closed", queue(engine).state(), "its supervisor has a say now");
            String waits = bring(engine, "waits");
            go("waits");
            assertFalse(project.run(engine, waits).state().isFinal());
            assertInstanceOf(CommandResult.Done.class, submit(engine, new Command.DeleteChild("team", "crew")));
            assertEquals(RunView.State.DONE, project.finished(engine, waits).state());
            assertFalse(Files.readString(folder.resolve("team.yaml")).contains("name: crew, restart"));
        }
        try (Engine engine = project.open()) {
            assertEquals(1, team(engine).children().size());
        }
    }

    @Test
    void added_to_a_supervisor_that_is_down_it_starts_with_it() throws Exception {
        project.agent("sibling", "export default () => 1;", "loop: {every: 1h}");
        team("sibling", "");
        try (Engine engine = project.open()) {
            assertInstanceOf(
                    CommandResult.Done.class, submit(engine, new Command.AddChild("team", "crew", null, null, false)));
            project.await("it to be closed", () -> queue(engine).state().equals("closed"));
            String job = bring(engine, "x");
            go("x");
            assertFalse(project.run(engine, job).state().isFinal());
            submit(engine, new Command.Up());
            assertEquals(RunView.State.DONE, project.finished(engine, job).state());
        }
    }

    @Test
    void a_pool_that_decides_at_once_is_no_child_and_it_is_said_why() throws Exception {
        project.agent("sibling", "export default () => 1;", "loop: {every: 1h}");
        project.write(
                "team.yaml",
                "pool: {name: jury, agent: worker, strategy: majority, size: 3}\n---\n"
                        + "supervisor: {name: team, children: [sibling]}\n");
        try (Engine engine = project.open()) {
            submit(engine, new Command.Up());
            CommandResult.Refused refused = assertInstanceOf(
                    CommandResult.Refused.class,
                    submit(engine, new Command.AddChild("team", "jury", null, null, false)));
            assertTrue(refused.message().contains("jury"), refused.message());
            assertEquals(1, team(engine).children().size());
        }
    }

    @Test
    void what_was_written_since_the_project_was_read_is_loaded_first() throws Exception {
        project.agent("sibling", "export default () => 1;", "loop: {every: 1h}");
        project.write("team.yaml", "supervisor: {name: team, children: [sibling]}\n");
        try (Engine engine = project.open()) {
            submit(engine, new Command.Up());
            project.write("pool.yaml", POOL.replace("---\n", ""));
            CommandResult.Refused refused = assertInstanceOf(
                    CommandResult.Refused.class,
                    submit(engine, new Command.AddChild("team", "crew", null, null, false)));
            assertTrue(refused.message().contains("reload"), refused.message());
            assertFalse(Files.readString(folder.resolve("team.yaml")).contains("crew"));
            submit(engine, new Command.Reload());
            assertInstanceOf(
                    CommandResult.ChildAdded.class,
                    submit(engine, new Command.AddChild("team", "crew", null, null, false)));
        }
    }

    @Test
    void closing_the_project_leaves_the_jobs_to_the_next_open_without_a_restart() throws Exception {
        team("{name: crew, shutdown: 50ms}", "");
        String job;
        try (Engine engine = project.open()) {
            submit(engine, new Command.Up());
            job = bring(engine, "x");
            awaitAtWork("x");
        }
        go("x");
        try (Engine engine = project.open()) {
            assertEquals(0, count(engine, "SupervisorRestarted"));
            assertFalse(project.run(engine, job).state().isFinal());
            submit(engine, new Command.Up());
            assertEquals(RunView.State.DONE, project.finished(engine, job).state());
        }
    }
}
