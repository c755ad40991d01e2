package nexus.aiagents.app.desktop.parts;

import java.util.Comparator;
import java.util.function.Function;
import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import org.jspecify.annotations.Nullable;

/// Columns of tables whose cells show something of their whole row. They keep their places.
public final class RowColumns {
    private RowColumns() {}

    /// Without cells of its own yet, and not to be sorted by.
    public static <R> TableColumn<R, R> of(String title, double width) {
        TableColumn<R, R> column = new TableColumn<>(title);
        column.setPrefWidth(width);
        column.setReorderable(false);
        column.setSortable(false);
        column.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(row.getValue()));
        return column;
    }

    public static <R> TableColumn<R, R> text(String title, double width, Function<R, String> text) {
        TableColumn<R, R> column = of(title, width);
        column.setCellFactory(_ -> new TableCell<>() {
            @Override
            protected void updateItem(@Nullable R row, boolean empty) {
                super.updateItem(row, empty);
                setText(row == null || empty ? null : text.apply(row));
            }
        });
        return column;
    }

    /// Numbers stand to the right.
    public static <R> TableColumn<R, R> number(String title, double width, Function<R, String> text) {
        TableColumn<R, R> column = text(title, width, text);
        column.getStyleClass().add("number-column");
        return column;
    }

    /// @param mark with its words; null: none
    public static <R> TableColumn<R, R> marks(String title, double width, Function<R, @Nullable Mark> mark) {
        TableColumn<R, R> column = of(title, width);
        column.setCellFactory(_ -> new TableCell<>() {
            private final MarkView view = new MarkView(true);

            @Override
            protected void updateItem(@Nullable R row, boolean empty) {
                super.updateItem(row, empty);
                Mark now = row == null || empty ? null : mark.apply(row);
                if (now == null) {
                    setGraphic(null);
                } else {
                    view.show(now);
                    setGraphic(view);
                }
            }
        });
        return column;
    }

    /// The same column, for what people and programs wrote: it may end in an ellipsis, and is whole where
    /// one points. Every other one is wide enough for its words.
    public static <R> TableColumn<R, R> givesWay(TableColumn<R, R> column) {
        column.getStyleClass().add("gives-way");
        return column;
    }

    /// The same column, which is there only where its table has room for it.
    ///
    /// @param width of the table, at least
    public static <R> TableColumn<R, R> ifWide(TableView<R> table, double width, TableColumn<R, R> column) {
        column.visibleProperty()
                .bind(Bindings.createBooleanBinding(
                        () -> table.getWidth() == 0 || table.getWidth() >= width, table.widthProperty()));
        return column;
    }

    /// The same column, to be sorted by.
    ///
    /// @param key what its rows are sorted by
    public static <R, T extends Comparable<T>> TableColumn<R, R> sortedBy(
            Function<R, T> key, TableColumn<R, R> column) {
        column.setSortable(true);
        column.setComparator(Comparator.comparing(key));
        return column;
    }
}
