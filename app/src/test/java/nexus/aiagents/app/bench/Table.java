package nexus.aiagents.app.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Prints a table in Markdown, row by row, as the figures come in.
final class Table {
    private boolean begun;

    void columns(String... names) {
        System.out.println((begun ? "\n" : "") + "| " + String.join(" | ", names) + " |");
        System.out.println("|---".repeat(names.length) + "|");
        begun = true;
    }

    void row(Object... cells) {
        System.out.println("| "
                + String.join(" | ", Arrays.stream(cells).map(String::valueOf).toList()) + " |");
    }

    void note(String text) {
        System.out.println("\n" + text);
    }

    static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    static double quantile(List<Double> values, double q) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted[(int) Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
    }

    static double median(List<Double> values) {
        return quantile(values, 0.5);
    }

    static double millis(long beganNanos) {
        return (System.nanoTime() - beganNanos) / 1e6;
    }

    static double seconds(long beganNanos) {
        return (System.nanoTime() - beganNanos) / 1e9;
    }
}
