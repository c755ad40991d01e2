package nexus.aiagents.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.ScheduleView;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// How a project lives: up and down, by its schedules, and from one process to the next. Agents really run.
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LifecycleTest {
    @TempDir
    Path folder;

    TestProject project;

    @BeforeEach
    void project() throws Exception {
        project = new TestProject(folder);
        project.write("nexus.yaml", "project: {name: test, onOpen: start}\n");
    }

    private CommandResult submit(Engine engine, Command command) throws Exception {
        return project.submit(engine, command);
    }

    private static ScheduleView schedule(Engine engine) {
        return engine.view().schedules().getFirst();
    }

    @Test
    void a_schedule_runs_while_the_project_is_up_and_only_then() throws Exception {
        project.agent("tick", "export default (input) => ({n: input.n + 1});", """
                schedule: {cron: "* * * * * *", input: {n: 41}, overlap: allow}""");
        try (Engine engine = project.open()) {
            assertFalse(schedule(engine).active());
            assertNull(schedule(engine).lastStarted());
            assertInstanceOf(CommandResult.Done.class, submit(engine, new Command.Up()));
            assertTrue(engine.view().up(), "a project without supervisors is up for its schedules");
            project.await("two runs", () -> schedule(engine).started() >= 2);
            String runId = schedule(engine).lastRunId();
            RunView run = project.finished(engine, runId);
            assertEquals("{\"n\":42}", run.outputJson());
            assertInstanceOf(CommandResult.Done.class, submit(engine, new Command.Down()));
            project.await("it to be inactive", () -> !schedule(engine).active());
            long started = schedule(engine).started();
            assertInstanceOf(CommandResult.RunStarted.class, submit(engine, new Command.RunScheduleNow("agent/tick")));
            assertEquals(started + 1, schedule(engine).started());
            assertEquals(
                    started + 1,
                    engine.history(HistoryQuery.last(1_000, "ScheduleFired")).size());
        }
    }

    @Test
    void a_workflow_is_run_by_its_schedule() throws Exception {
        project.agent("plus", "export default (input) => ({n: input.n + 1});", "");
        project.write("flow.yaml", """
                workflow:
                  name: twice
                  schedule: {cron: "* * * * * *", input: {n: 40}}
                  steps:
                    - {name: one, agent: plus, input: "${input}"}
                    - {name: two, agent: plus}
                """);
        try (Engine engine = project.open()) {
            submit(engine, new Command.Up());
            project.await("a run", () -> schedule(engine).started() > 0);
            RunView run = project.finished(engine, schedule(engine).lastRunId());
            assertEquals("workflow", run.kind());
            assertEquals("{\"n\":42}", run.outputJson());
        }
    }

    @Test
    void a_schedule_that_is_unknown_is_refused_and_one_can_be_paused_from_outside() throws Exception {
        project.agent("tick", "export default () => 1;", "schedule: {cron: \"@yearly\"}");
        try (Engine engine = project.open()) {
            assertInstanceOf(CommandResult.Refused.class, submit(engine, new Command.PauseSchedule("saga/tick")));
            assertInstanceOf(CommandResult.Done.class, submit(engine, new Command.PauseSchedule("agent/tick")));
            assertTrue(schedule(engine).paused());
            assertInstanceOf(CommandResult.Done.class, submit(engine, new Command.ResumeSchedule("agent/tick")));
            assertFalse(schedule(engine).paused());
        }
    }

    @Test
    void a_reload_changes_the_times() throws Exception {
        project.agent("tick", "export default () => 1;", "schedule: {cron: \"@yearly\"}");
        try (Engine engine = project.open()) {
            submit(engine, new Command.Up());
            project.agent("tick", "export default () => 1;", "schedule: {cron: \"* * * * * *\"}");
            assertInstanceOf(CommandResult.Done.class, submit(engine, new Command.Reload()));
            project.await("a run", () -> schedule(engine).started() > 0);
        }
    }

    @Test
    void a_team_that_was_up_when_the_project_was_closed_is_remembered_and_one_that_was_stopped_is_not()
            throws Exception {
        project.agent("worker", "export default () => 1;", "");
        project.write("team.yaml", "supervisor: {name: team, agents: [worker]}\n");
        try (Engine engine = project.open()) {
            assertFalse(engine.view().lifecycle().wasUp());
            submit(engine, new Command.Up());
        }
        try (Engine engine = project.open()) {
            assertTrue(engine.view().lifecycle().wasUp());
            assertEquals("start", engine.view().lifecycle().onOpen());
            assertFalse(engine.view().up(), "who opens it decides");
            submit(engine, new Command.Up());
            assertFalse(engine.view().lifecycle().wasUp(), "it is up, so there is nothing to decide");
            submit(engine, new Command.Down());
            assertFalse(engine.view().lifecycle().wasUp());
        }
        try (Engine engine = project.open()) {
            assertFalse(engine.view().lifecycle().wasUp());
        }
    }

    @Test
    void a_person_who_does_not_want_it_up_again_is_not_asked_again() throws Exception {
        project.agent("worker", "export default () => 1;", "");
        project.write("team.yaml", "supervisor: {name: team, agents: [worker]}\n");
        try (Engine engine = project.open()) {
            submit(engine, new Command.Up());
        }
        try (Engine engine = project.open()) {
            submit(engine, new Command.Down());
            assertFalse(engine.view().lifecycle().wasUp());
        }
        try (Engine engine = project.open()) {
            assertFalse(engine.view().lifecycle().wasUp());
        }
    }

    @Test
    void a_transient_agent_whose_rounds_are_all_done_is_completed_and_stays_down() throws Exception {
        project.agent("opener", """
                export default async function (input, nexus) {
                  const rounds = ((await nexus.kv.get("rounds")) ?? 0) + 1;
                  await nexus.kv.put("rounds", rounds);
                  return rounds;
                }
                """, "loop: {every: 10ms, times: 3}, grants: {kv: true}");
        project.write("team.yaml", "supervisor: {name: team, children: [{name: opener, restart: transient}]}\n");
        try (Engine engine = project.open()) {
            submit(engine, new Command.Up());
            project.await("its end", () -> project.agent(engine, "opener").state() == AgentView.State.COMPLETED);
            assertEquals("normal", project.agent(engine, "opener").lastExit().kind());
            assertEquals(0, project.agent(engine, "opener").restarts());
            assertTrue(engine.view().up(), "its supervisor is up without it");
            submit(engine, new Command.StartAgent("opener"));
            project.await(
                    "another end",
                    () -> engine.history(new HistoryQuery(0, 100, false, Set.of("AgentExited"), "opener", null))
                                    .size()
                            == 2);
        }
        // Each start counts anew: three rounds and three.
        try (Engine engine = project.open()) {
            assertEquals("7", project.runAgent(engine, "opener", "{}").outputJson());
        }
    }

    @Test
    void an_agent_that_hangs_is_found_stuck_and_restarted_by_its_supervisor() throws Exception {
        project.agent("hangs", """
                export default async function (input, nexus) {
                  const rounds = (await nexus.kv.get("rounds")) ?? 0;
                  await nexus.kv.put("rounds", rounds + 1);
                  if (rounds === 0) while (true);
                }
                """, "heartbeat: 300ms, loop: {every: 1h}, grants: {kv: true}");
        project.write("team.yaml", "supervisor: {name: team, agents: [hangs]}\n");
        try (Engine engine = project.open()) {
            submit(engine, new Command.Up());
            project.await("a restart", () -> project.agent(engine, "hangs").restarts() == 1);
            project.await("a quiet round", () -> project.agent(engine, "hangs").state() == AgentView.State.IDLE);
            assertEquals("stuck", project.agent(engine, "hangs").lastExit().kind());
            assertEquals(1, engine.history(HistoryQuery.last(10, "AgentStuck")).size());
        }
    }
}
