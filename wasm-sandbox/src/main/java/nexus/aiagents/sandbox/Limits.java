package nexus.aiagents.sandbox;

import java.time.Duration;

/// What one run may use. All are enforced.
///
/// @param fuel ticks (calls, loop back-edges, and one for each 64 bytes or 8 elements that a bulk
///     instruction moves), deterministic
/// @param wallTime from start to end, host calls included; {@link Run#suspendTimeout} takes time out
/// @param cpuTime of the program's own thread: what it waits for does not count
/// @param memoryBytes linear memory, in pages of 64 KiB, and what the host holds for the program, together
/// @param tableElements of all tables together
/// @param stackBytes of WebAssembly functions under way, deterministic: 8 bytes for each local and operand
///     and 128 for each call. Of JavaScript, what QuickJS uses of its own stack, which has less than a
///     megabyte: beyond it a `RangeError` is thrown.
/// @param outputBytes the returned JSON
/// @param logBytes all log lines and stdout/stderr together; what is beyond is dropped and counted
/// @param hostCallsPerSecond a flood of host calls is an error of the program
public record Limits(
        long fuel,
        Duration wallTime,
        Duration cpuTime,
        long memoryBytes,
        int tableElements,
        int stackBytes,
        int outputBytes,
        int logBytes,
        int hostCallsPerSecond) {

    public static final long LEAST_MEMORY = 65_536;
    /// What the runtime can give, but for one page.
    public static final long MOST_MEMORY = 2L << 30;
    public static final int MOST_TABLE_ELEMENTS = 100_000;
    public static final int LEAST_STACK = 64 << 10;
    public static final int MOST_STACK = 64 << 20;
    public static final int MOST_OUTPUT = 64 << 20;
    public static final int MOST_LOG = 64 << 20;
    public static final int MOST_HOST_CALLS_PER_SECOND = 1_000_000;

    /// Generous enough for glue and small models of work, small enough that a mistake hurts nobody.
    public static final Limits DEFAULT = new Limits(
            10_000_000_000L,
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            64L << 20,
            MOST_TABLE_ELEMENTS,
            8 << 20,
            1 << 20,
            1 << 20,
            10_000);

    public Limits {
        positive("fuel", fuel);
        positive("wallTime", wallTime.isPositive() ? 1 : 0);
        positive("cpuTime", cpuTime.isPositive() ? 1 : 0);
        within("memoryBytes", memoryBytes, LEAST_MEMORY, MOST_MEMORY);
        within("tableElements", tableElements, 0, MOST_TABLE_ELEMENTS);
        within("stackBytes", stackBytes, LEAST_STACK, MOST_STACK);
        within("outputBytes", outputBytes, 1, MOST_OUTPUT);
        within("logBytes", logBytes, 0, MOST_LOG);
        within("hostCallsPerSecond", hostCallsPerSecond, 0, MOST_HOST_CALLS_PER_SECOND);
    }

    private static void positive(String what, long value) {
        within(what, value, 1, Long.MAX_VALUE);
    }

    private static void within(String what, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + " must be from " + least + " to " + most + ", not " + value);
        }
    }

    public Limits withFuel(long value) {
        return new Limits(
                value,
                wallTime,
                cpuTime,
                memoryBytes,
                tableElements,
                stackBytes,
                outputBytes,
                logBytes,
                hostCallsPerSecond);
    }

    public Limits withWallTime(Duration value) {
        return new Limits(
                fuel,
                value,
                cpuTime,
                memoryBytes,
                tableElements,
                stackBytes,
                outputBytes,
                logBytes,
                hostCallsPerSecond);
    }

    public Limits withCpuTime(Duration value) {
        return new Limits(
                fuel,
                wallTime,
                value,
                memoryBytes,
                tableElements,
                stackBytes,
                outputBytes,
                logBytes,
                hostCallsPerSecond);
    }

    public Limits withMemoryBytes(long value) {
        return new Limits(
                fuel, wallTime, cpuTime, value, tableElements, stackBytes, outputBytes, logBytes, hostCallsPerSecond);
    }

    public Limits withTableElements(int value) {
        return new Limits(
                fuel, wallTime, cpuTime, memoryBytes, value, stackBytes, outputBytes, logBytes, hostCallsPerSecond);
    }

    public Limits withStackBytes(int value) {
        return new Limits(
                fuel, wallTime, cpuTime, memoryBytes, tableElements, value, outputBytes, logBytes, hostCallsPerSecond);
    }

    public Limits withOutputBytes(int value) {
        return new Limits(
                fuel, wallTime, cpuTime, memoryBytes, tableElements, stackBytes, value, logBytes, hostCallsPerSecond);
    }

    public Limits withLogBytes(int value) {
        return new Limits(
                fuel,
                wallTime,
                cpuTime,
                memoryBytes,
                tableElements,
                stackBytes,
                outputBytes,
                value,
                hostCallsPerSecond);
    }

    public Limits withHostCallsPerSecond(int value) {
        return new Limits(
                fuel, wallTime, cpuTime, memoryBytes, tableElements, stackBytes, outputBytes, logBytes, value);
    }
}
