package nexus.aiagents.app.desktop.runs;

import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.geometry.Orientation;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.SplitPane;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.RunView.StepView;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// The steps of a run, along the time or as a table with the same selection, and below what is known of the
/// selected one.
final class StepsPane extends VBox {
    /// What of the steps is seen however small the window is.
    private static final double LEAST_STEPS = 112;
    private static final String NOTHING = "Select a run of a saga or workflow first.";

    private final Workspace workspace;
    private final SagaTimeline timeline;
    private final CompactSteps compact;
    private final TextField find = new TextField();
    private final HBox zooming = new HBox(4);
    private final ReadOnlyObjectWrapper<RunView> run = new ReadOnlyObjectWrapper<>();
    private final List<Action> actions;
    private @Nullable StepDetails details;
    private final SplitPane split = new SplitPane();

    /// @param bringToFront shows this pane before a step of it is looked for
    StepsPane(Workspace workspace, Runnable bringToFront) {
        this.workspace = workspace;
        timeline = new SagaTimeline(workspace.theme().palette());
        compact = new CompactSteps(timeline::select);
        timeline.selected().addListener((_, _, step) -> compact.select(step == null ? null : step.name()));
        actions = List.of(
                action("findStep", "Find a step", Feather.SEARCH, KeyCode.F, () -> {
                    bringToFront.run();
                    find.requestFocus();
                    find.selectAll();
                }),
                action("zoomOut", "Zoom out of the time", Feather.ZOOM_OUT, null, timeline::zoomOut),
                action("zoomIn", "Zoom in on the time", Feather.ZOOM_IN, null, timeline::zoomIn),
                action("fit", "Show the whole time", Feather.MAXIMIZE, null, timeline::fit));
        StackPane steps = new StackPane(timeline, compact);
        steps.setMinHeight(LEAST_STEPS);
        split.getItems().add(steps);
        split.setOrientation(Orientation.VERTICAL);
        split.getStyleClass().add("quiet-split");
        VBox.setVgrow(split, Priority.ALWAYS);
        getChildren().addAll(bar(), split);
        show(false);
    }

    /// What is shown below the steps.
    void details(StepDetails below) {
        details = below;
        split.getItems().add(below);
        split.setDividerPositions(0.62);
        workspace.viewState().split("runs.split", split);
        timeline.selected()
                .addListener((_, _, now) -> below.show(now, workspace.clock().instant()));
    }

    private Action action(String id, String title, Feather icon, @Nullable KeyCode key, Runnable act) {
        KeyCombination keys = key == null ? null : new KeyCodeCombination(key, KeyCombination.SHORTCUT_DOWN);
        return new Action(
                "runs." + id,
                title,
                icon,
                keys,
                Bindings.createStringBinding(() -> run.get() == null ? NOTHING : "", run),
                act);
    }

    private Node bar() {
        find.setId("steps-find");
        find.setPromptText("Find a step, agent or error");
        find.setAccessibleText("Find a step");
        find.setPrefWidth(224);
        find.getStyleClass().add("small");
        find.textProperty().addListener((_, _, typed) -> find(typed, () -> false));
        find.setOnAction(_ -> find(find.getText(), () -> true));
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        for (Action action : actions.subList(1, actions.size())) {
            Button button = new Button("", new FontIcon(action.icon()));
            button.setId(action.id().replace('.', '-'));
            button.getStyleClass().addAll("button-icon", "flat", "small");
            button.setTooltip(new Tooltip(action.title()));
            button.setAccessibleText(action.title());
            button.setOnAction(_ -> action.fire());
            zooming.getChildren().add(button);
        }
        zooming.setAlignment(Pos.CENTER_RIGHT);
        HBox bar = new HBox(8, find, gap, zooming);
        bar.setAlignment(Pos.CENTER_LEFT);
        bar.getStyleClass().add("tab-bar-row");
        return bar;
    }

    /// @param next the one behind the selected step, else the first
    private void find(String typed, BooleanSupplier next) {
        RunView current = run.get();
        StepView selected = timeline.selected().get();
        if (current == null) {
            return;
        }
        int after = next.getAsBoolean() && selected != null ? current.steps().indexOf(selected) : -1;
        int found = CompactRow.find(current, typed, after);
        if (found >= 0) {
            timeline.select(current.steps().get(found).name());
        }
    }

    /// @param asTable else along the time
    void show(boolean asTable) {
        timeline.setVisible(!asTable);
        compact.setVisible(asTable);
        zooming.setVisible(!asTable);
    }

    /// @param now null: none with steps is selected
    void show(@Nullable RunView now, Instant at) {
        run.set(now);
        if (now == null) {
            return;
        }
        timeline.show(now, at);
        StepView selected = timeline.selected().get();
        compact.show(now, at, selected == null ? null : selected.name());
        if (details != null) {
            details.show(selected, at);
        }
    }

    /// @param step an item is its step
    void select(String step) {
        int item = step.endsWith("]") ? step.indexOf('[') : -1;
        timeline.select(item < 0 ? step : step.substring(0, item));
    }

    ReadOnlyObjectProperty<StepView> selected() {
        return timeline.selected();
    }

    List<Action> actions() {
        return actions;
    }
}
