package nexus.aiagents.engine.project;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Agents that get the same work, and how their answers become one.
///
/// @param members   agent names, one entry a member; one agent times `size` is that name repeated
/// @param quorum    how many must agree; used by `quorum`
/// @param agreeOn   the field whose value is compared, null: the whole output, canonicalised
/// @param tolerance numbers that differ by no more count as the same; 0 is exact
/// @param judge     the agent that picks when there is no agreement; only with {@link OnTie#JUDGE}
/// @param timeout   of a decision; of a job's attempt in a queue
/// @param queue     set exactly with the strategies of a queue
public record PoolSpec(
        String name,
        List<String> members,
        Strategy strategy,
        int quorum,
        @Nullable String agreeOn,
        double tolerance,
        OnTie onTie,
        @Nullable String judge,
        @Nullable Duration timeout,
        @Nullable QueueSpec queue,
        Position at) {

    public enum Strategy {
        ALL,
        FIRST,
        MAJORITY,
        QUORUM,
        ROUND_ROBIN,
        LEAST_BUSY,
        RANDOM;

        /// Whether members share the work instead of all doing the same.
        public boolean isQueue() {
            return switch (this) {
                case ALL, FIRST, MAJORITY, QUORUM -> false;
                case ROUND_ROBIN, LEAST_BUSY, RANDOM -> true;
            };
        }
    }

    public enum OnTie {
        FAIL,
        FIRST,
        JUDGE,
        ASK
    }

    public enum OnFull {
        /// The new job is refused.
        REJECT,
        /// Who brings the new job waits.
        BLOCK,
        /// The job that has waited longest is given up for the new one.
        DROP_OLDEST
    }

    /// How a queue is worked off.
    ///
    /// @param min      never fewer workers
    /// @param start    workers at the beginning, between `min` and `max`
    /// @param max      never more workers
    /// @param automatic whether their number follows the queue until a person says otherwise
    /// @param limit    jobs that may wait
    /// @param blockFor the longest that who brings a job waits; only with {@link OnFull#BLOCK}
    /// @param retry    of a job that failed
    /// @param after    a job that waits so long wants another worker
    /// @param idle     a worker without work for so long is let go
    /// @param cooldown the shortest time between two automatic changes
    public record QueueSpec(
            int min,
            int start,
            int max,
            boolean automatic,
            int limit,
            OnFull onFull,
            Duration blockFor,
            SagaSpec.RetrySpec retry,
            Duration after,
            Duration idle,
            Duration cooldown) {}
}
