package nexus.aiagents.engine.agent;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import nexus.aiagents.engine.journal.ExitReason;
import org.jspecify.annotations.Nullable;

/// Runs an agent once: what sagas, pools, people and other agents use. Thread-safe.
public interface AgentCalls {

    /// Starts a call in an instance of its own and returns at once.
    Call call(Request request);

    /// The same for callers that bound by themselves how many of their calls run at once, as the
    /// workers of a queue do: it takes none of the places that the agent has for calls from outside.
    default Call callInOwnPlace(Request request) {
        return call(request);
    }

    /// @param budgets        ids of budgets beyond the agent's own that its spending counts against:
    ///     `saga/NAME` …
    /// @param idempotencyKey handed to the agent in its context
    /// @param timeout        beyond the agent's own, null: none
    /// @param compensating   it undoes something, so it may spend what is kept for that
    record Request(
            String agent,
            String inputJson,
            @Nullable String runId,
            @Nullable String step,
            int attempt,
            @Nullable String idempotencyKey,
            List<String> budgets,
            @Nullable Duration timeout,
            boolean compensating) {
        public Request(
                String agent,
                String inputJson,
                @Nullable String runId,
                @Nullable String step,
                int attempt,
                @Nullable String idempotencyKey,
                List<String> budgets,
                @Nullable Duration timeout) {
            this(agent, inputJson, runId, step, attempt, idempotencyKey, budgets, timeout, false);
        }
    }

    interface Call {
        /// Never completes exceptionally.
        CompletionStage<Result> result();

        /// Ends it with this reason, within 100 ms also in the middle of a loop; its holds are settled or
        /// released.
        void cancel(ExitReason reason);

        /// Whether it stands still until a person does something: allows, resumes, raises a limit.
        default boolean waitsForSomebody() {
            return false;
        }
    }

    sealed interface Result {
        record Returned(String outputJson) implements Result {}

        record Ended(ExitReason reason) implements Result {}
    }
}
