package nexus.aiagents.app.desktop.parts;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import nexus.aiagents.engine.journal.EngineEvent;

/// Numbers and times as a person reads them.
public final class Words {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMM HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter FULL = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT);

    private Words() {}

    /// `999`, `12.3 k`, `4.5 M`.
    public static String count(long value) {
        if (Math.abs(value) < 10_000) {
            return String.format(Locale.ROOT, "%,d", value);
        }
        if (Math.abs(value) < 1_000_000) {
            return oneDigit(value / 1e3) + " k";
        }
        if (Math.abs(value) < 1_000_000_000) {
            return oneDigit(value / 1e6) + " M";
        }
        return oneDigit(value / 1e9) + " G";
    }

    private static String oneDigit(double value) {
        String text = String.format(Locale.ROOT, "%.1f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    /// `1 restart`, `2 restarts`.
    public static String plural(long count, String one) {
        return count(count) + " " + one + (count == 1 ? "" : "s");
    }

    public static String bytes(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        if (bytes < 1L << 20) {
            return String.format(Locale.ROOT, "%.1f KB", bytes / 1024.0);
        }
        return String.format(Locale.ROOT, "%.1f MB", bytes / 1048576.0);
    }

    /// `12 ms`, `1.2 s`, `3 min 5 s`, `2 h 10 min`, `3 d 4 h`.
    public static String duration(Duration duration) {
        long millis = Math.max(0, duration.toMillis());
        if (millis < 1_000) {
            return millis + " ms";
        }
        long seconds = millis / 1_000;
        if (seconds < 60) {
            return millis < 10_000 ? String.format(Locale.ROOT, "%.1f s", millis / 1e3) : seconds + " s";
        }
        if (seconds < 3_600) {
            return pair(seconds / 60, "min", seconds % 60, "s");
        }
        if (seconds < 86_400) {
            return pair(seconds / 3_600, "h", seconds / 60 % 60, "min");
        }
        return pair(seconds / 86_400, "d", seconds / 3_600 % 24, "h");
    }

    /// The same without fractions of a second: it would flicker where it counts on.
    public static String coarse(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        return seconds < 60 ? seconds + " s" : duration(Duration.ofSeconds(seconds));
    }

    private static String pair(long big, String bigUnit, long small, String smallUnit) {
        return small == 0 ? big + " " + bigUnit : big + " " + bigUnit + " " + small + " " + smallUnit;
    }

    /// Time of day, with the day unless it is today.
    public static String time(Instant at, Instant now) {
        ZoneId zone = ZoneId.systemDefault();
        boolean today = at.atZone(zone).toLocalDate().equals(now.atZone(zone).toLocalDate());
        return (today ? TIME : DAY).format(at.atZone(zone));
    }

    /// With date and milliseconds.
    public static String exact(Instant at) {
        return FULL.format(at.atZone(ZoneId.systemDefault()));
    }

    /// `one-for-one` and `OUT_OF_FUEL` as words.
    public static String spaced(String name) {
        return name.toLowerCase(Locale.ROOT).replace('-', ' ').replace('_', ' ');
    }

    /// Why a child stays down, as {@link nexus.aiagents.engine.view.SupervisorView.ChildView#held()}
    /// says it.
    public static String held(String why) {
        return switch (why) {
            case "operator" -> "stopped by hand";
            case "budget" -> "its budget is used up";
            case "untrusted" -> "it is not trusted";
            case "start-failed" -> "it could not be started";
            case "temporary" -> "it was temporary and has ended";
            default -> spaced(why);
        };
    }

    /// Why a step was left out, as {@link nexus.aiagents.engine.view.RunView.StepView#skipped()} says it.
    public static String skipped(String why) {
        return switch (why) {
            case "condition" -> "its condition was not met";
            case "needs-skipped" -> "all that it needs was skipped";
            case "failed" -> "it failed, and the others go on without it";
            case "unknown" -> "nobody knows whether it had its effect";
            case "skipped-by-person" -> "left out by hand";
            case "resolved-by-person" -> "done by hand";
            default -> spaced(why);
        };
    }

    /// The first line, at most `max` characters.
    public static String brief(String text, int max) {
        String line = text.strip().lines().findFirst().orElse("");
        return line.length() <= max ? line : line.substring(0, Math.max(0, max - 1)) + "…";
    }

    /// How a question about a grant was answered.
    static String decided(EngineEvent.GrantDecided e) {
        String what = (e.kind() + " " + e.grant() + " " + e.mode()).strip();
        return switch (e.decision()) {
            case "once" -> "Allowed once: " + what;
            case "run" -> "Allowed to the end of the run: " + what;
            case "project" -> "Allowed until the project is closed: " + what;
            case "always" -> "Granted in the YAML: " + what;
            case "deny" -> "Refused: " + what;
            default -> "Not asked any more: " + what;
        };
    }

    static String trustDecided(String decision) {
        return switch (decision) {
            case "allow" -> "Allowed to run by a person";
            case "refuse" -> "Not allowed to run by a person";
            default -> "Goes by its score again";
        };
    }

    public static String capital(String word) {
        return word.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1);
    }
}
