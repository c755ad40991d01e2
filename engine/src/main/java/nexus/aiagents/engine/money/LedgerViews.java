package nexus.aiagents.engine.money;

import java.time.Instant;
import java.util.Locale;
import nexus.aiagents.engine.money.LedgerState.Standing;
import nexus.aiagents.engine.project.BudgetSpec;
import nexus.aiagents.engine.project.BudgetSpec.Window;
import nexus.aiagents.engine.view.BudgetView;

/// Budgets as front ends see them. Of a budget per run: the run that holds something, else the one billed
/// last.
final class LedgerViews {
    private LedgerViews() {}

    static BudgetView view(LedgerState state, BudgetSpec budget, Instant now) {
        String run = budget.window() == Window.RUN ? state.lastRun(budget.id()) : null;
        Standing standing = state.standing(budget, run, now);
        Spend spent = standing.spent();
        return new BudgetView(
                budget.id(),
                lower(budget.scope()),
                budget.target(),
                lower(budget.window()),
                lower(budget.onLimit()),
                budget.maxMicroDollars(),
                budget.maxTokens(),
                budget.maxCalls(),
                spent.microDollars(),
                spent.tokens(),
                spent.calls(),
                standing.heldMicroDollars(),
                standing.heldTokens(),
                standing.committed().percentOf(budget),
                verdict(state, budget, spent),
                budget.alertAt(),
                Windows.end(budget.window(), spent.start()),
                budget.reserve());
    }

    /// At the limit: all is spent, or the last that was asked of it did not fit.
    private static BudgetView.Verdict verdict(LedgerState state, BudgetSpec budget, Spend spent) {
        int percent = spent.percentOf(budget);
        boolean refused = state.refused().values().stream()
                .anyMatch(r -> r.budget().equals(budget.id()) && !r.paced() && r.windowStart() == spent.start());
        if (percent >= 100 || refused) {
            return BudgetView.Verdict.LIMIT;
        }
        return budget.alertAt().stream().anyMatch(t -> percent >= t) ? BudgetView.Verdict.ALERT : BudgetView.Verdict.OK;
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
