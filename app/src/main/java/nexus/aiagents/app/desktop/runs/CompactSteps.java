package nexus.aiagents.app.desktop.runs;

import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import nexus.aiagents.app.desktop.parts.RowColumns;
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
        getColumns()
                .addAll(List.of(
                        least(36, RowColumns.number("#", 36, row -> String.valueOf(row.number()))),
                        least(72, RowColumns.givesWay(RowColumns.text("Step", 128, CompactRow::step))),
                        least(112, RowColumns.marks("State", 112, CompactRow::mark)),
                        least(76, RowColumns.number("Took", 84, CompactRow::took)),
                        RowColumns.ifWide(
                                this, 640, least(76, RowColumns.number("Attempts", 88, CompactRow::attempts))),
                        least(120, RowColumns.givesWay(RowColumns.text("Undone", 176, CompactRow::undone))),
                        least(
                                56,
                                RowColumns.givesWay(
                                        RowColumns.text("Note", 240, row -> Words.brief(row.note(), 300))))));
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

    private static TableColumn<CompactRow, CompactRow> least(double width, TableColumn<CompactRow, CompactRow> column) {
        column.setMinWidth(width);
        return column;
    }
}
