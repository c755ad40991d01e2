package nexus.aiagents.app.desktop.editor.form;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import nexus.aiagents.app.desktop.fx.Background;
import nexus.aiagents.engine.project.Form;
import nexus.aiagents.engine.project.FormChange;
import nexus.aiagents.engine.project.LanguageService;
import nexus.aiagents.engine.project.LanguageService.TextEdit;
import nexus.aiagents.engine.project.Position;
import org.fxmisc.richtext.CodeArea;
import org.jspecify.annotations.Nullable;

/// Carries changes of the form into the text, one after the other in the order in which they were made: the
/// edit is found in the background, and found again if the text became another meanwhile. Of what is
/// typed into one field only the newest waits. JavaFX thread.
final class FormEdits {
    /// Something that waits its turn.
    private sealed interface Wish {}

    /// @param joins what was typed before into the same field is the same step
    private record Change(FormSource source, int document, FormChange change, boolean joins) implements Wish {}

    private record Step(FormSource source, boolean redo) implements Wish {}

    private record EndOfTyping(FormSource source) implements Wish {}

    /// The field that is typed into.
    private record Typing(FormSource source, int document, List<Object> path) {}

    private final Background background;
    private final LanguageService language;
    private final Consumer<String> refused;
    private final Runnable idle;
    private final Deque<Wish> waiting = new ArrayDeque<>();
    private @Nullable Typing typing;
    private boolean running;
    private boolean applying;
    private boolean changing;

    /// @param refused gets the reason why a change could not be made, empty after one that could
    /// @param idle    nothing waits any more
    FormEdits(Background background, LanguageService language, Consumer<String> refused, Runnable idle) {
        this.background = background;
        this.language = language;
        this.refused = refused;
        this.idle = idle;
    }

    /// Whether a change is being put into the text right now.
    boolean isApplying() {
        return applying;
    }

    /// Whether that is a change of the block that is shown, and not a step of the history or a new block.
    boolean isChanging() {
        return changing;
    }

    boolean isBusy() {
        return running || !waiting.isEmpty();
    }

    /// What a person types into a field.
    void type(FormSource source, int document, FormChange.Set change) {
        Typing field = new Typing(source, document, change.path());
        boolean joins = field.equals(typing);
        if (!joins) {
            endTyping();
        }
        if (waiting.peekLast() instanceof Change last && last.change() instanceof FormChange.Set && joins) {
            waiting.removeLast();
            joins = last.joins();
        }
        typing = field;
        waiting.addLast(new Change(source, document, change, joins));
        pump();
    }

    void make(FormSource source, int document, FormChange change) {
        endTyping();
        waiting.addLast(new Change(source, document, change, false));
        endTyping(source);
    }

    /// What is typed from now on is another step.
    void endTyping() {
        Typing ended = typing;
        if (ended != null) {
            endTyping(ended.source());
        }
    }

    private void endTyping(FormSource source) {
        typing = null;
        waiting.addLast(new EndOfTyping(source));
        pump();
    }

    void undo(FormSource source) {
        endTyping();
        waiting.addLast(new Step(source, false));
        pump();
    }

    void redo(FormSource source) {
        endTyping();
        waiting.addLast(new Step(source, true));
        pump();
    }

    private void pump() {
        while (!running && !waiting.isEmpty()) {
            switch (waiting.removeFirst()) {
                case Step(FormSource source, boolean redo) ->
                    apply(() -> {
                        if (redo) {
                            source.area().redo();
                        } else {
                            source.area().undo();
                        }
                    });
                case EndOfTyping(FormSource source) -> source.history().cut();
                case Change change -> find(change);
            }
        }
        if (!isBusy()) {
            idle.run();
        }
    }

    private void find(Change change) {
        running = true;
        String text = change.source().text();
        background.quietly(
                _ -> language.edit(text, change.document(), change.change()),
                edit -> {
                    running = false;
                    if (text.equals(change.source().text())) {
                        changing = !(change.change() instanceof FormChange.Begin);
                        apply(() -> put(change, edit));
                        changing = false;
                        refused.accept("");
                    } else {
                        waiting.addFirst(change);
                    }
                    pump();
                },
                e -> {
                    running = false;
                    refused.accept(
                            e instanceof Form.Refused
                                    ? Objects.requireNonNullElse(e.getMessage(), "")
                                    : "this could not be done: " + e);
                    pump();
                });
    }

    private void apply(Runnable work) {
        applying = true;
        try {
            work.run();
        } finally {
            applying = false;
        }
    }

    private static void put(Change change, TextEdit edit) {
        CodeArea area = change.source().area();
        Position at = edit.at();
        int from = area.getAbsolutePosition(at.line(), at.column());
        int to = area.getAbsolutePosition(at.endLine(), at.endColumn());
        if (from == to && edit.text().isEmpty()) {
            return; // it says so already
        }
        Runnable replace = () -> area.replaceText(from, to, edit.text());
        if (change.joins()) {
            change.source().history().join(replace);
        } else {
            change.source().history().begin(replace);
        }
    }
}
