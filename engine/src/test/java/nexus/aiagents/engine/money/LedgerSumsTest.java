package nexus.aiagents.engine.money;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import nexus.aiagents.engine.money.LedgerState.Standing;
import nexus.aiagents.engine.money.Prices.Price;
import nexus.aiagents.engine.project.BudgetSpec;
import nexus.aiagents.engine.project.BudgetSpec.OnLimit;
import nexus.aiagents.engine.project.BudgetSpec.Window;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The ledger adds up as it goes. A plain model keeps every hold and adds up anew each time.
class LedgerSumsTest {
    private static final List<String> BUDGETS = List.of("agent/a", "saga/s", "project");
    private static final List<String> RUNS = List.of("r-1", "r-1-0-1", "r-2", "r-2-3-1-0-1", "");
    private static final Instant BEGAN = Instant.parse("2026-02-27T22:30:00Z");

    private final List<Hold> model = new ArrayList<>();
    private LedgerState state = LedgerState.EMPTY;
    private long placed;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void what_is_held_is_what_the_holds_under_way_add_up_to(int block) {
        for (int seed = block * 100; seed < block * 100 + 20; seed++) {
            Random random = new Random(seed);
            model.clear();
            state = LedgerState.EMPTY;
            Instant now = BEGAN;
            for (int i = 0; i < 120; i++) {
                // Now and then the clock is set back.
                now = now.plusSeconds(random.nextInt(20) == 0 ? -random.nextInt(200_000) : random.nextInt(20_000));
                step(random, now);
                check(random, now);
            }
        }
    }

    private void step(Random random, Instant now) {
        int what = random.nextInt(10);
        if (what < 5 || model.isEmpty()) {
            Hold hold = hold(random, now);
            model.add(hold);
            state = state.with(hold);
        } else if (what < 9) {
            state = state.without(model.remove(random.nextInt(model.size())));
        } else {
            // As a store has it: the holds in any order, and what was spent.
            List<Hold> found = new ArrayList<>(model);
            java.util.Collections.shuffle(found, random);
            state = LedgerState.of(Map.copyOf(state.accounts()), found, state.lastHold());
        }
        if (random.nextInt(4) == 0) {
            spend(random, now);
        }
    }

    private Hold hold(Random random, Instant now) {
        String run = RUNS.get(random.nextInt(RUNS.size()));
        List<String> budgets = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(3); i++) {
            budgets.add(BUDGETS.get(random.nextInt(BUDGETS.size()))); // one may be named twice
        }
        return new Hold(
                "hold-" + ++placed,
                "a",
                run.isEmpty() ? null : run,
                "m",
                budgets,
                random.nextInt(1_000),
                random.nextInt(1_000),
                new Price(random.nextLong(9_000_000), random.nextLong(9_000_000), random.nextLong(9_000_000)),
                false,
                now.getEpochSecond(),
                null);
    }

    private void spend(Random random, Instant now) {
        Map<Window, Spend> spends = new EnumMap<>(Window.class);
        for (Window window : Window.values()) {
            spends.put(
                    window,
                    new Spend(Windows.start(window, now), random.nextInt(100), random.nextInt(100), 1, List.of()));
        }
        String budget = BUDGETS.get(random.nextInt(BUDGETS.size()));
        String run = LedgerState.rootOf(RUNS.get(random.nextInt(RUNS.size())));
        Map<String, Map<Window, Spend>> accounts = new HashMap<>();
        accounts.put(budget, spends);
        accounts.put(
                LedgerState.runAccount(budget, run),
                random.nextInt(3) == 0
                        ? Map.of()
                        : Map.of(Window.RUN, new Spend(now.getEpochSecond(), 1, 1, 1, List.of())));
        state = state.with(accounts);
    }

    private void check(Random random, Instant now) {
        assertEquals(
                state.accounts().keySet().stream()
                        .filter(id -> id.contains("#"))
                        .count(),
                state.runAccounts());
        for (String id : BUDGETS) {
            Window window = Window.values()[random.nextInt(Window.values().length)];
            BudgetSpec budget = MoneyLedgerTest.budget(id, 1L, 1L, 1L, window, OnLimit.KILL);
            String run = RUNS.get(random.nextInt(RUNS.size()));
            Standing standing = state.standing(budget, run, now);
            List<Hold> counted = model.stream()
                    .filter(hold -> counts(hold, budget, run, standing.spent()))
                    .toList();
            assertEquals(counted.stream().mapToLong(Hold::microDollars).sum(), standing.heldMicroDollars());
            assertEquals(counted.stream().mapToLong(Hold::tokens).sum(), standing.heldTokens());
            assertEquals(counted.size(), standing.heldCalls());
            assertEquals(
                    counted.stream().map(Hold::id).sorted().toList(),
                    state.holdsOn(budget, run, now).stream().sorted().toList());
        }
    }

    private static boolean counts(Hold hold, BudgetSpec budget, String run, Spend spent) {
        if (!hold.budgets().contains(budget.id())) {
            return false;
        }
        return budget.window() == Window.RUN
                ? LedgerState.rootOf(hold.runId()).equals(LedgerState.rootOf(run))
                : Windows.start(budget.window(), Instant.ofEpochSecond(hold.placedAt())) >= spent.start();
    }

    @Test
    void when_all_holds_are_over_no_sum_is_kept() {
        Random random = new Random(1);
        for (int i = 0; i < 500; i++) {
            Hold hold = hold(random, BEGAN.plusSeconds(i * 1_000L));
            model.add(hold);
            state = state.with(hold);
        }
        model.forEach(hold -> state = state.without(hold));
        assertTrue(state.held().byHour().isEmpty());
        assertTrue(state.held().byRun().isEmpty());
        assertTrue(state.holds().isEmpty());
    }

    @Test
    void holds_are_in_the_order_in_which_they_were_placed() {
        Random random = new Random(2);
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            Hold hold = hold(random, BEGAN);
            ids.add(hold.id());
            state = state.with(hold);
        }
        assertEquals(ids, List.copyOf(state.holds().keySet()));
    }
}
