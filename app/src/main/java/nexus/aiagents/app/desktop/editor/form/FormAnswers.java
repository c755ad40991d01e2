package nexus.aiagents.app.desktop.editor.form;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nexus.aiagents.app.desktop.shell.Choice;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.project.Form;
import nexus.aiagents.engine.project.FormChange;
import org.kordamp.ikonli.feather.Feather;

/// Does what the form asks for, in the text and in the window around it. JavaFX thread.
final class FormAnswers implements FormHost {
    private final Workspace workspace;
    private final FormFollowing form;

    FormAnswers(Workspace workspace, FormFollowing form) {
        this.workspace = workspace;
        this.form = form;
    }

    @Override
    public void type(List<Object> path, String text) {
        FormSource of = form.source();
        Form shown = form.showing();
        if (of != null && shown != null) {
            form.edits().type(of, shown.place().document(), new FormChange.Set(path, text));
        }
    }

    @Override
    public void endTyping() {
        form.edits().endTyping();
    }

    @Override
    public void make(FormChange change) {
        FormSource of = form.source();
        Form shown = form.showing();
        if (of != null && shown != null) {
            focusAfter(change);
            form.edits().make(of, shown.place().document(), change);
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
        FormSource of = form.source();
        Form shown = form.showing();
        if (of == null || shown == null) {
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
                                            form.pane().wantFirst();
                                            form.edits()
                                                    .make(
                                                            of,
                                                            shown.place().document(),
                                                            new FormChange.Begin(kind.name()));
                                        }));
                            }
                            workspace.pick("Begin a block", choices);
                        },
                        e -> form.pane().refused(String.valueOf(e.getMessage())));
    }

    @Override
    public void go(Form.Place place) {
        FormSource of = form.source();
        if (of == null) {
            return;
        }
        String text = of.text();
        workspace
                .background()
                .quietly(
                        _ -> Optional.ofNullable(workspace.language().form(text, place)),
                        found -> found.ifPresent(other -> {
                            if (text.equals(of.text())) {
                                form.turnTo(of, other);
                            }
                        }),
                        e -> form.pane().refused(String.valueOf(e.getMessage())));
    }

    @Override
    public void jump(int line, int column) {
        FormSource of = form.source();
        if (of != null) {
            of.area().moveTo(line, Math.min(column, of.area().getParagraphLength(line)));
            of.area().requestFollowCaret();
            of.area().requestFocus();
        }
    }

    @Override
    public void reveal(Form.Field field) {
        FormSource of = form.source();
        var whole = field.whole();
        if (of != null
                && whole != null
                && !form.edits().isBusy()
                && whole.line() < of.area().getParagraphs().size()) {
            form.moveCaret(of, whole.line(), whole.column());
        }
    }

    @Override
    public void refresh() {
        form.renew();
    }

    @Override
    public void undo() {
        FormSource of = form.source();
        if (of != null) {
            form.edits().undo(of);
        }
    }

    @Override
    public void redo() {
        FormSource of = form.source();
        if (of != null) {
            form.edits().redo(of);
        }
    }

    @Override
    public void leave() {
        form.leave();
    }

    private void focusAfter(FormChange change) {
        switch (change) {
            case FormChange.Add(List<Object> path) -> form.pane().wantFocus(path, true);
            case FormChange.Expand(List<Object> path) -> form.pane().wantFocus(path, true);
            case FormChange.Move(List<Object> path, int by) -> {
                List<Object> to = new ArrayList<>(path);
                to.set(to.size() - 1, (Integer) path.getLast() + by);
                form.pane().wantFocus(to, false);
            }
            case FormChange.Rename(List<Object> path, String name) -> {
                List<Object> to = new ArrayList<>(path);
                to.set(to.size() - 1, name.strip());
                form.pane().wantFocus(to, false);
            }
            case FormChange.Begin _ -> form.pane().wantFirst();
            case FormChange.Set _, FormChange.Remove _ -> {}
        }
    }

    /// The first sentence, as far as it fits into the list of choices.
    private static String brief(String description) {
        int end = description.indexOf(". ");
        String first = end < 0 ? description : description.substring(0, end + 1);
        return first.length() <= 72 ? first : first.substring(0, 71) + "…";
    }
}
