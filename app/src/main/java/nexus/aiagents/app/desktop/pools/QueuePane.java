package nexus.aiagents.app.desktop.pools;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ProgressBar;
import javafx.scene.control.Slider;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import nexus.aiagents.app.desktop.parts.Facts;
import nexus.aiagents.app.desktop.parts.Mark;
import nexus.aiagents.app.desktop.parts.MarkView;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.app.desktop.shell.ActionButton;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.view.ProjectView.PoolView;
import nexus.aiagents.engine.view.ProjectView.QueueView;
import nexus.aiagents.engine.view.ProjectView.WorkerView;
import org.jspecify.annotations.Nullable;

/// The queue of a pool: how full it is, how long jobs wait, who works on what, and how many workers
/// there are. JavaFX thread.
final class QueuePane extends VBox {
    /// A slider with more steps can not be set exactly.
    private static final int LONGEST_SLIDER = 64;

    private final Workspace workspace;
    private final PoolActions actions;
    private final MarkView state = new MarkView(true);
    private final Label depth = new Label();
    private final ProgressBar fill = new ProgressBar(0);
    private final Facts facts = new Facts(120);
    private final Label count = new Label();
    private final Slider slider = new Slider(0, 1, 0);
    private final WorkerLimits limits;
    private final FlowPane crew = new FlowPane(8, 8);
    private @Nullable QueueView shown;
    private boolean filling;

    QueuePane(Workspace workspace, PoolActions actions) {
        this.workspace = workspace;
        this.actions = actions;
        limits = new WorkerLimits(workspace);
        getStyleClass().addAll("card", "queue-pane");
        setId("pools-queue");
        setSpacing(12);
        fill.setMaxWidth(Double.MAX_VALUE);
        fill.setId("pools-fill");
        depth.getStyleClass().add("strong");
        depth.setMinWidth(0);
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox head = new HBox(
                12,
                state,
                depth,
                gap,
                new ActionButton(actions.drain, "small"),
                new ActionButton(actions.resume, "small"));
        head.setAlignment(Pos.CENTER_LEFT);
        getChildren().addAll(head, fill, facts, workers(), limits, crew);
    }

    private Node workers() {
        slider.setId("pools-workers");
        slider.setAccessibleText("Workers");
        slider.setSnapToTicks(true);
        slider.setMajorTickUnit(1);
        slider.setMinorTickCount(0);
        slider.setBlockIncrement(1);
        slider.setMinWidth(96);
        slider.setMaxWidth(Double.MAX_VALUE);
        HBox.setHgrow(slider, Priority.ALWAYS);
        slider.valueChangingProperty().addListener((_, _, changing) -> {
            if (!changing) {
                wish();
            }
        });
        slider.valueProperty().addListener((_, _, value) -> {
            if (!filling) {
                count.setText(Words.plural(Math.round(value.floatValue()), "worker"));
                if (!slider.isValueChanging()) {
                    wish();
                }
            }
        });
        count.setMinWidth(USE_PREF_SIZE);
        count.getStyleClass().add("strong");
        HBox row = new HBox(
                12,
                count,
                new ActionButton(actions.fewer, "small", "flat"),
                slider,
                new ActionButton(actions.more, "small", "flat"),
                new ActionButton(actions.automatic, "small"));
        row.setAlignment(Pos.CENTER_LEFT);
        return row;
    }

    private void wish() {
        if (!filling) {
            actions.scaleTo((int) Math.round(slider.getValue()));
        }
    }

    void show(PoolView pool) {
        QueueView queue = pool.queue();
        setVisible(queue != null);
        setManaged(queue != null);
        if (queue == null) {
            return;
        }
        limits.show(pool, queue);
        if (Objects.equals(shown, queue)) {
            return;
        }
        shown = queue;
        Mark mark = Mark.of(queue);
        state.show(mark);
        depth.setText(Words.plural(queue.depth(), "job") + " of " + queue.limit() + " waiting");
        fill.setProgress(queue.limit() == 0 ? 0 : Math.min(1, (double) queue.depth() / queue.limit()));
        fill.setAccessibleText(depth.getText());
        facts.show("Oldest waits", queue.depth() == 0 ? "" : time(queue.oldestMillis()));
        facts.show("Waited", time(queue.waitP50Millis()) + " in the middle, p95 " + time(queue.waitP95Millis()));
        facts.show("Jobs", jobs(queue));
        facts.show("When full", whenFull(queue));
        if (!slider.isValueChanging()) {
            fillSlider(queue);
        }
        showCrew(queue);
    }

    private void fillSlider(QueueView queue) {
        filling = true;
        int max = Math.min(queue.max(), Math.max(queue.workers(), LONGEST_SLIDER));
        slider.setMin(queue.min());
        slider.setMax(Math.max(max, queue.min()));
        slider.setValue(queue.workers());
        slider.setDisable(queue.min() == queue.max());
        count.setText(Words.plural(queue.workers(), "worker") + (queue.byHand() ? ", by hand" : ""));
        filling = false;
    }

    private static String jobs(QueueView queue) {
        List<String> parts = new ArrayList<>();
        parts.add(queue.done() + " done");
        if (queue.failed() > 0) {
            parts.add(queue.failed() + " failed");
        }
        if (queue.dropped() > 0) {
            parts.add(queue.dropped() + " of them dropped");
        }
        if (queue.refused() > 0) {
            parts.add(queue.refused() + " refused");
        }
        return String.join(", ", parts);
    }

    private static String whenFull(QueueView queue) {
        return switch (queue.onFull()) {
            case "block" -> "Who brings a job waits for room";
            case "drop-oldest" -> "The oldest job is given up";
            default -> "New jobs are refused";
        };
    }

    private static String time(long millis) {
        return Words.duration(Duration.ofMillis(millis));
    }

    private void showCrew(QueueView queue) {
        List<Node> cards = new ArrayList<>();
        queue.crew().forEach(worker -> cards.add(card(worker)));
        crew.getChildren().setAll(cards);
    }

    private Node card(WorkerView worker) {
        Label name = new Label(worker.agent() + " " + (worker.index() + 1));
        name.getStyleClass().add("strong");
        ProgressBar load = new ProgressBar(worker.load() / 100.0);
        load.setMaxWidth(Double.MAX_VALUE);
        Label below = new Label(worker.load() + " % · " + Words.plural(worker.jobs(), "job"));
        below.getStyleClass().addAll("muted", "small");
        VBox card = new VBox(4, name, load, below);
        String job = worker.job();
        String doing = job == null ? "idle" : "works on " + job;
        if (job != null) {
            Button open = new Button("Open job");
            open.getStyleClass().addAll("small", "flat");
            open.setAccessibleText("Open job " + job);
            open.setOnAction(_ -> workspace.show(Screen.RUNS, job));
            card.getChildren().add(open);
        }
        card.getStyleClass().add("worker-card");
        card.setPrefWidth(160);
        card.setAccessibleText(name.getText() + ", " + doing + ", " + below.getText());
        return card;
    }
}
