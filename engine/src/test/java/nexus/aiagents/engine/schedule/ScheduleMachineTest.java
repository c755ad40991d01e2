package nexus.aiagents.engine.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import nexus.aiagents.engine.project.Cron;
import nexus.aiagents.engine.project.Position;
import nexus.aiagents.engine.project.ScheduleSpec;
import nexus.aiagents.engine.project.ScheduleSpec.Missed;
import nexus.aiagents.engine.project.ScheduleSpec.Overlap;
import nexus.aiagents.engine.schedule.ScheduleMachine.Cause;
import nexus.aiagents.engine.schedule.ScheduleMachine.Skip;
import nexus.aiagents.engine.schedule.ScheduleMachine.Skipped;
import nexus.aiagents.engine.schedule.ScheduleMachine.Step;
import org.junit.jupiter.api.Test;

class ScheduleMachineTest {
    private static final Position HERE = new Position("nexus.yaml", 0, 0, 0, 0);
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private final List<Skipped> skipped = new ArrayList<>();
    private Instant now = NOON;
    private ScheduleSpec spec = spec("0 * * * *", Missed.ONCE, Overlap.SKIP);
    private ScheduleState state = ScheduleState.fresh(spec.times(), NOON.toEpochMilli());
    private int runs;

    static ScheduleSpec spec(String cron, Missed missed, Overlap overlap) {
        try {
            return new ScheduleSpec("saga", "s", Cron.parse(cron), ZoneOffset.UTC, missed, overlap, "{}", HERE);
        } catch (Cron.BadCron e) {
            throw new AssertionError(e);
        }
    }

    private void has(String cron, Missed missed, Overlap overlap) {
        spec = spec(cron, missed, overlap);
        state = ScheduleState.fresh(spec.times(), NOON.toEpochMilli());
    }

    /// Everything that is started now, as `time cause`; runs stay under way.
    private List<String> at(String time) {
        now = Instant.parse("2026-11-" + time + "Z");
        List<String> started = new ArrayList<>();
        while (true) {
            Step step = ScheduleMachine.step(spec, state, now);
            skipped.addAll(step.skipped());
            Long planned = step.start();
            if (planned == null) {
                state = step.state();
                return started;
            }
            started.add(Instant.ofEpochMilli(planned) + " " + step.cause());
            state = step.state().ran("r" + ++runs, planned, now.toEpochMilli());
        }
    }

    private void allEnd() {
        state = state.withRunning(List.of());
    }

    @Test
    void a_schedule_that_is_new_makes_up_for_nothing() {
        assertEquals(List.of(), at("23T12:00:00"));
        assertEquals(
                Instant.parse("2026-11-23T13:00:00Z"),
                ScheduleMachine.step(spec, state, now).next());
    }

    @Test
    void a_time_is_run_when_it_comes_and_only_once() {
        assertEquals(List.of(), at("23T12:59:59.999"));
        assertEquals(List.of("2026-11-23T13:00:00Z TIME"), at("23T13:00:00"));
        allEnd();
        assertEquals(List.of(), at("23T13:00:00"));
        assertEquals(List.of(), at("23T13:59:59"));
        assertEquals(List.of("2026-11-23T14:00:00Z TIME"), at("23T14:00:29.999"));
    }

    @Test
    void a_time_that_is_older_than_the_grace_was_missed() {
        has("0 * * * *", Missed.SKIP, Overlap.SKIP);
        assertEquals(List.of("2026-11-23T13:00:00Z TIME"), at("23T13:00:30"));
        allEnd();
        assertEquals(List.of(), at("23T14:00:30.001"));
        assertEquals(
                List.of(new Skipped(Instant.parse("2026-11-23T14:00:00Z").toEpochMilli(), 1, Skip.MISSED)), skipped);
        assertEquals(1, state.skipped());
    }

    @Test
    void missed_once_is_one_run_for_all_of_them() {
        assertEquals(List.of("2026-11-24T09:00:00Z MISSED"), at("24T09:30:00"));
        assertEquals(20, skipped.getFirst().count());
        allEnd();
        assertEquals(List.of(), at("24T09:59:00"));
    }

    @Test
    void missed_all_runs_one_after_the_other_and_at_most_a_hundred() {
        has("*/10 * * * *", Missed.ALL, Overlap.SKIP);
        assertEquals(List.of("2026-11-23T12:10:00Z MISSED"), at("23T12:35:00"));
        assertEquals(List.of(), at("23T12:36:00"), "the first is still under way");
        allEnd();
        assertEquals(List.of("2026-11-23T12:20:00Z QUEUED"), at("23T12:37:00"));
        allEnd();
        assertEquals(List.of("2026-11-23T12:30:00Z QUEUED"), at("23T12:38:00"));
        allEnd();
        assertEquals(List.of(), at("23T12:39:00"));

        has("* * * * * *", Missed.ALL, Overlap.ALLOW);
        long began = System.nanoTime();
        List<String> started = at("27T12:00:00.500");
        assertTrue(System.nanoTime() - began < 5_000_000_000L, "found from behind");
        assertEquals(ScheduleMachine.MOST + 30, started.size(), "and those that are hardly late");
        assertEquals("2026-11-27T11:57:51Z MISSED", started.getFirst());
        assertEquals("2026-11-27T12:00:00Z QUEUED", started.getLast());
    }

    @Test
    void a_run_that_is_under_way_makes_the_next_time_skip_wait_or_not_matter() {
        has("0 * * * *", Missed.ONCE, Overlap.SKIP);
        at("23T13:00:00");
        assertEquals(List.of(), at("23T14:00:00"));
        assertEquals(Skip.OVERLAP, skipped.getFirst().why());
        allEnd();
        assertEquals(List.of(), at("23T14:30:00"), "what was skipped stays so");

        has("0 * * * *", Missed.ONCE, Overlap.QUEUE);
        at("23T13:00:00");
        assertEquals(List.of(), at("23T14:00:00"));
        assertEquals(List.of(), at("23T15:00:00"));
        assertEquals(2, state.waiting().size());
        allEnd();
        assertEquals(List.of("2026-11-23T14:00:00Z QUEUED"), at("23T15:20:00"));
        allEnd();
        assertEquals(List.of("2026-11-23T15:00:00Z QUEUED"), at("23T15:21:00"));

        has("0 * * * *", Missed.ONCE, Overlap.ALLOW);
        at("23T13:00:00");
        assertEquals(List.of("2026-11-23T14:00:00Z TIME"), at("23T14:00:00"));
        assertEquals(2, state.running().size());
    }

    @Test
    void a_queue_that_is_full_takes_no_more() {
        has("* * * * *", Missed.ONCE, Overlap.QUEUE);
        Instant at = NOON;
        for (int i = 0; i < 110; i++) {
            at = at.plus(Duration.ofMinutes(1));
            at(at.toString().substring(8, 19));
        }
        assertEquals(ScheduleMachine.MOST, state.waiting().size());
        assertEquals(9, skipped.stream().filter(s -> s.why() == Skip.QUEUE_FULL).count());
    }

    @Test
    void while_it_is_paused_nothing_starts_and_nothing_is_made_up_for() {
        state = state.pausedIs(true, now.toEpochMilli());
        assertEquals(List.of(), at("23T20:00:00"));
        state = state.pausedIs(false, now.toEpochMilli());
        assertEquals(List.of(), at("23T20:30:00"));
        assertEquals(List.of("2026-11-23T21:00:00Z TIME"), at("23T21:00:00"));
    }

    @Test
    void a_clock_that_is_set_back_runs_nothing_twice() {
        at("23T13:00:00");
        allEnd();
        assertEquals(List.of(), at("23T12:59:00"));
        assertEquals(
                Instant.parse("2026-11-23T14:00:00Z"),
                ScheduleMachine.step(spec, state, now).next());
        assertEquals(List.of(), at("23T13:00:00"));
    }

    @Test
    void other_times_begin_anew() {
        ScheduleSpec other = spec("*/5 * * * *", Missed.ALL, Overlap.QUEUE);
        state = state.decidedUpTo(state.last(), List.of(1L, 2L), 0).changed(other.times(), NOON.toEpochMilli());
        spec = other;
        assertEquals(List.of(), at("23T12:04:00"));
        assertEquals(List.of("2026-11-23T12:05:00Z TIME"), at("23T12:05:00"));
    }

    @Test
    void a_step_in_which_nothing_happens_changes_nothing() {
        Step step = ScheduleMachine.step(spec, state, NOON.plusSeconds(5));
        assertTrue(step.isNothing(state));
        assertNull(step.start());
        assertEquals(Cause.TIME, Cause.valueOf("TIME"));
    }
}
