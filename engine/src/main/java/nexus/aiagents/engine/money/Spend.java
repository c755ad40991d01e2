package nexus.aiagents.engine.money;

import java.util.List;
import nexus.aiagents.engine.project.BudgetSpec;
import org.jspecify.annotations.Nullable;

/// What was settled in one window.
///
/// @param start when the window began, in seconds since 1970; for a run: when it was last billed
/// @param alerted percentages that were told in this window
record Spend(long start, long microDollars, long tokens, long calls, List<Integer> alerted) {

    Spend {
        alerted = List.copyOf(alerted);
    }

    static Spend none(long start) {
        return new Spend(start, 0, 0, 0, List.of());
    }

    Spend plus(long microDollars, long tokens, long calls) {
        return new Spend(start, this.microDollars + microDollars, this.tokens + tokens, this.calls + calls, alerted);
    }

    Spend from(long start) {
        return new Spend(start, microDollars, tokens, calls, alerted);
    }

    Spend alerted(List<Integer> percentages) {
        return new Spend(start, microDollars, tokens, calls, percentages);
    }

    /// Of the limit that is nearest; never 100 before it is reached.
    int percentOf(BudgetSpec budget) {
        long percent = Math.max(
                percent(microDollars, budget.maxMicroDollars()),
                Math.max(percent(tokens, budget.maxTokens()), percent(calls, budget.maxCalls())));
        return (int) Math.min(Integer.MAX_VALUE, percent);
    }

    /// Of the limit that is nearest, 1 when it is reached.
    double fractionOf(BudgetSpec budget) {
        return Math.max(
                fraction(microDollars, budget.maxMicroDollars()),
                Math.max(fraction(tokens, budget.maxTokens()), fraction(calls, budget.maxCalls())));
    }

    private static long percent(long used, @Nullable Long limit) {
        if (limit == null) {
            return 0;
        }
        return limit <= 0 ? 100 : used / limit * 100 + used % limit * 100 / limit;
    }

    private static double fraction(long used, @Nullable Long limit) {
        if (limit == null) {
            return 0;
        }
        return limit <= 0 ? 1 : (double) used / limit;
    }
}
