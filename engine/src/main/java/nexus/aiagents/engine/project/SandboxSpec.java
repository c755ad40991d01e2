package nexus.aiagents.engine.project;

import java.time.Duration;

/// Where programs run, and how many worker processes there may be for those that run in one.
///
/// @param isolation     of agents that say nothing else
/// @param workers       processes at once
/// @param runsPerWorker from which on another one is started, while there may be more
/// @param workerBytes   heap of one
/// @param workerIdle    after which one without a run ends
public record SandboxSpec(Isolation isolation, int workers, int runsPerWorker, long workerBytes, Duration workerIdle) {
    public static final SandboxSpec DEFAULT = new SandboxSpec(Isolation.THREAD, 4, 8, 1L << 30, Duration.ofMinutes(2));

    /// All programs in a worker together have half of its heap.
    public long roomForPrograms() {
        return workerBytes / 2;
    }

    public enum Isolation {
        /// In the process of the app.
        THREAD,
        /// In a worker process.
        PROCESS
    }
}
