package nexus.aiagents.app.desktop.shell;

import java.util.Locale;

/// How well what was typed fits a title.
final class Match {
    private Match() {}

    /// The letters of `typed` in this order, not all side by side: higher is better, negative: it does
    /// not fit.
    static int score(String typed, String title) {
        String want = typed.toLowerCase(Locale.ROOT).replace(" ", "");
        String have = title.toLowerCase(Locale.ROOT);
        if (want.isEmpty()) {
            return 0;
        }
        if (have.startsWith(want)) {
            return 1000;
        }
        int score = 0;
        int at = -1;
        for (int i = 0; i < want.length(); i++) {
            int next = have.indexOf(want.charAt(i), at + 1);
            if (next < 0) {
                return -1;
            }
            boolean wordStart = next == 0 || !Character.isLetterOrDigit(have.charAt(next - 1));
            score += next == at + 1 ? 8 : wordStart ? 6 : 1;
            at = next;
        }
        return score;
    }
}
