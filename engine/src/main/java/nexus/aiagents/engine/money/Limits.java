package nexus.aiagents.engine.money;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import nexus.aiagents.engine.money.Ledger.Decision;
import nexus.aiagents.engine.money.LedgerState.Refusal;
import nexus.aiagents.engine.money.LedgerState.Standing;
import nexus.aiagents.engine.money.Prices.Price;
import nexus.aiagents.engine.project.BudgetSpec;
import nexus.aiagents.engine.project.BudgetSpec.OnLimit;
import org.jspecify.annotations.Nullable;

/// Whether a call fits into one budget, and what is said when it does not. Pure.
///
/// A budget of `throttle` in a timed window spreads its second half over the window: after the fraction `t`
/// of the window at most `(1 + t) / 2` of the limit may be committed when a call begins. What is early is
/// told when it is due; what does not fit at all is told the window's end, or one second while holds under
/// way may still give something back. Budgets per run and for ever have no pace: they say five seconds.
final class Limits {
    private static final Duration NO_WINDOW_DELAY = Duration.ofSeconds(5);
    private static final Duration SHORTEST_DELAY = Duration.ofSeconds(1);
    private static final BigInteger MILLION = BigInteger.valueOf(1_000_000);
    private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);

    private Limits() {}

    record Obstacle(Decision.Refused refused, Refusal kept) {}

    record Call(long inputTokens, long outputTokens, Price price) {}

    /// The most output tokens with which the call fits, 0 or less if it does not fit with any.
    static long outputThatFits(BudgetSpec budget, Standing standing, Call call) {
        Spend committed = standing.committed();
        long fits = call.outputTokens();
        if (budget.maxCalls() != null && committed.calls() >= budget.maxCalls()) {
            return 0;
        }
        if (budget.maxTokens() != null) {
            fits = Math.min(fits, budget.maxTokens() - committed.tokens() - call.inputTokens());
        }
        if (budget.maxMicroDollars() != null) {
            fits = Math.min(fits, affordable(budget.maxMicroDollars() - committed.microDollars(), call));
        }
        return fits;
    }

    private static long affordable(long microDollars, Call call) {
        long inputPrice = Math.max(call.price().inputPerMillion(), call.price().cachedInputPerMillion());
        BigInteger left = BigInteger.valueOf(microDollars)
                .multiply(MILLION)
                .subtract(BigInteger.valueOf(call.inputTokens()).multiply(BigInteger.valueOf(inputPrice)));
        if (left.signum() < 0) {
            return 0;
        }
        return call.price().outputPerMillion() == 0
                ? Long.MAX_VALUE
                : left.divide(BigInteger.valueOf(call.price().outputPerMillion()))
                        .min(MOST)
                        .longValue();
    }

    /// @return null if a call may begin now
    static @Nullable Obstacle early(BudgetSpec budget, Standing standing, Instant now) {
        Instant end = Windows.end(budget.window(), standing.spent().start());
        if (budget.onLimit() != OnLimit.THROTTLE || end == null) {
            return null;
        }
        Instant start = Instant.ofEpochSecond(standing.spent().start());
        double used = standing.committed().fractionOf(budget);
        Instant due =
                start.plusMillis((long) (Duration.between(start, end).toMillis() * Math.clamp(2 * used - 1, 0.0, 1.0)));
        if (!due.isAfter(now)) {
            return null;
        }
        String message = "The budget of " + budget.id() + " (" + limits(budget) + ") is spread over its window: "
                + standing(budget, standing) + "; the next call is due at " + due + ".";
        return new Obstacle(
                new Decision.Refused(budget.id(), OnLimit.THROTTLE, message, atLeastASecond(now, due), List.of()),
                new Refusal(budget.id(), standing.spent().start(), true));
    }

    /// @param inTheWay holds that count against this budget
    static Obstacle full(BudgetSpec budget, Standing standing, Call call, Instant now, List<String> inTheWay) {
        Instant end = Windows.end(budget.window(), standing.spent().start());
        String message = "The budget of " + budget.id() + " (" + limits(budget) + ") does not allow this call: "
                + standing(budget, standing) + ", up to " + asked(budget, call) + " asked. Raise "
                + String.join(" or ", fields(budget)) + " in its cost block"
                + (end == null ? "." : ", or wait until " + end + ".");
        Duration retryAfter = null;
        if (budget.onLimit() == OnLimit.THROTTLE) {
            retryAfter = end == null
                    ? NO_WINDOW_DELAY
                    : standing.heldCalls() > 0 ? SHORTEST_DELAY : atLeastASecond(now, end);
        }
        return new Obstacle(
                new Decision.Refused(budget.id(), budget.onLimit(), message, retryAfter, inTheWay),
                new Refusal(budget.id(), standing.spent().start(), false));
    }

    private static Duration atLeastASecond(Instant now, Instant due) {
        Duration wait = Duration.between(now, due);
        return wait.compareTo(SHORTEST_DELAY) < 0 ? SHORTEST_DELAY : wait;
    }

    private static List<String> fields(BudgetSpec budget) {
        List<String> fields = new ArrayList<>();
        if (budget.maxMicroDollars() != null) {
            fields.add("maxDollars");
        }
        if (budget.maxTokens() != null) {
            fields.add("maxTokens");
        }
        if (budget.maxCalls() != null) {
            fields.add("maxCalls");
        }
        return fields;
    }

    private static String limits(BudgetSpec budget) {
        return amounts(budget, budget.maxMicroDollars(), budget.maxTokens(), budget.maxCalls()) + " "
                + switch (budget.window()) {
                    case EVER -> "in all";
                    case RUN, HOUR, DAY, WEEK, MONTH ->
                        "per " + budget.window().name().toLowerCase(Locale.ROOT);
                }
                + kept(budget);
    }

    private static String kept(BudgetSpec budget) {
        BudgetSpec.Reserve reserve = budget.reserve();
        return reserve == null
                ? ""
                : " besides the "
                        + amounts(reserve.maxMicroDollars(), reserve.maxTokens(), reserve.maxCalls())
                        + " kept for compensations";
    }

    private static String standing(BudgetSpec budget, Standing s) {
        return amounts(
                        budget,
                        s.spent().microDollars(),
                        s.spent().tokens(),
                        s.spent().calls()) + " spent, "
                + amounts(budget, s.heldMicroDollars(), s.heldTokens(), s.heldCalls()) + " held";
    }

    private static String asked(BudgetSpec budget, Call call) {
        return amounts(
                budget,
                Hold.worst(call.price(), call.inputTokens(), call.outputTokens()),
                call.inputTokens() + call.outputTokens(),
                1L);
    }

    /// Only what this budget limits.
    private static String amounts(
            BudgetSpec budget, @Nullable Long microDollars, @Nullable Long tokens, @Nullable Long calls) {
        return amounts(
                budget.maxMicroDollars() == null ? null : microDollars,
                budget.maxTokens() == null ? null : tokens,
                budget.maxCalls() == null ? null : calls);
    }

    private static String amounts(@Nullable Long microDollars, @Nullable Long tokens, @Nullable Long calls) {
        List<String> parts = new ArrayList<>();
        if (microDollars != null) {
            parts.add("$" + dollars(microDollars));
        }
        if (tokens != null) {
            parts.add(tokens + " tokens");
        }
        if (calls != null) {
            parts.add(calls + (calls == 1 ? " call" : " calls"));
        }
        return String.join(" and ", parts);
    }

    private static String dollars(long microDollars) {
        BigDecimal dollars = BigDecimal.valueOf(microDollars, 6).stripTrailingZeros();
        return dollars.setScale(Math.max(2, dollars.scale()), RoundingMode.UNNECESSARY)
                .toPlainString();
    }
}
