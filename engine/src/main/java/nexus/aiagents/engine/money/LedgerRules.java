package nexus.aiagents.engine.money;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.money.Ledger.Decision;
import nexus.aiagents.engine.money.Ledger.HoldRequest;
import nexus.aiagents.engine.money.Ledger.Usage;
import nexus.aiagents.engine.money.LedgerState.Standing;
import nexus.aiagents.engine.project.BudgetSpec;
import nexus.aiagents.engine.project.BudgetSpec.OnLimit;
import nexus.aiagents.engine.project.BudgetSpec.Window;

/// The ledger's decisions: `(state, request) → (state, answer, events, writes)`. Pure.
final class LedgerRules {
    private static final long MOST_TOKENS = 1_000_000_000_000L;
    private static final int MOST_RUNS = 500;
    private static final int RUNS_KEPT = 400;

    private LedgerRules() {}

    static LedgerStep<Decision> reserve(LedgerState state, HoldRequest request, Instant now) {
        long input = clamp(request.inputTokens());
        long output = Math.max(1, clamp(request.maxOutputTokens()));
        List<String> ids = List.copyOf(new LinkedHashSet<>(request.budgets()));
        List<Limits.Obstacle> obstacles = new ArrayList<>();
        for (String id : ids) {
            BudgetSpec whole = state.budgets().get(id);
            if (whole == null || whole.onLimit() == OnLimit.ALERT) {
                continue;
            }
            BudgetSpec budget = request.compensating() ? whole.keeping(null) : whole.withoutReserve();
            Standing standing = state.standing(budget, request.runId(), now);
            Limits.Call call = new Limits.Call(input, output, request.price());
            long fits = Limits.outputThatFits(budget, standing, call);
            Limits.Obstacle obstacle = fits < 1
                    ? Limits.full(budget, standing, call, now, state.holdsOn(budget, request.runId(), now))
                    : Limits.early(budget, standing, now);
            if (obstacle != null) {
                obstacles.add(obstacle);
            } else {
                output = Math.min(output, fits);
            }
        }
        return obstacles.isEmpty() ? grant(state, request, ids, input, output, now) : refuse(state, request, obstacles);
    }

    private static LedgerStep<Decision> grant(
            LedgerState state, HoldRequest request, List<String> ids, long input, long output, Instant now) {
        Hold hold = new Hold(
                "hold-" + (state.lastHold() + 1),
                request.agent(),
                request.runId(),
                request.model(),
                ids,
                input,
                output,
                request.price(),
                request.scripted(),
                now.getEpochSecond(),
                request.step());
        LedgerState next = state.with(hold);
        EngineEvent placed = new EngineEvent.HoldPlaced(
                hold.id(),
                hold.agent(),
                hold.runId(),
                hold.model(),
                ids,
                hold.tokens(),
                hold.microDollars(),
                hold.step());
        return new LedgerStep<>(
                next, new Decision.Granted(hold.id(), output), List.of(placed), LedgerStore.put(hold, next.lastHold()));
    }

    /// The hardest consequence wins. An agent that asks again and again for the same is journalled once.
    private static LedgerStep<Decision> refuse(
            LedgerState state, HoldRequest request, List<Limits.Obstacle> obstacles) {
        Limits.Obstacle hardest = obstacles.stream()
                .min(Comparator.comparingInt(o -> switch (o.refused().onLimit()) {
                    case KILL -> 0;
                    case PAUSE -> 1;
                    case THROTTLE -> 2;
                    case ALERT -> 3;
                }))
                .orElseThrow();
        Decision.Refused refused = hardest.refused();
        if (hardest.kept().equals(state.refused().get(request.agent()))) {
            return LedgerStep.nothing(state, refused);
        }
        EngineEvent event =
                new EngineEvent.HoldRefused(request.agent(), request.runId(), refused.budgetId(), refused.message());
        return new LedgerStep<>(state.refusing(request.agent(), hardest.kept()), refused, List.of(event), Map.of());
    }

    /// @return whether there was such a hold
    static LedgerStep<Boolean> settle(LedgerState state, String holdId, Usage usage) {
        Hold hold = state.holds().get(holdId);
        if (hold == null) {
            return LedgerStep.nothing(state, false);
        }
        long input = clamp(usage.inputTokens());
        long cached = Math.min(input, clamp(usage.cachedInputTokens()));
        long output = clamp(usage.outputTokens());
        long cost = hold.price().of(input, cached, output);
        List<EngineEvent> events = new ArrayList<>();
        events.add(new EngineEvent.HoldSettled(
                hold.id(),
                hold.agent(),
                hold.runId(),
                hold.model(),
                hold.budgets(),
                input,
                output,
                cost,
                hold.scripted(),
                usage.estimated(),
                hold.step()));
        Map<String, Map<Window, Spend>> changed = accounts(state, hold, cost, input + output, events);
        LedgerState settled = state.without(hold).with(changed);
        Map<String, Map<Window, Spend>> forgotten = oldRuns(settled);
        changed.putAll(forgotten);
        return new LedgerStep<>(
                settled.with(forgotten), true, events, LedgerStore.put(changed, LedgerStore.delete(hold)));
    }

    /// The accounts of every budget of the hold once this was spent.
    ///
    /// @param events gets the alerts
    private static Map<String, Map<Window, Spend>> accounts(
            LedgerState state, Hold hold, long cost, long tokens, List<EngineEvent> events) {
        Map<String, Map<Window, Spend>> changed = new HashMap<>();
        for (String id : hold.budgets()) {
            BudgetSpec budget = state.budgets().get(id);
            Map<Window, Spend> spends = new EnumMap<>(Window.class);
            spends.putAll(state.accounts().getOrDefault(id, Map.of()));
            for (Window window : Window.values()) {
                long start = Windows.start(window, Instant.ofEpochSecond(hold.placedAt()));
                Spend before = state.spend(id, window, start);
                // A call that was admitted in a window that is over was counted there as a hold, and is
                // history now.
                if (window != Window.RUN && before.start() == start) {
                    Spend spend = before.plus(cost, tokens, 1);
                    spends.put(
                            window, budget != null && budget.window() == window ? alert(budget, spend, events) : spend);
                }
            }
            changed.put(id, Map.copyOf(spends));
            if (budget != null && budget.window() == Window.RUN) {
                String account = LedgerState.runAccount(id, LedgerState.rootOf(hold.runId()));
                Spend before = state.spend(account, Window.RUN, 0);
                Spend spend = before.from(hold.placedAt()).plus(cost, tokens, 1);
                changed.put(account, Map.of(Window.RUN, alert(budget, spend, events)));
            }
        }
        return changed;
    }

    static LedgerStep<Boolean> release(LedgerState state, String holdId) {
        Hold hold = state.holds().get(holdId);
        if (hold == null) {
            return LedgerStep.nothing(state, false);
        }
        EngineEvent event =
                new EngineEvent.HoldReleased(hold.id(), hold.agent(), hold.runId(), hold.model(), hold.budgets());
        return new LedgerStep<>(state.without(hold), true, List.of(event), LedgerStore.delete(hold));
    }

    /// @param before limits as they were last journalled
    /// @return ids of the budgets whose limits are not those
    static LedgerStep<Set<String>> configure(
            LedgerState state, List<BudgetSpec> specs, Map<String, LedgerStore.Terms> before) {
        Map<String, LedgerStore.Terms> after = new TreeMap<>();
        List<EngineEvent> events = new ArrayList<>();
        Set<String> changedIds = new HashSet<>();
        Map<String, Map<Window, Spend>> accounts = new HashMap<>();
        for (BudgetSpec spec : specs) {
            LedgerStore.Terms terms = LedgerStore.Terms.of(spec);
            after.put(spec.id(), terms);
            if (!terms.equals(before.get(spec.id()))) {
                changedIds.add(spec.id());
                events.add(changed(spec.id(), terms));
                accounts.putAll(alertsThatStillHold(state, spec));
            }
        }
        before.forEach((id, terms) -> {
            if (!after.containsKey(id)) {
                changedIds.add(id);
                events.add(changed(id, new LedgerStore.Terms(null, null, null, terms.window(), terms.onLimit())));
            }
        });
        LedgerState next = state.configured(specs, changedIds).with(accounts);
        return changedIds.isEmpty()
                ? LedgerStep.nothing(next, changedIds)
                : new LedgerStep<>(next, changedIds, events, LedgerStore.put(accounts, LedgerStore.put(after)));
    }

    private static EngineEvent changed(String id, LedgerStore.Terms terms) {
        return new EngineEvent.BudgetChanged(
                id,
                terms.maxMicroDollars(),
                terms.maxTokens(),
                terms.maxCalls(),
                terms.onLimit().name().toLowerCase(Locale.ROOT));
    }

    /// Each percentage is told once in a window.
    private static Spend alert(BudgetSpec budget, Spend spend, List<EngineEvent> events) {
        int percent = spend.percentOf(budget);
        List<Integer> told = new ArrayList<>(spend.alerted());
        for (int threshold : budget.alertAt()) {
            if (percent >= threshold && !told.contains(threshold)) {
                told.add(threshold);
                events.add(new EngineEvent.BudgetAlert(budget.id(), threshold, spend.microDollars(), spend.tokens()));
            }
        }
        return spend.alerted(told);
    }

    /// After a limit was raised, a percentage that is ahead again will be told again.
    private static Map<String, Map<Window, Spend>> alertsThatStillHold(LedgerState state, BudgetSpec spec) {
        Map<String, Map<Window, Spend>> changed = new HashMap<>();
        String run = LedgerState.runAccount(spec.id(), "");
        state.accounts().forEach((id, spends) -> {
            Spend spend = spends.get(spec.window());
            boolean ofThis = spec.window() == Window.RUN ? id.startsWith(run) : id.equals(spec.id());
            if (ofThis && spend != null && !spend.alerted().isEmpty()) {
                int percent = spend.percentOf(spec);
                Map<Window, Spend> kept = new HashMap<>(spends);
                kept.put(
                        spec.window(),
                        spend.alerted(spend.alerted().stream()
                                .filter(t -> t <= percent)
                                .toList()));
                changed.put(id, Map.copyOf(kept));
            }
        });
        return changed;
    }

    /// Accounts of runs that were billed longest ago go, so that they do not pile up for ever.
    private static Map<String, Map<Window, Spend>> oldRuns(LedgerState state) {
        Map<String, Map<Window, Spend>> old = new HashMap<>();
        if (state.runAccounts() > MOST_RUNS) {
            List<String> runs = state.accounts().keySet().stream()
                    .filter(LedgerState::isOfRun)
                    .toList();
            runs.stream()
                    .filter(id -> !state.held().byRun().containsKey(id))
                    .sorted(Comparator.comparingLong(state::billedAt))
                    .limit(runs.size() - RUNS_KEPT)
                    .forEach(id -> old.put(id, Map.of()));
        }
        return old;
    }

    private static long clamp(long tokens) {
        return Math.clamp(tokens, 0, MOST_TOKENS);
    }
}
