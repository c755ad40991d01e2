package nexus.aiagents.app.desktop.editor;

import java.util.List;
import java.util.function.Consumer;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.StackPane;
import nexus.aiagents.app.desktop.editor.merge.SideBySide;
import nexus.aiagents.app.desktop.editor.merge.Unified;
import org.jspecify.annotations.Nullable;

/// The lines that differ, old below new or old beside new, as the person wants it; where there is no
/// room for two texts they are below each other.
final class DifferenceLines extends StackPane {
    /// From this width on a usual line of YAML is seen whole on both sides.
    private static final double ROOM = 760;
    /// How many rows stand above a difference that was gone to.
    private static final int ABOVE = 3;

    private final ListView<Unified.Line> lines = new ListView<>();
    private final SidesView sides = new SidesView();
    private final Label nothing = new Label();
    private final BooleanProperty wanted = new SimpleBooleanProperty();
    private final ReadOnlyBooleanWrapper room = new ReadOnlyBooleanWrapper();
    private Unified shown = Unified.NOTHING;
    private SideBySide beside = SideBySide.NOTHING;

    /// @param open takes `file:line`, counted from 0
    DifferenceLines(Consumer<String> open) {
        lines.setId("difference-lines");
        lines.setAccessibleText("Lines that differ");
        lines.getStyleClass().addAll("dense", "diff-lines");
        lines.setCellFactory(_ -> new DiffCell());
        nothing.getStyleClass().add("muted");
        for (ListView<?> list : List.of(lines, sides.list())) {
            list.setOnMouseClicked(e -> {
                if (e.getClickCount() == 2) {
                    open(open);
                }
            });
            list.setOnKeyPressed(e -> {
                if (e.getCode() == KeyCode.ENTER) {
                    open(open);
                }
            });
        }
        getChildren().addAll(lines, sides, nothing);
        widthProperty().addListener((_, _, width) -> room.set(width.doubleValue() >= ROOM));
        room.addListener((_, _, _) -> arrange());
        wanted.addListener((_, _, _) -> arrange());
        arrange();
    }

    /// Whether old and new shall be beside each other where there is room.
    BooleanProperty sideBySide() {
        return wanted;
    }

    ReadOnlyBooleanProperty room() {
        return room.getReadOnlyProperty();
    }

    private boolean isBeside() {
        return wanted.get() && room.get();
    }

    /// The line that is selected stays so in the other layout, and the focus stays here.
    private void arrange() {
        boolean hadFocus = lines.isFocused() || sides.list().isFocused();
        SideBySide.Row row = sides.list().getSelectionModel().getSelectedItem();
        Unified.Line selected = !sides.isVisible()
                ? lines.getSelectionModel().getSelectedItem()
                : row == null || row.left() == null ? besideSelected() : row.left();
        sides.setVisible(isBeside());
        lines.setVisible(!isBeside());
        if (selected != null) {
            select(isBeside() ? beside.rowOf(selected) : shown.lines().indexOf(selected));
        }
        if (hadFocus) {
            requestFocus();
        }
    }

    private Unified.@Nullable Line besideSelected() {
        SideBySide.Row row = sides.list().getSelectionModel().getSelectedItem();
        return row == null ? null : row.line();
    }

    private ListView<?> front() {
        return isBeside() ? sides.list() : lines;
    }

    /// @param otherwise what is said where nothing differs
    void show(Unified now, String otherwise) {
        int row = front().getSelectionModel().getSelectedIndex();
        shown = now;
        beside = SideBySide.of(now);
        lines.getItems().setAll(now.lines());
        sides.show(beside);
        nothing.setText(otherwise);
        nothing.setVisible(now.isEmpty());
        if (row >= 0 && row < front().getItems().size()) {
            front().getSelectionModel().select(row);
        }
    }

    /// To the next difference, or with -1 to the one before.
    void go(int step) {
        List<Integer> places = isBeside() ? beside.places() : shown.places();
        if (places.isEmpty()) {
            return;
        }
        int row = front().getSelectionModel().getSelectedIndex();
        int at = -1;
        for (int place : places) {
            if (step > 0 && place > row) {
                at = place;
                break;
            }
            if (step < 0 && place < row) {
                at = place;
            }
        }
        select(at >= 0 ? at : step > 0 ? places.getFirst() : places.getLast());
        requestFocus();
    }

    private void select(int row) {
        if (row >= 0) {
            front().getSelectionModel().clearAndSelect(row);
            front().scrollTo(Math.max(0, row - ABOVE));
        }
    }

    @Override
    public void requestFocus() {
        front().requestFocus();
    }

    private void open(Consumer<String> open) {
        Unified.Line line =
                isBeside() ? besideSelected() : lines.getSelectionModel().getSelectedItem();
        if (line != null && !line.file().isEmpty()) {
            int row = line.now() > 0 ? line.now() - 1 : nearest(shown.lines().indexOf(line));
            open.accept(line.file() + ":" + row);
        }
    }

    /// Of a line that is not in the file any more: where it would be.
    private int nearest(int row) {
        for (int i = row; i >= 0; i--) {
            if (shown.lines().get(i).now() > 0) {
                return shown.lines().get(i).now() - 1;
            }
        }
        return 0;
    }
}
