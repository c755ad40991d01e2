package nexus.aiagents.engine.project;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Steps with compensations. A run is pinned to the `hash` it began with.
///
/// @param steps   in order; steps of a parallel group stand next to each other
/// @param timeout the longest the way forward may take, null: no limit
/// @param reserve what of its budget is kept for compensations, null: nothing
/// @param env     names of variables of the host that inputs may use
public record SagaSpec(
        String name,
        List<StepSpec> steps,
        @Nullable Duration timeout,
        BudgetSpec.@Nullable Reserve reserve,
        Set<String> env,
        String hash,
        Position at) {

    public SagaSpec {
        env = env == null ? Set.of() : env;
    }

    /// The indices of the steps, those of a parallel group together.
    public List<List<Integer>> stages() {
        List<List<Integer>> stages = new ArrayList<>();
        String before = null;
        for (int i = 0; i < steps.size(); i++) {
            String group = steps.get(i).group();
            if (group == null || !group.equals(before)) {
                stages.add(new ArrayList<>());
            }
            stages.getLast().add(i);
            before = group;
        }
        return stages;
    }

    /// @param group        names the parallel group it is in, null: it runs alone
    /// @param action       who does it
    /// @param kind         what `action` names
    /// @param compensation the agent that undoes it, null if nothing can; a nested saga undoes itself
    /// @param input        the step's input as JSON text in which strings may hold `${JSONata}` over
    ///     `input`, `steps.NAME.output`, `run` and `env`; null: `{"input", "previous", "step"}` is passed,
    ///     where `input` is the saga's input and `previous` the output of the step before
    /// @param timeout      of one attempt
    /// @param stepTimeout of all attempts with the waits between them
    /// @param compensationTimeout of one attempt to undo it
    /// @param idempotent   an `unknown` effect may be tried again with the same key
    /// @param outputSchema JSON Schema as JSON text, null if none
    /// @param pivot        once it is done there is no way back
    /// @param approval     it begins only when a person approves of it
    public record StepSpec(
            String name,
            @Nullable String group,
            String action,
            ActionKind kind,
            @Nullable String compensation,
            @Nullable String input,
            RetrySpec retry,
            RetrySpec compensationRetry,
            @Nullable Duration timeout,
            @Nullable Duration stepTimeout,
            @Nullable Duration compensationTimeout,
            boolean idempotent,
            OnUnknown onUnknown,
            @Nullable String outputSchema,
            boolean pivot,
            boolean approval,
            Position at) {

        public StepSpec {
            kind = Objects.requireNonNullElse(kind, ActionKind.AGENT);
        }
    }

    public enum ActionKind {
        AGENT,
        POOL,
        SAGA,
        WORKFLOW
    }

    public enum OnUnknown {
        COMPENSATE,
        ASK
    }

    /// @param attempts all tries, the first included
    /// @param jitter   0 to 1: the part of each wait that is left to chance
    /// @param notOn    error codes that are not retried
    public record RetrySpec(
            int attempts, Duration delay, double factor, Duration max, double jitter, Set<String> notOn) {
        public static final RetrySpec ONCE = new RetrySpec(1, Duration.ZERO, 2, Duration.ofMinutes(1), 0, Set.of());

        /// How long to wait before the next try.
        ///
        /// @param tries how many there were, at least one
        /// @param roll  chance, 0 to 1
        public long waitMillis(int tries, double roll) {
            double wait = delay.toMillis() * Math.pow(factor, tries - 1.0);
            double capped = Math.min(wait, max.toMillis());
            return (long) (capped * (1 - jitter * roll));
        }
    }
}
