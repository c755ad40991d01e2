package nexus.aiagents.engine.project;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The times of a cron expression: five fields (minute, hour, day of month, month, day of week), or six
/// with seconds before them. Times are of the wall clock of a zone. One that the clock jumps over
/// counts at the first moment after the jump, and one that comes twice counts the first time; where
/// every hour is meant, the hours that really pass count instead. Immutable.
public final class Cron {
    private static final List<String> MONTHS =
            List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
    private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");
    private static final Map<String, String> WORDS = Map.of(
            "@hourly", "0 * * * *",
            "@daily", "0 0 * * *",
            "@midnight", "0 0 * * *",
            "@weekly", "0 0 * * 0",
            "@monthly", "0 0 1 * *",
            "@yearly", "0 0 1 1 *",
            "@annually", "0 0 1 1 *");
    /// February 29 on a given day of the week comes again within so many years, also around a year such
    /// as 2100.
    private static final int HORIZON_YEARS = 45;

    private final String text;
    private final long seconds;
    private final long minutes;
    private final long hours;
    private final long days;
    private final boolean lastDay;
    private final long months;
    private final long weekdays;
    /// Days of the month and of the week are both named, so either will do.
    private final boolean eitherDay;

    /// What is wrong with an expression.
    ///
    /// @param part the piece of the text that is meant
    public static final class BadCron extends Exception {
        private final String part;

        BadCron(String part, String message) {
            super(message);
            this.part = part;
        }

        public String part() {
            return part;
        }
    }

    /// @throws BadCron if it is none
    public static Cron parse(String text) throws BadCron {
        return new Cron(text.strip());
    }

    private Cron(String text) throws BadCron {
        this.text = text;
        String spelled = text;
        if (text.startsWith("@")) {
            String known = WORDS.get(text.toLowerCase(Locale.ROOT));
            if (known == null) {
                throw new BadCron(text, "`" + text + "` is not one of " + String.join(", ", sorted()));
            }
            spelled = known;
        }
        String[] fields = spelled.split("\\s+");
        if (spelled.isEmpty() || fields.length < 5 || fields.length > 6) {
            throw new BadCron(
                    text,
                    "a cron expression has five fields (minute, hour, day of month, month, day of week), or six with"
                            + " seconds first; this one has " + (spelled.isEmpty() ? 0 : fields.length));
        }
        int first = fields.length - 5;
        seconds = first == 0 ? 1 : new CronField("second", 0, 59, List.of()).mask(fields[0]);
        minutes = new CronField("minute", 0, 59, List.of()).mask(fields[first]);
        hours = new CronField("hour", 0, 23, List.of()).mask(fields[first + 1]);
        String day = fields[first + 2];
        lastDay = day.equalsIgnoreCase("L");
        days = lastDay ? 0 : new CronField("day of month", 1, 31, List.of()).mask(day);
        months = new CronField("month", 1, 12, MONTHS).mask(fields[first + 3]);
        String weekday = fields[first + 4];
        long named = new CronField("day of week", 0, 7, DAYS).mask(weekday);
        weekdays = (named | named >> 7) & 0x7f; // Sunday is 0 and 7
        eitherDay = !isAny(day) && !isAny(weekday);
    }

    private static List<String> sorted() {
        return WORDS.keySet().stream().sorted().toList();
    }

    private static boolean isAny(String field) {
        return field.startsWith("*") || field.equals("?");
    }

    /// The first time after `after`, null if none comes for decades: February 30, say.
    public @Nullable Instant next(Instant after, ZoneId zone) {
        ZoneRules rules = zone.getRules();
        Instant from = after.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
        int lastYear = LocalDateTime.ofInstant(from, ZoneOffset.UTC).getYear() + HORIZON_YEARS;
        LocalDateTime horizon = LocalDateTime.of(lastYear, 1, 1, 0, 0);
        ZoneOffsetTransition before = rules.isFixedOffset() ? null : rules.previousTransition(from.plusNanos(1));
        while (true) {
            if (before != null && before.getInstant().equals(from) && isJumpedOver(before)) {
                return from;
            }
            ZoneOffset offset = rules.getOffset(from);
            ZoneOffsetTransition change = rules.isFixedOffset() ? null : rules.nextTransition(from);
            LocalDateTime begin = LocalDateTime.ofEpochSecond(from.getEpochSecond(), 0, offset);
            if (before != null && before.isOverlap() && !isEveryHour()) {
                begin = later(begin, before.getDateTimeBefore()); // what came before the clock was set back
            }
            LocalDateTime end = change == null ? horizon : change.getDateTimeBefore();
            LocalDateTime found = nextLocal(begin, earlier(end, horizon));
            if (found != null) {
                return found.toInstant(offset);
            }
            if (change == null || !end.isBefore(horizon)) {
                return null;
            }
            from = change.getInstant();
            before = change;
        }
    }

    private boolean isJumpedOver(ZoneOffsetTransition jump) {
        return jump.isGap() && !isEveryHour() && nextLocal(jump.getDateTimeBefore(), jump.getDateTimeAfter()) != null;
    }

    private boolean isEveryHour() {
        return hours == 0xff_ffff;
    }

    private static LocalDateTime later(LocalDateTime a, LocalDateTime b) {
        return a.isBefore(b) ? b : a;
    }

    private static LocalDateTime earlier(LocalDateTime a, LocalDateTime b) {
        return a.isBefore(b) ? a : b;
    }

    /// The first fitting time from `from` on and before `end`.
    private @Nullable LocalDateTime nextLocal(LocalDateTime from, LocalDateTime end) {
        LocalDateTime at = from;
        while (at.isBefore(end)) {
            if (!has(months, at.getMonthValue())) {
                at = at.toLocalDate().withDayOfMonth(1).plusMonths(1).atStartOfDay();
            } else if (!isDay(at.toLocalDate())) {
                at = at.toLocalDate().plusDays(1).atStartOfDay();
            } else if (!has(hours, at.getHour())) {
                at = at.truncatedTo(ChronoUnit.HOURS).plusHours(1);
            } else if (!has(minutes, at.getMinute())) {
                at = at.truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
            } else if (!has(seconds, at.getSecond())) {
                at = at.plusSeconds(1);
            } else {
                return at;
            }
        }
        return null;
    }

    private boolean isDay(LocalDate date) {
        boolean ofMonth = lastDay ? date.getDayOfMonth() == date.lengthOfMonth() : has(days, date.getDayOfMonth());
        boolean ofWeek = has(weekdays, date.getDayOfWeek().getValue() % 7);
        return eitherDay ? ofMonth || ofWeek : ofMonth && ofWeek;
    }

    private static boolean has(long mask, int value) {
        return (mask >> value & 1) == 1;
    }

    @Override
    public String toString() {
        return text;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Cron cron && cron.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }
}
