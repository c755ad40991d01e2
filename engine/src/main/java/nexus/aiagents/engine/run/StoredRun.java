package nexus.aiagents.engine.run;

import java.util.List;
import nexus.aiagents.engine.pool.PoolRun;
import nexus.aiagents.engine.saga.SagaRun;
import nexus.aiagents.engine.workflow.WorkflowRun;
import org.jspecify.annotations.Nullable;

/// What an unfinished run is pinned to, as it is stored under `run-definition/ID`: exactly one of the
/// kinds is set. Its progress is stored under `run/ID`, and for the steps of a saga or workflow under
/// `run-step/ID/INDEX`. All go when the run is over. A run that is a step of another leaves
/// `run-result/ID` ({@link Result}), and a saga all the rest too, so that it can be undone, until the
/// run that it is part of is over.
///
/// @param budgets of the runs that a pool is part of
record StoredRun(
        @Nullable AgentRun agent,
        @Nullable SagaRun saga,
        @Nullable PoolRun pool,
        @Nullable WorkflowRun workflow,
        List<String> budgets) {
    static final String STATE = "run/";
    static final String STEP = "run-step/";
    static final String DEFINITION = "run-definition/";
    static final String RESULT = "run-result/";

    StoredRun {
        budgets = budgets == null ? List.of() : budgets;
    }

    static StoredRun of(AgentRun run) {
        return new StoredRun(run, null, null, null, List.of());
    }

    static StoredRun of(SagaRun run) {
        return new StoredRun(null, run, null, null, List.of());
    }

    static StoredRun of(PoolRun run, List<String> budgets) {
        return new StoredRun(null, null, run, null, budgets);
    }

    static StoredRun of(WorkflowRun run) {
        return new StoredRun(null, null, null, run, List.of());
    }

    /// One call of one agent.
    record AgentRun(String runId, String agent, String inputJson, long startedAt) {}

    /// How a nested run ended: as in {@link nexus.aiagents.engine.journal.EngineEvent.RunEnded}.
    record Result(
            String state, @Nullable String outputJson, nexus.aiagents.engine.journal.@Nullable ExitReason reason) {}
}
