package nexus.aiagents.app.desktop.editor.form;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.fxmisc.richtext.CodeArea;
import org.fxmisc.richtext.model.PlainTextChange;
import org.fxmisc.richtext.model.TextChange;
import org.fxmisc.richtext.util.UndoUtils;
import org.fxmisc.undo.UndoManager;
import org.fxmisc.undo.UndoManagerFactory;
import org.jspecify.annotations.Nullable;

/// The undo history of a text that is also changed from outside: what is typed into one field of a form
/// is one step, whatever pieces of the text it changed; in the text itself what is typed without a
/// pause is one. JavaFX thread.
public final class OneHistory {
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final CodeArea area;
    private boolean joining;
    /// A field is being typed into: a pause does not end the step.
    private boolean held;

    private OneHistory(CodeArea area) {
        this.area = area;
    }

    /// Gives the area this history, an empty one.
    public static OneHistory of(CodeArea area) {
        OneHistory history = new OneHistory(area);
        UndoManager<List<PlainTextChange>> manager = UndoManagerFactory.unlimitedHistoryFactory()
                .createMultiChangeUM(
                        area.multiPlainChanges(),
                        TextChange::invert,
                        UndoUtils.applyMultiPlainTextChange(area),
                        history::merged,
                        TextChange::isIdentity,
                        Duration.ZERO);
        area.setUndoManager(manager);
        area.multiPlainChanges().successionEnds(PAUSE).subscribe(_ -> {
            if (!history.held) {
                manager.preventMerge();
            }
        });
        return history;
    }

    /// Makes a change that begins a step, which further ones may {@link #join}.
    void begin(Runnable change) {
        cut();
        held = true;
        change.run();
    }

    /// Makes a change that is one step with the one before it, if they touch and nothing came between.
    void join(Runnable change) {
        if (!held) {
            begin(change);
            return;
        }
        joining = true;
        try {
            change.run();
        } finally {
            joining = false;
        }
    }

    /// What comes next is a step of its own.
    void cut() {
        held = false;
        area.getUndoManager().preventMerge();
    }

    private Optional<PlainTextChange> merged(PlainTextChange before, PlainTextChange after) {
        return joining ? Optional.ofNullable(composed(before, after)) : before.mergeWith(after);
    }

    /// Both as one replacement; null if they are apart from each other.
    static @Nullable PlainTextChange composed(PlainTextChange before, PlainTextChange after) {
        int from = before.getPosition();
        int to = before.getInsertionEnd();
        int position = after.getPosition();
        int end = after.getRemovalEnd();
        if (position > to || end < from) {
            return null;
        }
        String inserted = before.getInserted();
        String head = inserted.substring(0, Math.max(0, position - from));
        String tail = inserted.substring(Math.min(inserted.length(), Math.max(0, end - from)));
        String cutBefore = position < from ? after.getRemoved().substring(0, from - position) : "";
        String cutAfter =
                end > to ? after.getRemoved().substring(after.getRemoved().length() - (end - to)) : "";
        return new PlainTextChange(
                Math.min(from, position),
                cutBefore + before.getRemoved() + cutAfter,
                head + after.getInserted() + tail);
    }
}
