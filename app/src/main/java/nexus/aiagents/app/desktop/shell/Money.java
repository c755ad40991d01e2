package nexus.aiagents.app.desktop.shell;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;

/// Micro-dollars in words.
public final class Money {
    private Money() {}

    /// `$12.40`, `$0.0482`, `$0.000120`: two digits from a dollar on, else as many as show something.
    public static String format(long microDollars) {
        long size = Math.abs(microDollars);
        int digits = size == 0 || size >= 1_000_000 ? 2 : size >= 1_000 ? 4 : 6;
        return write(BigDecimal.valueOf(microDollars, 6).setScale(digits, RoundingMode.HALF_UP));
    }

    /// What a person has set, as exactly as they have: `$0.25`, `$1,234.50`, `$0.0005`.
    public static String limit(long microDollars) {
        BigDecimal exact = BigDecimal.valueOf(microDollars, 6).stripTrailingZeros();
        return write(exact.setScale(Math.max(2, exact.scale())));
    }

    private static String write(BigDecimal dollars) {
        return (dollars.signum() < 0 ? "-$" : "$")
                + String.format(Locale.ROOT, "%,." + dollars.scale() + "f", dollars.abs());
    }
}
