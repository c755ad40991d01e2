package nexus.aiagents.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.view.RunView;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// However much what goes forward spends, there is money left to undo it with, in every budget that the
/// compensation counts against.
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CompensationReserveTest {
    @TempDir
    Path folder;

    TestProject project;

    @BeforeEach
    void project() throws Exception {
        project = new TestProject(folder);
        project.agent("spend", """
                export default async function (input, nexus) {
                  while (true) await nexus.model({prompt: "say", maxTokens: 20});
                }
                """, "grants: {models: [default]}, runaway: off");
        project.agent("book", "export default () => ({});", "");
        project.agent("undo", """
                export default async function (input, nexus) {
                  return (await nexus.model({prompt: "undo", maxTokens: 20})).text;
                }
                """, "grants: {models: [default]}");
        project.write("nexus.yaml", """
                project: {name: test}
                ---
                model: {name: default, provider: scripted, model: scripted-small, price: {input: 3, output: 15}}
                ---
                supervisor: {name: team, agents: [spend, undo]}
                ---
                saga:
                  name: trip
                  compensationReserve: {maxDollars: 0.001}
                  steps:
                    - {name: book, action: book, compensation: undo}
                    - {name: pay, action: spend}
                ---
                workflow: {name: whole, steps: [{name: travel, saga: trip}]}
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"project: true", "supervisor: team", "saga: trip", "workflow: whole"})
    void what_goes_forward_leaves_it_untouched(String scope) throws Exception {
        project.write("cost.yaml", "cost: {" + scope + ", budget: {maxDollars: 0.003}, onLimit: kill}\n");
        try (Engine engine = project.open()) {
            Command begin = scope.startsWith("workflow")
                    ? new Command.RunWorkflow("whole", "{}")
                    : new Command.RunSaga("trip", "{}");
            project.finished(engine, ((CommandResult.RunStarted) project.submit(engine, begin)).runId());
            RunView saga = engine.view().runs().stream()
                    .filter(r -> r.kind().equals("saga"))
                    .findFirst()
                    .orElseThrow();
            assertEquals(RunView.State.FAILED, saga.state());
            assertEquals("budget", saga.errorCode());
            assertEquals(RunView.StepState.COMPENSATED, saga.steps().getFirst().undoState(), saga.toString());
            List<EngineEvent.HoldSettled> settled = engine.history(HistoryQuery.last(1_000, "HoldSettled")).stream()
                    .map(entry -> (EngineEvent.HoldSettled) entry.event())
                    .toList();
            assertEquals("undo", settled.getLast().agent());
            long forward = settled.stream()
                    .filter(e -> e.agent().equals("spend"))
                    .mapToLong(EngineEvent.HoldSettled::microDollars)
                    .sum();
            assertEquals(
                    List.of(settled.getLast().microDollars(), forward),
                    saga.steps().stream().map(RunView.StepView::microDollars).toList(),
                    "of each step, with its compensation");
            assertTrue(forward > 0 && forward <= 2_000, forward + " of 3000 less the reserve of 1000");
        }
    }
}
