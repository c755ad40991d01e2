package nexus.aiagents.app.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Figures as people read them.
final class Format {
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private Format() {}

    /// Two decimals at least, six where they matter.
    static String dollars(long micro) {
        BigDecimal exact = BigDecimal.valueOf(micro, 6).stripTrailingZeros();
        return "$"
                + exact.setScale(Math.max(2, exact.scale()), RoundingMode.UNNECESSARY)
                        .toPlainString();
    }

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    static String duration(Duration d) {
        long millis = Math.max(0, d.toMillis());
        if (millis < 1_000) {
            return millis + " ms";
        }
        if (millis < 60_000) {
            return String.format(Locale.ROOT, "%.1f s", millis / 1_000.0);
        }
        long minutes = d.toMinutes();
        return minutes < 120 ? minutes + " min" : d.toHours() < 48 ? d.toHours() + " h" : d.toDays() + " days";
    }

    static String moment(Instant at) {
        return MOMENT.format(at.atZone(ZoneId.systemDefault()));
    }

    static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// The first line, cut where it gets too long for a table.
    static String brief(String text, int columns) {
        String line = text.lines().findFirst().orElse("").strip();
        return line.length() <= columns ? line : line.substring(0, columns - 1) + "…";
    }
}
