package nexus.aiagents.app.desktop.shell;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// Micro-dollars in words.
public final class Money {
    private Money() {}

    /// `$12.40`, `$0.0482`, `$0.000120`: two digits from a dollar on, else as many as show something.
    public static String format(long microDollars) {
        long size = Math.abs(microDollars);
        int digits = size == 0 || size >= 1_000_000 ? 2 : size >= 1_000 ? 4 : 6;
        BigDecimal dollars = BigDecimal.valueOf(microDollars, 6).setScale(digits, RoundingMode.HALF_UP);
        return dollars.signum() < 0 ? "-$" + dollars.negate() : "$" + dollars;
    }
}
