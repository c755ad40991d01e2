package nexus.aiagents.engine.money;

import java.time.Duration;
import java.util.List;
import nexus.aiagents.engine.project.BudgetSpec;
import nexus.aiagents.engine.view.BudgetView;
import org.jspecify.annotations.Nullable;

/// Reserve, call, settle. Every decision is one atomic transaction over all budgets of a call and is
/// durable before it is answered. Thread-safe.
public interface Ledger {
    /// The model of holds that are placed on purpose, to see a budget at its limit: no project can name one
    /// so. They are never billed, and no call waits for one of them to end.
    String CHAOS = "(chaos)";

    /// Takes over the limits of these budgets; what was spent stays. Wakes calls that wait for a raised
    /// limit.
    void configure(List<BudgetSpec> budgets);

    /// Places a hold for the worst case if `spent + holds + worst case <= limit` in every budget; where
    /// only the output does not fit, `maxOutputTokens` is clamped to what does (at least 1).
    Decision reserve(HoldRequest request);

    /// Bills a hold. Twice is the same as once.
    void settle(String holdId, Usage usage);

    /// For a call that was never sent: the hold is given back whole.
    void release(String holdId);

    /// Blocks until a limit of this budget was changed or its window began anew, at most `atMost`.
    ///
    /// @return false if the time ran out first
    boolean awaitChange(String budgetId, Duration atMost) throws InterruptedException;

    /// Settles holds that a crash left, at their worst case.
    ///
    /// @return how many
    int settleAbandoned();

    /// Whether this hold is still under way: neither settled nor released.
    boolean isHeld(String holdId);

    List<BudgetView> views();

    /// @param budgets ids; those without a configured limit are ignored. Window `run` counts per `runId`;
    ///     a nested run, whose id goes on from its parent's with a `-`, counts as a part of that
    /// @param inputTokens an estimate that is not too low
    /// @param price micro-dollars per million tokens
    /// @param step of the run that asks, null: it has none
    /// @param compensating it may use what a budget keeps for compensations
    record HoldRequest(
            String agent,
            @Nullable String runId,
            List<String> budgets,
            String model,
            long inputTokens,
            long maxOutputTokens,
            Prices.Price price,
            boolean scripted,
            boolean compensating,
            @Nullable String step) {
        public HoldRequest(
                String agent,
                @Nullable String runId,
                List<String> budgets,
                String model,
                long inputTokens,
                long maxOutputTokens,
                Prices.Price price,
                boolean scripted) {
            this(agent, runId, budgets, model, inputTokens, maxOutputTokens, price, scripted, false, null);
        }
    }

    sealed interface Decision {
        record Granted(String holdId, long maxOutputTokens) implements Decision {}

        /// @param onLimit what the budget says should happen now
        /// @param message names the budget, what is spent, held and asked
        /// @param retryAfter for `THROTTLE`: how long to wait before asking again
        /// @param inTheWay ids of the holds that counted against the call: with one of them settled it may
        ///     fit. Empty if nothing but what is spent keeps it out, or only the pace does.
        record Refused(
                String budgetId,
                BudgetSpec.OnLimit onLimit,
                String message,
                @Nullable Duration retryAfter,
                List<String> inTheWay)
                implements Decision {}
    }

    /// @param estimated the provider did not say
    record Usage(long inputTokens, long cachedInputTokens, long outputTokens, boolean estimated) {}
}
