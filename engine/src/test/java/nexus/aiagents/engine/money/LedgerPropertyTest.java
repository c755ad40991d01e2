package nexus.aiagents.engine.money;

import static nexus.aiagents.engine.money.MoneyLedgerTest.budget;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import nexus.aiagents.engine.MermaidTable;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.InMemoryJournal;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.money.Ledger.Decision;
import nexus.aiagents.engine.money.Ledger.HoldRequest;
import nexus.aiagents.engine.money.Ledger.Usage;
import nexus.aiagents.engine.money.Prices.Price;
import nexus.aiagents.engine.project.BudgetSpec;
import nexus.aiagents.engine.project.BudgetSpec.OnLimit;
import nexus.aiagents.engine.project.BudgetSpec.Window;
import nexus.aiagents.engine.view.BudgetView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random requests, settlements, crashes and hours, against a model that only adds up.
class LedgerPropertyTest {
    private static final List<String> IDS = List.of("agent/a", "agent/b", "saga/s", "project");

    private final ManualClock clock = new ManualClock("2026-11-23T10:00:00Z");
    private final List<BudgetSpec> specs = new ArrayList<>();
    private final Map<String, Long> spent = new HashMap<>();
    private final Map<String, Open> open = new HashMap<>();
    private InMemoryJournal journal = new InMemoryJournal(clock);
    private MoneyLedger ledger = new MoneyLedger(journal, clock);

    /// Ways that holds took from one state to another, as the journal tells them.
    private final TreeSet<MermaidTable.Row> ways = new TreeSet<>();
    private final Map<String, String> states = new HashMap<>();
    private long seen;

    private record Open(List<String> budgets, Price price, long input, long output) {
        long worst() {
            return Hold.worst(price, input, output);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatever_happens_in_whatever_order_no_budget_is_exceeded(int block) {
        for (int seed = block * 100; seed < block * 100 + 15; seed++) {
            begin(new Random(seed));
            Random random = new Random(seed);
            for (int i = 0; i < 150; i++) {
                step(random);
                check();
            }
        }
    }

    @Test
    void the_page_draws_every_way_of_a_hold_and_no_other() {
        for (int seed = 0; seed < 15; seed++) {
            Random random = new Random(seed);
            begin(random);
            for (int i = 0; i < 150; i++) {
                step(random);
            }
        }
        MermaidTable.assertDrawn(MermaidTable.page("budgets.md"), 0, ways);
    }

    /// @param placed  why a hold is admitted, if one is
    /// @param settled why one is settled, if one is
    private void watch(String placed, String settled) {
        for (JournalEntry entry : journal.read(seen, Integer.MAX_VALUE)) {
            seen = entry.seq();
            switch (entry.event()) {
                case EngineEvent.HoldPlaced e -> way(e.holdId(), "placed", placed);
                case EngineEvent.HoldSettled e -> way(e.holdId(), "settled", settled);
                case EngineEvent.HoldReleased e -> way(e.holdId(), "released", "was never sent");
                case EngineEvent.HoldRefused _ -> ways.add(MermaidTable.row("[*]", "refused", "does not fit"));
                default -> {}
            }
        }
    }

    private void way(String hold, String state, String why) {
        String before = states.put(hold, state);
        ways.add(MermaidTable.row(before == null ? "[*]" : before, state, why));
    }

    private void begin(Random random) {
        states.clear();
        seen = 0;
        journal = new InMemoryJournal(clock);
        ledger = new MoneyLedger(journal, clock);
        spent.clear();
        open.clear();
        specs.clear();
        for (String id : IDS) {
            specs.add(budget(
                    id,
                    random.nextInt(3) == 0 ? null : 1L + random.nextInt(3),
                    random.nextInt(3) == 0 ? null : 500L + random.nextInt(2000),
                    random.nextInt(3) == 0 ? null : 3L + random.nextInt(20),
                    Window.EVER,
                    random.nextBoolean() ? OnLimit.PAUSE : OnLimit.KILL,
                    50,
                    80));
        }
        ledger.configure(specs);
    }

    private void step(Random random) {
        switch (random.nextInt(12)) {
            case 0 -> crash();
            case 1 -> clock.advance(Duration.ofMinutes(random.nextInt(90)));
            case 2, 3, 4, 5, 6 -> reserve(random);
            default -> settle(random);
        }
    }

    private void reserve(Random random) {
        Set<String> budgets = new HashSet<>();
        budgets.add(IDS.get(random.nextInt(IDS.size())));
        budgets.add(IDS.get(random.nextInt(IDS.size())));
        Price price = new Price(
                random.nextLong(3_000_000_000L), random.nextLong(9_000_000_000L), random.nextLong(3_000_000_000L));
        long input = random.nextInt(200);
        long output = 1 + random.nextInt(300);
        Decision decision = ledger.reserve(
                new HoldRequest("x", null, List.copyOf(budgets), "m", input, output, price, random.nextBoolean()));
        if (decision instanceof Decision.Granted g) {
            assertTrue(g.maxOutputTokens() >= 1 && g.maxOutputTokens() <= output);
            open.put(g.holdId(), new Open(List.copyOf(budgets), price, input, g.maxOutputTokens()));
            watch(g.maxOutputTokens() == output ? "fits" : "fits with a shorter answer", "");
        } else {
            watch("", "");
        }
    }

    private void settle(Random random) {
        if (open.isEmpty()) {
            return;
        }
        String id = open.keySet().stream().sorted().toList().get(random.nextInt(open.size()));
        Open hold = open.remove(id);
        if (random.nextInt(5) == 0) {
            ledger.release(id);
            ledger.settle(id, new Usage(1, 0, 1, false));
            watch("", "");
            return;
        }
        long input = random.nextLong(hold.input() + 1);
        long cached = random.nextLong(input + 1);
        long output = random.nextLong(hold.output() + 1);
        ledger.settle(id, new Usage(input, cached, output, false));
        ledger.settle(id, new Usage(input, cached, output, false));
        ledger.release(id);
        watch("", "call is over");
        long cost = hold.price().of(input, cached, output);
        hold.budgets().forEach(b -> spent.merge(b, cost, Long::sum));
    }

    /// The process ends with calls under way; what it knew is what the next one finds.
    private void crash() {
        List<BudgetView> before = ledger.views();
        journal = journal.reopened();
        ledger = new MoneyLedger(journal, clock);
        ledger.configure(specs);
        List<BudgetView> after = ledger.views();
        for (int i = 0; i < before.size(); i++) {
            assertEquals(before.get(i).spentMicroDollars(), after.get(i).spentMicroDollars());
            assertEquals(before.get(i).spentTokens(), after.get(i).spentTokens());
            assertEquals(before.get(i).spentCalls(), after.get(i).spentCalls());
            assertEquals(before.get(i).heldMicroDollars(), after.get(i).heldMicroDollars());
        }
        assertEquals(open.size(), ledger.settleAbandoned());
        watch("", "left by a crash");
        open.values().forEach(h -> h.budgets().forEach(b -> spent.merge(b, h.worst(), Long::sum)));
        open.clear();
    }

    private void check() {
        for (BudgetView view : ledger.views()) {
            long held = open.values().stream()
                    .filter(h -> h.budgets().contains(view.id()))
                    .mapToLong(Open::worst)
                    .sum();
            assertEquals(held, view.heldMicroDollars());
            assertEquals(spent.getOrDefault(view.id(), 0L), view.spentMicroDollars());
            assertTrue(view.percent() <= 100, view.toString());
        }
        long told = journal.read(0, Integer.MAX_VALUE).stream()
                .map(JournalEntry::event)
                .filter(e ->
                        e instanceof EngineEvent.HoldSettled s && s.budgets().contains("project"))
                .mapToLong(e -> ((EngineEvent.HoldSettled) e).microDollars())
                .sum();
        assertEquals(spent.getOrDefault("project", 0L), told, "every figure can be traced to its calls");
    }
}
