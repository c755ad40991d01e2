package nexus.aiagents.app.desktop.editor.form;

import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import nexus.aiagents.engine.project.Diagnostic;
import nexus.aiagents.engine.project.Form;
import nexus.aiagents.engine.project.FormChange;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// One field of the form: what it is called, what it holds, what is wrong with it. A row stays as long
/// as its field looks the same, so that the focus and the caret in it stay.
abstract class Row extends VBox {
    private static final PseudoClass WRONG = PseudoClass.getPseudoClass("danger");
    private static final PseudoClass WARNED = PseudoClass.getPseudoClass("warning");

    final FormHost host;
    private final Label problem = new Label();
    private final Label note = new Label();
    private final HBox buttons = new HBox();
    private Form.Field field;
    private @Nullable Button rename;

    Row(FormHost host, Form.Field field) {
        this.host = host;
        this.field = field;
        getStyleClass().add("form-row");
        problem.getStyleClass().addAll("small", "form-problem");
        note.getStyleClass().addAll("small", "muted");
        for (Label label : new Label[] {problem, note}) {
            label.setWrapText(true);
            label.setMinHeight(USE_PREF_SIZE);
            hide(label, true);
        }
        buttons.setAlignment(Pos.CENTER_RIGHT);
        buttons.getStyleClass().add("form-buttons");
        addEventFilter(KeyEvent.KEY_PRESSED, this::keys);
    }

    final Form.Field field() {
        return field;
    }

    /// What gets the focus, and what a problem is marked at.
    abstract Node control();

    /// The row to begin with: of a map or list the first one in it.
    Row entry() {
        return this;
    }

    /// Shows what the field holds now.
    abstract void show(Form.Field now, Shown shown);

    final void update(Form.Field now, Shown shown) {
        field = now;
        Diagnostic wrong = shown.problem(now.path());
        problem.setText(wrong == null ? "" : wrong.message());
        problem.setGraphic(wrong == null ? null : new FontIcon(Feather.ALERT_CIRCLE));
        boolean error = wrong != null && wrong.isError();
        problem.pseudoClassStateChanged(WRONG, error);
        control().pseudoClassStateChanged(WRONG, error);
        control().pseudoClassStateChanged(WARNED, wrong != null && !error);
        hide(problem, wrong == null);
        note.setText(now.note());
        hide(note, now.note().isEmpty());
        control().setAccessibleHelp(wrong == null ? now.facts().description() : wrong.message());
        show(now, shown);
    }

    final Label problem() {
        return problem;
    }

    final Label note() {
        return note;
    }

    final HBox buttons() {
        return buttons;
    }

    static void hide(Node node, boolean hidden) {
        node.setVisible(!hidden);
        node.setManaged(!hidden);
    }

    /// Whether it is an item of a list.
    final boolean isItem() {
        return field.path().getLast() instanceof Integer;
    }

    /// The buttons that move it and take it away; the keyboard has keys for them.
    final void makeButtons() {
        if (isItem()) {
            buttons.getChildren()
                    .addAll(
                            button(Feather.ARROW_UP, "Move up (Alt+Up)", () -> move(-1)),
                            button(Feather.ARROW_DOWN, "Move down (Alt+Down)", () -> move(1)));
        }
        if (!field.facts().required() || isItem()) {
            buttons.getChildren().add(button(Feather.X, "Remove (Alt+Delete)", this::remove));
        }
    }

    final Button button(Ikon icon, String hint, Runnable run) {
        Button button = new Button(null, new FontIcon(icon));
        button.getStyleClass().addAll("form-button", "flat");
        button.setTooltip(new Tooltip(hint));
        button.setAccessibleText(hint + " " + field.name());
        button.setFocusTraversable(false);
        button.setMinWidth(USE_PREF_SIZE);
        button.setOnAction(_ -> run.run());
        return button;
    }

    /// Whether a person may give its key another name.
    final void renames(boolean may) {
        if (may && rename == null) {
            rename = button(Feather.EDIT_2, "Rename the key (Shift+F2)", this::askName);
            rename.setId("form-rename-" + SingleRow.id(field.path()));
            buttons.getChildren().addFirst(rename);
        }
        if (rename != null) {
            hide(rename, !may);
        }
    }

    private boolean mayRename() {
        return rename != null && rename.isVisible();
    }

    /// Above the row until it is another name or the focus goes; a name that can not be is said by the
    /// pane.
    private void askName() {
        TextField name = new TextField(field.name());
        name.setId("form-name-" + SingleRow.id(field.path()));
        name.setAccessibleText("New name of " + field.name());
        name.setOnAction(_ -> {
            if (name.getText().strip().equals(field.name())) {
                control().requestFocus();
            } else {
                host.make(new FormChange.Rename(field.path(), name.getText()));
            }
        });
        getChildren().addFirst(name);
        name.requestFocus();
        name.selectAll();
        name.focusedProperty().addListener((_, _, focused) -> {
            if (!focused) {
                getChildren().remove(name);
            }
        });
    }

    private void move(int by) {
        host.make(new FormChange.Move(field.path(), by));
    }

    private void remove() {
        host.make(new FormChange.Remove(field.path()));
    }

    private void keys(KeyEvent e) {
        Row owner = owner(e.getTarget() instanceof Node node ? node : null);
        if (owner == this && e.getCode() == KeyCode.F2 && e.isShiftDown() && mayRename()) {
            askName();
            e.consume();
            return;
        }
        if (owner != this || !e.isAltDown() || e.isShortcutDown() || e.isShiftDown()) {
            return;
        }
        boolean mayGo = field.isSet() && (!field.facts().required() || isItem());
        if (e.getCode() == KeyCode.DELETE && mayGo) {
            remove();
            e.consume();
        } else if (isItem() && (e.getCode() == KeyCode.UP || e.getCode() == KeyCode.DOWN)) {
            move(e.getCode() == KeyCode.UP ? -1 : 1);
            e.consume();
        }
    }

    /// The innermost row around a node.
    static @Nullable Row owner(@Nullable Node node) {
        for (Node n = node; n != null; n = n.getParent()) {
            if (n instanceof Row row) {
                return row;
            }
        }
        return null;
    }
}
