package nexus.aiagents.app.desktop.runs;

import javafx.beans.value.ChangeListener;
import javafx.beans.value.ObservableValue;
import javafx.beans.value.WeakChangeListener;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import nexus.aiagents.app.desktop.parts.Drawing;
import nexus.aiagents.app.desktop.parts.Mark;
import nexus.aiagents.app.desktop.parts.MarkView;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.app.desktop.shell.Palette;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.RunView.StepView;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// A step of a run in its timeline, or an item of one: what it is in words, and its line.
final class StepCell extends ListCell<TimelineRow> {
    private static final double INDENT = 20;

    private final SagaTimeline timeline;
    private final ObservableValue<SagaPlan> plan;
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

    /// @param plan what of the run is shown, and where
    StepCell(
            SagaTimeline timeline,
            StepPainter painter,
            ObservableValue<SagaPlan> plan,
            ObservableValue<Palette> palette) {
        this.timeline = timeline;
        this.plan = plan;
        line = new Drawing((g, w, h) -> {
            SagaPlan shown = plan.getValue();
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
        agent.setMinWidth(0);
        HBox head = new HBox(8, mark, name, gap, toggle);
        head.setAlignment(Pos.CENTER_LEFT);
        under = new HBox(8, agent);
        under.setPadding(new Insets(0, 0, 0, 20));
        names = new VBox(2, head, under, undone);
        undone.setPadding(new Insets(0, 0, 0, 20));
        undone.getStyleClass().add("small");
        names.setAlignment(Pos.CENTER_LEFT);
        names.setMinWidth(SagaTimeline.NAMES);
        names.setMaxWidth(SagaTimeline.NAMES);
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
        SagaPlan shown = plan.getValue();
        StepView step = isEmpty() || shown == null ? null : getItem().in(shown.run());
        if (step == null || shown == null) {
            setGraphic(null);
            setAccessibleText(null);
            return;
        }
        TimelineRow row = getItem();
        name.setText(step.name());
        agent.setText(row.isItem() ? "" : step.agent() + StepWords.beside(step));
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
                        : StepWords.spoken(step, row.step(), shown.run().steps().size()));
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
        boolean open = timeline.isOpen(step.name());
        toggle.setGraphic(new FontIcon(open ? Feather.CHEVRON_DOWN : Feather.CHEVRON_RIGHT));
        toggle.setAccessibleText((open ? "Hide " : "Show ") + Words.plural(items.total(), "item"));
        toggle.setOnAction(_ -> timeline.open(step.name(), !open));
    }
}
