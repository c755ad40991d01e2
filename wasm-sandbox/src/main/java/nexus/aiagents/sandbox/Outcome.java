package nexus.aiagents.sandbox;

/// How a run ended. Every way is typed; none of them hurts the app or the next run.
public sealed interface Outcome {

    Usage usage();

    /// The program returned. `outputJson` is a JSON value.
    record Returned(String outputJson, Usage usage) implements Outcome {}

    /// The program itself said that it failed: an uncaught exception, a non-zero exit, a fatal host answer.
    /// `place` is `file:line` where known, else empty.
    record Failed(String code, String message, String place, Usage usage) implements Outcome {}

    /// A WebAssembly trap: `unreachable`, division by zero, out-of-bounds access, stack exhausted …
    record Trapped(String message, Usage usage) implements Outcome {}

    record OutOfFuel(Usage usage) implements Outcome {}

    record OutOfMemory(Usage usage) implements Outcome {}

    /// `clock` says which of the two limits was reached: {@link Limits#wallTime} or {@link Limits#cpuTime}.
    record TimedOut(Clock clock, Usage usage) implements Outcome {
        public TimedOut(Usage usage) {
            this(Clock.WALL, usage);
        }
    }

    record Cancelled(Usage usage) implements Outcome {}

    /// The worker process that it ran in ended in the middle of it. `message` says how.
    record WorkerDied(String message, Usage usage) implements Outcome {}

    enum Clock {
        WALL,
        CPU
    }

    /// What a run used.
    ///
    /// @param fuel ticks counted
    /// @param memoryBytes linear memory at the end
    /// @param millis wall time
    /// @param hostCalls calls made, denied ones included
    record Usage(long fuel, long memoryBytes, long millis, long hostCalls) {
        public static final Usage NONE = new Usage(0, 0, 0, 0);
    }
}
