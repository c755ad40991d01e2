package nexus.aiagents.engine.project;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import nexus.aiagents.engine.project.SagaSpec.RetrySpec;
import org.jspecify.annotations.Nullable;

/// A graph of steps in which outputs become inputs. A run is pinned to the `hash` it began with.
///
/// @param steps   in the order of the text; the graph is in their `needs`
/// @param chain   no step names what it needs, so each needs the one before it
/// @param timeout the longest a run may take, null: no limit
/// @param output  the run's output as JSON text in which strings may hold `${JSONata}` over `input`,
///     `steps.NAME.output`, `run` and `env`; null: the output of the last step that is done
/// @param env     names of variables of the host that expressions may use
public record WorkflowSpec(
        String name,
        List<StepSpec> steps,
        boolean chain,
        @Nullable Duration timeout,
        @Nullable String output,
        Set<String> env,
        String hash,
        Position at) {

    public WorkflowSpec {
        steps = List.copyOf(steps);
        env = env == null ? Set.of() : env;
    }

    /// @param needs       names of the steps that have to be over before this one begins
    /// @param when        JSON text of `true`, `false` or one `${JSONata}`; the step is skipped unless
    ///     it is true. null: always
    /// @param forEach     JSON text of a list, or of one `${JSONata}` that gives one; the step runs
    ///     once for each item. null: it runs once
    /// @param concurrency how many items are under way at once
    /// @param input       JSON text in which strings may hold `${JSONata}` over `input`,
    ///     `steps.NAME.output` of the steps it needs, `run`, and with `forEach` also `item` and
    ///     `index`; null: the item, else the output of the one step it needs, else an object of the
    ///     outputs of all it needs, else the workflow's input
    /// @param timeout     of one attempt, null: none beyond the agent's own
    /// @param totalTimeout of the step with all its attempts and items, null: none
    /// @param idempotent  an `unknown` effect may be tried again with the same key
    /// @param outputSchema JSON Schema as JSON text; with `forEach` it is that of each item. null: none
    public record StepSpec(
            String name,
            Target target,
            List<String> needs,
            @Nullable String when,
            @Nullable String forEach,
            int concurrency,
            @Nullable String input,
            RetrySpec retry,
            @Nullable Duration timeout,
            @Nullable Duration totalTimeout,
            boolean idempotent,
            OnUnknown onUnknown,
            OnError onError,
            boolean approval,
            @Nullable String outputSchema,
            Position at) {
        public StepSpec {
            needs = List.copyOf(needs);
        }
    }

    /// What a step calls.
    public record Target(Called kind, String name) {}

    public enum Called {
        AGENT,
        POOL,
        SAGA,
        WORKFLOW
    }

    /// What becomes of a step whose effect can not be known.
    public enum OnUnknown {
        FAIL,
        ASK
    }

    /// What becomes of the run when a step has failed for good.
    public enum OnError {
        STOP,
        SKIP,
        RETRY
    }
}
