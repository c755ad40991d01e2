package nexus.aiagents.app.desktop.cost;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import nexus.aiagents.app.desktop.parts.RowColumns;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.app.desktop.shell.Money;
import nexus.aiagents.engine.view.ProjectView.SpendPoint;

/// Who spent how much on which model.
final class SpendTable extends TableView<SpendRow> {
    SpendTable() {
        setId("spend-table");
        setAccessibleText("Spending by agent and model");
        getStyleClass().addAll("dense", "bare-table");
        setPlaceholder(new Label("Nothing spent yet."));
        setColumnResizePolicy(CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        getColumns()
                .addAll(List.of(
                        RowColumns.givesWay(column("Agent", 180, SpendRow::agent, SpendRow::agent, false)),
                        RowColumns.givesWay(column(
                                "Model",
                                200,
                                SpendRow::model,
                                r -> r.scripted() ? r.model() + " (scripted)" : r.model(),
                                false)),
                        column("Calls", 80, SpendRow::calls, r -> Words.count(r.calls()), true),
                        column("Tokens", 96, SpendRow::tokens, r -> Words.count(r.tokens()), true),
                        column("Cost", 96, SpendRow::microDollars, r -> Money.format(r.microDollars()), true),
                        column(
                                "Share",
                                72,
                                SpendRow::share,
                                r -> String.format(Locale.ROOT, "%.0f %%", r.share() * 100),
                                true)));
    }

    private static <T extends Comparable<T>> TableColumn<SpendRow, SpendRow> column(
            String title, double width, Function<SpendRow, T> key, Function<SpendRow, String> text, boolean number) {
        return RowColumns.sortedBy(
                key, number ? RowColumns.number(title, width, text) : RowColumns.text(title, width, text));
    }

    void show(List<SpendPoint> spend) {
        List<SpendRow> rows = SpendRow.of(spend);
        if (!rows.equals(getItems())) {
            getItems().setAll(rows);
            sort();
        }
    }
}
