package nexus.aiagents.app.desktop.editor.form;

import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import javafx.beans.value.ChangeListener;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.project.Analysis;
import nexus.aiagents.engine.project.Form;
import org.jspecify.annotations.Nullable;
import org.reactfx.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Shows in the form the block around the caret and follows every change; what is done in it goes into the
/// text. The text is the only truth, so one undo history serves both. JavaFX thread.
final class FormFollowing {
    private static final Logger LOG = LoggerFactory.getLogger(FormFollowing.class);

    private final Workspace workspace;
    private final FormReading reading;
    private final BooleanSupplier wanted;
    private final FormPane pane;
    private final FormEdits edits;
    private final ChangeListener<Integer> caretMoved = (_, _, _) -> caretMoved();
    private Subscription changes = () -> {};
    private @Nullable FormSource source;
    private Analysis analysis = new Analysis(null, List.of(), List.of());
    private @Nullable Form showing;
    private @Nullable Shown last;
    /// What comes next is put into the pane even if nothing in it is another: the pane itself may be.
    private boolean anew = true;
    /// The block that is shown stays, since the caret moved because of the form.
    private boolean staying;
    /// It stays wherever the caret is now.
    private boolean pinned;
    private boolean revealing;
    private boolean running;
    private boolean again;

    /// @param files  lists the files of a project, off the JavaFX thread
    /// @param wanted whether there is anybody to see the form
    FormFollowing(Workspace workspace, FormReading.Files files, Action toggle, BooleanSupplier wanted) {
        this.workspace = workspace;
        this.wanted = wanted;
        reading = new FormReading(workspace.language(), files);
        pane = new FormPane(new FormAnswers(workspace, this), toggle);
        edits = new FormEdits(workspace.background(), workspace.language(), pane::refused, this::renew);
    }

    FormPane pane() {
        return pane;
    }

    FormEdits edits() {
        return edits;
    }

    /// The text that is followed, null: none.
    @Nullable
    FormSource source() {
        return source;
    }

    /// The form that is shown, null: none.
    @Nullable
    Form showing() {
        return showing;
    }

    /// Another file is in front, or none.
    void follow(@Nullable FormSource front) {
        FormSource before = source;
        if (before != null && front != null && before.area() == front.area()) {
            return;
        }
        edits.endTyping();
        changes.unsubscribe();
        changes = () -> {};
        if (before != null) {
            before.area().caretPositionProperty().removeListener(caretMoved);
        }
        source = front;
        staying = false;
        showing = null;
        if (front != null && front.isYaml()) {
            changes = front.changes().subscribe(_ -> moved());
            front.area().caretPositionProperty().addListener(caretMoved);
        }
        renew();
    }

    /// The project was checked again.
    void show(Analysis now) {
        analysis = now;
        request();
    }

    /// Whether the caret or the text is told of first is not defined; with a change of the text comes
    /// its own word of it.
    private void caretMoved() {
        FormSource of = source;
        if (of != null && of.text().length() == of.area().getLength()) {
            moved();
        }
    }

    private void moved() {
        staying = edits.isApplying() || revealing;
        pinned = revealing || edits.isChanging();
        if (!revealing) {
            request();
        }
    }

    /// Shows what there is once more.
    void renew() {
        anew = true;
        request();
    }

    /// Shows the newest there is: while one form is made only the newest wish for another is kept.
    private void request() {
        FormSource of = source;
        Path folder = workspace.folder().get();
        if (!wanted.getAsBoolean()) {
            return;
        }
        if (of == null || !of.isYaml() || folder == null) {
            showing = null;
            anew = true;
            pane.empty(of == null ? "Open a YAML file to see its blocks as forms." : "There are forms for YAML files.");
            return;
        }
        if (running) {
            again = true;
            return;
        }
        running = true;
        String text = of.text();
        int line = of.area().getCurrentParagraph();
        int column = of.area().getCaretColumn();
        Form.Place stay = staying && showing != null ? showing.place() : null;
        boolean anyway = pinned;
        Analysis known = analysis;
        Shown before = last;
        boolean always = anew;
        anew = false;
        workspace
                .background()
                .quietly(
                        _ -> {
                            Shown now = reading.read(of.name(), folder, text, line, column, stay, anyway, known);
                            return before != null && now.equals(before) ? before : now;
                        },
                        now -> done(of, text, now, always),
                        e -> {
                            LOG.error("the form could not be made", e);
                            anew = true;
                            running = false;
                            again = false;
                        });
    }

    private void done(FormSource of, String text, Shown now, boolean always) {
        running = false;
        boolean current = of == source && text.equals(of.text()) && !edits.isBusy();
        if (current && wanted.getAsBoolean()) {
            showing = now.form();
            if (always || now != last) {
                last = now;
                pane.show(now);
            }
        } else {
            anew |= always;
        }
        if (again || (!current && !edits.isBusy())) {
            again = false;
            request();
        }
    }

    /// Back to the text.
    void leave() {
        FormSource of = source;
        if (of != null) {
            of.area().requestFocus();
        }
    }

    /// Shows another block of the text, with the caret at its beginning.
    void turnTo(FormSource of, Form form) {
        pane.wantFirst();
        showing = form;
        staying = true;
        pinned = true;
        moveCaret(of, form.key().line(), form.key().column());
        renew();
    }

    /// Brings a place of the text into view; the form stays as it is.
    void moveCaret(FormSource of, int line, int column) {
        revealing = true;
        try {
            of.area().moveTo(line, Math.min(column, of.area().getParagraphLength(line)));
            of.area().requestFollowCaret();
        } finally {
            revealing = false;
        }
    }
}
