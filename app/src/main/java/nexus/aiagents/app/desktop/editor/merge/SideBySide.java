package nexus.aiagents.app.desktop.editor.merge;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The same differences as {@link Unified}, the old text on the left and the new one on the right: a
/// line that became another stands beside it. Pure.
///
/// @param rows   what is shown
/// @param places the index of the first row of each difference
public record SideBySide(List<Row> rows, List<Integer> places) {
    public static final SideBySide NOTHING = new SideBySide(List.of(), List.of());

    /// @param left  null: it came, nothing stands beside it
    /// @param right null: it went
    public record Row(Unified.@Nullable Line left, Unified.@Nullable Line right) {

        /// Whichever there is, the new one before the old.
        public Unified.Line line() {
            Unified.Line one = right == null ? left : right;
            if (one == null) {
                throw new IllegalStateException("a row without a line");
            }
            return one;
        }

        /// For those who hear it.
        public String words() {
            Unified.Line old = left;
            Unified.Line now = right;
            if (old != null && now != null) {
                return old == now ? now.text() : "gone: " + old.text() + ", new: " + now.text();
            }
            return now != null ? "new: " + now.text() : "gone: " + line().text();
        }
    }

    public static SideBySide of(Unified unified) {
        List<Row> rows = new ArrayList<>();
        List<Integer> places = new ArrayList<>();
        List<Unified.Line> lines = unified.lines();
        int at = 0;
        while (at < lines.size()) {
            if (unified.places().contains(at)) {
                places.add(rows.size());
            }
            int removed = count(lines, at, Unified.Kind.REMOVED);
            int added = count(lines, at + removed, Unified.Kind.ADDED);
            if (removed + added == 0) {
                rows.add(new Row(lines.get(at), lines.get(at)));
                at++;
                continue;
            }
            for (int i = 0; i < Math.max(removed, added); i++) {
                rows.add(new Row(
                        i < removed ? lines.get(at + i) : null, i < added ? lines.get(at + removed + i) : null));
            }
            at += removed + added;
        }
        return new SideBySide(List.copyOf(rows), List.copyOf(places));
    }

    private static int count(List<Unified.Line> lines, int from, Unified.Kind kind) {
        int count = 0;
        while (from + count < lines.size() && lines.get(from + count).kind() == kind) {
            count++;
        }
        return count;
    }

    /// The row in which a line stands, -1: in none.
    public int rowOf(Unified.Line line) {
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).left() == line || rows.get(i).right() == line) {
                return i;
            }
        }
        return -1;
    }
}
