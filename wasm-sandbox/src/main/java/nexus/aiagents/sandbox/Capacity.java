package nexus.aiagents.sandbox;

/// What all runs of a sandbox may use together, so that many programs that each keep their limits can not
/// hurt the process they run in.
///
/// @param instances runs at a time; one more waits, in order, until another ends or its own time is over
/// @param memoryBytes memory of all programs; a program that wants more than is left ends as failed
///     with the code `sandbox-full`
public record Capacity(int instances, long memoryBytes) {
    public static final int DEFAULT_INSTANCES = 1_000;

    public Capacity {
        if (instances < 1 || memoryBytes < Limits.LEAST_MEMORY) {
            throw new IllegalArgumentException("there must be room for one instance of 64 KiB");
        }
    }

    /// A thousand instances and half of the heap.
    public static Capacity ofThisProcess() {
        return new Capacity(DEFAULT_INSTANCES, Runtime.getRuntime().maxMemory() / 2);
    }
}
