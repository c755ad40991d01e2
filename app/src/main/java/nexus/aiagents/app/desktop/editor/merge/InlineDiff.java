package nexus.aiagents.app.desktop.editor.merge;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What differs within one line that became another, word by word. Pure.
///
/// @param before ranges of characters in the old line
/// @param after  ranges in the new one
public record InlineDiff(List<Range> before, List<Range> after) {
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}_]+|\\s+|.", Pattern.DOTALL);
    /// Of lines that have hardly anything in common, every second character would be marked.
    private static final double ALIKE = 0.35;
    private static final int LONGEST = 2_000;

    /// `to` is exclusive.
    public record Range(int from, int to) {}

    private static final InlineDiff NOTHING = new InlineDiff(List.of(), List.of());

    /// Nothing is marked where the lines are not alike.
    public static InlineDiff of(String before, String after) {
        if (before.length() > LONGEST || after.length() > LONGEST) {
            return NOTHING;
        }
        List<String> old = words(before);
        List<String> now = words(after);
        List<Range> removed = new ArrayList<>();
        List<Range> added = new ArrayList<>();
        int same = before.strip().length();
        int[] oldAt = offsets(old);
        int[] nowAt = offsets(now);
        for (LineDiff.Hunk hunk : LineDiff.of(old, now)) {
            if (hunk.removed() > 0) {
                removed.add(new Range(oldAt[hunk.from()], oldAt[hunk.to()]));
                same -= before.substring(oldAt[hunk.from()], oldAt[hunk.to()])
                        .strip()
                        .length();
            }
            if (hunk.added() > 0) {
                added.add(new Range(nowAt[hunk.newFrom()], nowAt[hunk.newTo()]));
            }
        }
        int longer = Math.max(before.strip().length(), after.strip().length());
        return longer == 0 || same < ALIKE * longer
                ? NOTHING
                : new InlineDiff(List.copyOf(removed), List.copyOf(added));
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(line);
        while (matcher.find()) {
            words.add(matcher.group());
        }
        return words;
    }

    private static int[] offsets(List<String> words) {
        int[] at = new int[words.size() + 1];
        for (int i = 0; i < words.size(); i++) {
            at[i + 1] = at[i] + words.get(i).length();
        }
        return at;
    }
}
