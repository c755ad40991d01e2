package nexus.aiagents.engine.agent;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// On whose behalf a run happens.
///
/// @param budgets ids beyond the agent's own
/// @param depth   how many agents called each other to get here
/// @param placed  who calls bounds by itself how many calls run at once
/// @param loop    a tick of the agent's own loop
/// @param compensating it undoes something, and may spend what is kept for that
/// @param caller  the run of another agent that waits for this one, null: none
record Errand(
        @Nullable String runId,
        @Nullable String step,
        int attempt,
        @Nullable String idempotencyKey,
        List<String> budgets,
        int depth,
        boolean placed,
        boolean loop,
        Stopwatch stopwatch,
        @Nullable Liveness caller,
        boolean compensating) {

    /// @param life of the run that calls
    Errand nested(Liveness life) {
        return new Errand(
                runId,
                step,
                attempt,
                idempotencyKey,
                budgets,
                depth + 1,
                false,
                false,
                new Stopwatch(stopwatch),
                life,
                compensating);
    }
}
