package nexus.aiagents.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.BudgetView;
import nexus.aiagents.engine.view.ProjectView;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Looking back: the team, the runs and the budgets as they were after any entry of the journal.
class PastViewsTest {
    @TempDir
    Path folder;

    private TestProject project;

    @BeforeEach
    void project() throws Exception {
        project = new TestProject(folder);
        project.write(
                "nexus.yaml",
                "model: {name: default, provider: scripted, model: scripted-small, price: {input: 100, output: 200}}\n");
        project.agent(
                "worker",
                "export default async (_, nexus) => (await nexus.model('hello')).text;",
                "grants: {models: [default]}");
        project.write("team.yaml", "supervisor: {name: team, agents: [worker]}\n");
        project.write("cost.yaml", "cost: {agent: worker, budget: {maxDollars: 100}, alertAt: [1]}\n");
    }

    private void done(Engine engine, Command command) throws Exception {
        CommandResult result = project.submit(engine, command);
        assertInstanceOf(CommandResult.Done.class, result, result.toString());
    }

    private static AgentView worker(ProjectView view) {
        return view.agents().stream()
                .filter(a -> a.name().equals("worker"))
                .findFirst()
                .orElseThrow();
    }

    /// Without what depends on the clock alone.
    private static String figures(ProjectView view) {
        AgentView worker = worker(view);
        BudgetView budget = view.budgets().getFirst();
        return view.seq() + " up=" + view.up() + " " + worker.state() + " " + worker.restarts() + " " + worker.calls()
                + " " + worker.microDollars() + " spent=" + budget.spentMicroDollars() + "/" + budget.spentTokens()
                + "/"
                + budget.spentCalls() + " held=" + budget.heldMicroDollars() + " of " + budget.maxMicroDollars() + " "
                + budget.onLimit() + " runs="
                + view.runs().stream().map(r -> r.id() + r.state()).toList();
    }

    @Test
    void every_moment_that_was_seen_live_is_seen_again_in_any_order() throws Exception {
        List<ProjectView> seen = new ArrayList<>();
        try (Engine engine = project.open()) {
            done(engine, new Command.Up());
            seen.add(engine.view());
            project.runAgent(engine, "worker", "1");
            seen.add(engine.view());
            done(engine, new Command.CrashAgent("worker"));
            project.await(
                    "a restart",
                    () -> worker(engine.view()).restarts() == 1
                            && worker(engine.view()).state() == AgentView.State.IDLE);
            seen.add(engine.view());
            done(engine, new Command.SetBudget("agent/worker", 200_000_000L, null, null, "kill"));
            seen.add(engine.view());
            done(engine, new Command.OverspendAgent("worker", 60_000));
            seen.add(engine.view());
            project.runAgent(engine, "worker", "2");
            done(engine, new Command.Down());
            seen.add(engine.view());
            assertTrue(seen.get(4).budgets().getFirst().heldMicroDollars() > 0);
            List<ProjectView> order = new ArrayList<>(seen);
            for (int round = 0; round < 3; round++) {
                java.util.Collections.shuffle(order, new Random(round));
                for (ProjectView then : order) {
                    assertEquals(figures(then), figures(engine.viewAt(then.seq())));
                }
            }
            assertEquals(engine.view().seq(), engine.viewAt(Long.MAX_VALUE).seq(), "what is to come is now");
            ProjectView before = engine.viewAt(0);
            assertEquals(AgentView.State.STOPPED, worker(before).state());
            assertEquals(0, before.budgets().getFirst().spentMicroDollars());
        }
        try (Engine engine = project.open()) {
            for (ProjectView then : seen) {
                assertEquals(figures(then), figures(engine.viewAt(then.seq())), "also by the next process");
            }
        }
    }

    @Test
    void moments_of_a_long_journal_are_the_same_as_folding_it_from_the_start() throws Exception {
        project.agent(
                "worker",
                "export default (_, nexus) => { for (let i = 0; i < 30; i++) nexus.log('round ' + i); };",
                "");
        try (Engine engine = project.open()) {
            done(engine, new Command.Up());
            for (int i = 0; i < 40; i++) {
                project.runAgent(engine, "worker", "1");
            }
            List<JournalEntry> all =
                    engine.history(new HistoryQuery(0, 100_000, false, java.util.Set.of(), null, null));
            assertTrue(all.size() > 1_000, "the journal has only " + all.size());
            Random random = new Random(3);
            for (int i = 0; i < 40; i++) {
                long seq = all.get(random.nextInt(all.size())).seq();
                long calls = all.stream()
                        .filter(e -> e.seq() <= seq
                                && e.event().getClass().getSimpleName().equals("CallStarted"))
                        .count();
                ProjectView then = engine.viewAt(seq);
                assertEquals(seq, then.seq());
                assertEquals(calls, worker(then).calls());
                assertEquals(all.get((int) seq - 1).at(), then.at());
            }
        }
    }
}
