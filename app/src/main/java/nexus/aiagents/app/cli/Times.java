package nexus.aiagents.app.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Moments as a person types them: `2026-11-23T10:00:00Z`, `2026-11-23T10:00` and `2026-11-23` in this
/// machine's zone, `90m`, `24h` and `7d` back from now.
final class Times {
    private static final Pattern AGO = Pattern.compile("(\\d{1,6})([smhd])");

    private static final Pattern SPAN = Pattern.compile("(\\d{1,6})(ms|s|m|h)");

    private Times() {}

    /// `500ms`, `2s`, `1m`, `1h`.
    ///
    /// @throws Failure if it is none
    static Duration span(String option, String text) {
        Matcher span = SPAN.matcher(text);
        if (!span.matches()) {
            throw Failure.usage(option + " " + text + ": a time is a number with a unit: 500ms, 2s, 1m or 1h.");
        }
        long count = Long.parseLong(span.group(1));
        return switch (span.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            default -> Duration.ofHours(count);
        };
    }

    /// @throws Failure if it is none
    static @Nullable Instant parse(String option, @Nullable String text, Instant now) {
        if (text == null) {
            return null;
        }
        Matcher ago = AGO.matcher(text);
        if (ago.matches()) {
            long count = Long.parseLong(ago.group(1));
            return now.minus(
                    switch (ago.group(2)) {
                        case "s" -> Duration.ofSeconds(count);
                        case "m" -> Duration.ofMinutes(count);
                        case "h" -> Duration.ofHours(count);
                        default -> Duration.ofDays(count);
                    });
        }
        try {
            if (text.endsWith("Z")) {
                return Instant.parse(text);
            }
            LocalDateTime local = text.contains("T")
                    ? LocalDateTime.parse(text)
                    : LocalDate.parse(text).atStartOfDay();
            return local.atZone(ZoneId.systemDefault()).toInstant();
        } catch (DateTimeException _) {
            throw Failure.usage(option + " " + text
                    + ": a time is 2026-11-23, 2026-11-23T10:00, 2026-11-23T10:00:00Z, or 7d for" + " seven days ago.");
        }
    }
}
