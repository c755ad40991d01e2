package nexus.aiagents.app.desktop.runs;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ObservableValue;
import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.control.ListView;
import javafx.scene.control.skin.VirtualFlow;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.ScrollEvent;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.scene.text.TextAlignment;
import nexus.aiagents.app.desktop.fx.Fx;
import nexus.aiagents.app.desktop.parts.CanvasText;
import nexus.aiagents.app.desktop.parts.Drawing;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.app.desktop.parts.ZoomKeys;
import nexus.aiagents.app.desktop.shell.Palette;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.RunView.StepState;
import nexus.aiagents.engine.view.RunView.StepView;
import org.jspecify.annotations.Nullable;

/// The run of a saga or workflow along the time: a list, so that keyboard and screen readers walk its
/// steps, whose lines are drawn. Ctrl and wheel or + and - zoom, Shift and wheel or a drag of the axis pan,
/// 0 shows all of it.
final class SagaTimeline extends VBox {
    static final double NAMES = 208;
    private static final double MARGIN = 20;
    private static final double STEP = 1.5;

    private final ObservableValue<Palette> palette;
    private final ReadOnlyObjectWrapper<SagaPlan> plan = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<StepView> selected = new ReadOnlyObjectWrapper<>();
    private final ListView<TimelineRow> list = new ListView<>();
    private final Set<String> opened = new HashSet<>();
    private final Drawing axis;
    private final StepPainter painter = new StepPainter();
    private final CanvasText text = new CanvasText();
    private final TimeWindow window = new TimeWindow();
    private double dragX;
    private @Nullable RunView run;
    private Instant now = Instant.EPOCH;

    SagaTimeline(ObservableValue<Palette> palette) {
        this.palette = palette;
        getStyleClass().add("saga-timeline");
        list.setId("saga-steps");
        list.setCellFactory(_ -> new StepCell(this, painter, plan.getReadOnlyProperty(), palette));
        list.getStyleClass().add("bare-list");
        list.setAccessibleText("Steps");
        axis = new Drawing(this::axis);
        axis.setMinHeight(24);
        axis.setMaxHeight(24);
        VBox.setVgrow(list, Priority.ALWAYS);
        getChildren().addAll(axis, list);
        list.addEventFilter(KeyEvent.KEY_PRESSED, this::keys);
        list.addEventFilter(KeyEvent.KEY_TYPED, new ZoomKeys(this::zoomIn, this::zoomOut, this::fit)::typed);
        addEventFilter(ScrollEvent.SCROLL, this::scrolled);
        axis.setOnMousePressed(e -> dragX = e.getX());
        axis.setOnMouseDragged(e -> {
            pan(dragX - e.getX());
            dragX = e.getX();
        });
        list.widthProperty().addListener((_, _, _) -> plan());
        list.heightProperty().addListener((_, _, _) -> Fx.later(this::reveal));
        list.getSelectionModel().selectedItemProperty().addListener((_, _, _) -> showSelected());
        palette.addListener((_, _, _) -> plan());
    }

    void show(RunView next, Instant at) {
        boolean other = run == null || !run.id().equals(next.id());
        run = next;
        now = at;
        if (other) {
            opened.clear();
            window.fit();
            list.setFixedCellSize(next.kind().equals("workflow") ? StepPainter.LOW : StepPainter.HEIGHT);
        }
        rows(next);
        plan();
        if (other || list.getSelectionModel().isEmpty()) {
            list.getSelectionModel().select(new TimelineRow(telling(next), TimelineRow.NONE));
            Fx.later(this::reveal);
        }
        showSelected();
    }

    /// The selection stays on its step, or its item.
    private void rows(RunView of) {
        List<TimelineRow> rows = TimelineRow.of(of, opened);
        if (!rows.equals(list.getItems())) {
            TimelineRow selected = list.getSelectionModel().getSelectedItem();
            list.getItems().setAll(rows);
            if (selected != null) {
                TimelineRow there =
                        rows.contains(selected) ? selected : new TimelineRow(selected.step(), TimelineRow.NONE);
                list.getSelectionModel().select(there);
            }
        }
    }

    boolean isOpen(String step) {
        return opened.contains(step);
    }

    /// Shows the items of a step, or shows them no more.
    void open(String step, boolean open) {
        RunView current = run;
        if (current != null && (open ? opened.add(step) : opened.remove(step))) {
            rows(current);
            plan.set(null);
            plan();
        }
    }

    /// Scrolls as little as needed to see the selected line whole.
    private void reveal() {
        int index = list.getSelectionModel().getSelectedIndex();
        if (index >= 0 && list.lookup(".virtual-flow") instanceof VirtualFlow<?> flow) {
            list.layout();
            flow.scrollTo(index);
        }
    }

    private void scrolled(ScrollEvent e) {
        boolean zooms = e.isControlDown() || e.isMetaDown();
        double across = e.isShiftDown() && e.getDeltaX() == 0 ? e.getDeltaY() : e.getDeltaX();
        if (zooms) {
            zoom(Math.exp(e.getDeltaY() / 300), e.getX() - NAMES);
        } else if (across != 0) {
            pan(-across);
        } else {
            return;
        }
        e.consume();
    }

    void zoomIn() {
        zoom(STEP, room() / 2);
    }

    void zoomOut() {
        zoom(1 / STEP, room() / 2);
    }

    /// Shows all of it.
    void fit() {
        window.fit();
        plan();
    }

    private void zoom(double factor, double x) {
        window.zoom(factor, x - MARGIN, room());
        plan();
    }

    private void pan(double by) {
        window.pan(by, room());
        plan();
    }

    private double room() {
        return Math.max(40, list.getWidth() - NAMES - 2 - 2 * MARGIN);
    }

    /// Selects a step by its name.
    void select(String step) {
        RunView current = run;
        for (int i = 0; current != null && i < current.steps().size(); i++) {
            if (current.steps().get(i).name().equals(step)) {
                TimelineRow row = new TimelineRow(i, TimelineRow.NONE);
                if (!row.equals(list.getSelectionModel().getSelectedItem())) {
                    list.getSelectionModel().select(row);
                    list.scrollTo(row);
                }
                return;
            }
        }
    }

    /// Right opens the items of the selected step, Left closes them.
    private void keys(KeyEvent e) {
        TimelineRow row = list.getSelectionModel().getSelectedItem();
        RunView current = run;
        boolean pans = e.isShiftDown() && (e.getCode() == KeyCode.RIGHT || e.getCode() == KeyCode.LEFT);
        if (pans) {
            pan(e.getCode() == KeyCode.RIGHT ? room() / 4 : -room() / 4);
            e.consume();
            return;
        }
        if (row == null || current == null || (e.getCode() != KeyCode.RIGHT && e.getCode() != KeyCode.LEFT)) {
            return;
        }
        StepView step = current.steps().get(row.step());
        if (step.items() != null) {
            open(step.name(), e.getCode() == KeyCode.RIGHT);
            e.consume();
        }
    }

    /// The step a person wants to see first: the one that waits for them, the one that failed, else the
    /// one under way, else the last.
    private static int telling(RunView run) {
        List<StepView> steps = run.steps();
        int last = Math.max(0, steps.size() - 1);
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).name().equals(run.failedStep()) || steps.get(i).state() == StepState.WAITING) {
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
        double room = Math.max(40, width - 2 * MARGIN);
        return SagaPlan.of(of, now, MARGIN - window.left(), room * window.zoom());
    }

    private void plan() {
        RunView current = run;
        if (current != null && list.getWidth() > 0) {
            SagaPlan before = plan.get();
            plan.set(
                    before != null && before.run() == current && before.now().equals(now)
                            ? before.with(MARGIN - window.left(), room() * window.zoom())
                            : plan(current, list.getWidth() - NAMES - 2));
            axis.redraw();
        }
    }

    private void showSelected() {
        RunView current = run;
        TimelineRow row = list.getSelectionModel().getSelectedItem();
        selected.set(current == null || row == null ? null : row.in(current));
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
        for (TimeScale.Tick tick : shown.scale().ticks(96, MARGIN / 2, width - NAMES)) {
            Duration length = Duration.ofMillis(tick.millis());
            String words =
                    tick.gap() ? "… " + Words.duration(length) : tick.millis() == 0 ? "0" : Words.duration(length);
            g.fillText(words, NAMES + tick.x(), height / 2);
        }
        g.setTextAlign(TextAlignment.LEFT);
        g.setFill(p.border());
        g.fillRect(0, height - 1, width, 1);
    }
}
