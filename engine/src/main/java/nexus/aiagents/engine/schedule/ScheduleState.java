package nexus.aiagents.engine.schedule;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How far one schedule has come; stored as JSON under `schedule/ID`. Times are milliseconds since
/// 1970. Immutable.
///
/// @param times    which times it has come to know: another expression or zone begins anew
/// @param last     up to here every time is decided
/// @param waiting  times that have come and are not run yet, oldest first
/// @param running  runs that it started and that are not known to have ended
/// @param started  how many runs it has started
/// @param skipped  how many times it has left out
public record ScheduleState(
        String times,
        long last,
        boolean paused,
        List<Long> waiting,
        List<String> running,
        long started,
        long skipped,
        @Nullable Long lastPlanned,
        @Nullable Long lastStarted,
        @Nullable String lastRunId) {

    public ScheduleState {
        waiting = List.copyOf(waiting);
        running = List.copyOf(running);
    }

    /// One that nobody has seen before: what was before now is no business of it.
    static ScheduleState fresh(String times, long now) {
        return new ScheduleState(times, now, false, List.of(), List.of(), 0, 0, null, null, null);
    }

    /// The times were changed; what was due by the old ones is forgotten.
    ScheduleState changed(String newTimes, long now) {
        return new ScheduleState(
                newTimes, now, paused, List.of(), running, started, skipped, lastPlanned, lastStarted, lastRunId);
    }

    ScheduleState decidedUpTo(long time, List<Long> nowWaiting, long moreSkipped) {
        return new ScheduleState(
                times,
                Math.max(last, time),
                paused,
                nowWaiting,
                running,
                started,
                skipped + moreSkipped,
                lastPlanned,
                lastStarted,
                lastRunId);
    }

    ScheduleState pausedIs(boolean nowPaused, long now) {
        return new ScheduleState(
                times,
                Math.max(last, now),
                nowPaused,
                List.of(),
                running,
                started,
                skipped,
                lastPlanned,
                lastStarted,
                lastRunId);
    }

    ScheduleState ran(String runId, long planned, long now) {
        List<String> more = new ArrayList<>(running);
        more.add(runId);
        return new ScheduleState(times, last, paused, waiting, more, started + 1, skipped, planned, now, runId);
    }

    /// Its runs that are under way, the others taken out.
    ScheduleState withRunning(List<String> stillRunning) {
        return new ScheduleState(
                times, last, paused, waiting, stillRunning, started, skipped, lastPlanned, lastStarted, lastRunId);
    }
}
