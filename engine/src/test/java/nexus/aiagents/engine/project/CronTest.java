package nexus.aiagents.engine.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CronTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static Cron cron(String text) {
        try {
            return Cron.parse(text);
        } catch (Cron.BadCron e) {
            throw new AssertionError(text, e);
        }
    }

    /// The next times as the wall clock of the zone shows them, with its offset.
    private static List<String> next(String text, ZoneId zone, String after, int count) {
        List<String> times = new ArrayList<>();
        Instant at = Instant.parse(after);
        for (int i = 0; i < count; i++) {
            at = cron(text).next(at, zone);
            assertNotNull(at);
            times.add(at.atZone(zone).toOffsetDateTime().toString());
        }
        return times;
    }

    private static List<String> utc(String text, String after, int count) {
        return next(text, ZoneOffset.UTC, after, count);
    }

    @Test
    void fields_names_ranges_steps_and_lists() {
        String monday = "2026-11-23T12:00:00Z";
        assertEquals(List.of("2026-11-23T12:01Z"), utc("* * * * *", monday, 1));
        assertEquals(List.of("2026-11-23T12:15Z", "2026-11-23T12:30Z"), utc("*/15 * * * *", monday, 2));
        assertEquals(List.of("2026-11-24T09:00Z", "2026-11-25T09:00Z"), utc("0 9 * * MON-FRI", monday, 2));
        assertEquals(List.of("2026-11-29T00:00Z"), utc("@weekly", monday, 1));
        assertEquals(List.of("2026-11-29T00:00Z"), utc("0 0 * * 7", monday, 1));
        assertEquals(List.of("2026-11-27T00:00Z", "2026-11-30T00:00Z"), utc("0 0 * * fri-mon/3", monday, 2));
        assertEquals(List.of("2026-11-30T00:00Z", "2026-12-31T00:00Z"), utc("0 0 L * *", monday, 2));
        assertEquals(List.of("2028-02-29T00:00Z", "2032-02-29T00:00Z"), utc("0 0 29 FEB ?", monday, 2));
        assertEquals(List.of("2026-11-23T12:00:02Z", "2026-11-23T12:00:04Z"), utc("*/2 * * * * *", monday, 2));
        assertEquals(List.of("2026-11-23T12:05Z", "2026-11-23T12:35Z"), utc("5/30 * * * *", monday, 2));
        assertEquals(List.of("2027-01-01T00:00Z"), utc("@yearly", monday, 1));
    }

    @Test
    void a_day_of_the_month_and_one_of_the_week_are_either_of_them() {
        assertEquals(
                List.of("2026-11-27T00:00Z", "2026-12-01T00:00Z", "2026-12-04T00:00Z"),
                utc("0 0 1 * FRI", "2026-11-23T12:00:00Z", 3));
    }

    @Test
    void a_time_that_is_due_now_is_over() {
        assertEquals(List.of("2026-11-23T12:01Z"), utc("* * * * *", "2026-11-23T12:00:00Z", 1));
        assertEquals(List.of("2026-11-23T12:01Z"), utc("* * * * *", "2026-11-23T12:00:00.001Z", 1));
        assertEquals(List.of("2026-11-23T12:00Z"), utc("* * * * *", "2026-11-23T11:59:59.999Z", 1));
    }

    @Test
    void a_time_that_the_clock_jumps_over_counts_at_the_first_moment_after_the_jump() {
        assertEquals(
                List.of("2026-03-28T02:30+01:00", "2026-03-29T03:00+02:00", "2026-03-30T02:30+02:00"),
                next("30 2 * * *", BERLIN, "2026-03-27T12:00:00Z", 3));
        assertEquals(
                List.of("2026-03-29T03:00+02:00", "2026-03-29T03:30+02:00", "2026-03-30T02:00+02:00"),
                next("0,30 2,3 * * *", BERLIN, "2026-03-29T00:59:00Z", 3),
                "once, however many it jumps over, and not beside one that is due there anyhow");
    }

    @Test
    void a_time_that_comes_twice_counts_the_first_time() {
        assertEquals(
                List.of("2026-10-25T02:30+02:00", "2026-10-26T02:30+01:00"),
                next("30 2 * * *", BERLIN, "2026-10-24T12:00:00Z", 2));
        assertEquals(
                List.of("2026-10-26T02:30+01:00"),
                next("30 2 * * *", BERLIN, "2026-10-25T00:31:00Z", 1),
                "also for who asks in the middle of it");
    }

    @Test
    void where_every_hour_is_meant_the_hours_that_really_pass_count() {
        assertEquals(
                List.of("2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00", "2026-10-25T03:30+01:00"),
                next("30 * * * *", BERLIN, "2026-10-25T00:00:00Z", 3));
        assertEquals(
                List.of("2026-03-29T01:30+01:00", "2026-03-29T03:30+02:00"),
                next("30 * * * *", BERLIN, "2026-03-29T00:00:00Z", 2));
    }

    @Test
    void a_day_that_a_zone_left_out_counts_when_the_next_begins() {
        ZoneId apia = ZoneId.of("Pacific/Apia"); // went from December 29 to 31 in 2011
        assertEquals(
                List.of("2011-12-29T12:00-10:00", "2011-12-31T00:00+14:00", "2011-12-31T12:00+14:00"),
                next("0 12 * * *", apia, "2011-12-29T00:00:00Z", 3));
    }

    @Test
    void what_never_comes_is_null() {
        assertNull(cron("0 0 30 2 *").next(Instant.EPOCH, ZoneOffset.UTC));
        assertNull(cron("0 0 31 2,4,6,9,11 *").next(Instant.EPOCH, BERLIN));
    }

    @Test
    void what_is_wrong_is_named_by_its_part() {
        for (String[] wrong : new String[][] {
            {"60 * * * *", "60"},
            {"* 24 * * *", "24"},
            {"* * 0 * *", "0"},
            {"* * * FOO *", "FOO"},
            {"* * * * 8", "8"},
            {"a,5 * * * *", "a"},
            {"1,,2 * * * *", ""},
            {"*/x * * * *", "*/x"},
            {"1/2/3 * * * *", "1/2/3"},
            {"10-5 * * * *", "10-5"},
            {"99999 * * * *", "99999"},
            {"* * * *", "* * * *"},
            {"* * * * * * *", "* * * * * * *"},
            {"", ""},
            {"@never", "@never"}
        }) {
            Cron.BadCron bad = assertThrows(Cron.BadCron.class, () -> Cron.parse(wrong[0]), wrong[0]);
            assertEquals(wrong[1], bad.part(), wrong[0]);
        }
    }

    /// Against a reading that looks at every minute of the wall clock.
    @Test
    void any_expression_has_the_times_that_looking_at_every_minute_finds() {
        Random random = new Random(7);
        for (int round = 0; round < 300; round++) {
            String minute = field(random, 0, 59);
            String hour = random.nextInt(4) == 0 ? "*" : field(random, 0, 23);
            String day = random.nextInt(2) == 0 ? "*" : field(random, 1, 31);
            String weekday = random.nextInt(2) == 0 ? "*" : field(random, 0, 6);
            Cron cron = cron(minute + " " + hour + " " + day + " * " + weekday);
            LocalDateTime from = LocalDateTime.of(2026, 1 + random.nextInt(12), 1 + random.nextInt(28), 5, 30);
            Instant after = from.toInstant(ZoneOffset.UTC);
            Instant found = cron.next(after, ZoneOffset.UTC);
            LocalDateTime at = from.plusMinutes(1);
            while (!(one(minute, 0, at.getMinute()) && one(hour, 0, at.getHour()) && isDay(day, weekday, at))) {
                at = at.plusMinutes(1);
            }
            assertEquals(at.toInstant(ZoneOffset.UTC), found, cron + " after " + after);
        }
    }

    private static boolean isDay(String day, String weekday, LocalDateTime at) {
        boolean ofMonth = one(day, 1, at.getDayOfMonth());
        boolean ofWeek = one(weekday, 0, at.getDayOfWeek().getValue() % 7);
        return day.equals("*") || weekday.equals("*") ? ofMonth && ofWeek : ofMonth || ofWeek;
    }

    private static String field(Random random, int least, int most) {
        int from = least + random.nextInt(most - least + 1);
        int to = from + random.nextInt(most - from + 1);
        return switch (random.nextInt(3)) {
            case 0 -> String.valueOf(from);
            case 1 -> from + "-" + to;
            default -> from + "," + to;
        };
    }

    private static boolean one(String field, int least, int value) {
        if (field.equals("*")) {
            return value >= least;
        }
        if (field.contains("-")) {
            String[] ends = field.split("-");
            return value >= Integer.parseInt(ends[0]) && value <= Integer.parseInt(ends[1]);
        }
        return List.of(field.split(",")).contains(String.valueOf(value));
    }

    /// Whatever the zone does, times ascend, and each is one that the wall clock shows, or the end of a
    /// jump.
    @Test
    void times_ascend_through_every_change_of_the_clock() {
        for (String zone : List.of("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca")) {
            for (String text : List.of("30 2 * * *", "*/20 * * * *", "0,15,45 1-3 * * *", "0 0 * * SUN")) {
                Instant at = Instant.parse("2026-01-01T00:00:00Z");
                for (int i = 0; i < 2_000 && at.isBefore(Instant.parse("2028-01-01T00:00:00Z")); i++) {
                    Instant next = cron(text).next(at, ZoneId.of(zone));
                    assertNotNull(next);
                    assertTrue(next.isAfter(at), zone + " " + text + " " + at);
                    assertEquals(next, cron(text).next(next.minusSeconds(1), ZoneId.of(zone)));
                    at = next;
                }
            }
        }
    }
}
