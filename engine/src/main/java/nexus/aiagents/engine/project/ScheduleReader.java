package nexus.aiagents.engine.project;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/// From the `schedule` of a block to its specification.
final class ScheduleReader {
    private ScheduleReader() {}

    /// @return null if there is none, or none that could ever be due
    static @Nullable ScheduleSpec read(Definition definition, Scope scope) {
        Body body = new Body(definition.body());
        if (!body.has("schedule")) {
            return null;
        }
        Body schedule = body.body("schedule");
        ZoneId zone = zone(schedule, scope);
        Cron cron = cron(schedule, scope);
        if (cron == null || zone == null) {
            return null;
        }
        if (cron.next(Instant.EPOCH, zone) == null) {
            scope.add(Code.NEVER_DUE.at(
                    schedule.at("cron"), "no day is ever meant by `" + cron + "`: correct the day or the month"));
            return null;
        }
        YamlNode input = schedule.node("input");
        return new ScheduleSpec(
                definition.kind().key(),
                definition.name(),
                cron,
                zone,
                schedule.word("missed", ScheduleSpec.Missed.ONCE),
                schedule.word("overlap", ScheduleSpec.Overlap.SKIP),
                input == null ? "{}" : input.toJson().toString(),
                schedule.at("cron"));
    }

    private static @Nullable Cron cron(Body schedule, Scope scope) {
        String text = schedule.text("cron", "");
        try {
            return Cron.parse(text);
        } catch (Cron.BadCron e) {
            scope.add(Code.BAD_CRON.at(within(schedule.at("cron"), text, e.part()), String.valueOf(e.getMessage())));
            return null;
        }
    }

    /// The part that is wrong where the text stands as it is; the whole where it is quoted.
    private static Position within(Position at, String text, String part) {
        boolean plain = at.line() == at.endLine() && at.endColumn() - at.column() == text.length();
        int quote = plain ? 0 : 1;
        boolean quoted = at.line() == at.endLine() && at.endColumn() - at.column() == text.length() + 2;
        int start = text.indexOf(part);
        if (start < 0 || part.isEmpty() || !plain && !quoted) {
            return at;
        }
        int column = at.column() + quote + start;
        return new Position(at.file(), at.line(), column, at.line(), column + part.length());
    }

    private static @Nullable ZoneId zone(Body schedule, Scope scope) {
        String text = schedule.text("timezone");
        if (text == null) {
            return ZoneOffset.UTC;
        }
        try {
            return ZoneId.of(text);
        } catch (DateTimeException e) {
            String near = Similar.to(text, ZoneId.getAvailableZoneIds());
            Position at = schedule.at("timezone");
            String message =
                    "there is no time zone `" + text + "`: write a name of the IANA list such as Europe/Berlin";
            scope.add(
                    near == null
                            ? Code.BAD_TIMEZONE.at(at, message)
                            : Code.BAD_TIMEZONE.at(
                                    at, message, new Diagnostic.QuickFix("Change to `" + near + "`", at, near)));
            return null;
        }
    }
}
