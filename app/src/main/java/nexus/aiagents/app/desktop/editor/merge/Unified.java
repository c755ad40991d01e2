package nexus.aiagents.app.desktop.editor.merge;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import nexus.aiagents.app.desktop.editor.merge.InlineDiff.Range;
import nexus.aiagents.app.desktop.editor.merge.LineDiff.Hunk;
import org.jspecify.annotations.Nullable;

/// The differences of two sets of files, one below the other, with some lines around each. Pure.
///
/// @param lines   what is shown
/// @param places  the index of the first line of each difference
/// @param added   how many lines came, `removed` how many went
public record Unified(List<Line> lines, List<Integer> places, int added, int removed) {
    public static final Unified NOTHING = new Unified(List.of(), List.of(), 0, 0);
    private static final int AROUND = 3;

    public enum Kind {
        /// The name of a file, and whether it is new or gone.
        FILE,
        SAME,
        REMOVED,
        ADDED,
        /// Lines that are the same and left out.
        FOLDED
    }

    /// @param file  that it is of
    /// @param text  without line break
    /// @param old   number in the old file from 1, 0: it is not there
    /// @param now   number in the new file from 1, 0: it is not there
    /// @param marks the words in it that differ
    public record Line(Kind kind, String file, String text, int old, int now, List<Range> marks) {}

    public boolean isEmpty() {
        return lines.isEmpty();
    }

    /// Files by name, those that are the same left out. Line ends make no difference.
    public static Unified of(Map<String, String> before, Map<String, String> after) {
        Building building = new Building();
        Set<String> files = new TreeSet<>(before.keySet());
        files.addAll(after.keySet());
        for (String file : files) {
            building.file(file, plain(before.get(file)), plain(after.get(file)));
        }
        return new Unified(List.copyOf(building.lines), List.copyOf(building.places), building.added, building.removed);
    }

    private static @Nullable String plain(@Nullable String text) {
        if (text == null) {
            return null;
        }
        String body = text.startsWith("\uFEFF") ? text.substring(1) : text;
        return body.replace("\r\n", "\n").replace('\r', '\n');
    }

    private static final class Building {
        final List<Line> lines = new ArrayList<>();
        final List<Integer> places = new ArrayList<>();
        int added;
        int removed;
        private String file = "";

        void file(String name, @Nullable String before, @Nullable String after) {
            if (before == null ? after == null : before.equals(after)) {
                return;
            }
            file = name;
            String what = before == null ? "  new" : after == null ? "  deleted" : "";
            add(Kind.FILE, name + what, 0, 0, List.of());
            List<String> old = shownLines(before);
            List<String> now = shownLines(after);
            int shown = 0;
            List<Hunk> hunks = LineDiff.of(old, now);
            for (int i = 0; i < hunks.size(); i++) {
                Hunk hunk = hunks.get(i);
                int from = Math.max(shown, hunk.from() - AROUND);
                fold(from - shown);
                same(old, from, hunk.from(), hunk.newFrom() - hunk.from());
                places.add(lines.size());
                hunk(hunk, old, now);
                int end = i + 1 < hunks.size() ? hunks.get(i + 1).from() : old.size();
                shown = Math.min(end, hunk.to() + AROUND);
                same(old, hunk.to(), shown, hunk.newTo() - hunk.to());
            }
            fold(old.size() - shown);
            if (hunks.isEmpty()) {
                add(Kind.FOLDED, "only the line break at the end differs", 0, 0, List.of());
            }
        }

        /// Without the empty line behind the last line break.
        private static List<String> shownLines(@Nullable String text) {
            if (text == null || text.isEmpty()) {
                return List.of();
            }
            List<String> lines = LineDiff.lines(text);
            return lines.getLast().isEmpty() ? lines.subList(0, lines.size() - 1) : lines;
        }

        private void hunk(Hunk hunk, List<String> old, List<String> now) {
            int pairs = Math.min(hunk.removed(), hunk.added());
            List<InlineDiff> inline = new ArrayList<>();
            for (int i = 0; i < pairs; i++) {
                inline.add(InlineDiff.of(old.get(hunk.from() + i), now.get(hunk.newFrom() + i)));
            }
            for (int i = hunk.from(); i < hunk.to(); i++) {
                int pair = i - hunk.from();
                add(
                        Kind.REMOVED,
                        old.get(i),
                        i + 1,
                        0,
                        pair < pairs ? inline.get(pair).before() : List.of());
            }
            for (int i = hunk.newFrom(); i < hunk.newTo(); i++) {
                int pair = i - hunk.newFrom();
                add(
                        Kind.ADDED,
                        now.get(i),
                        0,
                        i + 1,
                        pair < pairs ? inline.get(pair).after() : List.of());
            }
            removed += hunk.removed();
            added += hunk.added();
        }

        private void same(List<String> old, int from, int to, int shift) {
            for (int i = from; i < to; i++) {
                add(Kind.SAME, old.get(i), i + 1, i + 1 + shift, List.of());
            }
        }

        private void fold(int count) {
            if (count > 0) {
                add(Kind.FOLDED, count == 1 ? "1 line is the same" : count + " lines are the same", 0, 0, List.of());
            }
        }

        private void add(Kind kind, String text, int old, int now, List<Range> marks) {
            lines.add(new Line(kind, file, text, old, now, marks));
        }
    }
}
