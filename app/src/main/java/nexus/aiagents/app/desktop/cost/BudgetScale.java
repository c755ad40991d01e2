package nexus.aiagents.app.desktop.cost;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/// The logarithmic scale of a budget slider: a position from 0 to 1 for amounts from a cent to a thousand
/// dollars, and further where a limit lies beyond. Pure.
///
/// @param least in micro-dollars, a power of ten @param most as well
public record BudgetScale(long least, long most) {
    private static final long CENT = 10_000;
    private static final long THOUSAND = 1_000_000_000;
    private static final long FURTHEST = 1_000_000_000_000_000L;

    /// The scale that has `limit` on it.
    public static BudgetScale around(@Nullable Long limit) {
        long least = CENT;
        long most = THOUSAND;
        if (limit != null) {
            while (least > 1 && limit < least) {
                least /= 10;
            }
            while (most < FURTHEST && limit > most) {
                most *= 10;
            }
        }
        return new BudgetScale(least, most);
    }

    public double position(long microDollars) {
        double at = Math.log10(Math.max(1, microDollars)) - Math.log10(least);
        return Math.clamp(at / decades(), 0, 1);
    }

    /// Rounded to two digits, so that dragging gives `$0.25` and not `$0.2538`.
    public long amount(double position) {
        double exact = least * Math.pow(10, Math.clamp(position, 0, 1) * decades());
        return BigDecimal.valueOf(exact)
                .round(new MathContext(2, RoundingMode.HALF_UP))
                .longValue();
    }

    /// One step of an arrow key: a twentieth of a power of ten.
    public double step() {
        return 1 / (decades() * 20);
    }

    private double decades() {
        return Math.log10(most) - Math.log10(least);
    }

    /// Reads `1.25`, `$1.25` and `1,250.00`; null if it is no amount above zero that can be told in micro-
    /// dollars.
    public static @Nullable Long parseDollars(String text) {
        String plain = text.strip().replace("$", "").replace(",", "");
        try {
            BigDecimal micros = new BigDecimal(plain).movePointRight(6).stripTrailingZeros();
            boolean fits =
                    micros.signum() > 0 && micros.scale() <= 0 && micros.compareTo(BigDecimal.valueOf(FURTHEST)) <= 0;
            return fits ? micros.longValueExact() : null;
        } catch (NumberFormatException _) {
            return null;
        }
    }

    /// Reads `100000` and `100,000`; null if it is no whole number above zero.
    public static @Nullable Long parseWhole(String text) {
        String plain = text.strip().replace(",", "").replace("_", "").replace(" ", "");
        if (!plain.matches("[0-9]{1,15}")) {
            return null;
        }
        long tokens = Long.parseLong(plain);
        return tokens > 0 ? tokens : null;
    }

    /// As it stands in the field: without the sign, with the digits it needs.
    public static String dollars(long microDollars) {
        BigDecimal dollars = BigDecimal.valueOf(microDollars, 6).stripTrailingZeros();
        return dollars.scale() < 2
                ? dollars.setScale(2, RoundingMode.UNNECESSARY).toPlainString()
                : dollars.toPlainString();
    }
}
