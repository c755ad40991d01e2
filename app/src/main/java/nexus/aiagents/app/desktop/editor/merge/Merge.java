package nexus.aiagents.app.desktop.editor.merge;

import java.util.ArrayList;
import java.util.List;
import nexus.aiagents.app.desktop.editor.merge.LineDiff.Hunk;

/// Two edits of one text made into one. What only one side changed is taken; where both changed the same or
/// neighbouring lines in different ways is a conflict, for a person to decide. Pure.
///
/// @param parts in order; joined with line breaks they are the text
public record Merge(List<Part> parts) {

    public sealed interface Part {
        /// Agreed.
        record Lines(List<String> lines) implements Part {}

        /// @param line where it begins in what the person has, from 0
        record Conflict(List<String> base, List<String> mine, List<String> theirs, int line) implements Part {}
    }

    /// @param base   what both began with
    /// @param mine   what the person has in front of them
    /// @param theirs what is on the disk
    public static Merge of(String base, String mine, String theirs) {
        return new Merging(LineDiff.lines(base), LineDiff.lines(mine), LineDiff.lines(theirs)).merge();
    }

    public List<Part.Conflict> conflicts() {
        return parts.stream()
                .filter(Part.Conflict.class::isInstance)
                .map(Part.Conflict.class::cast)
                .toList();
    }

    public boolean isClean() {
        return conflicts().isEmpty();
    }

    /// The whole text.
    ///
    /// @param decided the lines in place of each conflict, in order
    public String text(List<List<String>> decided) {
        List<String> all = new ArrayList<>();
        int next = 0;
        for (Part part : parts) {
            switch (part) {
                case Part.Lines agreed -> all.addAll(agreed.lines());
                case Part.Conflict _ -> all.addAll(decided.get(next++));
            }
        }
        return String.join("\n", all);
    }

    /// The whole text of a clean one.
    public String text() {
        return text(List.of());
    }

    private static final class Merging {
        private final List<String> base;
        private final List<String> mine;
        private final List<String> theirs;
        private final List<Part> parts = new ArrayList<>();

        Merging(List<String> base, List<String> mine, List<String> theirs) {
            this.base = base;
            this.mine = mine;
            this.theirs = theirs;
        }

        Merge merge() {
            List<Hunk> ours = LineDiff.of(base, mine);
            List<Hunk> others = LineDiff.of(base, theirs);
            int i = 0;
            int j = 0;
            int done = 0;
            while (i < ours.size() || j < others.size()) {
                int start = Math.min(
                        i < ours.size() ? ours.get(i).from() : Integer.MAX_VALUE,
                        j < others.size() ? others.get(j).from() : Integer.MAX_VALUE);
                int end = start;
                int firstOurs = i;
                int firstOthers = j;
                // Edits that overlap, or lie side by side, are decided together.
                boolean grown = true;
                while (grown) {
                    grown = false;
                    while (i < ours.size() && ours.get(i).from() <= end) {
                        end = Math.max(end, ours.get(i++).to());
                        grown = true;
                    }
                    while (j < others.size() && others.get(j).from() <= end) {
                        end = Math.max(end, others.get(j++).to());
                        grown = true;
                    }
                }
                agreed(base.subList(done, start));
                decide(start, end, ours.subList(firstOurs, i), others.subList(firstOthers, j));
                done = end;
            }
            agreed(base.subList(done, base.size()));
            return new Merge(List.copyOf(parts));
        }

        private void decide(int start, int end, List<Hunk> ours, List<Hunk> others) {
            List<String> left = side(mine, start, end, ours);
            List<String> right = side(theirs, start, end, others);
            if (others.isEmpty() || left.equals(right)) {
                agreed(left);
            } else if (ours.isEmpty()) {
                agreed(right);
            } else {
                conflict(base.subList(start, end), left, right, lineOf(start, ours));
            }
        }

        /// What one side made of `base[start, end)`.
        private static List<String> side(List<String> text, int start, int end, List<Hunk> hunks) {
            if (hunks.isEmpty()) {
                return List.of();
            }
            Hunk first = hunks.getFirst();
            Hunk last = hunks.getLast();
            return text.subList(first.newFrom() - (first.from() - start), last.newTo() + (end - last.to()));
        }

        private static int lineOf(int start, List<Hunk> ours) {
            Hunk first = ours.getFirst();
            return first.newFrom() - (first.from() - start);
        }

        private void agreed(List<String> lines) {
            if (!lines.isEmpty()) {
                parts.add(new Part.Lines(List.copyOf(lines)));
            }
        }

        /// What both begin and end with is agreed.
        private void conflict(List<String> was, List<String> left, List<String> right, int line) {
            int limit = Math.min(left.size(), right.size());
            int head = 0;
            while (head < limit && left.get(head).equals(right.get(head))) {
                head++;
            }
            int tail = 0;
            while (tail < limit - head && left.get(left.size() - 1 - tail).equals(right.get(right.size() - 1 - tail))) {
                tail++;
            }
            agreed(left.subList(0, head));
            parts.add(new Part.Conflict(
                    List.copyOf(was),
                    List.copyOf(left.subList(head, left.size() - tail)),
                    List.copyOf(right.subList(head, right.size() - tail)),
                    line + head));
            agreed(left.subList(left.size() - tail, left.size()));
        }
    }
}
