package nexus.aiagents.app.desktop.editor.form;

import java.util.ArrayList;
import java.util.List;
import javafx.beans.value.ChangeListener;
import javafx.geometry.Bounds;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBoxBase;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import nexus.aiagents.app.desktop.fx.Fx;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.engine.project.Diagnostic;
import nexus.aiagents.engine.project.Form;
import nexus.aiagents.engine.project.FormChange;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// Shows one block as a form: what it is, its fields, and what the field with the focus means. JavaFX
/// thread.
final class FormPane extends VBox {
    private static final KeyCombination UNDO = new KeyCodeCombination(KeyCode.Z, KeyCombination.SHORTCUT_DOWN);
    private static final KeyCombination REDO =
            new KeyCodeCombination(KeyCode.Z, KeyCombination.SHORTCUT_DOWN, KeyCombination.SHIFT_DOWN);
    private static final KeyCombination REDO_TOO = new KeyCodeCombination(KeyCode.Y, KeyCombination.SHORTCUT_DOWN);

    private final FormHost host;
    private final RowSet rows;
    private final FlowPane trail = new FlowPane();
    private final Label title = new Label();
    private final Label kind = new Label();
    private final Label problem = new Label();
    private final Label refusal = new Label();
    private final Label nothing = new Label();
    private final VBox body = new VBox();
    private final ScrollPane scroll = new ScrollPane(body);
    private final Label meaning = new Label();
    private final TextField newName = new TextField();
    private final Button add = new Button("_Add a setting…", new FontIcon(Feather.PLUS));
    private final Button begin = new Button("New block…", new FontIcon(Feather.FILE_PLUS));
    private final ChangeListener<Node> focusMoved = (_, _, owner) -> focused(owner);
    private @Nullable Shown shown;
    private @Nullable List<Object> wanted;
    private boolean insideWanted;
    private boolean firstWanted;

    FormPane(FormHost host, Action toggle) {
        this.host = host;
        rows = new RowSet(host);
        setId("form");
        getStyleClass().add("form-pane");
        setMinWidth(280); // its two buttons beside each other
        scroll.setFitToWidth(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        scroll.setFocusTraversable(false);
        scroll.setId("form-scroll");
        body.getStyleClass().add("form-fields");
        body.setId("form-fields");
        VBox.setVgrow(scroll, Priority.ALWAYS);
        meaning.getStyleClass().addAll("form-meaning", "small");
        meaning.setId("form-meaning");
        meaning.setWrapText(true);
        meaning.setMaxWidth(Double.MAX_VALUE);
        meaning.setMinHeight(Region.USE_PREF_SIZE);
        add.setId("form-add");
        add.setMnemonicParsing(true);
        add.getStyleClass().add("small");
        add.setTooltip(new Tooltip("Add a setting (Alt+Insert)"));
        add.setOnAction(_ -> addHere());
        newName.setId("form-new-name");
        newName.setOnAction(_ -> addNamed());
        begin.setId("form-begin");
        begin.getStyleClass().add("small");
        begin.setTooltip(new Tooltip("Begin another block behind this one"));
        begin.setOnAction(_ -> host.chooseBlock());
        HBox foot = new HBox(8, add, begin);
        foot.getStyleClass().add("form-foot");
        nothing.getStyleClass().addAll("muted", "form-nothing");
        nothing.setWrapText(true);
        getChildren().addAll(head(toggle), nothing, scroll, foot, meaning);
        Row.hide(meaning, true);
        addEventFilter(KeyEvent.KEY_PRESSED, this::keys);
        sceneProperty().addListener((_, before, scene) -> {
            if (before != null) {
                before.focusOwnerProperty().removeListener(focusMoved);
            }
            if (scene != null) {
                scene.focusOwnerProperty().addListener(focusMoved);
            }
        });
        empty("Open a YAML file to see its blocks as forms.");
    }

    private Node head(Action toggle) {
        title.getStyleClass().add("strong");
        title.setId("form-title");
        title.setMinWidth(0);
        kind.getStyleClass().addAll("small", "muted");
        kind.setMinWidth(Region.USE_PREF_SIZE);
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        Button close = new Button(null, new FontIcon(Feather.X));
        close.getStyleClass().addAll("form-button", "flat");
        Tooltip closes = new Tooltip();
        closes.textProperty()
                .bind(toggle.keys()
                        .map(_ -> "Close the form  (" + toggle.keysText() + ")")
                        .orElse("Close the form"));
        close.setTooltip(closes);
        close.setAccessibleText("Close the form");
        close.setFocusTraversable(false);
        close.setId("form-close");
        close.setOnAction(_ -> toggle.fire());
        HBox line = new HBox(8, kind, title, gap, close);
        line.setAlignment(Pos.CENTER_LEFT);
        line.getStyleClass().add("panel-head");
        for (Label label : List.of(problem, refusal)) {
            label.setWrapText(true);
            label.getStyleClass().addAll("small", "form-problem");
            label.setMinHeight(Region.USE_PREF_SIZE);
            label.setMaxWidth(Double.MAX_VALUE);
            label.setGraphic(new FontIcon(Feather.ALERT_CIRCLE));
            label.pseudoClassStateChanged(javafx.css.PseudoClass.getPseudoClass("danger"), true);
            Row.hide(label, true);
        }
        refusal.setId("form-refusal");
        problem.setId("form-problem");
        trail.getStyleClass().add("form-trail");
        return new VBox(line, trail, problem, refusal);
    }

    private void keys(KeyEvent e) {
        if (UNDO.match(e)) {
            host.undo();
            e.consume();
        } else if (REDO.match(e) || REDO_TOO.match(e)) {
            host.redo();
            e.consume();
        } else if (e.getCode() == KeyCode.INSERT && e.isAltDown()) {
            addHere();
            e.consume();
        } else if (e.getCode() == KeyCode.ESCAPE
                && !(e.getTarget() instanceof ComboBoxBase<?> box && box.isShowing())) {
            host.leave();
            e.consume();
        }
    }

    // ---- what is shown

    void empty(String sentence) {
        shown = null;
        nothing.setText(sentence);
        title.setText("");
        kind.setText("Form");
        trail.getChildren().clear();
        Row.hide(trail, true);
        Row.hide(problem, true);
        Row.hide(nothing, false);
        Row.hide(scroll, true);
        Row.hide(add.getParent(), true);
        Row.hide(meaning, true);
    }

    void show(Shown now) {
        shown = now;
        Form form = now.form();
        boolean document = form.kind().equals("document");
        kind.setText(document ? "Form" : form.kind());
        title.setText(form.name());
        setAccessibleText("Form of " + (form.kind() + " " + form.name()).strip());
        trail(form);
        Diagnostic wrong = now.problem(form.place().path());
        problem.setText(wrong == null ? "" : wrong.message());
        Row.hide(problem, wrong == null);
        List<Node> nodes = rows.all(now);
        if (form.open()) {
            newName.setPromptText("New name, then Enter");
            newName.setAccessibleText("Name of a new one among the " + form.kind());
            nodes.add(newName);
        }
        List<Object> focus = focusedPath();
        int index = focusedIndex();
        RowSet.sync(body.getChildren(), nodes);
        nothing.setText(
                document
                        ? "Nothing is said here yet. Begin with what it is to be, or put the caret into a block."
                        : "");
        Row.hide(nothing, !(document && nodes.isEmpty()));
        Row.hide(scroll, false);
        Row.hide(add.getParent(), false);
        Row.hide(add, document || form.open() || !hasMore(form));
        restoreFocus(focus, index);
        explain(getScene() == null ? null : getScene().getFocusOwner());
    }

    private static boolean hasMore(Form form) {
        return form.fields().stream().anyMatch(f -> !f.isSet());
    }

    private void trail(Form form) {
        List<Node> crumbs = new ArrayList<>();
        for (Form.Crumb crumb : form.trail()) {
            Hyperlink link = new Hyperlink(crumb.title());
            link.getStyleClass().add("small");
            link.setAccessibleText("Back to " + crumb.title());
            link.setOnAction(_ -> host.go(crumb.place()));
            Label sign = new Label("›");
            sign.getStyleClass().add("muted");
            crumbs.add(link);
            crumbs.add(sign);
        }
        boolean same = trail.getChildren().size() == crumbs.size();
        for (int i = 0; same && i < crumbs.size(); i += 2) {
            same = ((Hyperlink) crumbs.get(i))
                    .getText()
                    .equals(((Hyperlink) trail.getChildren().get(i)).getText());
        }
        if (!same) {
            trail.getChildren().setAll(crumbs);
        } else {
            for (int i = 0; i < crumbs.size(); i += 2) {
                ((Hyperlink) trail.getChildren().get(i)).setOnAction(((Hyperlink) crumbs.get(i)).getOnAction());
            }
        }
        Row.hide(trail, crumbs.isEmpty());
    }

    /// Why the last change could not be made; empty: it could.
    void refused(String reason) {
        if (!reason.isEmpty()) {
            wanted = null;
            firstWanted = false;
        }
        refusal.setText(reason.isEmpty() ? "" : Character.toUpperCase(reason.charAt(0)) + reason.substring(1) + ".");
        Row.hide(refusal, reason.isEmpty());
    }

    /// Puts a block of that name into a map of blocks.
    private void addNamed() {
        Shown now = shown;
        String name = newName.getText().strip();
        if (now != null && !name.isEmpty()) {
            newName.clear();
            host.make(new FormChange.Add(RowSet.below(now.form().place().path(), name)));
        }
    }

    private void addHere() {
        Shown now = shown;
        if (now != null && add.isVisible()) {
            host.chooseNext(
                    (now.form().kind() + " " + now.form().name()).strip(),
                    now.form().fields());
        }
    }

    // ---- the focus

    /// The field gets the focus as soon as it is there.
    ///
    /// @param inside of a map or list, its first field
    void wantFocus(List<Object> path, boolean inside) {
        wanted = path;
        insideWanted = inside;
        firstWanted = false;
    }

    void wantFirst() {
        firstWanted = true;
    }

    /// @return whether there is a field that could take it
    boolean focusFirst() {
        for (Node node : body.getChildren()) {
            if (node instanceof Row row) {
                focus(row);
                return true;
            }
        }
        if (add.isVisible() && add.getParent().isVisible()) {
            add.requestFocus();
            return true;
        }
        return false;
    }

    private void focus(Row row) {
        row.control().requestFocus();
    }

    private void intoView(Node node) {
        if (node.getScene() == null) {
            return;
        }
        Bounds inBody = body.sceneToLocal(node.localToScene(node.getBoundsInLocal()));
        double view = scroll.getViewportBounds().getHeight();
        double spare = body.getHeight() - view;
        if (spare <= 0) {
            return;
        }
        double top = scroll.getVvalue() * spare;
        if (inBody.getMinY() < top) {
            scroll.setVvalue(Math.max(0, (inBody.getMinY() - 24) / spare));
        } else if (inBody.getMaxY() > top + view) {
            scroll.setVvalue(Math.min(1, (inBody.getMaxY() + 24 - view) / spare));
        }
    }

    private @Nullable List<Object> focusedPath() {
        Node owner = getScene() == null ? null : getScene().getFocusOwner();
        Row row = isInside(owner) ? Row.owner(owner) : null;
        return row == null ? null : row.field().path();
    }

    boolean isInside(@Nullable Node node) {
        for (Node n = node; n != null; n = n.getParent()) {
            if (n == this) {
                return true;
            }
        }
        return false;
    }

    /// Of the row at the top that has the focus, -1 for none.
    private int focusedIndex() {
        Node owner = getScene() == null ? null : getScene().getFocusOwner();
        for (Node n = owner; n != null; n = n.getParent()) {
            if (n.getParent() == body) {
                return body.getChildren().indexOf(n);
            }
        }
        return -1;
    }

    /// What takes the place of a row that is gone: the one around it, else the one before it.
    private @Nullable Row near(List<Object> gone, int index) {
        for (int length = gone.size(); length > 0; length--) {
            Row around = rows.at(gone.subList(0, length));
            if (around != null) {
                return around;
            }
        }
        int at = Math.min(Math.max(0, index - 1), body.getChildren().size() - 1);
        return at >= 0 && body.getChildren().get(at) instanceof Row row ? row : null;
    }

    /// @param index of its row at the top
    private void restoreFocus(@Nullable List<Object> before, int index) {
        List<Object> goal = wanted;
        Row row = goal == null ? null : rows.at(goal);
        if (row != null) {
            wanted = null;
            focus(insideWanted ? row.entry() : row);
        } else if (firstWanted) {
            firstWanted = false;
            focusFirst();
        } else if (before != null && !isInside(getScene().getFocusOwner())) {
            Row near = near(before, index);
            if (near != null) {
                focus(near);
            } else if (!focusFirst()) {
                host.leave();
            }
        }
    }

    private void focused(@Nullable Node owner) {
        Row row = explain(owner);
        if (row != null && row.control() == owner) {
            host.reveal(row.field());
            Fx.later(() -> intoView(row.control()));
        }
    }

    /// Says what the field with the focus means.
    private @Nullable Row explain(@Nullable Node owner) {
        boolean inside = isInside(owner);
        Row row = inside ? Row.owner(owner) : null;
        if (row != null) {
            meaning.setText(meaning(row.field()));
            Row.hide(meaning, meaning.getText().isEmpty());
        } else if (!inside) {
            Row.hide(meaning, true);
        }
        return row;
    }

    private static String meaning(Form.Field field) {
        Form.Facts facts = field.facts();
        StringBuilder text = new StringBuilder(facts.description());
        if (!facts.standard().isEmpty()
                && !facts.standard().equals("[]")
                && !facts.standard().equals("{}")) {
            text.append(text.isEmpty() ? "" : "\n").append("Default: ").append(facts.standard());
            boolean counted = field.shape() == Form.Shape.INTEGER || field.shape() == Form.Shape.NUMBER;
            text.append(counted && !facts.unit().isEmpty() ? " " + facts.unit() : "");
        }
        boolean span = field.shape() == Form.Shape.DURATION || field.shape() == Form.Shape.SIZE;
        if (span && !facts.unit().isEmpty()) {
            text.append(text.isEmpty() ? "" : "\n").append("Written as ").append(facts.unit());
        }
        return text.toString();
    }
}
