package nexus.aiagents.sandbox;

import java.time.Duration;

/// What one run may use. All are enforced.
///
/// @param fuel ticks (calls and loop back-edges), deterministic
/// @param wallTime from start to end, host calls included; {@link Run#suspendTimeout} takes time out
/// @param memoryBytes linear memory, in pages of 64 KiB, and what the host holds for the program, together
/// @param outputBytes the returned JSON
/// @param logBytes all log lines and stdout/stderr together; what is beyond is dropped and counted
/// @param hostCallsPerSecond a flood of host calls is an error of the program
public record Limits(
        long fuel, Duration wallTime, long memoryBytes, int outputBytes, int logBytes, int hostCallsPerSecond) {

    /// Generous enough for glue and small models of work, small enough that a mistake hurts nobody.
    public static final Limits DEFAULT =
            new Limits(10_000_000_000L, Duration.ofSeconds(30), 64L << 20, 1 << 20, 1 << 20, 10_000);

    public Limits {
        if (fuel <= 0
                || wallTime.isNegative()
                || wallTime.isZero()
                || memoryBytes < 65_536
                || outputBytes <= 0
                || logBytes < 0
                || hostCallsPerSecond < 0) {
            throw new IllegalArgumentException("a limit must be positive, memory at least one page of 64 KiB");
        }
    }

    public Limits withFuel(long value) {
        return new Limits(value, wallTime, memoryBytes, outputBytes, logBytes, hostCallsPerSecond);
    }

    public Limits withWallTime(Duration value) {
        return new Limits(fuel, value, memoryBytes, outputBytes, logBytes, hostCallsPerSecond);
    }

    public Limits withMemoryBytes(long value) {
        return new Limits(fuel, wallTime, value, outputBytes, logBytes, hostCallsPerSecond);
    }
}
