package nexus.aiagents.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.RunView;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `onUntrusted: ask`: an agent whose score is too low waits for a person.
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TrustAskTest {
    @TempDir
    Path folder;

    private TestProject project;

    @BeforeEach
    void project() throws Exception {
        project = new TestProject(folder);
        gate("requirements: {minTrustTier: T5}");
        project.agent("worker", "export default () => 'done';", "");
    }

    private void gate(String asked) throws Exception {
        project.write(
                "nexus.yaml", "project: {name: test}\n---\ntrust: {" + asked + ", enforcement: {onUntrusted: ask}}\n");
    }

    private String start(Engine engine, String agent) throws Exception {
        CommandResult result = project.submit(engine, new Command.RunAgent(agent, "{}"));
        return assertInstanceOf(CommandResult.RunStarted.class, result, result.toString())
                .runId();
    }

    private void awaitPaused(Engine engine, String agent) {
        project.await(
                "a pause for trust",
                () -> "trust".equals(project.agent(engine, agent).pausedBy()));
    }

    private void decide(Engine engine, String agent, String decision, Long minutes) throws Exception {
        CommandResult result =
                project.submit(engine, new Command.DecideTrust(agent, decision, "I looked at it", minutes));
        assertInstanceOf(CommandResult.Done.class, result, result.toString());
    }

    @Test
    void it_waits_and_goes_on_when_it_is_allowed() throws Exception {
        try (Engine engine = project.open()) {
            String run = start(engine, "worker");
            awaitPaused(engine, "worker");
            AgentView agent = project.agent(engine, "worker");
            assertEquals(AgentView.State.PAUSED, agent.state());
            assertTrue(agent.trust().asks());
            assertFalse(agent.trust().allowed());
            CommandResult resumed = project.submit(engine, new Command.ResumeAgent("worker"));
            assertEquals(
                    "undecided",
                    assertInstanceOf(CommandResult.Refused.class, resumed).code());
            decide(engine, "worker", "allow", 60L);
            assertEquals("\"done\"", project.finished(engine, run).outputJson());
            AgentView.TrustView trust = project.agent(engine, "worker").trust();
            assertTrue(trust.allowed() && trust.why().contains("I looked at it"), trust.why());
            assertTrue(trust.decision() != null && trust.decision().until() != null);
            assertEquals(1, engine.history(HistoryQuery.last(9, "TrustDecided")).size());
        }
        try (Engine engine = project.open()) {
            assertEquals("\"done\"", project.runAgent(engine, "worker", "{}").outputJson(), "that is kept");
            decide(engine, "worker", "reset", null);
            start(engine, "worker");
            awaitPaused(engine, "worker");
        }
    }

    @Test
    void it_ends_as_untrusted_when_it_is_refused() throws Exception {
        try (Engine engine = project.open()) {
            String run = start(engine, "worker");
            awaitPaused(engine, "worker");
            decide(engine, "worker", "refuse", null);
            RunView ended = project.finished(engine, run);
            assertEquals("untrusted", ended.errorCode());
            CommandResult again = project.submit(engine, new Command.RunAgent("worker", "{}"));
            assertEquals(
                    "untrusted",
                    assertInstanceOf(CommandResult.Refused.class, again).code());
        }
    }

    @Test
    void a_child_of_a_supervisor_is_up_and_waits() throws Exception {
        project.write("team.yaml", "supervisor: {name: team, agents: [worker]}\n");
        project.agent("worker", "export default () => 'done';", "loop: {every: 50ms}");
        try (Engine engine = project.open()) {
            assertInstanceOf(CommandResult.Done.class, project.submit(engine, new Command.Up()));
            awaitPaused(engine, "worker");
            assertEquals(0, project.agent(engine, "worker").restarts());
            assertEquals(0, project.agent(engine, "worker").calls());
            decide(engine, "worker", "allow", null);
            project.await("rounds", () -> project.agent(engine, "worker").calls() > 1);
            assertInstanceOf(CommandResult.Done.class, project.submit(engine, new Command.Down()));
        }
    }

    @Test
    void the_gate_is_asked_again_when_the_score_falls_in_the_middle_of_a_run() throws Exception {
        gate("requirements: {minTrustTier: T3}");
        project.agent("thief", """
            export default async function (input, nexus) {
              let denied = 0;
              for (let i = 0; i < 40; i++) {
                try { await nexus.file.read('x' + i); } catch (e) { denied++; }
                    await nexus.kv.put('count', i);
              }
              return denied;
            }
            """, "grants: {kv: true}");
        try (Engine engine = project.open()) {
            String run = start(engine, "thief");
            awaitPaused(engine, "thief");
            assertFalse(project.run(engine, run).state().isFinal());
            assertTrue(project.agent(engine, "thief").deniedCalls() > 0);
            decide(engine, "thief", "allow", null);
            assertEquals("40", project.finished(engine, run).outputJson());
        }
    }

    @Test
    void an_agent_that_nobody_signed_is_untrusted_where_that_is_asked_for() throws Exception {
        gate("requireSignature: true");
        try (Engine engine = project.open()) {
            start(engine, "worker");
            awaitPaused(engine, "worker");
            AgentView.TrustView trust = project.agent(engine, "worker").trust();
            assertEquals("unsigned", trust.signature());
            assertTrue(trust.why().contains("nobody has signed it"), trust.why());
        }
    }
}
