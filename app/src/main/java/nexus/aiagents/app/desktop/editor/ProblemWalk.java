package nexus.aiagents.app.desktop.editor;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import nexus.aiagents.engine.project.Diagnostic;
import org.jspecify.annotations.Nullable;

/// From one problem to the next, over all files. JavaFX thread.
final class ProblemWalk {
    private final Supplier<List<Diagnostic>> problems;
    private final Supplier<@Nullable EditorFile> front;
    private final Consumer<Diagnostic> jump;

    ProblemWalk(Supplier<List<Diagnostic>> problems, Supplier<@Nullable EditorFile> front, Consumer<Diagnostic> jump) {
        this.problems = problems;
        this.front = front;
        this.jump = jump;
    }

    /// To the first after the caret, or with -1 to the last before it.
    void go(int step) {
        List<Diagnostic> all = problems.get();
        if (all.isEmpty()) {
            return;
        }
        EditorFile here = front.get();
        String file = here == null ? "" : here.name();
        int line = here == null ? -1 : here.area().getCurrentParagraph();
        int column = here == null ? -1 : here.area().getCaretColumn();
        jump.accept(all.get(next(all, step, file, line, column)));
    }

    private static int next(List<Diagnostic> all, int step, String file, int line, int column) {
        int first = step > 0 ? 0 : all.size() - 1;
        int next = first;
        for (int i = first; i >= 0 && i < all.size(); i += step) {
            Diagnostic d = all.get(i);
            boolean here = d.at().file().equals(file);
            int order = Integer.compare(d.at().line(), line);
            order = order == 0 ? Integer.compare(d.at().column(), column) : order;
            if (here && order * step > 0) {
                return i;
            }
            int after = i + step;
            if (here
                    && after >= 0
                    && after < all.size()
                    && !all.get(after).at().file().equals(file)) {
                next = after;
            }
        }
        return next;
    }
}
