package nexus.aiagents.app.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Sizes and spans of time as a person types them: `64MB`, `512KB`, `500ms`, `5s`, `2m`.
final class Quantities {
    private static final Pattern NUMBER = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,6})?)\\s*([a-zA-Z]*)");
    private static final Map<String, Long> BYTES =
            Map.of("", 1L, "b", 1L, "kb", 1L << 10, "mb", 1L << 20, "gb", 1L << 30);
    private static final Map<String, Long> MILLIS = Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L);

    private Quantities() {}

    /// @throws Failure if it is none
    static long bytes(String option, String text) {
        return read(option, text, BYTES, "a size is 64MB, 512KB, 1GB or a number of bytes");
    }

    /// @throws Failure if it is none, or no time at all
    static Duration time(String option, String text) {
        String usage = "a time is 500ms, 5s, 2m or 1h";
        long millis = read(option, text, MILLIS, usage);
        if (millis == 0) {
            throw Failure.usage(option + " " + text + ": " + usage + ".");
        }
        return Duration.ofMillis(millis);
    }

    private static long read(String option, String text, Map<String, Long> units, String usage) {
        Matcher matcher = NUMBER.matcher(text.strip());
        Long unit = matcher.matches() ? units.get(matcher.group(2).toLowerCase(Locale.ROOT)) : null;
        if (unit == null) {
            throw Failure.usage(option + " " + text + ": " + usage + ".");
        }
        BigDecimal number = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit));
        return number.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue();
    }
}
