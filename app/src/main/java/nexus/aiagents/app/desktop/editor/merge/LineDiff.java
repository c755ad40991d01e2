package nexus.aiagents.app.desktop.editor.merge;

import com.github.difflib.DiffUtils;
import com.github.difflib.algorithm.myers.MyersDiffWithLinearSpace;
import com.github.difflib.patch.AbstractDelta;
import java.util.ArrayList;
import java.util.List;

/// Where two sequences differ, with as few differences as possible. Pure.
public final class LineDiff {
    /// Pairs of lines, from which on it takes more than a few milliseconds.
    private static final long MUCH = 1_000_000;

    private LineDiff() {}

    /// `before[from, to)` became `after[newFrom, newTo)`; one of the two may be empty, never both.
    public record Hunk(int from, int to, int newFrom, int newTo) {
        public int removed() {
            return to - from;
        }

        public int added() {
            return newTo - newFrom;
        }
    }

    /// The lines of a text; a text that ends with a line break has an empty last one, so that nothing is
    /// lost when they are joined again.
    public static List<String> lines(String text) {
        return List.of(text.split("\n", -1));
    }

    /// How much is the same at the beginning, and how much of the rest at the end.
    private record Alike(int head, int tail) {
        static <T> Alike of(List<T> before, List<T> after) {
            int limit = Math.min(before.size(), after.size());
            int head = 0;
            while (head < limit && before.get(head).equals(after.get(head))) {
                head++;
            }
            int tail = 0;
            while (tail < limit - head
                    && before.get(before.size() - 1 - tail).equals(after.get(after.size() - 1 - tail))) {
                tail++;
            }
            return new Alike(head, tail);
        }
    }

    /// In order; hunks never touch.
    public static <T> List<Hunk> of(List<T> before, List<T> after) {
        Alike alike = Alike.of(before, after);
        int head = alike.head();
        int tail = alike.tail();
        List<T> old = before.subList(head, before.size() - tail);
        List<T> now = after.subList(head, after.size() - tail);
        if (old.isEmpty() && now.isEmpty()) {
            return List.of();
        }
        if (old.isEmpty() || now.isEmpty()) {
            return List.of(new Hunk(head, head + old.size(), head, head + now.size()));
        }
        List<Hunk> hunks = new ArrayList<>();
        for (AbstractDelta<T> delta :
                DiffUtils.diff(old, now, new MyersDiffWithLinearSpace<>(), null).getDeltas()) {
            int from = head + delta.getSource().getPosition();
            int newFrom = head + delta.getTarget().getPosition();
            add(
                    hunks,
                    new Hunk(
                            from,
                            from + delta.getSource().size(),
                            newFrom,
                            newFrom + delta.getTarget().size()));
        }
        return hunks;
    }

    private static void add(List<Hunk> hunks, Hunk next) {
        Hunk last = hunks.isEmpty() ? null : hunks.getLast();
        if (last != null && last.to() == next.from() && last.newTo() == next.newFrom()) {
            hunks.set(hunks.size() - 1, new Hunk(last.from(), next.to(), last.newFrom(), next.newTo()));
        } else {
            hunks.add(next);
        }
    }

    /// Where a line of `before` is in `after`; of one that went, where it was. Where very much is
    /// different it is only guessed, so that it takes no time.
    public static int moved(List<String> before, List<String> after, int line) {
        Alike alike = Alike.of(before, after);
        int head = alike.head();
        int tail = alike.tail();
        if (line < head) {
            return line;
        }
        if (line >= before.size() - tail) {
            return line + after.size() - before.size();
        }
        long work = (long) (before.size() - head - tail) * (after.size() - head - tail);
        return work > MUCH ? Math.min(line, after.size() - tail) : moved(of(before, after), line);
    }

    private static int moved(List<Hunk> hunks, int line) {
        int shift = 0;
        for (Hunk hunk : hunks) {
            if (line < hunk.from()) {
                break;
            }
            if (line < hunk.to()) {
                return hunk.newFrom() + Math.min(line - hunk.from(), Math.max(0, hunk.added() - 1));
            }
            shift = hunk.newTo() - hunk.to();
        }
        return line + shift;
    }
}
