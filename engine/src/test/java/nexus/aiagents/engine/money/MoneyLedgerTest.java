package nexus.aiagents.engine.money;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.journal.RunRecord;
import nexus.aiagents.engine.journal.StoreException;
import nexus.aiagents.engine.journal.XodusJournal;
import nexus.aiagents.engine.money.Ledger.Decision;
import nexus.aiagents.engine.money.Ledger.HoldRequest;
import nexus.aiagents.engine.money.Ledger.Usage;
import nexus.aiagents.engine.money.Prices.Price;
import nexus.aiagents.engine.project.BudgetSpec;
import nexus.aiagents.engine.project.BudgetSpec.OnLimit;
import nexus.aiagents.engine.project.BudgetSpec.Scope;
import nexus.aiagents.engine.project.BudgetSpec.Window;
import nexus.aiagents.engine.project.Position;
import nexus.aiagents.engine.view.BudgetView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MoneyLedgerTest {
    /// A dollar per token, so that figures can be read.
    private static final Price DOLLAR = new Price(1_000_000_000_000L, 1_000_000_000_000L, 1_000_000_000_000L);

    private static final long USD = 1_000_000;

    @TempDir
    Path folder;

    private final ManualClock clock = new ManualClock("2026-11-23T10:00:00Z");
    private XodusJournal journal;
    private MoneyLedger ledger;

    @BeforeEach
    void open() {
        journal = XodusJournal.open(folder, clock);
        ledger = new MoneyLedger(journal, clock);
    }

    @AfterEach
    void close() {
        journal.close();
    }

    private void reopen() {
        close();
        open();
    }

    static BudgetSpec budget(
            String id, Long dollars, Long tokens, Long calls, Window window, OnLimit onLimit, Integer... alertAt) {
        return new BudgetSpec(
                id,
                Scope.AGENT,
                id,
                tokens,
                dollars == null ? null : dollars * USD,
                calls,
                window,
                onLimit,
                List.of(alertAt),
                new Position("nexus.yaml", 1, 1, 1, 2));
    }

    static BudgetSpec dollars(String id, long dollars, Integer... alertAt) {
        return budget(id, dollars, null, null, Window.EVER, OnLimit.PAUSE, alertAt);
    }

    static HoldRequest request(long input, long output, String... budgets) {
        return new HoldRequest("a", null, List.of(budgets), "m", input, output, DOLLAR, false);
    }

    private Decision.Granted granted(HoldRequest request) {
        return assertInstanceOf(Decision.Granted.class, ledger.reserve(request));
    }

    private Decision.Refused refused(HoldRequest request) {
        return assertInstanceOf(Decision.Refused.class, ledger.reserve(request));
    }

    private BudgetView view(String id) {
        return ledger.views().stream()
                .filter(v -> v.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private <E extends EngineEvent> List<E> events(Class<E> type) {
        return journal.read(0, 100_000).stream()
                .map(JournalEntry::event)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }

    @Test
    void a_thousand_holds_of_ten_cents_against_five_dollars_admit_exactly_fifty() throws Exception {
        ledger.configure(List.of(dollars("agent/a", 5)));
        Price tenCents = new Price(100_000_000_000L, 0, 0);
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Decision>> all = IntStream.range(0, 1000)
                    .mapToObj(i -> executor.submit(() -> ledger.reserve(
                            new HoldRequest("a" + i, null, List.of("agent/a"), "m", 1, 1, tenCents, false))))
                    .toList();
            int admitted = 0;
            for (Future<Decision> one : all) {
                admitted += one.get(60, TimeUnit.SECONDS) instanceof Decision.Granted ? 1 : 0;
            }
            assertEquals(50, admitted);
        }
        assertEquals(5 * USD, view("agent/a").heldMicroDollars());
        assertEquals(100, view("agent/a").percent());
        assertEquals(50, events(EngineEvent.HoldPlaced.class).size());
    }

    @Test
    void a_hold_is_settled_at_what_was_used_and_gives_the_rest_back() {
        ledger.configure(List.of(dollars("agent/a", 10)));
        String hold = granted(request(2, 6, "agent/a")).holdId();
        assertEquals(8 * USD, view("agent/a").heldMicroDollars());
        assertEquals(80, view("agent/a").percent());
        ledger.settle(hold, new Usage(2, 0, 3, false));
        BudgetView after = view("agent/a");
        assertEquals(0, after.heldMicroDollars());
        assertEquals(5 * USD, after.spentMicroDollars());
        assertEquals(5, after.spentTokens());
        assertEquals(1, after.spentCalls());
        assertEquals(
                List.of(new EngineEvent.HoldSettled(
                        hold, "a", null, "m", List.of("agent/a"), 2, 3, 5 * USD, false, false)),
                events(EngineEvent.HoldSettled.class));
    }

    @Test
    void settling_twice_is_the_same_as_once() {
        ledger.configure(List.of(dollars("agent/a", 10)));
        String hold = granted(request(1, 1, "agent/a")).holdId();
        ledger.settle(hold, new Usage(1, 0, 1, false));
        ledger.settle(hold, new Usage(1, 0, 1, false));
        ledger.release(hold);
        ledger.settle("hold-unknown", new Usage(1, 0, 1, false));
        assertEquals(2 * USD, view("agent/a").spentMicroDollars());
        assertEquals(1, events(EngineEvent.HoldSettled.class).size());
    }

    @Test
    void a_released_hold_costs_nothing() {
        ledger.configure(List.of(dollars("agent/a", 10)));
        ledger.release(granted(request(1, 9, "agent/a")).holdId());
        assertEquals(0, view("agent/a").percent());
        assertEquals(0, view("agent/a").spentCalls());
        assertEquals(1, events(EngineEvent.HoldReleased.class).size());
    }

    @Test
    void output_is_clamped_to_what_fits_in_every_budget() {
        ledger.configure(List.of(
                dollars("agent/a", 10),
                budget("project", null, 7L, null, Window.EVER, OnLimit.PAUSE),
                budget("saga/s", null, null, 5L, Window.EVER, OnLimit.PAUSE)));
        Decision.Granted first = granted(request(2, 100, "agent/a", "project", "saga/s"));
        assertEquals(5, first.maxOutputTokens());
        ledger.release(first.holdId());
        assertEquals(8, granted(request(2, 100, "agent/a")).maxOutputTokens());
        Decision.Refused no = refused(request(2, 100, "agent/a"));
        assertEquals("agent/a", no.budgetId());
        assertEquals(OnLimit.PAUSE, no.onLimit());
        assertNull(no.retryAfter());
        assertEquals(
                "The budget of agent/a ($10.00 in all) does not allow this call: $0.00 spent, $10.00 held,"
                        + " up to $102.00 asked. Raise maxDollars in its cost block.",
                no.message());
    }

    @Test
    void calls_and_tokens_are_limits_of_their_own() {
        ledger.configure(List.of(
                budget("agent/calls", null, null, 1L, Window.EVER, OnLimit.KILL),
                budget("agent/tokens", null, 10L, null, Window.EVER, OnLimit.PAUSE)));
        String hold = granted(request(1, 1, "agent/calls")).holdId();
        assertEquals(OnLimit.KILL, refused(request(1, 1, "agent/calls")).onLimit());
        ledger.settle(hold, new Usage(1, 0, 1, false));
        assertTrue(refused(request(1, 1, "agent/calls")).message().contains("1 call spent, 0 calls held"));
        granted(request(9, 1, "agent/tokens"));
        refused(request(0, 1, "agent/tokens"));
    }

    @Test
    void where_several_budgets_refuse_the_hardest_consequence_counts() {
        ledger.configure(List.of(
                budget("agent/a", 0L, null, null, Window.EVER, OnLimit.THROTTLE),
                budget("project", 0L, null, null, Window.EVER, OnLimit.PAUSE),
                budget("saga/s", 0L, null, null, Window.EVER, OnLimit.KILL)));
        assertEquals(
                "saga/s", refused(request(1, 1, "agent/a", "project", "saga/s")).budgetId());
        assertEquals("project", refused(request(1, 1, "agent/a", "project")).budgetId());
    }

    @Test
    void an_alert_budget_lets_calls_through_and_shows_that_it_is_over() {
        ledger.configure(List.of(budget("agent/a", 1L, null, null, Window.EVER, OnLimit.ALERT, 50, 95)));
        String hold = granted(request(1, 4, "agent/a")).holdId();
        ledger.settle(hold, new Usage(1, 0, 4, false));
        assertEquals(500, view("agent/a").percent());
        assertEquals(BudgetView.Verdict.LIMIT, view("agent/a").verdict());
        granted(request(1, 4, "agent/a"));
    }

    @Test
    void each_percentage_is_told_once_in_a_window() {
        ledger.configure(List.of(budget("agent/a", 10L, null, null, Window.DAY, OnLimit.PAUSE, 50, 80, 95)));
        spend(4);
        assertEquals(List.of(), told());
        assertEquals(BudgetView.Verdict.OK, view("agent/a").verdict());
        spend(1);
        spend(1);
        assertEquals(List.of(50), told());
        assertEquals(BudgetView.Verdict.ALERT, view("agent/a").verdict());
        spend(4);
        assertEquals(List.of(50, 80, 95), told());
        assertEquals(BudgetView.Verdict.LIMIT, view("agent/a").verdict());
        clock.advance(Duration.ofDays(1));
        assertEquals(BudgetView.Verdict.OK, view("agent/a").verdict());
        spend(6);
        assertEquals(List.of(50, 80, 95, 50), told());
        reopen();
        ledger.configure(List.of(budget("agent/a", 10L, null, null, Window.DAY, OnLimit.PAUSE, 50, 80, 95)));
        spend(1);
        assertEquals(List.of(50, 80, 95, 50), told(), "also after a restart");
        ledger.configure(List.of(budget("agent/a", 20L, null, null, Window.DAY, OnLimit.PAUSE, 50, 80, 95)));
        spend(3);
        assertEquals(List.of(50, 80, 95, 50, 50), told(), "the raised limit's own");
    }

    private void spend(long tokens) {
        ledger.settle(granted(request(0, tokens, "agent/a")).holdId(), new Usage(0, 0, tokens, false));
    }

    private List<Integer> told() {
        return events(EngineEvent.BudgetAlert.class).stream()
                .map(EngineEvent.BudgetAlert::percent)
                .toList();
    }

    @Test
    void windows_begin_anew_in_utc() {
        for (Window window : List.of(Window.HOUR, Window.DAY, Window.WEEK, Window.MONTH)) {
            clock.set("2026-11-29T23:59:59Z");
            ledger.configure(List.of(budget("agent/" + window, 5L, null, null, window, OnLimit.PAUSE)));
            ledger.settle(granted(request(0, 5, "agent/" + window)).holdId(), new Usage(0, 0, 5, false));
            refused(request(0, 1, "agent/" + window));
            clock.set(window == Window.MONTH ? "2026-12-01T00:00:00Z" : "2026-11-30T00:00:00Z");
            assertEquals(0, view("agent/" + window).percent(), window.name());
            granted(request(0, 5, "agent/" + window));
        }
        clock.set("2026-11-29T10:30:00Z");
        ledger.configure(List.of(budget("agent/w", 5L, null, null, Window.WEEK, OnLimit.PAUSE)));
        assertEquals(Instant.parse("2026-11-30T00:00:00Z"), view("agent/w").windowEnds());
    }

    @Test
    void a_clock_that_goes_back_does_not_give_a_window_twice() {
        ledger.configure(List.of(budget("agent/a", 5L, null, null, Window.DAY, OnLimit.PAUSE)));
        spend(5);
        clock.advance(Duration.ofDays(-3));
        refused(request(0, 1, "agent/a"));
    }

    @Test
    void a_call_that_spans_two_windows_counts_in_the_one_that_admitted_it() {
        ledger.configure(List.of(budget("agent/a", 5L, null, null, Window.HOUR, OnLimit.PAUSE)));
        String old = granted(request(0, 5, "agent/a")).holdId();
        clock.advance(Duration.ofHours(1));
        String hold = granted(request(0, 5, "agent/a")).holdId();
        ledger.settle(old, new Usage(0, 0, 5, false));
        assertEquals(0, view("agent/a").spentMicroDollars());
        ledger.settle(hold, new Usage(0, 0, 4, false));
        assertEquals(4 * USD, view("agent/a").spentMicroDollars());
    }

    @Test
    void a_budget_per_run_counts_each_run_by_itself() {
        ledger.configure(List.of(budget("saga/s", 5L, null, null, Window.RUN, OnLimit.PAUSE)));
        for (String run : List.of("r1", "r2")) {
            HoldRequest request = new HoldRequest("a", run, List.of("saga/s"), "m", 0, 5, DOLLAR, false);
            ledger.settle(granted(request).holdId(), new Usage(0, 0, 5, false));
            refused(request);
        }
        assertEquals(5 * USD, view("saga/s").spentMicroDollars());
        reopen();
        ledger.configure(List.of(budget("saga/s", 5L, null, null, Window.RUN, OnLimit.PAUSE)));
        refused(new HoldRequest("a", "r1", List.of("saga/s"), "m", 0, 1, DOLLAR, false));
        granted(new HoldRequest("a", "r3", List.of("saga/s"), "m", 0, 1, DOLLAR, false));
    }

    private static HoldRequest ofSaga(String run, long output, boolean compensating) {
        return new HoldRequest("a", run, List.of("saga/s"), "m", 0, output, DOLLAR, false, compensating, null);
    }

    @Test
    void what_is_kept_for_compensations_is_not_there_for_what_goes_forward() {
        BudgetSpec budget = budget("saga/s", 10L, null, null, Window.RUN, OnLimit.PAUSE)
                .keeping(new BudgetSpec.Reserve(3 * USD, null, null));
        ledger.configure(List.of(budget));
        assertEquals(7, granted(ofSaga("r1", 99, false)).maxOutputTokens(), "clamped to what is not kept");
        Decision.Refused refused = refused(ofSaga("r1", 1, false));
        assertTrue(refused.message().contains("$3.00 kept for compensations"), refused.message());
        assertEquals(3, granted(ofSaga("r1", 99, true)).maxOutputTokens(), "a compensation may use all that is left");
        refused(ofSaga("r1", 1, true));
        assertEquals(7, granted(ofSaga("r2", 99, false)).maxOutputTokens(), "each run has its own");
    }

    @Test
    void tokens_and_calls_are_kept_too() {
        BudgetSpec budget = budget("saga/s", null, 10L, 3L, Window.EVER, OnLimit.KILL)
                .keeping(new BudgetSpec.Reserve(null, 4L, 1L));
        ledger.configure(List.of(budget));
        assertEquals(6, granted(ofSaga(null, 99, false)).maxOutputTokens());
        refused(ofSaga(null, 1, false));
        granted(ofSaga(null, 2, true));
        granted(ofSaga(null, 2, true));
        refused(ofSaga(null, 1, true));
    }

    @Test
    void a_nested_run_spends_what_the_run_it_is_part_of_has() {
        ledger.configure(List.of(budget("saga/s", 5L, null, null, Window.RUN, OnLimit.PAUSE)));
        ledger.settle(granted(ofSaga("r-01-2-1", 3, false)).holdId(), new Usage(0, 0, 3, false));
        assertEquals(2, granted(ofSaga("r-01", 99, false)).maxOutputTokens());
        assertEquals(5, granted(ofSaga("r-02-2-1", 99, false)).maxOutputTokens());
    }

    @Test
    void runs_of_long_ago_are_forgotten() {
        ledger.configure(List.of(budget("saga/s", 5L, null, null, Window.RUN, OnLimit.PAUSE)));
        for (int i = 0; i < 520; i++) {
            clock.advance(Duration.ofSeconds(1));
            HoldRequest request = new HoldRequest("a", "r" + i, List.of("saga/s"), "m", 0, 1, DOLLAR, false);
            ledger.settle(granted(request).holdId(), new Usage(0, 0, 1, false));
        }
        assertTrue(journal.states("money/account/saga/s#").size() <= 500);
        assertNull(journal.state("money/account/saga/s#r0"));
        assertNotNull(journal.state("money/account/saga/s#r519"));
    }

    @Test
    void what_was_spent_before_a_budget_existed_counts() {
        granted(request(0, 3, "agent/a"));
        ledger.settle("hold-1", new Usage(0, 0, 3, false));
        assertEquals(List.of(), ledger.views());
        assertEquals(1, events(EngineEvent.HoldSettled.class).size());
        ledger.configure(List.of(budget("agent/a", 5L, null, null, Window.DAY, OnLimit.PAUSE)));
        assertEquals(60, view("agent/a").percent());
    }

    @Test
    void throttle_spreads_the_second_half_over_the_window() {
        clock.set("2026-11-23T00:00:00Z");
        ledger.configure(List.of(budget("agent/a", 100L, null, null, Window.DAY, OnLimit.THROTTLE)));
        spend(50);
        spend(25);
        Decision.Refused early = refused(request(0, 1, "agent/a"));
        assertEquals(Duration.ofHours(12), early.retryAfter());
        assertEquals(BudgetView.Verdict.OK, view("agent/a").verdict());
        clock.advance(Duration.ofHours(12));
        spend(25);
        assertEquals(Duration.ofHours(12), refused(request(0, 1, "agent/a")).retryAfter());
        assertEquals(BudgetView.Verdict.LIMIT, view("agent/a").verdict());
        clock.advance(Duration.ofHours(12));
        granted(request(0, 1, "agent/a"));
    }

    @Test
    void throttle_without_a_timed_window_says_five_seconds() {
        ledger.configure(List.of(budget("agent/a", 1L, null, null, Window.EVER, OnLimit.THROTTLE)));
        spend(1);
        assertEquals(Duration.ofSeconds(5), refused(request(0, 1, "agent/a")).retryAfter());
    }

    @Test
    void an_agent_that_asks_again_and_again_is_journalled_once() {
        ledger.configure(List.of(dollars("agent/a", 1)));
        spend(1);
        refused(request(0, 1, "agent/a"));
        refused(request(0, 1, "agent/a"));
        assertEquals(1, events(EngineEvent.HoldRefused.class).size());
        ledger.configure(List.of(dollars("agent/a", 2)));
        spend(1);
        refused(request(0, 1, "agent/a"));
        assertEquals(2, events(EngineEvent.HoldRefused.class).size());
    }

    @Test
    void a_raised_limit_wakes_who_waits_and_lets_the_call_go_on() throws Exception {
        ledger.configure(List.of(dollars("agent/a", 1)));
        spend(1);
        refused(request(0, 1, "agent/a"));
        assertFalse(ledger.awaitChange("agent/a", Duration.ofMillis(1)));
        CompletableFuture<Boolean> woken = new CompletableFuture<>();
        Thread waiter = Thread.startVirtualThread(() -> {
            try {
                woken.complete(ledger.awaitChange("agent/a", Duration.ofSeconds(60)));
            } catch (InterruptedException e) {
                woken.completeExceptionally(e);
            }
        });
        ledger.configure(List.of(dollars("agent/a", 1)));
        ledger.configure(List.of(dollars("agent/a", 2)));
        assertTrue(woken.get(10, TimeUnit.SECONDS));
        waiter.join();
        granted(request(0, 1, "agent/a"));
        assertEquals(2, events(EngineEvent.BudgetChanged.class).size());
    }

    @Test
    void a_limit_that_was_raised_before_the_wait_began_is_not_missed() throws Exception {
        ledger.configure(List.of(dollars("agent/a", 1)));
        spend(1);
        refused(request(0, 1, "agent/a"));
        ledger.configure(List.of(dollars("agent/a", 2)));
        assertTrue(ledger.awaitChange("agent/a", Duration.ofSeconds(60)));
    }

    @Test
    void a_window_that_begins_anew_wakes_who_waits() throws Exception {
        ledger.configure(List.of(budget("agent/a", 1L, null, null, Window.HOUR, OnLimit.PAUSE)));
        CompletableFuture<Boolean> woken = new CompletableFuture<>();
        Thread waiter = Thread.startVirtualThread(() -> {
            try {
                woken.complete(ledger.awaitChange("agent/a", Duration.ofSeconds(60)));
            } catch (InterruptedException e) {
                woken.completeExceptionally(e);
            }
        });
        while (waiter.getState() != Thread.State.TIMED_WAITING) {
            Thread.yield();
        }
        clock.advance(Duration.ofHours(1));
        assertTrue(woken.get(10, TimeUnit.SECONDS));
    }

    @Test
    void a_hold_that_a_crash_left_counts_and_is_settled_at_its_worst() {
        ledger.configure(List.of(dollars("agent/a", 10)));
        granted(request(2, 3, "agent/a"));
        reopen();
        ledger.configure(List.of(dollars("agent/a", 10)));
        assertEquals(5 * USD, view("agent/a").heldMicroDollars());
        assertEquals(5, granted(request(0, 100, "agent/a")).maxOutputTokens());
        assertEquals(1, ledger.settleAbandoned());
        assertEquals(0, ledger.settleAbandoned());
        assertEquals(5 * USD, view("agent/a").spentMicroDollars());
        assertEquals(5 * USD, view("agent/a").heldMicroDollars(), "the new hold is not abandoned");
        EngineEvent.HoldSettled settled = events(EngineEvent.HoldSettled.class).getFirst();
        assertTrue(settled.estimated());
        assertEquals(5 * USD, settled.microDollars());
    }

    @Test
    void unchanged_limits_are_not_journalled_again_after_a_restart() {
        ledger.configure(List.of(dollars("agent/a", 10)));
        reopen();
        ledger.configure(List.of(dollars("agent/a", 10)));
        assertEquals(1, events(EngineEvent.BudgetChanged.class).size());
        ledger.configure(List.of());
        assertEquals(
                new EngineEvent.BudgetChanged("agent/a", null, null, null, "pause"),
                events(EngineEvent.BudgetChanged.class).getLast());
        granted(request(0, 1_000_000, "agent/a"));
    }

    @Test
    void a_ledger_that_can_not_be_written_refuses_and_has_not_changed() {
        var full = new FullDisk(journal);
        MoneyLedger other = new MoneyLedger(full, clock);
        other.configure(List.of(dollars("agent/a", 10)));
        Decision.Granted hold = (Decision.Granted) other.reserve(request(0, 4, "agent/a"));
        full.on = true;
        assertEquals(
                "store-full",
                assertThrows(StoreException.class, () -> other.reserve(request(0, 1, "agent/a")))
                        .code());
        assertThrows(StoreException.class, () -> other.settle(hold.holdId(), new Usage(0, 0, 1, false)));
        assertEquals(4 * USD, other.views().getFirst().heldMicroDollars());
        full.on = false;
        other.settle(hold.holdId(), new Usage(0, 0, 1, false));
        assertEquals(USD, other.views().getFirst().spentMicroDollars());
        assertEquals(0, other.views().getFirst().heldMicroDollars());
    }

    @Test
    void windows_that_change_and_processes_that_end_exceed_no_budget() {
        for (int seed = 0; seed < 2; seed++) {
            Random random = new Random(seed);
            List<BudgetSpec> specs = List.of(
                    budget("agent/a" + seed, 20L + random.nextInt(20), 60L, null, Window.HOUR, OnLimit.PAUSE),
                    budget("agent/b" + seed, null, 50L, 9L, Window.EVER, OnLimit.KILL),
                    budget("project" + seed, 50L, null, null, Window.DAY, OnLimit.PAUSE));
            ledger.configure(specs);
            Map<String, long[]> live = new HashMap<>();
            for (int i = 0; i < 120; i++) {
                switch (random.nextInt(10)) {
                    case 0 -> {
                        reopenAll(specs, live);
                    }
                    case 1 -> clock.advance(Duration.ofMinutes(random.nextInt(20)));
                    case 2, 3, 4, 5 -> {
                        HoldRequest request = request(
                                random.nextInt(4),
                                1 + random.nextInt(8),
                                random.nextBoolean() ? "agent/a" + seed : "agent/b" + seed,
                                "project" + seed);
                        if (ledger.reserve(request) instanceof Decision.Granted g) {
                            assertTrue(g.maxOutputTokens() >= 1 && g.maxOutputTokens() <= request.maxOutputTokens());
                            live.put(g.holdId(), new long[] {request.inputTokens(), g.maxOutputTokens()});
                        }
                    }
                    default -> {
                        if (!live.isEmpty()) {
                            String id = new ArrayList<>(live.keySet()).get(random.nextInt(live.size()));
                            long[] held = live.remove(id);
                            if (random.nextInt(5) == 0) {
                                ledger.release(id);
                            } else {
                                ledger.settle(
                                        id, new Usage(held[0], 0, random.nextLong(held[1] + 1), random.nextBoolean()));
                            }
                        }
                    }
                }
                ledger.views().forEach(v -> {
                    assertTrue(v.percent() <= 100, v.toString());
                    assertTrue(v.heldTokens() >= 0 && v.spentTokens() >= 0);
                });
            }
        }
        assertEquals(0, journal.verify());
    }

    private void reopenAll(List<BudgetSpec> specs, Map<String, long[]> live) {
        List<BudgetView> before = ledger.views();
        reopen();
        ledger.configure(specs);
        List<BudgetView> after = ledger.views();
        for (int i = 0; i < before.size(); i++) {
            assertEquals(before.get(i).spentMicroDollars(), after.get(i).spentMicroDollars());
            assertEquals(before.get(i).heldMicroDollars(), after.get(i).heldMicroDollars());
            assertEquals(before.get(i).spentTokens(), after.get(i).spentTokens());
            assertEquals(before.get(i).spentCalls(), after.get(i).spentCalls());
        }
        ledger.settleAbandoned();
        live.clear();
    }

    /// A journal that stops taking anything.
    private static final class FullDisk implements Journal {
        private final Journal inner;
        private volatile boolean on;

        FullDisk(Journal inner) {
            this.inner = inner;
        }

        @Override
        public CompletionStage<List<JournalEntry>> commit(Batch batch) {
            return inner.commit(batch);
        }

        @Override
        public List<JournalEntry> commitAndWait(Batch batch) {
            if (on) {
                throw new StoreException("store-full", "full");
            }
            return inner.commitAndWait(batch);
        }

        @Override
        public List<JournalEntry> read(long afterSeq, int max) {
            return inner.read(afterSeq, max);
        }

        @Override
        public RunRecord run(String runId) {
            return inner.run(runId);
        }

        @Override
        public long lastSeq() {
            return inner.lastSeq();
        }

        @Override
        public String state(String key) {
            return inner.state(key);
        }

        @Override
        public Map<String, String> states(String prefix) {
            return inner.states(prefix);
        }

        @Override
        public Runnable subscribe(Consumer<JournalEntry> listener) {
            return inner.subscribe(listener);
        }

        @Override
        public long verify() {
            return inner.verify();
        }

        @Override
        public void close() {
            inner.close();
        }
    }
}
