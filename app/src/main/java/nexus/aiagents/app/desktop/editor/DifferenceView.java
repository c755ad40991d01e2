package nexus.aiagents.app.desktop.editor;

import java.util.function.Consumer;
import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.value.ObservableStringValue;
import javafx.scene.layout.StackPane;
import nexus.aiagents.app.desktop.shell.Workspace;

/// Whether the difference to what runs is shown in place of the texts. JavaFX thread.
final class DifferenceView {
    private final ApplyLive live;
    private final DifferencePane pane;
    private final StackPane place;
    private final Runnable back;
    private final ReadOnlyBooleanWrapper shown = new ReadOnlyBooleanWrapper();
    private final ObservableStringValue whyNot;
    private final ObservableStringValue noSides;

    /// @param place where the texts and their form are
    /// @param open  takes `file:line`
    /// @param back  gives the text the focus again
    DifferenceView(Workspace workspace, ApplyLive live, StackPane place, Consumer<String> open, Runnable back) {
        this.live = live;
        this.place = place;
        this.back = back;
        pane = new DifferencePane(
                live,
                at -> {
                    hide();
                    open.accept(at);
                },
                () -> {
                    hide();
                    back.run();
                });
        workspace.viewState().flag("editor.difference-beside", pane.sideBySide());
        noSides = Bindings.createStringBinding(
                () -> !shown.get()
                        ? "Look at the difference first."
                        : pane.room().get() ? "" : "There is no room for two texts beside each other.",
                shown,
                pane.room());
        whyNot = Bindings.createStringBinding(
                () -> workspace.client().get() == null ? "No project is open that something could differ from." : "",
                workspace.client());
    }

    ObservableStringValue whyNot() {
        return whyNot;
    }

    ObservableStringValue whyNotBeside() {
        return noSides;
    }

    /// Old and new beside each other, or below again.
    void turn() {
        pane.sideBySide().set(!pane.sideBySide().get());
    }

    ReadOnlyBooleanProperty shownProperty() {
        return shown.getReadOnlyProperty();
    }

    boolean isShown() {
        return shown.get();
    }

    /// And away again, if it is shown.
    void show() {
        if (shown.get()) {
            hide();
            back.run();
            return;
        }
        shown.set(true);
        place.getChildren().add(pane);
        live.compare();
        pane.requestFocus();
    }

    void hide() {
        place.getChildren().remove(pane);
        shown.set(false);
    }

    void go(int step) {
        if (!shown.get()) {
            show();
        }
        pane.go(step);
    }
}
