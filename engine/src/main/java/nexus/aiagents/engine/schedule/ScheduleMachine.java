package nexus.aiagents.engine.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import nexus.aiagents.engine.project.ScheduleSpec;
import nexus.aiagents.engine.project.ScheduleSpec.Overlap;
import org.jspecify.annotations.Nullable;

/// What is due, and what becomes of it. Knows no clock and no thread.
public final class ScheduleMachine {
    /// Older than this a time was missed; younger it is only a little late.
    public static final Duration GRACE = Duration.ofSeconds(30);

    /// The most that is caught up with, and the most that waits.
    public static final int MOST = 100;

    private ScheduleMachine() {}

    /// Why a run was started.
    public enum Cause {
        TIME,
        MISSED,
        QUEUED
    }

    /// Why a time was left out.
    public enum Skip {
        MISSED,
        OVERLAP,
        QUEUE_FULL
    }

    /// @param planned the last of them
    /// @param count   at least so many
    public record Skipped(long planned, int count, Skip why) {}

    /// @param state   to be stored before, or together with, the start
    /// @param start   the planned time of the run to be started, null: none
    /// @param next    when the next time comes, null: never
    public record Step(
            ScheduleState state,
            List<Skipped> skipped,
            @Nullable Long start,
            @Nullable Cause cause,
            @Nullable Instant next) {
        boolean isNothing(ScheduleState before) {
            return start == null && state.equals(before);
        }
    }

    /// Starts one run at most: ask again after it.
    public static Step step(ScheduleSpec spec, ScheduleState state, Instant now) {
        Instant next = next(spec, state, now);
        if (state.paused()) {
            return new Step(state, List.of(), null, null, next);
        }
        Turn turn = new Turn(spec, state, now.toEpochMilli());
        Due due = due(spec, state, now);
        turn.missed(due.missed(), due.more());
        due.onTime().forEach(turn::onTime);
        return turn.step(next);
    }

    /// The clock may have been set back: what is decided is not due again.
    private static @Nullable Instant next(ScheduleSpec spec, ScheduleState state, Instant now) {
        Instant decided = Instant.ofEpochMilli(state.last());
        return spec.cron().next(now.isAfter(decided) ? now : decided, spec.zone());
    }

    /// @param missed the last of those that were missed, oldest first
    /// @param more   whether there are more of them than that
    private record Due(List<Long> missed, boolean more, List<Long> onTime) {}

    private static Due due(ScheduleSpec spec, ScheduleState state, Instant now) {
        Instant last = Instant.ofEpochMilli(state.last());
        Instant grace = now.minus(GRACE);
        List<Long> onTime = new ArrayList<>();
        Instant beforeGrace = grace.minusMillis(1);
        collect(spec, last.isAfter(beforeGrace) ? last : beforeGrace, now, onTime);
        List<Long> missed = new ArrayList<>();
        boolean more = false;
        // A schedule of every second that slept for a year is not counted through: the last are found
        // from behind.
        for (Duration span = Duration.ofHours(1); last.isBefore(grace); span = span.multipliedBy(4)) {
            Instant from = grace.minus(span);
            boolean all = !from.isAfter(last);
            missed.clear();
            more = collect(spec, all ? last : from, beforeGrace, missed) || !all;
            if (all || missed.size() == MOST) {
                break;
            }
        }
        return new Due(missed, more, onTime);
    }

    /// @return whether there are more than were kept
    private static boolean collect(ScheduleSpec spec, Instant after, Instant upTo, List<Long> into) {
        Deque<Long> times = new ArrayDeque<>();
        boolean more = false;
        Instant at = spec.cron().next(after, spec.zone());
        while (at != null && !at.isAfter(upTo)) {
            times.addLast(at.toEpochMilli());
            if (times.size() > MOST) {
                times.removeFirst();
                more = true;
            }
            at = spec.cron().next(at, spec.zone());
        }
        into.addAll(times);
        return more;
    }

    private static final class Turn {
        private final ScheduleSpec spec;
        private final ScheduleState before;
        private final long now;
        private final List<Skipped> skipped = new ArrayList<>();
        private final List<Long> waiting;
        private final int waitedBefore;
        private long last;

        Turn(ScheduleSpec spec, ScheduleState before, long now) {
            this.spec = spec;
            this.before = before;
            this.now = now;
            this.waiting = new ArrayList<>(before.waiting());
            this.waitedBefore = waiting.size();
            this.last = before.last();
        }

        void missed(List<Long> times, boolean more) {
            if (times.isEmpty()) {
                return;
            }
            last = times.getLast();
            switch (spec.missed()) {
                case SKIP -> skip(last, times.size(), Skip.MISSED);
                case ONCE -> {
                    enqueue(last);
                    if (times.size() > 1) {
                        skip(times.get(times.size() - 2), times.size() - 1, Skip.MISSED);
                    }
                }
                case ALL -> {
                    times.forEach(this::enqueue);
                    if (more) {
                        skip(times.getFirst(), 1, Skip.MISSED);
                    }
                }
            }
        }

        void onTime(long time) {
            last = time;
            boolean busy = !before.running().isEmpty() || !waiting.isEmpty();
            if (spec.overlap() == Overlap.SKIP && busy) {
                skip(time, 1, Skip.OVERLAP);
            } else {
                enqueue(time);
            }
        }

        private void enqueue(long time) {
            if (waiting.size() < MOST || spec.overlap() == Overlap.ALLOW) { // there nothing waits for long
                waiting.add(time);
            } else {
                skip(time, 1, Skip.QUEUE_FULL);
            }
        }

        private void skip(long time, int count, Skip why) {
            skipped.add(new Skipped(time, count, why));
        }

        Step step(@Nullable Instant next) {
            Long start = null;
            Cause cause = null;
            if (!waiting.isEmpty()
                    && (spec.overlap() == Overlap.ALLOW || before.running().isEmpty())) {
                start = waiting.removeFirst();
                boolean missed = start < now - GRACE.toMillis();
                cause = waitedBefore > 0 ? Cause.QUEUED : missed ? Cause.MISSED : Cause.TIME;
            }
            long left = skipped.stream().mapToLong(Skipped::count).sum();
            return new Step(before.decidedUpTo(last, waiting, left), skipped, start, cause, next);
        }
    }
}
