package nexus.aiagents.engine.run;

import java.util.List;
import java.util.Map;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.pool.PoolEvent;
import nexus.aiagents.engine.pool.PoolRun;
import nexus.aiagents.engine.pool.PoolState;
import nexus.aiagents.engine.project.Pinned;
import nexus.aiagents.engine.saga.SagaEvent;
import nexus.aiagents.engine.saga.SagaRun;
import nexus.aiagents.engine.saga.SagaState;
import nexus.aiagents.engine.workflow.WorkflowEvent;
import nexus.aiagents.engine.workflow.WorkflowRun;
import nexus.aiagents.engine.workflow.WorkflowState;
import org.jspecify.annotations.Nullable;

/// Makes the run that a step of another one is.
///
/// @param budgets of the runs that it is part of
/// @param parent  the run that it is a step of
/// @param step    that step
record NestedBegin(RunContext context, Pinned pinned, List<String> budgets, String parent, String step) {

    NestedRuns.Started<?> pool(String id, String name, String input) {
        PoolRun pool = new PoolRun(
                id, known(pinned.pools(), name), input, context.clock().millis());
        EngineEvent begun = Definitions.started(pool, parent, step);
        PoolWorker worker = new PoolWorker(
                pool, PoolState.initial(pool), budgets, context, RunJson.write(StoredRun.of(pool, budgets)), begun);
        return new NestedRuns.Started<>(worker, new PoolEvent.Begin());
    }

    NestedRuns.Started<?> saga(String id, String name, String input) {
        SagaRun saga = new SagaRun(
                id,
                known(pinned.sagas(), name),
                input,
                pinned,
                budgets,
                context.clock().millis());
        EngineEvent begun = Definitions.started(saga, parent, step, null);
        SagaWorker worker = new SagaWorker(
                saga, SagaState.initial(saga), context, RunJson.write(StoredRun.of(saga)), List.of(begun));
        return new NestedRuns.Started<>(worker, new SagaEvent.Begin());
    }

    NestedRuns.Started<?> workflow(String id, String name, String input) {
        WorkflowRun workflow = new WorkflowRun(
                id,
                known(pinned.workflows(), name),
                input,
                pinned,
                budgets,
                context.clock().millis());
        EngineEvent begun = Definitions.started(workflow, parent, step, null);
        WorkflowWorker worker = new WorkflowWorker(
                workflow,
                WorkflowState.initial(workflow),
                context,
                RunJson.write(StoredRun.of(workflow)),
                List.of(begun));
        return new NestedRuns.Started<>(worker, new WorkflowEvent.Begin());
    }

    private static <T> T known(Map<String, T> specs, String name) {
        @Nullable T spec = specs.get(name);
        if (spec == null) {
            throw new IllegalStateException("the run is not pinned to a definition of " + name);
        }
        return spec;
    }
}
