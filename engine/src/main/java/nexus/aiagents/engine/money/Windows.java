package nexus.aiagents.engine.money;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import nexus.aiagents.engine.project.BudgetSpec.Window;
import org.jspecify.annotations.Nullable;

/// Budget windows are computed from the time, in UTC; nothing has to run when one begins.
final class Windows {
    private Windows() {}

    /// Seconds since 1970 when the window that `now` is in began; 0 for those that do not begin anew.
    static long start(Window window, Instant now) {
        LocalDate day = now.atOffset(ZoneOffset.UTC).toLocalDate();
        return switch (window) {
            case RUN, EVER -> 0;
            case HOUR -> now.truncatedTo(ChronoUnit.HOURS).getEpochSecond();
            case DAY -> second(day);
            case WEEK -> second(day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)));
            case MONTH -> second(day.withDayOfMonth(1));
        };
    }

    /// When the window that began at `start` is over, null if it never is.
    static @Nullable Instant end(Window window, long start) {
        Instant from = Instant.ofEpochSecond(start);
        return switch (window) {
            case RUN, EVER -> null;
            case HOUR -> from.plus(1, ChronoUnit.HOURS);
            case DAY -> from.plus(1, ChronoUnit.DAYS);
            case WEEK -> from.plus(7, ChronoUnit.DAYS);
            case MONTH -> from.atOffset(ZoneOffset.UTC).plusMonths(1).toInstant();
        };
    }

    private static long second(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toEpochSecond();
    }
}
