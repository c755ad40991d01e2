package nexus.aiagents.app.desktop.editor.form;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javafx.beans.binding.Bindings;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.value.ChangeListener;
import javafx.beans.value.ObservableBooleanValue;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.SplitPane;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.layout.StackPane;
import nexus.aiagents.app.desktop.parts.Styles;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.ActionButton;
import nexus.aiagents.app.desktop.shell.Choice;
import nexus.aiagents.app.desktop.shell.Regions;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.project.Analysis;
import nexus.aiagents.engine.project.Form;
import nexus.aiagents.engine.project.FormChange;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;
import org.reactfx.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The form beside the text: it shows the block around the caret and follows every change; what is done
/// in it goes into the text. The text is the only truth, so one undo history serves both. JavaFX thread.
public final class FormBeside {
    private static final Logger LOG = LoggerFactory.getLogger(FormBeside.class);
    private static final double DIVIDER = 0.6;

    private final Workspace workspace;
    private final FormReading reading;
    private final BooleanProperty shown = new SimpleBooleanProperty(true);
    private final BooleanProperty covered = new SimpleBooleanProperty();
    private final SplitPane split = new SplitPane();
    private final Action toggle;
    private final Button open;
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

    /// @param files lists the files of a project, off the JavaFX thread
    public FormBeside(Workspace workspace, FormReading.Files files) {
        this.workspace = workspace;
        reading = new FormReading(workspace.language(), files);
        toggle = new Action(
                "editor.form",
                "Show or hide the form",
                Feather.SLIDERS,
                new KeyCodeCombination(KeyCode.F, KeyCombination.SHORTCUT_DOWN, KeyCombination.SHIFT_DOWN),
                Bindings.createStringBinding(
                        () -> covered.get() ? "Go back to the text first: the form is beside it." : "", covered),
                this::toggle);
        pane = new FormPane(host(), toggle);
        open = makeOpen();
        open.visibleProperty().bind(shown.or(covered).not());
        Regions.mark(pane);
        edits = new FormEdits(workspace.background(), workspace.language(), pane::refused, this::renew);
        workspace.viewState().flag("editor.form-shown", shown);
    }

    /// The action that shows and hides it.
    public Action action() {
        return toggle;
    }

    /// Puts the form to the right of this.
    ///
    /// @param cover whether something lies over the text, which then has the room of the form too
    public Node beside(Node text, ObservableBooleanValue cover) {
        covered.bind(cover);
        split.getItems().setAll(text);
        split.getStyleClass().add("form-split");
        SplitPane.setResizableWithParent(pane, false);
        arrange();
        workspace.viewState().split("editor.form", split);
        shown.addListener((_, _, _) -> arrange());
        covered.addListener((_, _, _) -> arrange());
        StackPane both = new StackPane(split, open);
        StackPane.setAlignment(open, Pos.TOP_RIGHT);
        return both;
    }

    private Button makeOpen() {
        Button button = new Button(null, new FontIcon(Feather.SLIDERS));
        button.setId("form-open");
        button.getStyleClass().addAll("form-button", "form-open", "flat");
        button.setTooltip(ActionButton.tooltip(toggle));
        button.setAccessibleText(toggle.title());
        button.setOnAction(_ -> toggle.fire());
        return button;
    }

    private void arrange() {
        boolean show = shown.get() && !covered.get();
        Styles.toggle(split, "form-hidden", !show);
        if (show && !split.getItems().contains(pane)) {
            split.getItems().add(pane);
            split.setDividerPositions(DIVIDER);
            renew();
        } else if (!show) {
            split.getItems().remove(pane);
        }
    }

    private void toggle() {
        boolean show = !shown.get();
        boolean hadFocus =
                pane.getScene() != null && pane.isInside(pane.getScene().getFocusOwner());
        shown.set(show);
        if (show) {
            pane.wantFirst();
            renew();
        } else if (hadFocus) {
            leave();
        }
    }

    // ---- following

    /// Another file is in front, or none.
    public void follow(@Nullable FormSource front) {
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
    public void show(Analysis now) {
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

    private void renew() {
        anew = true;
        request();
    }

    /// Shows the newest there is: while one form is made only the newest wish for another is kept.
    private void request() {
        FormSource of = source;
        Path folder = workspace.folder().get();
        if (!shown.get()) {
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
        if (current && shown.get()) {
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

    // ---- what the pane asks

    private void leave() {
        FormSource of = source;
        if (of != null) {
            of.area().requestFocus();
        }
    }

    private FormHost host() {
        return new FormHost() {
            @Override
            public void type(List<Object> path, String text) {
                FormSource of = source;
                Form form = showing;
                if (of != null && form != null) {
                    edits.type(of, form.place().document(), new FormChange.Set(path, text));
                }
            }

            @Override
            public void endTyping() {
                edits.endTyping();
            }

            @Override
            public void make(FormChange change) {
                FormSource of = source;
                Form form = showing;
                if (of != null && form != null) {
                    focusAfter(change);
                    edits.make(of, form.place().document(), change);
                }
            }

            @Override
            public void chooseNext(String title, List<Form.Field> fields) {
                List<Choice> choices = new ArrayList<>();
                for (Form.Field field : fields) {
                    if (!field.isSet()) {
                        choices.add(Choice.to(
                                field.name(),
                                brief(field.facts().description()),
                                Feather.PLUS,
                                () -> make(new FormChange.Add(field.path()))));
                    }
                }
                workspace.pick("Add to " + title, choices);
            }

            @Override
            public void chooseBlock() {
                choose();
            }

            @Override
            public void go(Form.Place place) {
                open(place);
            }

            @Override
            public void jump(int line, int column) {
                FormSource of = source;
                if (of != null) {
                    of.area().moveTo(line, Math.min(column, of.area().getParagraphLength(line)));
                    of.area().requestFollowCaret();
                    of.area().requestFocus();
                }
            }

            @Override
            public void reveal(Form.Field field) {
                FormBeside.this.reveal(field);
            }

            @Override
            public void refresh() {
                renew();
            }

            @Override
            public void undo() {
                FormSource of = source;
                if (of != null) {
                    edits.undo(of);
                }
            }

            @Override
            public void redo() {
                FormSource of = source;
                if (of != null) {
                    edits.redo(of);
                }
            }

            @Override
            public void leave() {
                FormBeside.this.leave();
            }
        };
    }

    /// The first sentence, as far as it fits into the list of choices.
    private static String brief(String description) {
        int end = description.indexOf(". ");
        String first = end < 0 ? description : description.substring(0, end + 1);
        return first.length() <= 72 ? first : first.substring(0, 71) + "…";
    }

    private void focusAfter(FormChange change) {
        switch (change) {
            case FormChange.Add(List<Object> path) -> pane.wantFocus(path, true);
            case FormChange.Expand(List<Object> path) -> pane.wantFocus(path, true);
            case FormChange.Move(List<Object> path, int by) -> {
                List<Object> to = new ArrayList<>(path);
                to.set(to.size() - 1, (Integer) path.getLast() + by);
                pane.wantFocus(to, false);
            }
            case FormChange.Rename(List<Object> path, String name) -> {
                List<Object> to = new ArrayList<>(path);
                to.set(to.size() - 1, name.strip());
                pane.wantFocus(to, false);
            }
            case FormChange.Begin _ -> pane.wantFirst();
            case FormChange.Set _, FormChange.Remove _ -> {}
        }
    }

    private void choose() {
        FormSource of = source;
        Form form = showing;
        if (of == null || form == null) {
            return;
        }
        workspace
                .background()
                .quietly(
                        _ -> workspace.language().form("", 0, 0).fields(),
                        kinds -> {
                            List<Choice> choices = new ArrayList<>();
                            for (Form.Field kind : kinds) {
                                choices.add(Choice.to(
                                        kind.name(), brief(kind.facts().description()), Feather.FILE_PLUS, () -> {
                                            pane.wantFirst();
                                            edits.make(of, form.place().document(), new FormChange.Begin(kind.name()));
                                        }));
                            }
                            workspace.pick("Begin a block", choices);
                        },
                        e -> pane.refused(String.valueOf(e.getMessage())));
    }

    /// Shows another block of the text, with the caret at its beginning.
    private void open(Form.Place place) {
        FormSource of = source;
        if (of == null) {
            return;
        }
        String text = of.text();
        workspace
                .background()
                .quietly(
                        _ -> java.util.Optional.ofNullable(workspace.language().form(text, place)),
                        found -> found.ifPresent(form -> {
                            if (text.equals(of.text())) {
                                pane.wantFirst();
                                showing = form;
                                staying = true;
                                pinned = true;
                                moveCaret(of, form.key().line(), form.key().column());
                                renew();
                            }
                        }),
                        e -> pane.refused(String.valueOf(e.getMessage())));
    }

    private void reveal(Form.Field field) {
        FormSource of = source;
        var whole = field.whole();
        if (of != null
                && whole != null
                && !edits.isBusy()
                && whole.line() < of.area().getParagraphs().size()) {
            moveCaret(of, whole.line(), whole.column());
        }
    }

    private void moveCaret(FormSource of, int line, int column) {
        revealing = true;
        try {
            of.area().moveTo(line, Math.min(column, of.area().getParagraphLength(line)));
            of.area().requestFollowCaret();
        } finally {
            revealing = false;
        }
    }
}
