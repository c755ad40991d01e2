package nexus.aiagents.engine.run;

import java.util.random.RandomGenerator;

/// Ids that are short, sort by time, and do not meet: `r-` and fourteen characters. A nested run's is that
/// of the run it is part of, with the index of the step and its attempt: `r-01jd0c8k2m4x7q-2-1`.
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

    /// The run of a step that is a run itself. Its id begins with that of the run it is part of.
    static String nested(String runId, int step, int attempt) {
        return runId + "-" + step + "-" + attempt;
    }

    /// The run of an item of a step, or of a step that was begun anew after it was done.
    ///
    /// @param item  -1: of the step as a whole
    /// @param round how often it was begun anew
    static String nested(String runId, int step, int item, int round, int attempt) {
        String place = step + (item < 0 ? "" : "." + item) + (round == 0 ? "" : "r" + round);
        return runId + "-" + place + "-" + attempt;
    }

    static boolean isNested(String runId) {
        return runId.indexOf('-', "r-".length()) > 0;
    }

    /// The run that a nested one is part of, however deep; any other itself.
    static String rootOf(String runId) {
        int end = runId.indexOf('-', "r-".length());
        return end < 0 ? runId : runId.substring(0, end);
    }

    private static void append(StringBuilder id, long value, int chars) {
        for (int shift = 5 * (chars - 1); shift >= 0; shift -= 5) {
            id.append(ALPHABET[(int) (value >>> shift) & 31]);
        }
    }
}
