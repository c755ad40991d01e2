package nexus.aiagents.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.view.RunView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A step that is a job of a queue is a part of its run as any other step is: with what it spends too.
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class JobOfStepTest {
    @TempDir
    Path folder;

    @Test
    void what_a_job_spends_counts_against_every_run_that_it_is_part_of_and_their_budgets_hold_it_back()
            throws Exception {
        TestProject project = new TestProject(folder);
        project.agent("spend", """
                export default async function (input, nexus) {
                  while (true) await nexus.model({prompt: "say", maxTokens: 20});
                }
                """, "grants: {models: [default]}, runaway: off");
        project.write("nexus.yaml", """
                project: {name: test}
                ---
                model: {name: default, provider: scripted, model: scripted-small, price: {input: 3, output: 15}}
                ---
                pool: {name: crew, agent: spend, strategy: round-robin, size: 1}
                ---
                saga: {name: trip, steps: [{name: pay, pool: crew}]}
                ---
                workflow: {name: whole, steps: [{name: travel, saga: trip}]}
                ---
                cost: {workflow: whole, budget: {maxDollars: 0.002}, onLimit: kill}
                """);
        try (Engine engine = project.open()) {
            CommandResult begun = project.submit(engine, new Command.RunWorkflow("whole", "{}"));
            RunView whole = project.finished(engine, ((CommandResult.RunStarted) begun).runId());
            assertEquals(RunView.State.FAILED, whole.state());
            assertEquals("budget", whole.errorCode());
            long settled = engine.history(HistoryQuery.last(1_000, "HoldSettled")).stream()
                    .mapToLong(entry -> ((EngineEvent.HoldSettled) entry.event()).microDollars())
                    .sum();
            assertTrue(settled > 0 && settled <= 2_000, settled + " of 2000");
            RunView job = engine.view().runs().stream()
                    .filter(r -> r.kind().equals("job"))
                    .findFirst()
                    .orElseThrow();
            RunView saga = project.run(engine, String.valueOf(job.parentRunId()));
            assertEquals("trip", saga.name());
            assertEquals("pay", job.parentStep());
            assertEquals(settled, job.microDollars());
            assertEquals(settled, saga.microDollars());
            assertEquals(settled, project.run(engine, whole.id()).microDollars());
            assertEquals(settled, job.steps().getFirst().microDollars(), "of the job's one step");
            assertEquals(settled, saga.steps().getFirst().microDollars(), "of the step that gave the job");
            assertEquals(
                    settled,
                    project.run(engine, whole.id()).steps().getFirst().microDollars(),
                    "of the step around the saga");
            assertEquals(
                    settled,
                    engine.run(whole.id())
                            .orElseThrow()
                            .run()
                            .steps()
                            .getFirst()
                            .microDollars());
            assertEquals(settled, engine.run(whole.id()).orElseThrow().record().microDollars());
        }
    }
}
