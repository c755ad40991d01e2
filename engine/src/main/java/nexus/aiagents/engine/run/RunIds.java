package nexus.aiagents.engine.run;

import java.util.random.RandomGenerator;

/// Ids that are short, sort by time, and do not meet: `r-` and fourteen characters.
final class RunIds {
    /// Crockford's: no letters that look like digits or like each other.
    private static final char[] ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();

    private static final int TIME_CHARS = 9;
    private static final int RANDOM_CHARS = 5;

    private RunIds() {}

    static String next(long millis, RandomGenerator random) {
        StringBuilder id = new StringBuilder("r-");
        append(id, millis, TIME_CHARS);
        append(id, random.nextLong(), RANDOM_CHARS);
        return id.toString();
    }

    private static void append(StringBuilder id, long value, int chars) {
        for (int shift = 5 * (chars - 1); shift >= 0; shift -= 5) {
            id.append(ALPHABET[(int) (value >>> shift) & 31]);
        }
    }
}
