package nexus.aiagents.app.desktop.runs;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ChangeListener;
import javafx.beans.value.ObservableValue;
import javafx.beans.value.WeakChangeListener;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.ScrollEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.scene.text.TextAlignment;
import nexus.aiagents.app.desktop.parts.CanvasText;
import nexus.aiagents.app.desktop.parts.Drawing;
import nexus.aiagents.app.desktop.parts.Mark;
import nexus.aiagents.app.desktop.parts.MarkView;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.app.desktop.shell.Palette;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.RunView.StepState;
import nexus.aiagents.engine.view.RunView.StepView;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// The run of a saga or workflow along the time: a list, so that keyboard and screen readers walk its
/// steps, whose lines are drawn. Ctrl and wheel or + and - zoom, Shift and wheel or a drag of the axis pan,
/// 0 shows all of it.
final class SagaTimeline extends VBox {
    private static final double NAMES = 208;
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
        list.setCellFactory(_ -> new StepCell());
        list.getStyleClass().add("bare-list");
        list.setAccessibleText("Steps");
        axis = new Drawing(this::axis);
        axis.setMinHeight(24);
        axis.setMaxHeight(24);
        VBox.setVgrow(list, Priority.ALWAYS);
        getChildren().addAll(axis, list);
        list.addEventFilter(KeyEvent.KEY_PRESSED, this::keys);
        list.addEventFilter(KeyEvent.KEY_TYPED, this::typed);
        addEventFilter(ScrollEvent.SCROLL, this::scrolled);
        axis.setOnMousePressed(e -> dragX = e.getX());
        axis.setOnMouseDragged(e -> {
            pan(dragX - e.getX());
            dragX = e.getX();
        });
        list.widthProperty().addListener((_, _, _) -> plan());
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

    private void open(String step, boolean open) {
        RunView current = run;
        if (current != null && (open ? opened.add(step) : opened.remove(step))) {
            rows(current);
            plan.set(null);
            plan();
        }
    }

    private void typed(KeyEvent e) {
        switch (e.getCharacter()) {
            case "+", "=" -> zoomIn();
            case "-" -> zoomOut();
            case "0" -> fit();
            default -> {
                return;
            }
        }
        e.consume();
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

    /// What runs at the same time is drawn one below the other; the words say that it belongs together.
    private static String beside(StepView step) {
        return (step.group() == null ? "" : " · in " + step.group())
                + (step.pivot() ? " · no way back" : "")
                + (step.needs().isEmpty() ? "" : " · after " + String.join(", ", step.needs()));
    }

    static String spoken(StepView step, int index, int count) {
        List<String> words = new ArrayList<>();
        words.add(
                "Step " + (index + 1) + " of " + count + ", " + step.name() + ", agent " + step.agent() + beside(step));
        words.add(Mark.of(StepPainter.shownState(step)).text());
        if (!StepPainter.remark(step).isEmpty()) {
            words.add(StepPainter.remark(step));
        }
        if (step.items() != null) {
            words.add(StepPainter.items(step.items()).substring(3));
        }
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

    private final class StepCell extends ListCell<TimelineRow> {
        private static final double INDENT = 20;
        private final Button toggle = new Button("", new FontIcon(Feather.CHEVRON_RIGHT));
        private final Label name = new Label();
        private final Label agent = new Label();
        private final MarkView mark = new MarkView(false);
        private final MarkView undone = new MarkView(true);
        private final Drawing line;
        private final HBox box;
        private final HBox under;
        private final VBox names;
        private final ChangeListener<SagaPlan> listener = (_, before, after) -> planned(before, after);

        StepCell() {
            line = new Drawing((g, w, h) -> {
                SagaPlan shown = plan.get();
                StepView step = shown == null || isEmpty() ? null : getItem().in(shown.run());
                if (shown != null && step != null) {
                    int row = getItem().isItem() ? TimelineRow.NONE : getItem().step();
                    painter.draw(g, shown, step, row, palette.getValue(), w, h);
                }
            });
            name.getStyleClass().add("strong");
            agent.getStyleClass().addAll("muted", "small");
            toggle.getStyleClass().addAll("flat", "small", "button-icon", "step-items");
            toggle.setFocusTraversable(false);
            toggle.setAccessibleText("Show items");
            toggle.setPadding(Insets.EMPTY);
            toggle.setMinSize(20, 16);
            toggle.setMaxHeight(16);
            Region gap = new Region();
            HBox.setHgrow(gap, Priority.ALWAYS);
            name.setMinWidth(0);
            HBox head = new HBox(8, mark, name, gap, toggle);
            head.setAlignment(Pos.CENTER_LEFT);
            under = new HBox(8, agent);
            under.setPadding(new Insets(0, 0, 0, 20));
            names = new VBox(2, head, under, undone);
            undone.setPadding(new Insets(0, 0, 0, 20));
            undone.getStyleClass().add("small");
            names.setAlignment(Pos.CENTER_LEFT);
            names.setMinWidth(NAMES);
            names.setMaxWidth(NAMES);
            names.setPadding(new Insets(0, 8, 0, 16));
            HBox.setHgrow(line, Priority.ALWAYS);
            box = new HBox(names, line);
            box.setMinWidth(0);
            box.setPrefWidth(0);
            getStyleClass().add("step-cell");
            plan.addListener(new WeakChangeListener<>(listener));
        }

        @Override
        protected void updateItem(@Nullable TimelineRow item, boolean empty) {
            super.updateItem(item, empty);
            render();
        }

        /// Zoomed or moved, only the line is another one.
        private void planned(@Nullable SagaPlan before, @Nullable SagaPlan after) {
            boolean moved = before != null && after != null && before.run() == after.run();
            if (moved && getGraphic() == box) {
                line.redraw();
            } else {
                render();
            }
        }

        private void render() {
            SagaPlan shown = plan.get();
            StepView step = isEmpty() || shown == null ? null : getItem().in(shown.run());
            if (step == null || shown == null) {
                setGraphic(null);
                setAccessibleText(null);
                return;
            }
            TimelineRow row = getItem();
            name.setText(step.name());
            agent.setText(row.isItem() ? "" : step.agent() + beside(step));
            names.setPadding(new Insets(0, 8, 0, row.isItem() ? 16 + INDENT : 16));
            under.setVisible(!row.isItem());
            under.setManaged(!row.isItem());
            toggle(step);
            mark.show(Mark.of(StepPainter.shownState(step)));
            boolean undo = step.undoState() != null;
            undone.setVisible(undo);
            undone.setManaged(undo);
            if (step.undoState() != null) {
                undone.show(Mark.of(step.undoState()));
            }
            setAccessibleText(
                    row.isItem()
                            ? "Item " + step.name() + ", "
                                    + Mark.of(StepPainter.shownState(step)).text()
                            : spoken(step, row.step(), shown.run().steps().size()));
            line.redraw();
            if (getGraphic() != box) {
                setGraphic(box);
            }
        }

        private void toggle(StepView step) {
            RunView.ItemsView items = step.items();
            boolean has = items != null && items.total() > 0;
            toggle.setVisible(has);
            toggle.setManaged(has);
            if (items == null) {
                return;
            }
            boolean open = opened.contains(step.name());
            toggle.setGraphic(new FontIcon(open ? Feather.CHEVRON_DOWN : Feather.CHEVRON_RIGHT));
            toggle.setAccessibleText((open ? "Hide " : "Show ") + Words.plural(items.total(), "item"));
            toggle.setOnAction(_ -> open(step.name(), !open));
        }
    }
}
