package nexus.aiagents.engine.money;

import java.util.List;
import nexus.aiagents.engine.money.Ledger.Usage;
import nexus.aiagents.engine.money.Prices.Price;
import org.jspecify.annotations.Nullable;

/// Money set aside for a call under way.
///
/// @param placedAt in seconds since 1970: it counts in the windows of that moment, also when it is settled
///     later
/// @param step of the run, null: it has none
record Hold(
        String id,
        String agent,
        @Nullable String runId,
        String model,
        List<String> budgets,
        long inputTokens,
        long maxOutputTokens,
        Price price,
        boolean scripted,
        long placedAt,
        @Nullable String step) {

    Hold {
        budgets = List.copyOf(budgets);
    }

    boolean isChaos() {
        return model.equals(Ledger.CHAOS);
    }

    long microDollars() {
        return worst(price, inputTokens, maxOutputTokens);
    }

    long tokens() {
        return inputTokens + maxOutputTokens;
    }

    Usage worstUsage() {
        return new Usage(inputTokens, cachedIsDearer(price) ? inputTokens : 0, maxOutputTokens, true);
    }

    boolean isOfRun(String run) {
        return LedgerState.rootOf(runId).equals(run);
    }

    /// The most that a call can cost: none of its input is cached, unless that is dearer.
    static long worst(Price price, long inputTokens, long outputTokens) {
        return price.of(inputTokens, cachedIsDearer(price) ? inputTokens : 0, outputTokens);
    }

    private static boolean cachedIsDearer(Price price) {
        return price.cachedInputPerMillion() > price.inputPerMillion();
    }
}
