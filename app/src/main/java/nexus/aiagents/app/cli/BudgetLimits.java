package nexus.aiagents.app.cli;

import java.math.BigDecimal;
import java.util.List;
import nexus.aiagents.engine.control.Command.SetBudget;
import nexus.aiagents.engine.money.BudgetPreview;
import nexus.aiagents.engine.project.BudgetSpec.OnLimit;
import nexus.aiagents.engine.project.Similar;
import nexus.aiagents.engine.view.BudgetView;
import nexus.aiagents.engine.view.ProjectView;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// A budget and other limits for it, as a person writes them.
final class BudgetLimits {
    @Parameters(
            paramLabel = "BUDGET",
            description = "As naos cost status names it, agent/research-bot; the name alone where that is clear.")
    private String budget = "";

    @Option(names = "--max-dollars", paramLabel = "N", description = "The most it may spend, in dollars: 5.00")
    private @Nullable BigDecimal dollars;

    @Option(names = "--max-tokens", paramLabel = "N", description = "The most tokens it may use.")
    private @Nullable Long tokens;

    @Option(names = "--max-calls", paramLabel = "N", description = "The most calls of models it may make.")
    private @Nullable Long calls;

    @Option(names = "--on-limit", paramLabel = "ACTION", description = "Then: pause, throttle, alert or kill.")
    private @Nullable OnLimit onLimit;

    /// Whether any limit is named.
    boolean isAny() {
        return dollars != null || tokens != null || calls != null || onLimit != null;
    }

    /// @throws Failure if a limit is none
    void check() {
        if (dollars != null) {
            micro(dollars);
        }
        notBelowZero("--max-tokens", tokens);
        notBelowZero("--max-calls", calls);
    }

    SetBudget command(String id) {
        @Nullable Long micro = dollars == null ? null : micro(dollars);
        return new SetBudget(id, micro, tokens, calls, onLimit == null ? null : Format.lower(onLimit));
    }

    /// What is named takes the place of what the budget has.
    BudgetPreview.Limits over(BudgetPreview.Limits before) {
        BudgetPreview.Limits limits = before;
        if (dollars != null) {
            limits = limits.dollars(micro(dollars));
        }
        if (tokens != null) {
            limits = limits.tokens(tokens);
        }
        if (calls != null) {
            limits = limits.calls(calls);
        }
        return onLimit == null ? limits : limits.then(onLimit);
    }

    private static void notBelowZero(String option, @Nullable Long limit) {
        if (limit != null && limit < 0) {
            throw Failure.usage(option + " " + limit + ": a limit is zero or more.");
        }
    }

    private static long micro(BigDecimal dollars) {
        try {
            long micro = dollars.movePointRight(6).longValueExact();
            if (micro >= 0) {
                return micro;
            }
        } catch (ArithmeticException _) {
            throw Failure.usage("--max-dollars " + dollars + ": six decimals at most, and less than nine trillion.");
        }
        throw Failure.usage("--max-dollars " + dollars + ": a limit is zero or more.");
    }

    /// Names alone where they are clear, so that one who wrote a name alone is told one.
    private static List<String> shortened(List<String> ids) {
        List<String> names =
                ids.stream().map(id -> id.substring(id.indexOf('/') + 1)).toList();
        return names.stream().distinct().count() == names.size() ? names : ids;
    }

    /// The id of the budget that is meant.
    String budget(ProjectView view) {
        String wanted = budget;
        List<String> ids = view.budgets().stream().map(BudgetView::id).toList();
        if (ids.contains(wanted)) {
            return wanted;
        }
        List<String> fits = ids.stream()
                .filter(id -> id.substring(id.indexOf('/') + 1).equals(wanted))
                .toList();
        if (fits.size() == 1) {
            return fits.getFirst();
        }
        if (fits.isEmpty()) {
            List<String> names = shortened(ids);
            throw Failure.unknown("budget", wanted, Similar.to(wanted, names) == null ? ids : names);
        }
        throw new Failure(
                Exit.USAGE,
                "unknown-name",
                wanted + " is the name of several budgets: " + String.join(", ", fits) + "; write it in full");
    }
}
