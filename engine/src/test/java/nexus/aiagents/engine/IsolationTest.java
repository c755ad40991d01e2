package nexus.aiagents.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.journal.EngineEvent.WorkerEnded;
import nexus.aiagents.engine.journal.EngineEvent.WorkerStarted;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.RunView;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Agents whose programs run in worker processes.
@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class IsolationTest {
    static final String ENDLESS = "export default () => { for (;;) {} };";

    @TempDir
    Path folder;

    TestProject project;

    @BeforeEach
    void project() throws Exception {
        project = new TestProject(folder);
        project.write("nexus.yaml", """
                project: {name: test}
                ---
                model: {name: default, provider: scripted, model: scripted-small, price: {input: 3, output: 15}}
                """);
    }

    long worker(Engine engine, String agent) {
        project.await(
                "a run of " + agent + " in a worker",
                () -> !workers(engine, agent).isEmpty());
        return workers(engine, agent).getFirst();
    }

    List<Long> workers(Engine engine, String agent) {
        AgentView.LifeSign sign = project.agent(engine, agent).life().sign();
        return sign == null ? List.of() : sign.workers();
    }

    @Test
    void a_program_in_a_worker_does_what_it_does_in_the_app() throws Exception {
        project.agent("counter", """
                export default async function (input, nexus) {
                  await nexus.kv.put("n", (await nexus.kv.get("n") ?? 0) + input.by);
                  const said = await nexus.model("how many?");
                  nexus.log("counted");
                  return {n: await nexus.kv.get("n"), said: said.text.length > 0};
                }
                """, "isolation: process, grants: {kv: true, models: [default]}");
        try (Engine engine = project.open()) {
            RunView run = project.runAgent(engine, "counter", "{\"by\": 2}");

            assertEquals("{\"n\":2,\"said\":true}", run.outputJson());
            AgentView view = project.agent(engine, "counter");
            assertEquals("process", view.isolation());
            assertTrue(view.tokens() > 0, "the model was called, metered and paid here");
            assertTrue(view.fuel() > 0);
            assertEquals(1, engine.history(HistoryQuery.last(5, "AgentLogged")).size());
            assertInstanceOf(
                    WorkerStarted.class,
                    engine.history(HistoryQuery.last(5, "WorkerStarted"))
                            .getFirst()
                            .event());
        }
    }

    @Test
    void a_worker_that_is_killed_is_a_crash_of_its_agents_and_their_supervisor_restarts_them() throws Exception {
        project.agent("spinner", ENDLESS, "isolation: process, loop: {every: 1s}, limits: {timeout: 10m}");
        project.agent("bystander", "export default () => 1;", "");
        project.write("team.yaml", "supervisor: {name: team, agents: [spinner, bystander]}\n");
        try (Engine engine = project.open()) {
            assertInstanceOf(CommandResult.Done.class, project.submit(engine, new Command.Up()));
            long first = worker(engine, "spinner");

            ProcessHandle.of(first).orElseThrow().destroyForcibly();

            project.await("a restart", () -> project.agent(engine, "spinner").restarts() == 1);
            AgentView.ExitView exit = project.agent(engine, "spinner").lastExit();
            assertEquals("trap", exit.kind());
            assertEquals("worker-died", exit.code());
            assertTrue(exit.message().contains("worker process " + first), exit.message());
            assertNotEquals(first, worker(engine, "spinner"), "in a fresh worker");
            assertEquals(0, project.agent(engine, "bystander").restarts());
            WorkerEnded ended = assertInstanceOf(
                    WorkerEnded.class,
                    engine.history(HistoryQuery.last(5, "WorkerEnded"))
                            .getFirst()
                            .event());
            assertEquals(first, ended.pid());
            assertFalse(ended.wanted());
            assertTrue(
                    engine.view().notices().stream().anyMatch(n -> n.code().equals("worker-died")),
                    () -> engine.view().notices().toString());
        }
    }

    @Test
    void a_program_that_ended_its_workers_runs_again_when_a_person_wants_it() throws Exception {
        project.agent("spinner", ENDLESS, "isolation: process, limits: {timeout: 10m}");
        try (Engine engine = project.open()) {
            for (int death = 0; death < 3; death++) {
                String run = startRun(engine, "spinner");
                ProcessHandle.of(worker(engine, "spinner")).orElseThrow().destroyForcibly();
                assertEquals("worker-died", project.finished(engine, run).errorCode());
            }
            project.await(
                    "a notice of it",
                    () -> engine.view().notices().stream()
                            .anyMatch(n -> n.code().equals("quarantined")));
            RunView refused = project.runAgent(engine, "spinner", "null");
            assertEquals("quarantined", refused.errorCode());
            assertTrue(String.valueOf(refused.errorMessage()).contains("naos agent resume"), refused.errorMessage());

            CommandResult resumed = project.submit(engine, new Command.ResumeAgent("spinner"));

            assertInstanceOf(CommandResult.Done.class, resumed, resumed::toString);
            String run = startRun(engine, "spinner");
            worker(engine, "spinner");
            assertInstanceOf(
                    CommandResult.Refused.class,
                    project.submit(engine, new Command.ResumeAgent("spinner")),
                    "it is neither paused nor refused");
            project.submit(engine, new Command.CancelRun(run));
        }
    }

    private String startRun(Engine engine, String agent) throws Exception {
        return assertInstanceOf(
                        CommandResult.RunStarted.class, project.submit(engine, new Command.RunAgent(agent, "null")))
                .runId();
    }

    @Test
    void what_runs_in_a_worker_is_stopped_and_no_process_is_left() throws Exception {
        project.agent("spinner", ENDLESS, "isolation: process, loop: {every: 1s}, limits: {timeout: 10m}");
        project.write("team.yaml", "supervisor: {name: team, agents: [spinner]}\n");
        long pid;
        try (Engine engine = project.open()) {
            assertInstanceOf(CommandResult.Done.class, project.submit(engine, new Command.Up()));
            pid = worker(engine, "spinner");
            assertInstanceOf(CommandResult.Done.class, project.submit(engine, new Command.CrashAgent("spinner")));
            project.await("a restart", () -> project.agent(engine, "spinner").restarts() == 1);
            assertEquals("chaos", project.agent(engine, "spinner").lastExit().code());
            assertEquals(pid, worker(engine, "spinner"), "a stopped run is no reason to end the worker");
        }
        assertFalse(ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
    }

    @Test
    void an_agent_of_the_lowest_tier_runs_in_a_worker_unless_the_project_says_otherwise() throws Exception {
        project.agent("shaky", "export default (input) => { if (!input.ok) throw new Error('again'); return 1; };", "");
        project.agent(
                "vast",
                "export default (input) => { if (!input.ok) throw new Error('again'); return 1; };",
                "limits: {memory: 1GB}");
        try (Engine engine = project.open()) {
            assertEquals("thread", project.agent(engine, "shaky").isolation());
            for (String agent : List.of("shaky", "vast")) {
                for (int i = 0; i < 10; i++) {
                    assertEquals(
                            RunView.State.FAILED,
                            project.runAgent(engine, agent, "{}").state());
                }
                project.await(
                        agent + " is of T1",
                        () -> project.agent(engine, agent).trust().tier() == 1);
            }
            assertEquals("process", project.agent(engine, "shaky").isolation());
            assertEquals("thread", project.agent(engine, "vast").isolation(), "no worker has room for it");
            assertEquals(
                    RunView.State.DONE,
                    project.runAgent(engine, "shaky", "{\"ok\":true}").state());
            assertFalse(engine.history(HistoryQuery.last(5, "WorkerStarted")).isEmpty());

            project.write("trust.yaml", "trust: {enforcement: {isolateBelow: T1}}\n");
            project.submit(engine, new Command.Reload());
            assertEquals("thread", project.agent(engine, "shaky").isolation());
        }
    }

    @Test
    void the_project_and_the_tier_of_trust_say_where_an_agent_runs() throws Exception {
        project.agent("plain", "export default () => 1;", "");
        project.agent("here", "export default () => 1;", "isolation: thread");
        try (Engine engine = project.open()) {
            assertEquals("thread", project.agent(engine, "plain").isolation());
            project.write("nexus.yaml", "project: {name: test, sandbox: {isolation: process}}\n");
            project.submit(engine, new Command.Reload());
            assertEquals("process", project.agent(engine, "plain").isolation());
            assertEquals("thread", project.agent(engine, "here").isolation(), "it says so itself");

            project.write("trust.yaml", "trust: {enforcement: {isolateBelow: T5}}\n");
            project.submit(engine, new Command.Reload());
            assertTrue(project.agent(engine, "here").trust().tier() < 5);
            assertEquals("process", project.agent(engine, "here").isolation(), "what is less trusted has no say");
        }
    }
}
