package nexus.aiagents.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.BudgetView;
import nexus.aiagents.engine.view.RunView;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Trouble made on purpose meets the same machinery as real trouble.
class ChaosTest {
    @TempDir
    Path folder;

    private TestProject project;

    @BeforeEach
    void model() throws Exception {
        project = new TestProject(folder);
        project.write(
                "nexus.yaml",
                "model: {name: default, provider: scripted, model: scripted-small, price: {input: 1, output: 2}}\n");
    }

    private BudgetView budget(Engine engine) {
        return engine.view().budgets().getFirst();
    }

    private void done(Engine engine, Command command) throws Exception {
        CommandResult result = project.submit(engine, command);
        assertInstanceOf(CommandResult.Done.class, result, result.toString());
    }

    @Test
    void an_agent_that_hangs_is_found_stuck_and_restarted() throws Exception {
        project.agent(
                "worker",
                "export default (_, nexus) => { nexus.log('alive'); };",
                "heartbeat: 300ms, loop: {every: 20ms}");
        project.write("team.yaml", "supervisor: {name: team, agents: [worker]}\n");
        try (Engine engine = project.open()) {
            done(engine, new Command.Up());
            done(engine, new Command.HangAgent("worker"));
            project.await("a restart", () -> project.agent(engine, "worker").restarts() == 1);
            assertEquals("stuck", project.agent(engine, "worker").lastExit().kind());
            project.await("well again", () -> project.agent(engine, "worker").calls() > 3);
            assertEquals(1, project.agent(engine, "worker").restarts(), "it hangs once");
        }
    }

    @Test
    void a_slow_agent_takes_longer_at_each_call_and_is_not_restarted() throws Exception {
        project.agent("worker", "export default (_, nexus) => { nexus.log('one'); nexus.log('two'); };", "");
        try (Engine engine = project.open()) {
            done(engine, new Command.SlowAgent("worker", 200, 60_000));
            RunView run = project.runAgent(engine, "worker", "1");
            assertEquals(RunView.State.DONE, run.state());
            assertTrue(Duration.between(run.startedAt(), run.endedAt()).toMillis() >= 400, run.toString());
        }
    }

    @Test
    void an_agent_that_overspends_meets_its_limit_and_nothing_is_billed_for_it() throws Exception {
        project.agent(
                "worker",
                "export default async (_, nexus) => (await nexus.model('hello')).text;",
                "grants: {models: [default]}");
        project.write(
                "cost.yaml", "cost: {agent: worker, budget: {maxDollars: 1, maxTokens: 100000}, onLimit: pause}\n");
        long spent;
        try (Engine engine = project.open()) {
            project.runAgent(engine, "worker", "1");
            spent = budget(engine).spentMicroDollars();
            assertTrue(spent > 0);
            done(engine, new Command.OverspendAgent("worker", 60_000));
            assertEquals(
                    1_000_000,
                    budget(engine).spentMicroDollars() + budget(engine).heldMicroDollars());
            assertEquals(100_000, budget(engine).spentTokens() + budget(engine).heldTokens());
            var begun = project.submit(engine, new Command.RunAgent("worker", "1"));
            assertInstanceOf(CommandResult.RunStarted.class, begun);
            project.await("paused", () -> project.agent(engine, "worker").state() == AgentView.State.PAUSED);
            assertEquals("budget", project.agent(engine, "worker").pausedBy());
            done(engine, new Command.OverspendAgent("worker", 50)); // the newer one takes the place of the older
            project.await(
                    "it goes on when the time is over",
                    () -> engine.view().runs().getFirst().state().isFinal());
            assertEquals(0, budget(engine).heldMicroDollars());
            done(engine, new Command.OverspendAgent("worker", 60_000));
        }
        try (Engine engine = project.open()) {
            assertEquals(2 * spent, budget(engine).spentMicroDollars());
            assertEquals(0, budget(engine).heldMicroDollars(), "what was held at the end was given back");
        }
    }

    @Test
    void what_makes_no_sense_is_refused_with_what_to_do() throws Exception {
        project.agent("free", "export default () => 1;", "");
        project.agent("counted", "export default () => 1;", "");
        project.write("cost.yaml", "cost: {agent: counted, budget: {maxDollars: 1, per: run}}\n");
        try (Engine engine = project.open()) {
            for (String name : List.of("free", "counted")) {
                var refused = assertInstanceOf(
                        CommandResult.Refused.class, project.submit(engine, new Command.OverspendAgent(name, 1_000)));
                assertEquals("no-budget", refused.code());
                assertTrue(refused.message().contains("`cost`"), refused.message());
            }
            for (Command command : List.of(
                    new Command.SlowAgent("free", 0, 1_000),
                    new Command.SlowAgent("free", 1_000, 4_000_000),
                    new Command.OverspendAgent("counted", -1))) {
                var refused = assertInstanceOf(CommandResult.Refused.class, project.submit(engine, command));
                assertEquals("bad-input", refused.code(), command.toString());
            }
        }
    }
}
