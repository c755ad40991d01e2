package nexus.aiagents.app.desktop.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import nexus.aiagents.app.desktop.SampleViews;
import nexus.aiagents.engine.view.RunComparison;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.RunView.StepState;
import nexus.aiagents.engine.view.RunView.StepView;
import org.junit.jupiter.api.Test;

/// A run as a table, along a time that is zoomed, and beside another run.
class RunLooksTest {
    private static final Instant NOW = SampleViews.NOW;

    private static StepView step(
            String name, StepState state, int attempts, String output, String error, Instant retry, StepState undo) {
        return step(name, state, attempts, output, error, retry, undo, null);
    }

    private static StepView step(
            String name,
            StepState state,
            int attempts,
            String output,
            String error,
            Instant retry,
            StepState undo,
            Long microDollars) {
        return new StepView(
                name,
                name + "er",
                undo == null ? null : "undo-" + name,
                state,
                attempts,
                attempts == 0 ? null : NOW.minusSeconds(10),
                state == StepState.RUNNING || attempts == 0 ? null : NOW.minusSeconds(8),
                "{}",
                output,
                error,
                error == null ? null : "it broke",
                retry,
                undo,
                undo == null ? 0 : 1,
                undo == null ? 0 : 2,
                undo == null ? null : NOW.minusSeconds(5),
                undo == null ? null : NOW.minusSeconds(4),
                null,
                null,
                false,
                null,
                List.of(),
                null,
                null,
                microDollars,
                microDollars);
    }

    private static RunView run(String id, RunView.State state, StepView... steps) {
        return new RunView(
                id,
                "saga",
                "publish",
                state,
                NOW.minusSeconds(10),
                state.isFinal() ? NOW : null,
                "{}",
                null,
                null,
                null,
                null,
                1_000,
                10,
                false,
                List.of(steps),
                List.of());
    }

    @Test
    void a_table_says_of_each_step_how_long_how_often_what_undid_it_and_when_it_is_tried_again() {
        List<CompactRow> rows = CompactRow.of(
                run(
                        "r",
                        RunView.State.RUNNING,
                        step("draft", StepState.COMPENSATED, 1, "{}", null, null, StepState.COMPENSATED),
                        step("review", StepState.RUNNING, 3, null, "timeout", NOW.plusSeconds(7), null),
                        step("publish", StepState.PENDING, 0, null, null, null, null)),
                NOW);
        assertEquals("Done", rows.get(0).mark().text());
        assertEquals("2.0 s", rows.get(0).took());
        assertEquals("1. Compensated, 2 attempts · 1.0 s", rows.get(0).undone());
        assertEquals("10 s", rows.get(1).took());
        assertEquals("3", rows.get(1).attempts());
        assertEquals("again in 7 s · timeout: it broke", rows.get(1).note());
        assertEquals(
                List.of("", "", ""),
                List.of(rows.get(2).took(), rows.get(2).attempts(), rows.get(2).note()));
    }

    @Test
    void steps_are_found_by_name_agent_and_error_and_the_search_goes_round() {
        RunView run = run(
                "r",
                RunView.State.FAILED,
                step("draft", StepState.DONE, 1, "{}", null, null, null),
                step("review", StepState.FAILED, 1, null, "timeout", null, null),
                step("redraft", StepState.PENDING, 0, null, null, null, null));
        assertEquals(0, CompactRow.find(run, "draft", -1));
        assertEquals(2, CompactRow.find(run, "draft", 0));
        assertEquals(0, CompactRow.find(run, "DRAFT", 2));
        assertEquals(1, CompactRow.find(run, "timeout", -1));
        assertEquals(1, CompactRow.find(run, "reviewer", 1));
        assertEquals(-1, CompactRow.find(run, "nobody", -1));
        assertEquals(-1, CompactRow.find(run, " ", -1));
    }

    @Test
    void zooming_keeps_what_is_under_the_pointer_and_never_leaves_the_line() {
        TimeWindow window = new TimeWindow();
        window.zoom(4, 300, 1_000);
        assertEquals(4, window.zoom());
        assertEquals(300, 300 * window.zoom() - window.left());
        window.pan(1e9, 1_000);
        assertEquals(3_000, window.left());
        window.zoom(1e9, 0, 1_000);
        assertEquals(TimeWindow.LARGEST, window.zoom());
        window.zoom(1e-9, 500, 1_000);
        assertEquals(1, window.zoom());
        assertEquals(0, window.left());
    }

    @Test
    void only_the_ticks_that_are_seen_are_made() {
        TimeScale scale = new TimeScale(List.of(new TimeScale.Busy(NOW, NOW.plusSeconds(100))), -50_000, 100_000);
        List<TimeScale.Tick> all = scale.ticks(96);
        List<TimeScale.Tick> seen = scale.ticks(96, 0, 1_000);
        assertEquals(
                all.stream().filter(t -> t.x() >= 0 && t.x() <= 1_000).toList(),
                seen.stream().filter(t -> t.x() >= 0).toList());
        assertTrue(seen.size() < 20, () -> "" + seen.size());
    }

    @Test
    void a_comparison_says_in_a_few_words_what_is_different() {
        RunView a = run(
                "a",
                RunView.State.DONE,
                step("draft", StepState.DONE, 1, "{\"title\":\"A\",\"n\":1}", null, null, null),
                step("review", StepState.DONE, 1, "{}", null, null, null));
        RunView b = run(
                "b",
                RunView.State.FAILED,
                step("draft", StepState.DONE, 2, "{\"title\":\"B\",\"n\":1}", null, null, null, 1_500_000L),
                step("review", StepState.FAILED, 1, null, "timeout", null, null));
        RunComparison of = RunComparison.of(a, b);
        List<CompareRow> rows = CompareRow.of(of, NOW, true);
        assertEquals("Failed instead of Done", rows.get(0).what());
        assertEquals("output: title", rows.get(1).what());
        assertEquals("1 → 2", rows.get(1).attempts());
        assertEquals("– → $1.50", rows.get(1).cost(), "what is not known is not said to be nothing");
        assertEquals("output: all of it · error: none → timeout", rows.get(2).what());
        assertEquals(
                "title: \"A\" → \"B\"", CompareRow.lines(of.steps().getFirst().output(), 5));
        assertEquals(1, CompareRow.of(RunComparison.of(a, a), NOW, true).size(), "the runs themselves");
    }
}
