package nexus.aiagents.engine.money;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.project.BudgetSpec.OnLimit;
import nexus.aiagents.engine.project.BudgetSpec.Window;
import org.junit.jupiter.api.Test;

/// What other limits would have stopped.
class BudgetPreviewTest {
    private static final Instant MORNING = Instant.parse("2026-11-27T08:00:00Z");
    private static final long CENT = 10_000;

    private final List<JournalEntry> journal = new ArrayList<>();
    private Instant now = MORNING;
    private int holds;

    private void entry(EngineEvent event) {
        journal.add(new JournalEntry(journal.size() + 1, now, event, ""));
        now = now.plusSeconds(1);
    }

    private String place(String agent, String run, long held) {
        String id = "h-" + ++holds;
        entry(new EngineEvent.HoldPlaced(id, agent, run, "m", List.of("agent/bot", "project"), held / 10, held));
        return id;
    }

    private void settle(String id, String agent, String run, long used) {
        entry(new EngineEvent.HoldSettled(
                id, agent, run, "m", List.of("agent/bot", "project"), used / 10, 0, used, false, false));
    }

    private void call(String agent, String run, long used) {
        settle(place(agent, run, 10 * used), agent, run, used);
    }

    private void step(String run, String step, String agent) {
        entry(new EngineEvent.StepStarted(run, step, 1, agent, "k", "{}", null));
    }

    private BudgetPreview preview(Window window, OnLimit then, Long maxMicroDollars) {
        return BudgetPreview.of(
                PastCalls.of(journal),
                new BudgetPreview.Limits("agent/bot", window, then, maxMicroDollars, null, null));
    }

    @Test
    void the_run_and_the_step_at_which_it_would_have_stopped_are_named() {
        entry(new EngineEvent.RunStarted("r-12", "saga", "publish", "h", "{}", "{}"));
        for (String step : List.of("research", "draft", "review", "publish")) {
            step("r-12", step, "bot");
            call("bot", "r-12", CENT);
        }
        BudgetPreview of = preview(Window.RUN, OnLimit.KILL, 3 * CENT);
        BudgetPreview.Stop stop = of.stops().getFirst();
        assertEquals("publish", stop.run());
        assertEquals("r-12", stop.runId());
        assertEquals("publish", stop.step());
        assertEquals(4, stop.stepNumber());
        assertEquals(1, of.stoppedCalls());
        assertEquals(CENT, of.stoppedMicroDollars());
        assertEquals(4 * CENT, of.peakMicroDollars());
        assertEquals(List.of(), preview(Window.RUN, OnLimit.KILL, 4 * CENT).stops(), "exactly as much fits");
        assertEquals(List.of(), preview(Window.RUN, OnLimit.KILL, null).stops());
    }

    @Test
    void a_worst_case_that_does_not_fit_is_clamped_and_stops_nothing_but_what_others_hold_counts() {
        call("bot", "r-1", CENT); // its worst case was ten cents
        assertEquals(0, preview(Window.EVER, OnLimit.PAUSE, CENT).stoppedCalls());
        String held = place("bot", "r-2", 8 * CENT);
        call("other", "r-3", CENT);
        settle(held, "bot", "r-2", CENT);
        BudgetPreview of = preview(Window.EVER, OnLimit.THROTTLE, 9 * CENT);
        assertEquals("other", of.stops().getFirst().agent(), "nine cents are spent or held");
        assertEquals(0, preview(Window.EVER, OnLimit.THROTTLE, 10 * CENT).stoppedCalls());
    }

    @Test
    void who_is_paused_makes_no_further_call_until_the_window_is_over() {
        for (int i = 0; i < 3; i++) {
            call("bot", null, 2 * CENT);
        }
        call("bot", null, CENT / 10);
        call("other", null, CENT / 10);
        now = MORNING.plusSeconds(86_400);
        call("bot", null, CENT);
        BudgetPreview paused = preview(Window.DAY, OnLimit.PAUSE, 5 * CENT);
        assertEquals(2, paused.stoppedCalls(), "the third, and the small one behind it");
        assertEquals(1, paused.stops().size());
        assertNull(paused.stops().getFirst().runId());
        assertEquals(1, preview(Window.DAY, OnLimit.THROTTLE, 5 * CENT).stoppedCalls());
        assertEquals(0, preview(Window.DAY, OnLimit.ALERT, 0L).stoppedCalls());
        assertEquals(6, paused.calls());
        assertEquals(62_000, paused.peakMicroDollars());
    }

    @Test
    void a_limit_on_calls_is_tried_as_one_on_money_is() {
        for (int i = 0; i < 3; i++) {
            call("bot", "r-1", CENT);
        }
        var limits = new BudgetPreview.Limits("agent/bot", Window.RUN, OnLimit.KILL, null, null, null);
        assertEquals(
                1, BudgetPreview.of(PastCalls.of(journal), limits.calls(2L)).stoppedCalls());
        assertEquals(
                0, BudgetPreview.of(PastCalls.of(journal), limits.calls(3L)).stoppedCalls());
    }

    @Test
    void calls_that_were_never_made_and_those_of_other_budgets_do_not_count() {
        String id = place("bot", "r-1", CENT);
        entry(new EngineEvent.HoldReleased(id, "bot", "r-1", "m", List.of("agent/bot")));
        entry(new EngineEvent.HoldPlaced("x", "you", "r-2", "m", List.of("agent/you"), 1, CENT));
        BudgetPreview of = preview(Window.EVER, OnLimit.PAUSE, 0L);
        assertEquals(0, of.calls());
        assertNull(of.since());
        assertEquals(List.of(), of.stops());
    }
}
