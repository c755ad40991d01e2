package nexus.aiagents.engine.run;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.project.Similar;
import nexus.aiagents.engine.saga.SagaEvent;
import nexus.aiagents.engine.saga.SagaRun;
import nexus.aiagents.engine.saga.SagaState;
import nexus.aiagents.engine.workflow.WorkflowEvent;
import nexus.aiagents.engine.workflow.WorkflowGraph;
import nexus.aiagents.engine.workflow.WorkflowHistory;
import nexus.aiagents.engine.workflow.WorkflowRun;
import nexus.aiagents.engine.workflow.WorkflowState;
import org.jspecify.annotations.Nullable;

/// Takes runs up again that the journal alone knows, and begins new ones from what they had done.
final class GoingBack {
    private final DurableRuns runs;
    private final RunContext context;

    GoingBack(DurableRuns runs, RunContext context) {
        this.runs = runs;
        this.context = context;
    }

    CompletionStage<CommandResult> reopen(String runId, Wish wish, String done) {
        PastRun past = PastRun.find(context.journal(), runId);
        if (past == null) {
            return notThere(runId);
        }
        if (RunIds.isNested(runId)) {
            return DurableRuns.refused(
                    "unsupported",
                    "run " + runId + " is a step of " + past.started().parentRunId() + ": retry that one");
        }
        return switch (past.started().kind()) {
            case "saga" -> {
                SagaWorker worker = runs.worker(past.saga(), past.sagaState(), List.of());
                yield runs.begin(worker, worker.event(wish), new CommandResult.Done(done));
            }
            case "workflow" -> {
                WorkflowWorker worker = runs.worker(past.workflow(), past.workflowState(), List.of());
                yield runs.begin(worker, worker.event(wish), new CommandResult.Done(done));
            }
            default -> notOfSteps(past);
        };
    }

    private CompletionStage<CommandResult> notThere(String runId) {
        return context.journal().run(runId) == null
                ? DurableRuns.refused(
                        "unknown-name", "there is no run '" + runId + "'; naos runs list shows those there are")
                : DurableRuns.refused(
                        "archived", "what run " + runId + " did was moved to an archive of the journal; start it anew");
    }

    CompletionStage<CommandResult> fork(String runId, String step, @Nullable String inputJson) {
        PastRun past = PastRun.find(context.journal(), runId);
        if (past == null) {
            return notThere(runId);
        }
        return switch (past.started().kind()) {
            case "saga" -> forkSaga(past, step, inputJson);
            case "workflow" -> forkWorkflow(past, step, inputJson);
            default -> notOfSteps(past);
        };
    }

    private CompletionStage<CommandResult> forkSaga(PastRun past, String step, @Nullable String inputJson) {
        SagaRun of = past.saga();
        int from = of.index(step);
        if (from < 0) {
            List<String> names = of.saga().steps().stream().map(s -> s.name()).toList();
            return DurableRuns.refused("unknown-name", Similar.lacks("run " + of.runId(), "step", step, names));
        }
        return runs.start(of.inputJson(), (id, now) -> {
            SagaRun run = new SagaRun(id, of.saga(), of.inputJson(), of.pinned(), List.of(), now);
            SagaState state = past.fork(run, from, inputJson);
            if (state == null) {
                return DurableRuns.refused(
                        "bad-input",
                        "a step before '" + step + "' has no output to take over: fork from an earlier step");
            }
            List<EngineEvent> first = past.taken(run, state);
            return runs.begin(runs.worker(run, state, first), new SagaEvent.Begin());
        });
    }

    private CompletionStage<CommandResult> forkWorkflow(PastRun past, String step, @Nullable String inputJson) {
        WorkflowRun of = past.workflow();
        int from = new WorkflowGraph(of.workflow()).index(step);
        if (from < 0) {
            List<String> names =
                    of.workflow().steps().stream().map(s -> s.name()).toList();
            return DurableRuns.refused("unknown-name", Similar.lacks("run " + of.runId(), "step", step, names));
        }
        return runs.start(of.inputJson(), (id, now) -> {
            WorkflowRun run = new WorkflowRun(id, of.workflow(), of.inputJson(), of.pinned(), List.of(), now);
            WorkflowState state = past.fork(run, from, inputJson);
            if (state == null) {
                return DurableRuns.refused(
                        "bad-input",
                        "a step that '" + step + "' needs has no output to take over: fork from an earlier step");
            }
            List<EngineEvent> first = new ArrayList<>();
            first.add(Definitions.started(run, null, null, of.runId()));
            first.addAll(WorkflowHistory.taken(run, state));
            return runs.begin(runs.worker(run, state, first), new WorkflowEvent.Begin());
        });
    }

    private static CompletionStage<CommandResult> notOfSteps(PastRun past) {
        return DurableRuns.refused(
                "unsupported", "a run of kind " + past.started().kind() + " has no steps to go back to");
    }
}
