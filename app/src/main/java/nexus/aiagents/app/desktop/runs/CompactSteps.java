package nexus.aiagents.app.desktop.runs;

import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.scene.control.Label;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import nexus.aiagents.app.desktop.parts.MarkView;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.engine.view.RunView;
import org.jspecify.annotations.Nullable;

/// The steps of a run as a table, one line each.
final class CompactSteps extends TableView<CompactRow> {
    private boolean filling;

    /// @param onSelect hears of the name of a step that a person selected
    CompactSteps(Consumer<String> onSelect) {
        setId("compact-steps");
        setAccessibleText("Steps");
        getStyleClass().addAll("dense", "bare-table", "event-table");
        setPlaceholder(new Label("It has no steps yet."));
        setColumnResizePolicy(CONSTRAINED_RESIZE_POLICY_LAST_COLUMN);
        TableColumn<CompactRow, CompactRow> number = text("#", 36, r -> String.valueOf(r.number()), "number-column");
        TableColumn<CompactRow, CompactRow> state = column("State", 112);
        state.setCellFactory(_ -> new MarkCell());
        getColumns()
                .addAll(List.of(
                        number,
                        text("Step", 128, CompactRow::step, ""),
                        state,
                        text("Took", 72, CompactRow::took, "number-column"),
                        text("Attempts", 88, CompactRow::attempts, "number-column"),
                        text("Undone", 176, CompactRow::undone, ""),
                        text("Note", 240, r -> Words.brief(r.note(), 300), "")));
        getSelectionModel().selectedItemProperty().addListener((_, _, row) -> {
            if (row != null && !filling) {
                onSelect.accept(row.step());
            }
        });
    }

    /// @param selected the step that is selected, as it is called; null: none
    void show(RunView run, Instant now, @Nullable String selected) {
        List<CompactRow> rows = CompactRow.of(run, now);
        filling = true;
        boolean sameSteps = rows.size() == getItems().size();
        for (int i = 0; sameSteps && i < rows.size(); i++) {
            sameSteps = rows.get(i).step().equals(getItems().get(i).step());
        }
        if (!sameSteps) {
            getItems().setAll(rows);
        } else {
            for (int i = 0; i < rows.size(); i++) {
                if (!rows.get(i).equals(getItems().get(i))) {
                    getItems().set(i, rows.get(i));
                }
            }
        }
        filling = false;
        select(selected);
    }

    /// @param step an item is its step
    void select(@Nullable String step) {
        String name = step != null && step.endsWith("]") && step.contains("[")
                ? step.substring(0, step.lastIndexOf('['))
                : step;
        CompactRow now = getSelectionModel().getSelectedItem();
        if (name == null || (now != null && now.step().equals(name))) {
            return;
        }
        for (int i = 0; i < getItems().size(); i++) {
            if (getItems().get(i).step().equals(name)) {
                filling = true;
                getSelectionModel().clearAndSelect(i);
                filling = false;
                return;
            }
        }
    }

    private static TableColumn<CompactRow, CompactRow> column(String title, double width) {
        TableColumn<CompactRow, CompactRow> column = new TableColumn<>(title);
        column.setPrefWidth(width);
        column.setMinWidth(Math.min(width, 40));
        column.setReorderable(false);
        column.setSortable(false);
        column.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(row.getValue()));
        return column;
    }

    private static TableColumn<CompactRow, CompactRow> text(
            String title, double width, Function<CompactRow, String> text, String style) {
        TableColumn<CompactRow, CompactRow> column = column(title, width);
        if (!style.isEmpty()) {
            column.getStyleClass().add(style);
        }
        column.setCellFactory(_ -> new TableCell<>() {
            @Override
            protected void updateItem(@Nullable CompactRow row, boolean empty) {
                super.updateItem(row, empty);
                setText(row == null || empty ? null : text.apply(row));
            }
        });
        return column;
    }

    private static final class MarkCell extends TableCell<CompactRow, CompactRow> {
        private final MarkView mark = new MarkView(true);

        @Override
        protected void updateItem(@Nullable CompactRow row, boolean empty) {
            super.updateItem(row, empty);
            if (row == null || empty) {
                setGraphic(null);
            } else {
                mark.show(row.mark());
                setGraphic(mark);
            }
        }
    }
}
