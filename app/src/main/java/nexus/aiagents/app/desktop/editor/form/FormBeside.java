package nexus.aiagents.app.desktop.editor.form;

import javafx.beans.binding.Bindings;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.SimpleBooleanProperty;
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
import nexus.aiagents.app.desktop.shell.Regions;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.project.Analysis;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// The form beside the text: where it stands, and whether it is shown. {@link FormFollowing} fills it.
/// JavaFX thread.
public final class FormBeside {
    private static final double DIVIDER = 0.6;

    private final Workspace workspace;
    private final BooleanProperty shown = new SimpleBooleanProperty(true);
    private final BooleanProperty covered = new SimpleBooleanProperty();
    private final SplitPane split = new SplitPane();
    private final Action toggle;
    private final Button open;
    private final FormPane pane;
    private final FormFollowing following;

    /// @param files lists the files of a project, off the JavaFX thread
    public FormBeside(Workspace workspace, FormReading.Files files) {
        this.workspace = workspace;
        toggle = new Action(
                "editor.form",
                "Show or hide the form",
                Feather.SLIDERS,
                new KeyCodeCombination(KeyCode.F, KeyCombination.SHORTCUT_DOWN, KeyCombination.SHIFT_DOWN),
                Bindings.createStringBinding(
                        () -> covered.get() ? "Go back to the text first: the form is beside it." : "", covered),
                this::toggle);
        following = new FormFollowing(workspace, files, toggle, shown::get);
        pane = following.pane();
        open = makeOpen();
        open.visibleProperty().bind(shown.or(covered).not());
        Regions.mark(pane);
        workspace.viewState().flag("editor.form-shown", shown);
    }

    /// The action that shows and hides it.
    public Action action() {
        return toggle;
    }

    /// Puts the form to the right of this.
    ///
    /// @param cover whether something lies over both
    public Node beside(Node text, ObservableBooleanValue cover) {
        covered.bind(cover);
        // Hidden, not taken out: JavaFX may leave blank what is put back into a split pane.
        split.visibleProperty().bind(covered.not());
        split.getItems().setAll(text);
        split.getStyleClass().add("form-split");
        SplitPane.setResizableWithParent(pane, false);
        arrange();
        workspace.viewState().split("editor.form", split);
        shown.addListener((_, _, _) -> arrange());
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
        boolean show = shown.get();
        Styles.toggle(split, "form-hidden", !show);
        if (show && !split.getItems().contains(pane)) {
            split.getItems().add(pane);
            split.setDividerPositions(DIVIDER);
            following.renew();
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
            following.renew();
        } else if (hadFocus) {
            following.leave();
        }
    }

    /// Another file is in front, or none.
    public void follow(@Nullable FormSource front) {
        following.follow(front);
    }

    /// The project was checked again.
    public void show(Analysis now) {
        following.show(now);
    }
}
