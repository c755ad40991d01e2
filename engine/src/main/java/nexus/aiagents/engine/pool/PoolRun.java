package nexus.aiagents.engine.pool;

import nexus.aiagents.engine.project.PoolSpec;

/// What a run of a pool is pinned to.
///
/// @param startedAt milliseconds since 1970
public record PoolRun(String runId, PoolSpec pool, String inputJson, long startedAt) {

    int size() {
        return pool.members().size();
    }

    /// How many answers make a decision. A member that fails does not make it fewer.
    public static int needed(PoolSpec pool) {
        return switch (pool.strategy()) {
            case ALL -> pool.members().size();
            case FIRST -> 1;
            case MAJORITY -> pool.members().size() / 2 + 1;
            case QUORUM -> pool.quorum();
            case ROUND_ROBIN, LEAST_BUSY, RANDOM -> 1;
        };
    }
}
