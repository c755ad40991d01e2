package nexus.aiagents.sandbox;

import java.time.Duration;

/// How many workers there may be, and how large. They start when they are needed.
///
/// @param most      at once; further runs go to the one with the fewest
/// @param runsEach  from which on another worker is started, while there may be more
/// @param heapBytes of one worker
/// @param idle      after which a worker without a run ends
public record WorkerOptions(int most, int runsEach, long heapBytes, Duration idle) {
    public static final WorkerOptions DEFAULT = new WorkerOptions(4, 8, 1L << 30, Duration.ofMinutes(2));

    public WorkerOptions {
        if (most < 1 || runsEach < 1 || heapBytes < 64 << 20 || idle.isNegative()) {
            throw new IllegalArgumentException("at least one worker, one run in each and 64 MB of heap");
        }
    }
}
