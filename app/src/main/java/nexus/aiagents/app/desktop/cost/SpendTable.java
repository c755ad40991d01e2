package nexus.aiagents.app.desktop.cost;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.scene.control.Label;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.app.desktop.shell.Money;
import nexus.aiagents.engine.view.ProjectView.SpendPoint;
import org.jspecify.annotations.Nullable;

/// Who spent how much on which model.
final class SpendTable extends TableView<SpendTable.Row> {
    record Row(
            String agent, String model, long calls, long tokens, long microDollars, double share, boolean scripted) {}

    SpendTable() {
        setId("spend-table");
        setAccessibleText("Spending by agent and model");
        getStyleClass().addAll("dense", "bare-table");
        setPlaceholder(new Label("Nothing spent yet."));
        setColumnResizePolicy(CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        getColumns()
                .addAll(List.of(
                        column("Agent", 180, Row::agent, Row::agent, false),
                        column(
                                "Model",
                                200,
                                Row::model,
                                r -> r.scripted() ? r.model() + " (scripted)" : r.model(),
                                false),
                        column("Calls", 80, Row::calls, r -> Words.count(r.calls()), true),
                        column("Tokens", 96, Row::tokens, r -> Words.count(r.tokens()), true),
                        column("Cost", 96, Row::microDollars, r -> Money.format(r.microDollars()), true),
                        column(
                                "Share",
                                72,
                                Row::share,
                                r -> String.format(Locale.ROOT, "%.0f %%", r.share() * 100),
                                true)));
    }

    private static <T extends Comparable<T>> TableColumn<Row, Row> column(
            String title, double width, Function<Row, T> key, Function<Row, String> text, boolean number) {
        TableColumn<Row, Row> column = new TableColumn<>(title);
        column.setPrefWidth(width);
        column.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(row.getValue()));
        column.setComparator(Comparator.comparing(key));
        column.setReorderable(false);
        if (number) {
            column.getStyleClass().add("number-column");
        }
        column.setCellFactory(_ -> new TableCell<>() {
            @Override
            protected void updateItem(@Nullable Row item, boolean empty) {
                super.updateItem(item, empty);
                setText(item == null || empty ? null : text.apply(item));
            }
        });
        return column;
    }

    void show(List<SpendPoint> spend) {
        List<Row> rows = rows(spend);
        if (!rows.equals(getItems())) {
            getItems().setAll(rows);
            sort();
        }
    }

    /// Largest first.
    static List<Row> rows(List<SpendPoint> spend) {
        Map<List<String>, Row> rows = new LinkedHashMap<>();
        long all =
                Math.max(1, spend.stream().mapToLong(SpendPoint::microDollars).sum());
        for (SpendPoint p : spend) {
            rows.merge(
                    List.of(p.agent(), p.model()),
                    new Row(p.agent(), p.model(), 1, p.tokens(), p.microDollars(), 0, p.scripted()),
                    (a, b) -> new Row(
                            a.agent(),
                            a.model(),
                            a.calls() + 1,
                            a.tokens() + b.tokens(),
                            a.microDollars() + b.microDollars(),
                            0,
                            a.scripted() && b.scripted()));
        }
        List<Row> sorted = new ArrayList<>();
        for (Row r : rows.values()) {
            sorted.add(new Row(
                    r.agent(),
                    r.model(),
                    r.calls(),
                    r.tokens(),
                    r.microDollars(),
                    r.microDollars() / (double) all,
                    r.scripted()));
        }
        sorted.sort(Comparator.comparingLong(Row::microDollars).reversed().thenComparing(Row::agent));
        return sorted;
    }
}
