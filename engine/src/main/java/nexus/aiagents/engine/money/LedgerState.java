package nexus.aiagents.engine.money;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import nexus.aiagents.engine.project.BudgetSpec;
import nexus.aiagents.engine.project.BudgetSpec.Window;
import org.jspecify.annotations.Nullable;

/// All that the ledger knows. Immutable; {@link LedgerRules} says what follows what.
///
/// @param accounts what was spent, by budget id, configured or not, in every window, so that a budget that
///     is added or changed later counts what was before; and by `id#run` for budgets per run
/// @param holds by id
/// @param refused by agent: which budget refused its last call
/// @param lastHold number of the newest hold
record LedgerState(
        Map<String, BudgetSpec> budgets,
        Map<String, Map<Window, Spend>> accounts,
        Map<String, Hold> holds,
        Map<String, Refusal> refused,
        long lastHold) {

    static final LedgerState EMPTY = new LedgerState(Map.of(), Map.of(), Map.of(), Map.of(), 0);

    /// @param paced there is room, but not yet
    record Refusal(String budget, long windowStart, boolean paced) {}

    /// Spent and held of one budget in the window that counts now.
    record Standing(Spend spent, long heldMicroDollars, long heldTokens, long heldCalls) {
        Spend committed() {
            return spent.plus(heldMicroDollars, heldTokens, heldCalls);
        }
    }

    /// The run that a nested one is part of; empty outside of runs.
    static String rootOf(@Nullable String run) {
        String id = Objects.requireNonNullElse(run, "");
        int nested = id.startsWith("r-") ? id.indexOf('-', "r-".length()) : -1;
        return nested < 0 ? id : id.substring(0, nested);
    }

    static String runAccount(String budget, String run) {
        return budget + "#" + run;
    }

    /// @param run counts only for budgets per run; calls outside of runs share one account
    Standing standing(BudgetSpec budget, @Nullable String run, Instant now) {
        String ofRun = rootOf(run);
        Window window = budget.window();
        Spend spent = window == Window.RUN
                ? runSpend(budget.id(), ofRun)
                : spend(budget.id(), window, Windows.start(window, now));
        long microDollars = 0;
        long tokens = 0;
        long calls = 0;
        for (Hold hold : holds.values()) {
            if (counts(hold, budget, ofRun, spent)) {
                microDollars += hold.microDollars();
                tokens += hold.tokens();
                calls++;
            }
        }
        return new Standing(spent, microDollars, tokens, calls);
    }

    /// Ids of the holds that {@link #standing} counts.
    List<String> holdsOn(BudgetSpec budget, @Nullable String run, Instant now) {
        Spend spent = standing(budget, run, now).spent();
        return holds.values().stream()
                .filter(hold -> counts(hold, budget, rootOf(run), spent))
                .map(Hold::id)
                .toList();
    }

    private static boolean counts(Hold hold, BudgetSpec budget, String run, Spend spent) {
        Window window = budget.window();
        return hold.budgets().contains(budget.id())
                && (window == Window.RUN
                        ? hold.isOfRun(run)
                        : Windows.start(window, Instant.ofEpochSecond(hold.placedAt())) >= spent.start());
    }

    /// Never goes back to a window that is over, also when the clock does.
    Spend spend(String account, Window window, long start) {
        Spend kept = accounts.getOrDefault(account, Map.of()).get(window);
        return kept != null && kept.start() >= start ? kept : Spend.none(start);
    }

    private Spend runSpend(String budget, String run) {
        Spend kept = accounts.getOrDefault(runAccount(budget, run), Map.of()).get(Window.RUN);
        return kept != null ? kept : Spend.none(0);
    }

    /// The run that was billed last, or holds something now.
    @Nullable
    String lastRun(String budget) {
        String prefix = runAccount(budget, "");
        return holds.values().stream()
                .filter(h -> h.budgets().contains(budget))
                .max(Comparator.comparingLong(Hold::placedAt))
                .map(h -> rootOf(h.runId()))
                .or(() -> accounts.entrySet().stream()
                        .filter(a -> a.getKey().startsWith(prefix))
                        .max(Comparator.comparingLong(a -> billedAt(a.getKey())))
                        .map(a -> a.getKey().substring(prefix.length())))
                .orElse(null);
    }

    /// When a run was billed last.
    long billedAt(String runAccount) {
        Spend spend = accounts.getOrDefault(runAccount, Map.of()).get(Window.RUN);
        return spend == null ? 0 : spend.start();
    }

    LedgerState with(Hold hold) {
        Map<String, Hold> changed = new LinkedHashMap<>(holds);
        changed.put(hold.id(), hold);
        Map<String, Refusal> left = new HashMap<>(refused);
        left.remove(hold.agent());
        left.values().removeIf(r -> hold.budgets().contains(r.budget()));
        return new LedgerState(budgets, accounts, changed, left, lastHold + 1);
    }

    LedgerState without(Hold hold) {
        Map<String, Hold> changed = new LinkedHashMap<>(holds);
        changed.remove(hold.id());
        return new LedgerState(budgets, accounts, changed, refused, lastHold);
    }

    LedgerState with(Map<String, Map<Window, Spend>> changedAccounts) {
        Map<String, Map<Window, Spend>> changed = new HashMap<>(accounts);
        changedAccounts.forEach((id, spends) -> {
            if (spends.isEmpty()) {
                changed.remove(id);
            } else {
                changed.put(id, spends);
            }
        });
        return new LedgerState(budgets, changed, holds, refused, lastHold);
    }

    LedgerState refusing(String agent, Refusal refusal) {
        Map<String, Refusal> changed = new HashMap<>(refused);
        changed.put(agent, refusal);
        return new LedgerState(budgets, accounts, holds, changed, lastHold);
    }

    LedgerState configured(List<BudgetSpec> specs, Set<String> changedIds) {
        Map<String, BudgetSpec> byId = new TreeMap<>();
        specs.forEach(spec -> byId.put(spec.id(), spec));
        Map<String, Refusal> left = new HashMap<>(refused);
        left.values().removeIf(r -> changedIds.contains(r.budget()));
        return new LedgerState(byId, accounts, holds, left, lastHold);
    }
}
