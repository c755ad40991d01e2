package nexus.aiagents.engine.schedule;

import static nexus.aiagents.engine.MermaidTable.row;
import static nexus.aiagents.engine.schedule.ScheduleMachineTest.spec;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import nexus.aiagents.engine.MermaidTable;
import nexus.aiagents.engine.project.ScheduleSpec;
import nexus.aiagents.engine.project.ScheduleSpec.Missed;
import nexus.aiagents.engine.project.ScheduleSpec.Overlap;
import nexus.aiagents.engine.schedule.ScheduleMachine.Skipped;
import nexus.aiagents.engine.schedule.ScheduleMachine.Step;
import org.junit.jupiter.api.Test;

/// What becomes of a planned time, over random clocks, runs and pauses: the page draws what was seen,
/// all of it.
class ScheduleDiagramTest {
    private final TreeSet<MermaidTable.Row> ways = new TreeSet<>();

    @Test
    void the_page_draws_every_way_of_a_planned_time_and_no_other() {
        for (int seed = 0; seed < 400; seed++) {
            new Life(new Random(seed)).live();
        }
        MermaidTable.assertDrawn(MermaidTable.page("schedules.md"), 0, ways);
    }

    private final class Life {
        private final Random random;
        private final ScheduleSpec spec;
        private final Set<Long> started = new HashSet<>();
        private Instant now = Instant.parse("2026-11-23T12:00:10Z");
        private ScheduleState state;
        private int runs;

        Life(Random random) {
            this.random = random;
            this.spec = spec("*/5 * * * *", any(Missed.values()), any(Overlap.values()));
            this.state = ScheduleState.fresh(spec.times(), now.toEpochMilli());
        }

        private <T> T any(T[] values) {
            return values[random.nextInt(values.length)];
        }

        void live() {
            for (int i = 0; i < 60; i++) {
                switch (random.nextInt(10)) {
                    case 0 -> now = now.plus(Duration.ofHours(random.nextInt(12)));
                    case 1 -> pauseIs(!state.paused());
                    case 2 -> change();
                    case 3, 4 -> state = state.withRunning(List.of());
                    default -> now = now.plusSeconds(random.nextInt(310));
                }
                look();
            }
        }

        /// As the scheduler does: until nothing is to be started any more.
        private void look() {
            Step step;
            do {
                step = ScheduleMachine.step(spec, state, now);
                observe(step);
                Long start = step.start();
                state = start == null ? step.state() : step.state().ran("r" + ++runs, start, now.toEpochMilli());
            } while (step.start() != null);
        }

        private void observe(Step step) {
            for (Skipped skipped : step.skipped()) {
                ways.add(row("[*]", "skipped", name(skipped.why())));
            }
            for (Long time : step.state().waiting()) {
                if (!state.waiting().contains(time)) {
                    ways.add(row("[*]", "waiting", "its turn has not come"));
                }
            }
            Long start = step.start();
            if (start != null) {
                assertTrue(started.add(start), "a time is run once");
                boolean waited = state.waiting().contains(start);
                ways.add(row(waited ? "waiting" : "[*]", "started", name(step.cause())));
            }
            List<Long> gone = new ArrayList<>(state.waiting());
            gone.removeAll(step.state().waiting());
            gone.remove(start);
            assertEquals(List.of(), gone, "what waits is started or goes on waiting");
        }

        private void pauseIs(boolean paused) {
            forget(paused ? "paused" : "resumed", state.pausedIs(paused, now.toEpochMilli()));
        }

        private void change() {
            forget("times are changed", state.changed(spec.times(), now.toEpochMilli()));
        }

        private void forget(String why, ScheduleState after) {
            look();
            if (!state.waiting().isEmpty()) {
                ways.add(row("waiting", "forgotten", why));
            }
            Instant first = spec.cron().next(Instant.ofEpochMilli(state.last()), spec.zone());
            if (first != null && !first.isAfter(now)) {
                assertTrue(state.paused(), "only a pause lets times pass");
                ways.add(row("[*]", "forgotten", "paused"));
            }
            assertEquals(List.of(), after.waiting());
            state = after;
        }

        private static String name(Enum<?> why) {
            return why.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
