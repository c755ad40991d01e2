package nexus.aiagents.engine.project;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Steps with compensations. A run is pinned to the `hash` it began with.
public record SagaSpec(
        String name, List<StepSpec> steps, @Nullable Duration timeout, String hash, Position at) {

    /// @param action       the agent that does it
    /// @param compensation the agent that undoes it, null if nothing can
    /// @param input        the step's input as JSON text in which strings may hold `${JSONata}` over
    ///     `input`, `steps.NAME.output` and `run`; null: `{"input", "previous", "step"}` is passed, where
    ///     `input` is the saga's input and `previous` the output of the step before
    /// @param idempotent   an `unknown` effect may be tried again with the same key
    /// @param outputSchema JSON Schema as JSON text, null if none
    public record StepSpec(
            String name,
            String action,
            @Nullable String compensation,
            @Nullable String input,
            RetrySpec retry,
            RetrySpec compensationRetry,
            @Nullable Duration timeout,
            boolean idempotent,
            OnUnknown onUnknown,
            @Nullable String outputSchema,
            Position at) {}

    public enum OnUnknown {
        COMPENSATE,
        ASK
    }

    /// @param attempts all tries, the first included
    /// @param notOn    error codes that are not retried
    public record RetrySpec(int attempts, Duration delay, double factor, Duration max, Set<String> notOn) {
        public static final RetrySpec ONCE = new RetrySpec(1, Duration.ZERO, 2, Duration.ofMinutes(1), Set.of());
    }
}
