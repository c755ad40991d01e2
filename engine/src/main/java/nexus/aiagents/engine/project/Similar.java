package nexus.aiagents.engine.project;

import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Finds what a person probably meant.
public final class Similar {
    private static final int MOST_LISTED = 12;

    private Similar() {}

    /// @return the nearest of `known`, null if none is near
    public static @Nullable String to(String word, Collection<String> known) {
        String lower = word.toLowerCase(Locale.ROOT);
        String best = null;
        int bestDistance = Math.min(3, (word.length() + 1) / 3) + 1;
        for (String candidate : known) {
            if (Math.abs(candidate.length() - word.length()) >= bestDistance) {
                continue;
            }
            int distance = distance(lower, candidate.toLowerCase(Locale.ROOT));
            if (distance < bestDistance) {
                best = candidate;
                bestDistance = distance;
            }
        }
        return best;
    }

    /// ` - did you mean X?`, or what there is when it is little, or nothing.
    static String hint(String word, Collection<String> known) {
        String near = to(word, known);
        if (near != null) {
            return " - did you mean `" + near + "`?";
        }
        return known.isEmpty() || known.size() > MOST_LISTED ? "" : "; there is `" + String.join("`, `", known) + "`";
    }

    /// `there is no agent 'wirter' - did you mean `writer`?`, or what there is instead.
    ///
    /// @param kind what was asked for: `agent`, `saga`
    /// @param known all names of that kind
    public static String unknown(String kind, String word, Collection<String> known) {
        return told("there is no " + kind + " '" + word + "'", "the project has none", word, known);
    }

    /// `supervisor team has no child 'wirter' - did you mean `writer`?`, or what it has instead.
    ///
    /// @param owner where it was looked for: `supervisor team`
    /// @param known all names of that kind there
    public static String lacks(String owner, String kind, String word, Collection<String> known) {
        return told(owner + " has no " + kind + " '" + word + "'", "it has none", word, known);
    }

    private static String told(String message, String none, String word, Collection<String> known) {
        if (known.isEmpty()) {
            return message + "; " + none;
        }
        if (to(word, known) != null || known.size() <= MOST_LISTED) {
            return message + hint(word, known);
        }
        return message + "; there is `"
                + known.stream().limit(MOST_LISTED).collect(Collectors.joining("`, `")) + "` and "
                + (known.size() - MOST_LISTED) + " more";
    }

    /// Edits between two words, a swap of neighbours counting as one.
    private static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            cost[i][0] = i;
        }
        for (int j = 0; j <= b.length(); j++) {
            cost[0][j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                int least = Math.min(cost[i - 1][j - 1] + (same ? 0 : 1), Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                cost[i][j] = swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
            }
        }
        return cost[a.length()][b.length()];
    }
}
