package nexus.aiagents.app.desktop.runs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import nexus.aiagents.app.desktop.LivelyViews;
import nexus.aiagents.engine.view.RunView;
import org.junit.jupiter.api.Test;

class SagaPlanTest {
    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
    private final LivelyViews views = new LivelyViews(NOW);

    @Test
    void the_way_back_leads_from_the_failed_step_up_through_every_compensation() {
        SagaPlan plan = SagaPlan.of(views.rolledBack(), NOW, 0, 600);
        assertEquals(
                List.of("3>2", "2>1", "1>0"),
                plan.links().stream().map(l -> l.from() + ">" + l.to()).toList());
        assertFalse(plan.links().getFirst().fromUndo());
        assertTrue(plan.links().getLast().fromUndo());
    }

    @Test
    void a_run_without_compensations_has_no_way_back() {
        RunView done = views.project().runs().stream()
                .filter(r -> r.id().equals("r-18"))
                .findFirst()
                .orElseThrow();
        assertTrue(SagaPlan.of(done, NOW, 0, 600).links().isEmpty());
    }

    @Test
    void time_runs_from_left_to_right_over_the_whole_width() {
        TimeScale scale = new TimeScale(List.of(busy(0, 1_000), busy(1_000, 4_000)), 10, 400);
        assertEquals(10, scale.x(NOW), 0.01);
        assertEquals(110, scale.x(NOW.plusMillis(1_000)), 0.01);
        assertEquals(410, scale.x(NOW.plusMillis(4_000)), 0.01);
    }

    @Test
    void hours_of_waiting_for_a_person_take_little_room() {
        TimeScale scale = new TimeScale(List.of(busy(0, 2_000), busy(7_200_000, 7_202_000)), 0, 400);
        double cut = scale.x(NOW.plusMillis(7_200_000)) - scale.x(NOW.plusMillis(2_000));
        assertEquals(TimeScale.GAP, cut, 0.01);
        assertTrue(scale.ticks(96).stream().anyMatch(TimeScale.Tick::gap));
    }

    @Test
    void marks_on_the_axis_are_round_and_far_enough_apart() {
        List<TimeScale.Tick> ticks = new TimeScale(List.of(busy(0, 8_300)), 0, 600).ticks(96);
        assertEquals(
                List.of(0L, 2_000L, 4_000L, 6_000L, 8_000L),
                ticks.stream().map(TimeScale.Tick::millis).toList());
    }

    @Test
    void nothing_has_happened_yet_is_no_problem() {
        TimeScale scale = new TimeScale(List.of(), 0, 600);
        assertEquals(0, scale.x(NOW), 0.01);
        assertTrue(scale.ticks(96).isEmpty());
    }

    @Test
    void a_failed_run_is_told_in_one_sentence() {
        assertEquals(
                "publish failed (publish-refused): The input asked this step to fail. 3 steps were undone.",
                RunDetail.storyOf(views.rolledBack()));
    }

    @Test
    void the_selection_stays_while_runs_come_and_goes_to_a_run_that_was_just_started() {
        RunsViewModel runs = new RunsViewModel();
        runs.show(views.project());
        assertEquals("r-21", runs.selected().get().id());
        runs.select("r-18");
        runs.show(views.project());
        assertEquals("r-18", runs.selected().get().id());
        runs.select("r-99");
        assertEquals("r-18", runs.selected().get().id());
    }

    @Test
    void filters_keep_what_fits() {
        RunsViewModel runs = new RunsViewModel();
        runs.show(views.project());
        runs.filter().set(RunsViewModel.Filter.PARKED);
        assertEquals(List.of("r-21"), runs.runs().stream().map(RunView::id).toList());
        runs.filter().set(RunsViewModel.Filter.ALL);
        runs.text().set("pool");
        assertEquals(List.of("r-19"), runs.runs().stream().map(RunView::id).toList());
        runs.text().set("no such");
        assertNull(runs.selected().get());
    }

    private static TimeScale.Busy busy(long from, long to) {
        return new TimeScale.Busy(NOW.plusMillis(from), NOW.plusMillis(to));
    }
}
