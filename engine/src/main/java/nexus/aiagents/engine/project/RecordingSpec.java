package nexus.aiagents.engine.project;

import java.time.Duration;

/// Which runs of programs are recorded, so that they can be replayed, and how much of that is kept.
///
/// @param policy      of agents that say nothing else
/// @param keep        how long a record is kept
/// @param maxRuns     how many are kept, the newest
/// @param maxBytes    how much room they may take on the disk
/// @param maxRunBytes how much one run may be recorded of, as text and before it is compressed; what is
///     beyond is cut
public record RecordingSpec(Policy policy, Duration keep, int maxRuns, long maxBytes, long maxRunBytes) {
    public static final RecordingSpec DEFAULT =
            new RecordingSpec(Policy.ON_FAILURE, Duration.ofDays(30), 1_000, 256L << 20, 4L << 20);

    public enum Policy {
        ALWAYS,
        /// Only runs that neither returned nor were asked to stop.
        ON_FAILURE,
        NEVER
    }
}
