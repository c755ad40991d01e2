package nexus.aiagents.engine.money;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.project.BudgetSpec;
import nexus.aiagents.engine.project.BudgetSpec.Window;
import nexus.aiagents.engine.view.BudgetView;
import org.jspecify.annotations.Nullable;

/// Budgets as they were at some entry of the journal, folded from the entries before it. The ledger itself
/// keeps only what is so now. Fed by one thread.
public final class PastBudgets {
    private static final int RUNS_KEPT = 256;

    private record Live(List<String> budgets, @Nullable String runId, long tokens, long microDollars, long placedAt) {}

    private record Limits(
            @Nullable Long maxMicroDollars,
            @Nullable Long maxTokens,
            @Nullable Long maxCalls,
            String onLimit) {}

    private Map<String, Live> holds = new LinkedHashMap<>();
    /// By budget, then by window and its beginning, or by run.
    private Map<String, Map<String, Spend>> spent = new HashMap<>();
    private Map<String, Limits> limits = new HashMap<>();
    private Map<String, String> lastRun = new HashMap<>();
    /// Budgets that refused what was asked last.
    private Set<String> refused = new HashSet<>();

    public void apply(Instant at, EngineEvent event) {
        switch (event) {
            case EngineEvent.HoldPlaced e -> {
                holds.put(
                        e.holdId(),
                        new Live(e.budgets(), e.runId(), e.tokens(), e.microDollars(), at.getEpochSecond()));
                e.budgets().forEach(refused::remove);
                e.budgets().forEach(id -> lastRun.put(id, LedgerState.rootOf(e.runId())));
            }
            case EngineEvent.HoldSettled e -> settled(at, e);
            case EngineEvent.HoldReleased e -> holds.remove(e.holdId());
            case EngineEvent.HoldRefused e -> refused.add(e.budget());
            case EngineEvent.BudgetChanged e -> {
                limits.put(e.budget(), new Limits(e.maxMicroDollars(), e.maxTokens(), e.maxCalls(), e.onLimit()));
                refused.remove(e.budget());
            }
            default -> {}
        }
    }

    private void settled(Instant at, EngineEvent.HoldSettled e) {
        Live hold = holds.remove(e.holdId());
        Instant counted = hold == null ? at : Instant.ofEpochSecond(hold.placedAt());
        long tokens = e.inputTokens() + e.outputTokens();
        for (String id : e.budgets()) {
            Map<String, Spend> accounts = spent.computeIfAbsent(id, _ -> new LinkedHashMap<>());
            for (Window window : Window.values()) {
                String account = account(window, counted, e.runId());
                Spend before = accounts.getOrDefault(account, Spend.none(Windows.start(window, counted)));
                accounts.put(account, before.plus(e.microDollars(), tokens, 1));
            }
            forgetOldRuns(accounts);
        }
    }

    private static String account(Window window, Instant at, @Nullable String runId) {
        return window + "/" + (window == Window.RUN ? LedgerState.rootOf(runId) : Windows.start(window, at));
    }

    private static void forgetOldRuns(Map<String, Spend> accounts) {
        if (accounts.size() > 4 * RUNS_KEPT) {
            List<String> runs = accounts.keySet().stream()
                    .filter(a -> a.startsWith(Window.RUN + "/"))
                    .toList();
            runs.subList(0, Math.max(0, runs.size() - RUNS_KEPT)).forEach(accounts::remove);
        }
    }

    /// @param budgets of the project as it is now: which there are, and their windows
    /// @param at      the moment that is looked at
    public List<BudgetView> views(Collection<BudgetSpec> budgets, Instant at) {
        List<BudgetView> views = new ArrayList<>();
        budgets.forEach(budget -> views.add(view(asItWas(budget), at)));
        return List.copyOf(views);
    }

    private BudgetSpec asItWas(BudgetSpec now) {
        Limits then = limits.get(now.id());
        return then == null
                ? now
                : new BudgetSpec(
                        now.id(),
                        now.scope(),
                        now.target(),
                        then.maxTokens(),
                        then.maxMicroDollars(),
                        then.maxCalls(),
                        now.window(),
                        onLimit(then.onLimit(), now.onLimit()),
                        now.alertAt(),
                        now.at(),
                        now.reserve());
    }

    private static BudgetSpec.OnLimit onLimit(String word, BudgetSpec.OnLimit otherwise) {
        for (BudgetSpec.OnLimit each : BudgetSpec.OnLimit.values()) {
            if (each.name().equalsIgnoreCase(word)) {
                return each;
            }
        }
        return otherwise;
    }

    private BudgetView view(BudgetSpec budget, Instant at) {
        Window window = budget.window();
        String run = lastRun.getOrDefault(budget.id(), "");
        long start = Windows.start(window, at);
        Spend used =
                spent.getOrDefault(budget.id(), Map.of()).getOrDefault(account(window, at, run), Spend.none(start));
        long heldMicroDollars = 0;
        long heldTokens = 0;
        long heldCalls = 0;
        for (Live hold : holds.values()) {
            boolean counts = hold.budgets().contains(budget.id())
                    && (window == Window.RUN
                            ? LedgerState.rootOf(hold.runId()).equals(run)
                            : Windows.start(window, Instant.ofEpochSecond(hold.placedAt())) >= start);
            if (counts) {
                heldMicroDollars += hold.microDollars();
                heldTokens += hold.tokens();
                heldCalls++;
            }
        }
        int percent = used.percentOf(budget);
        return new BudgetView(
                budget.id(),
                lower(budget.scope()),
                budget.target(),
                lower(window),
                lower(budget.onLimit()),
                budget.maxMicroDollars(),
                budget.maxTokens(),
                budget.maxCalls(),
                used.microDollars(),
                used.tokens(),
                used.calls(),
                heldMicroDollars,
                heldTokens,
                used.plus(heldMicroDollars, heldTokens, heldCalls).percentOf(budget),
                percent >= 100 || refused.contains(budget.id())
                        ? BudgetView.Verdict.LIMIT
                        : budget.alertAt().stream().anyMatch(t -> percent >= t)
                                ? BudgetView.Verdict.ALERT
                                : BudgetView.Verdict.OK,
                budget.alertAt(),
                Windows.end(window, start),
                budget.reserve());
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
