package nexus.aiagents.engine.money;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import nexus.aiagents.engine.project.BudgetSpec;
import nexus.aiagents.engine.project.BudgetSpec.Window;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;
import org.pcollections.TreePMap;

/// All that the ledger knows. Immutable, and a state shares with the one before it what did not change,
/// so that a decision costs the same with many holds and accounts as with few. {@link LedgerRules} says
/// what follows what.
///
/// @param accounts what was spent, by budget id, configured or not, in every window, so that a budget that
///     is added or changed later counts what was before; and by `id#run` for budgets per run
/// @param runAccounts how many of the accounts are of runs
/// @param holds by id, in the order in which they were placed
/// @param held the sums over them
/// @param refused by agent: which budget refused its last call
/// @param lastHold number of the newest hold
record LedgerState(
        Map<String, BudgetSpec> budgets,
        HashPMap<String, Map<Window, Spend>> accounts,
        int runAccounts,
        TreePMap<String, Hold> holds,
        Held held,
        HashPMap<String, Refusal> refused,
        long lastHold) {
    private static final String OF_RUN = "#";

    static final LedgerState EMPTY = new LedgerState(
            Map.of(),
            HashTreePMap.empty(),
            0,
            TreePMap.empty(Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder())),
            Held.NOTHING,
            HashTreePMap.empty(),
            0);

    /// What a store has of it.
    static LedgerState of(Map<String, Map<Window, Spend>> accounts, Iterable<Hold> holds, long lastHold) {
        LedgerState state = EMPTY.with(accounts);
        for (Hold hold : holds) {
            state = state.with(hold);
        }
        return new LedgerState(
                Map.of(), state.accounts, state.runAccounts, state.holds, state.held, HashTreePMap.empty(), lastHold);
    }

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
        return budget + OF_RUN + run;
    }

    static boolean isOfRun(String account) {
        return account.contains(OF_RUN);
    }

    /// @param run counts only for budgets per run; calls outside of runs share one account
    Standing standing(BudgetSpec budget, @Nullable String run, Instant now) {
        String ofRun = rootOf(run);
        Window window = budget.window();
        Spend spent = window == Window.RUN
                ? runSpend(budget.id(), ofRun)
                : spend(budget.id(), window, Windows.start(window, now));
        Held.Sum sum = window == Window.RUN
                ? held.ofRun(runAccount(budget.id(), ofRun))
                : held.since(budget.id(), spent.start());
        return new Standing(spent, sum.microDollars(), sum.tokens(), sum.calls());
    }

    /// Ids of the holds that {@link #standing} counts and that may be settled for less; those of chaos are
    /// as good as spent.
    List<String> holdsOn(BudgetSpec budget, @Nullable String run, Instant now) {
        Spend spent = standing(budget, run, now).spent();
        return holds.values().stream()
                .filter(hold -> !hold.isChaos() && counts(hold, budget, rootOf(run), spent))
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
        return new LedgerState(
                budgets,
                accounts,
                runAccounts,
                holds.plus(hold.id(), hold),
                held.with(hold),
                withoutRefusals(refused.minus(hold.agent()), hold.budgets()),
                lastHold + 1);
    }

    LedgerState without(Hold hold) {
        return new LedgerState(
                budgets, accounts, runAccounts, holds.minus(hold.id()), held.without(hold), refused, lastHold);
    }

    LedgerState with(Map<String, Map<Window, Spend>> changedAccounts) {
        HashPMap<String, Map<Window, Spend>> changed = accounts;
        int ofRuns = runAccounts;
        for (Map.Entry<String, Map<Window, Spend>> account : changedAccounts.entrySet()) {
            String id = account.getKey();
            boolean gone = account.getValue().isEmpty();
            if (isOfRun(id) && gone == changed.containsKey(id)) {
                ofRuns += gone ? -1 : 1;
            }
            changed = gone ? changed.minus(id) : changed.plus(id, account.getValue());
        }
        return new LedgerState(budgets, changed, ofRuns, holds, held, refused, lastHold);
    }

    LedgerState refusing(String agent, Refusal refusal) {
        return new LedgerState(budgets, accounts, runAccounts, holds, held, refused.plus(agent, refusal), lastHold);
    }

    LedgerState configured(List<BudgetSpec> specs, Set<String> changedIds) {
        Map<String, BudgetSpec> byId = new TreeMap<>();
        specs.forEach(spec -> byId.put(spec.id(), spec));
        return new LedgerState(
                byId, accounts, runAccounts, holds, held, withoutRefusals(refused, changedIds), lastHold);
    }

    private static HashPMap<String, Refusal> withoutRefusals(
            HashPMap<String, Refusal> refused, Collection<String> byBudgets) {
        HashPMap<String, Refusal> left = refused;
        for (Map.Entry<String, Refusal> one : refused.entrySet()) {
            if (byBudgets.contains(one.getValue().budget())) {
                left = left.minus(one.getKey());
            }
        }
        return left;
    }
}
