package nexus.aiagents.app.desktop.editor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nexus.aiagents.app.desktop.parts.Styles;
import nexus.aiagents.engine.project.Diagnostic;
import nexus.aiagents.engine.project.Position;
import org.fxmisc.richtext.CodeArea;
import org.fxmisc.richtext.model.PlainTextChange;
import org.fxmisc.richtext.model.StyleSpans;
import org.fxmisc.richtext.model.StyleSpansBuilder;

/// Keeps the colours and underlines of a text area up to date, one line at a time. JavaFX thread.
final class Highlighting {
    /// From here on one change of the whole text is cheaper than many of single lines.
    private static final int MANY = 60;

    private final CodeArea area;
    private final Syntax syntax;
    /// The state after each line.
    private int[] states = new int[0];
    private Map<Integer, List<Diagnostic>> byLine = Map.of();
    private final Runnable early;

    Highlighting(CodeArea area, Syntax syntax) {
        this.area = area;
        early = Styles.early(area);
        this.syntax = syntax;
    }

    List<Diagnostic> at(int line) {
        return byLine.getOrDefault(line, List.of());
    }

    void diagnostics(List<Diagnostic> diagnostics) {
        Map<Integer, List<Diagnostic>> next = new HashMap<>();
        int last = area.getParagraphs().size() - 1;
        for (Diagnostic d : diagnostics) {
            int end = Math.min(
                    last, Math.max(d.at().line(), d.at().endColumn() == 0 ? d.at().endLine() - 1 : d.at().endLine()));
            for (int line = Math.min(d.at().line(), last); line <= end; line++) {
                next.computeIfAbsent(line, _ -> new ArrayList<>()).add(d);
            }
        }
        Set<Integer> touched = new HashSet<>(byLine.keySet());
        touched.addAll(next.keySet());
        touched.removeIf(l -> l > last || at(l).equals(next.getOrDefault(l, List.of())));
        byLine = next;
        if (touched.size() > MANY) {
            all();
            return;
        }
        for (int line : touched) {
            // A line whose style is another is made anew with all that belongs to it, when it is seen.
            if (!styled(line, before(line)) && isSeen(line)) {
                early.run();
                area.recreateParagraphGraphic(line);
            }
        }
    }

    private boolean isSeen(int line) {
        return !Styles.isGone(area)
                && !area.getVisibleParagraphs().isEmpty()
                && area.allParToVisibleParIndex(line).isPresent();
    }

    void all() {
        int lines = area.getParagraphs().size();
        states = new int[lines];
        StyleSpansBuilder<Collection<String>> spans = new StyleSpansBuilder<>();
        int state = Syntax.START;
        for (int line = 0; line < lines; line++) {
            String text = area.getParagraph(line).getText();
            state = style(text, state, line, spans);
            states[line] = state;
            if (line < lines - 1) {
                spans.add(List.of(), 1);
            }
        }
        area.setStyleSpans(0, spans.create());
    }

    /// The text changed.
    void changed(List<PlainTextChange> changes) {
        int lines = area.getParagraphs().size();
        if (changes.size() != 1 || states.length == 0) {
            all();
            return;
        }
        PlainTextChange change = changes.getFirst();
        int added = breaks(change.getInserted());
        int removed = breaks(change.getRemoved());
        if (added > MANY) {
            all();
            return;
        }
        int first = area.offsetToPosition(change.getPosition(), org.fxmisc.richtext.model.TwoDimensional.Bias.Forward)
                .getMajor();
        int[] moved = new int[lines];
        System.arraycopy(states, 0, moved, 0, first);
        int keptFrom = Math.min(states.length, first + removed);
        int to = first + added;
        System.arraycopy(states, keptFrom, moved, to, Math.min(states.length - keptFrom, lines - to));
        for (int line = first; line < to; line++) {
            moved[line] = -1;
        }
        states = moved;
        int state = before(first);
        for (int line = first; line < lines; line++) {
            int was = states[line];
            state = restyle(line, state);
            if (line >= to && state == was) {
                return;
            }
        }
    }

    private int before(int line) {
        return line == 0 ? Syntax.START : states[line - 1];
    }

    /// @return the state after the line
    private int restyle(int line, int state) {
        styled(line, state);
        return states[line];
    }

    /// @return whether the style of the line is another now
    private boolean styled(int line, int state) {
        String text = area.getParagraph(line).getText();
        StyleSpansBuilder<Collection<String>> spans = new StyleSpansBuilder<>();
        states[line] = style(text, state, line, spans);
        if (text.isEmpty()) {
            return false;
        }
        StyleSpans<Collection<String>> made = spans.create();
        boolean other = !made.equals(area.getStyleSpans(line));
        if (other) {
            area.setStyleSpans(line, 0, made);
        }
        return other;
    }

    private int style(String text, int state, int line, StyleSpansBuilder<Collection<String>> spans) {
        String[] token = new String[text.length()];
        int next = syntax.line(text, state, (from, to, style) -> Arrays.fill(token, from, to, style));
        String[] mark = new String[text.length()];
        for (Diagnostic d : at(line)) {
            underline(d, line, mark);
        }
        int from = 0;
        for (int i = 1; i <= text.length(); i++) {
            if (i == text.length() || token[i] != token[from] || mark[i] != mark[from]) {
                spans.add(classes(token[from], mark[from]), i - from);
                from = i;
            }
        }
        if (text.isEmpty()) {
            spans.add(List.of(), 0);
        }
        return next;
    }

    private static void underline(Diagnostic d, int line, String[] mark) {
        Position at = d.at();
        int from = line == at.line() ? at.column() : 0;
        int to = line == at.endLine() ? at.endColumn() : mark.length;
        if (to <= from) {
            to = from + 1;
        }
        if (from >= mark.length) {
            from = Math.max(0, mark.length - 1);
        }
        to = Math.min(to, mark.length);
        String style = d.isError() ? "error" : d.severity() == Diagnostic.Severity.WARNING ? "warning" : "hint";
        for (int i = from; i < to; i++) {
            if (mark[i] == null || d.isError()) {
                mark[i] = style;
            }
        }
    }

    private static Collection<String> classes(String token, String mark) {
        if (token == null) {
            return mark == null ? List.of() : List.of(mark);
        }
        return mark == null ? List.of(token) : List.of(token, mark);
    }

    private static int breaks(String text) {
        return (int) text.chars().filter(c -> c == '\n').count();
    }
}
