package nexus.aiagents.engine.view;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One schedule as it is now.
///
/// @param id          `kind/name`
/// @param kind        of what it runs: `agent`, `saga`, `pool`, `workflow`
/// @param missed      `skip`, `once`, `all`
/// @param overlap     `skip`, `queue`, `allow`
/// @param active      whether the project is up, so that it really runs
/// @param next        its next time, whether it is active or not; null while it is paused
/// @param lastPlanned the time that its last run was for
/// @param lastStarted when that was started
/// @param waiting     times that have come and wait for a run to end
/// @param running     runs of it under way
/// @param skipped     times that were left out
public record ScheduleView(
        String id,
        String kind,
        String name,
        String cron,
        String timezone,
        String missed,
        String overlap,
        boolean active,
        boolean paused,
        @Nullable Instant next,
        @Nullable Instant lastPlanned,
        @Nullable Instant lastStarted,
        @Nullable String lastRunId,
        int waiting,
        int running,
        long started,
        long skipped) {}
