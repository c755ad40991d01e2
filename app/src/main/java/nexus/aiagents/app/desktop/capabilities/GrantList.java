package nexus.aiagents.app.desktop.capabilities;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.Region;
import nexus.aiagents.app.desktop.parts.Mark;
import nexus.aiagents.app.desktop.parts.RowColumns;
import nexus.aiagents.app.desktop.parts.Tone;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.AgentView.DenialView;
import nexus.aiagents.engine.view.AgentView.GrantView;
import org.jspecify.annotations.Nullable;

/// The grants of one agent one by one, and below them what it was denied.
public final class GrantList extends TableView<GrantList.Row> {

    /// @param grant null: it was denied
    public record Row(
            String agent,
            String kind,
            String name,
            String detail,
            long count,
            @Nullable Instant last,
            @Nullable GrantView grant) {
        boolean isUnused() {
            return grant != null && grant.used() == 0 && !grant.kind().equals("env");
        }

        Mark mark() {
            if (grant == null) {
                return new Mark(Mark.Shape.CROSS, Tone.DANGER, "Denied");
            }
            if (grant.kind().equals("env")) {
                return new Mark(Mark.Shape.DOT, Tone.NEUTRAL, "Given");
            }
            return isUnused()
                    ? new Mark(Mark.Shape.TRIANGLE, Tone.WARNING, "Never used")
                    : new Mark(Mark.Shape.CHECK, Tone.SUCCESS, "Used");
        }
    }

    /// @param onRemove takes a grant that was never used out of the YAML, null: that is done elsewhere
    public GrantList(@Nullable Consumer<Row> onRemove) {
        setId("grant-list");
        setAccessibleText("Grants of the selected agent");
        getStyleClass().addAll("bare-table", "trust-table");
        setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        setPlaceholder(new Label("Nothing is granted to it, and it asked for nothing."));
        getColumns()
                .addAll(List.of(
                        marks(),
                        text("Grant", 80, 76, Row::kind),
                        RowColumns.givesWay(
                                text("Name", 288, 64, row -> row.name().isEmpty() ? "its own keys" : row.name())),
                        RowColumns.givesWay(text("What", 248, 64, Row::detail)),
                        text(
                                "Calls",
                                64,
                                56,
                                row -> row.grant() != null && row.kind().equals("env")
                                        ? "–"
                                        : Words.count(row.count())),
                        text(
                                "Last",
                                120,
                                84,
                                row -> row.last() == null ? "–" : Words.time(row.last(), Instant.now()))));
        if (onRemove != null) {
            getColumns().add(removes(onRemove));
        }
    }

    static List<Row> rows(AgentView agent) {
        List<Row> rows = new ArrayList<>();
        for (GrantView grant : agent.grants().declared()) {
            rows.add(new Row(
                    agent.name(), grant.kind(), grant.name(), grant.detail(), grant.used(), grant.lastUsed(), grant));
        }
        for (DenialView denial : agent.grants().denied()) {
            rows.add(new Row(
                    agent.name(),
                    granted(denial.kind()),
                    denial.what(),
                    denial.remedy(),
                    denial.count(),
                    denial.last(),
                    null));
        }
        return rows;
    }

    /// A call is named in the singular, the grant that it lacked as in the YAML.
    private static String granted(String call) {
        return switch (call) {
            case "file", "model", "agent", "secret" -> call + "s";
            default -> call;
        };
    }

    public void show(@Nullable AgentView agent) {
        List<Row> now = agent == null ? List.of() : rows(agent);
        if (!now.equals(List.copyOf(getItems()))) {
            int selected = getSelectionModel().getSelectedIndex();
            getItems().setAll(now);
            if (selected >= 0 && selected < now.size()) {
                getSelectionModel().select(selected);
            }
        }
    }

    private static TableColumn<Row, Row> column(String title, double width, double least) {
        TableColumn<Row, Row> column = RowColumns.of(title, width);
        column.setMinWidth(least);
        return column;
    }

    private static TableColumn<Row, Row> text(String title, double width, double least, Function<Row, String> text) {
        TableColumn<Row, Row> column = column(title, width, least);
        column.setCellFactory(_ -> new TableCell<>() {
            @Override
            protected void updateItem(@Nullable Row item, boolean empty) {
                super.updateItem(item, empty);
                String now = item == null || empty ? null : text.apply(item);
                setText(now);
            }
        });
        return column;
    }

    private static TableColumn<Row, Row> marks() {
        TableColumn<Row, Row> column = RowColumns.marks("State", 128, Row::mark);
        column.setMinWidth(112);
        return column;
    }

    private static TableColumn<Row, Row> removes(Consumer<Row> onRemove) {
        TableColumn<Row, Row> column = column("", 92, 92);
        column.setCellFactory(_ -> new TableCell<>() {
            private final Button remove = new Button("Remove");

            {
                remove.getStyleClass().add("small");
                remove.setMinWidth(Region.USE_PREF_SIZE);
                remove.setOnAction(_ -> {
                    if (getItem() != null) {
                        onRemove.accept(getItem());
                    }
                });
            }

            @Override
            protected void updateItem(@Nullable Row item, boolean empty) {
                super.updateItem(item, empty);
                if (item == null || empty || !item.isUnused()) {
                    setGraphic(null);
                    return;
                }
                String what = (item.kind() + " " + item.name()).strip();
                remove.setId("remove-" + what.replaceAll("[^A-Za-z0-9]+", "-"));
                remove.setAccessibleText("Remove the grant " + what + ", which was never used, from the YAML");
                remove.setTooltip(new Tooltip("Takes it out of the YAML. Undo puts it back."));
                setGraphic(remove);
            }
        });
        return column;
    }
}
