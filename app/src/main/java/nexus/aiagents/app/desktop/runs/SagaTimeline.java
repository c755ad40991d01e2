package nexus.aiagents.app.desktop.runs;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ChangeListener;
import javafx.beans.value.ObservableValue;
import javafx.beans.value.WeakChangeListener;
import javafx.geometry.Pos;
import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.scene.text.TextAlignment;
import nexus.aiagents.app.desktop.parts.CanvasText;
import nexus.aiagents.app.desktop.parts.Drawing;
import nexus.aiagents.app.desktop.parts.Mark;
import nexus.aiagents.app.desktop.parts.MarkView;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.app.desktop.shell.Palette;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.RunView.StepView;
import org.jspecify.annotations.Nullable;

/// A saga's run along the time: a list, so that keyboard and screen readers walk its steps, whose lines are
/// drawn.
final class SagaTimeline extends VBox {
    private static final double NAMES = 208;
    private static final double MARGIN = 20;

    private final ObservableValue<Palette> palette;
    private final ReadOnlyObjectWrapper<SagaPlan> plan = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<StepView> selected = new ReadOnlyObjectWrapper<>();
    private final ListView<Integer> list = new ListView<>();
    private final Drawing axis;
    private final StepPainter painter = new StepPainter();
    private final CanvasText text = new CanvasText();
    private @Nullable RunView run;
    private Instant now = Instant.EPOCH;

    SagaTimeline(ObservableValue<Palette> palette) {
        this.palette = palette;
        getStyleClass().add("saga-timeline");
        list.setId("saga-steps");
        list.setFixedCellSize(StepPainter.HEIGHT);
        list.setCellFactory(_ -> new StepCell());
        list.getStyleClass().add("bare-list");
        list.setAccessibleText("Steps");
        axis = new Drawing(this::axis);
        axis.setMinHeight(24);
        axis.setMaxHeight(24);
        VBox.setVgrow(list, Priority.ALWAYS);
        getChildren().addAll(axis, list);
        list.widthProperty().addListener((_, _, _) -> plan());
        list.getSelectionModel().selectedItemProperty().addListener((_, _, _) -> showSelected());
        palette.addListener((_, _, _) -> plan());
    }

    void show(RunView next, Instant at) {
        boolean other = run == null || !run.id().equals(next.id());
        run = next;
        now = at;
        int count = next.steps().size();
        if (list.getItems().size() != count) {
            list.getItems().setAll(IntStream.range(0, count).boxed().toList());
        }
        plan();
        if (other || list.getSelectionModel().isEmpty()) {
            list.getSelectionModel().select(telling(next));
        }
        showSelected();
    }

    /// The step a person wants to see first: the one that failed, else the one under way, else the last.
    private static int telling(RunView run) {
        List<StepView> steps = run.steps();
        int last = Math.max(0, steps.size() - 1);
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).name().equals(run.failedStep())) {
                return i;
            }
        }
        for (int i = last; i >= 0; i--) {
            if (steps.get(i).startedAt() != null) {
                return i;
            }
        }
        return last;
    }

    ReadOnlyObjectProperty<StepView> selected() {
        return selected.getReadOnlyProperty();
    }

    SagaPlan plan(RunView of, double width) {
        return SagaPlan.of(of, now, MARGIN, Math.max(40, width - 2 * MARGIN));
    }

    private void plan() {
        RunView current = run;
        if (current != null && list.getWidth() > 0) {
            plan.set(plan(current, list.getWidth() - NAMES - 2));
            axis.redraw();
        }
    }

    private void showSelected() {
        RunView current = run;
        Integer index = list.getSelectionModel().getSelectedItem();
        selected.set(
                current == null || index == null || index >= current.steps().size()
                        ? null
                        : current.steps().get(index));
    }

    private void axis(GraphicsContext g, double width, double height) {
        SagaPlan shown = plan.get();
        if (shown == null) {
            return;
        }
        Palette p = palette.getValue();
        g.setFont(text.regular(11));
        g.setTextBaseline(VPos.CENTER);
        g.setTextAlign(TextAlignment.CENTER);
        g.setFill(p.muted());
        for (TimeScale.Tick tick : shown.scale().ticks(96)) {
            Duration length = Duration.ofMillis(tick.millis());
            String words =
                    tick.gap() ? "… " + Words.duration(length) : tick.millis() == 0 ? "0" : Words.duration(length);
            g.fillText(words, NAMES + tick.x(), height / 2);
        }
        g.setTextAlign(TextAlignment.LEFT);
        g.setFill(p.border());
        g.fillRect(0, height - 1, width, 1);
    }

    /// What runs at the same time is drawn one below the other; the words say that it belongs together.
    private static String beside(StepView step) {
        return (step.group() == null ? "" : " · in " + step.group()) + (step.pivot() ? " · no way back" : "");
    }

    static String spoken(StepView step, int index, int count) {
        List<String> words = new ArrayList<>();
        words.add("Step " + (index + 1) + " of " + count + ", " + step.name() + ", agent " + step.agent() + beside(step));
        words.add(Mark.of(StepPainter.shownState(step)).text());
        if (step.attempts() > 1) {
            words.add(Words.plural(step.attempts(), "attempt"));
        }
        if (step.errorCode() != null) {
            words.add(step.errorCode() + ", " + step.errorMessage());
        }
        if (step.undoState() != null) {
            words.add(Mark.of(step.undoState()).text() + (step.undoOrder() > 0 ? ", number " + step.undoOrder() : ""));
        }
        return String.join(", ", words);
    }

    private final class StepCell extends ListCell<Integer> {
        private final Label name = new Label();
        private final Label agent = new Label();
        private final MarkView mark = new MarkView(false);
        private final MarkView undone = new MarkView(true);
        private final Drawing line;
        private final HBox box;
        private final ChangeListener<SagaPlan> listener = (_, _, _) -> render();

        StepCell() {
            line = new Drawing((g, w, h) -> {
                SagaPlan shown = plan.get();
                if (shown != null
                        && !isEmpty()
                        && getItem() < shown.run().steps().size()) {
                    painter.draw(g, shown, getItem(), palette.getValue(), w, h);
                }
            });
            name.getStyleClass().add("strong");
            agent.getStyleClass().addAll("muted", "small");
            HBox head = new HBox(8, mark, name);
            head.setAlignment(Pos.CENTER_LEFT);
            HBox under = new HBox(8, agent);
            under.setPadding(new javafx.geometry.Insets(0, 0, 0, 20));
            VBox names = new VBox(2, head, under, undone);
            undone.setPadding(new javafx.geometry.Insets(0, 0, 0, 20));
            undone.getStyleClass().add("small");
            names.setAlignment(Pos.CENTER_LEFT);
            names.setMinWidth(NAMES);
            names.setMaxWidth(NAMES);
            names.setPadding(new javafx.geometry.Insets(0, 8, 0, 16));
            HBox.setHgrow(line, Priority.ALWAYS);
            box = new HBox(names, line);
            box.setMinWidth(0);
            box.setPrefWidth(0);
            box.setMinHeight(StepPainter.HEIGHT);
            getStyleClass().add("step-cell");
            plan.addListener(new WeakChangeListener<>(listener));
        }

        @Override
        protected void updateItem(@Nullable Integer item, boolean empty) {
            super.updateItem(item, empty);
            render();
        }

        private void render() {
            SagaPlan shown = plan.get();
            if (isEmpty() || shown == null || getItem() >= shown.run().steps().size()) {
                setGraphic(null);
                return;
            }
            StepView step = shown.run().steps().get(getItem());
            name.setText(step.name());
            agent.setText(step.agent() + beside(step));
            mark.show(Mark.of(StepPainter.shownState(step)));
            boolean undo = step.undoState() != null;
            undone.setVisible(undo);
            undone.setManaged(undo);
            if (step.undoState() != null) {
                undone.show(Mark.of(step.undoState()));
            }
            setAccessibleText(spoken(step, getItem(), shown.run().steps().size()));
            line.redraw();
            if (getGraphic() != box) {
                setGraphic(box);
            }
        }
    }
}
