package nexus.aiagents.engine.run;

import nexus.aiagents.engine.pool.PoolRun;
import nexus.aiagents.engine.saga.SagaRun;
import org.jspecify.annotations.Nullable;

/// What an unfinished run is pinned to, as it is stored under `run-definition/ID`: exactly one is set. Its
/// progress is stored under `run/ID`, and for the steps of a saga under `run-step/ID/INDEX`. All go when
/// the run is over.
record StoredRun(
        @Nullable AgentRun agent,
        @Nullable SagaRun saga,
        @Nullable PoolRun pool) {
    static final String STATE = "run/";
    static final String STEP = "run-step/";
    static final String DEFINITION = "run-definition/";

    /// One call of one agent.
    record AgentRun(String runId, String agent, String inputJson, long startedAt) {}
}
