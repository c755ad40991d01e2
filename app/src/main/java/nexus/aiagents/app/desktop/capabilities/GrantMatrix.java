package nexus.aiagents.app.desktop.capabilities;

import java.util.List;
import java.util.function.Function;
import javafx.scene.control.Label;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.Tooltip;
import nexus.aiagents.app.desktop.parts.Mark;
import nexus.aiagents.app.desktop.parts.MarkView;
import nexus.aiagents.app.desktop.parts.RowColumns;
import nexus.aiagents.app.desktop.parts.Styles;
import nexus.aiagents.app.desktop.parts.Tone;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.AgentView.DenialView;
import nexus.aiagents.engine.view.AgentView.GrantView;
import org.jspecify.annotations.Nullable;

/// Agents down, kinds of grants across: how many there are, how often they were used, and where one
/// never was.
final class GrantMatrix extends TableView<AgentView> {
    private static final String NONE = "–";

    private record Kind(String key, String title, String one) {}

    private static final List<Kind> KINDS = List.of(
            new Kind("models", "Models", "model"),
            new Kind("http", "Requests", "host"),
            new Kind("secrets", "Secrets", "secret"),
            new Kind("files", "Files", "path"),
            new Kind("agents", "Agents", "agent"),
            new Kind("kv", "Keys", "store"),
            new Kind("env", "Variables", "variable"));

    /// What stands in one cell.
    private record Entry(String text, @Nullable Mark mark, String hint) {}

    GrantMatrix() {
        setId("grant-matrix");
        setAccessibleText("Grants of every agent");
        getStyleClass().addAll("bare-table", "trust-table");
        setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        setPlaceholder(new Label("This project has no agents yet."));
        getColumns()
                .add(RowColumns.givesWay(column("Agent", 184, AgentView::name, a -> new Entry(a.name(), null, ""))));
        for (Kind kind : KINDS) {
            getColumns().add(column(kind.title(), 112, a -> used(a, kind), a -> entry(a, kind)));
        }
        getColumns().add(column("Denied", 100, GrantMatrix::denied, GrantMatrix::denials));
    }

    private static long used(AgentView agent, Kind kind) {
        return of(agent, kind).stream().mapToLong(GrantView::used).sum();
    }

    private static List<GrantView> of(AgentView agent, Kind kind) {
        return agent.grants().declared().stream()
                .filter(grant -> grant.kind().equals(kind.key()))
                .toList();
    }

    private static long denied(AgentView agent) {
        return agent.grants().denied().stream().mapToLong(DenialView::count).sum();
    }

    private static Entry entry(AgentView agent, Kind kind) {
        List<GrantView> grants = of(agent, kind);
        if (grants.isEmpty()) {
            return new Entry(NONE, null, "Nothing is granted");
        }
        String count = kind.key().equals("kv") ? "Yes" : Words.plural(grants.size(), kind.one());
        if (kind.key().equals("env")) {
            return new Entry(count, null, "Given to the program when it starts; reading is not counted");
        }
        long unused = grants.stream().filter(grant -> grant.used() == 0).count();
        long used = used(agent, kind);
        if (unused > 0) {
            String hint = unused == grants.size() ? "Never used" : unused + " of " + grants.size() + " never used";
            return new Entry(
                    count, new Mark(Mark.Shape.TRIANGLE, Tone.WARNING, hint), hint + ", " + Words.plural(used, "call"));
        }
        return new Entry(
                count, new Mark(Mark.Shape.CHECK, Tone.SUCCESS, "Used"), "Used for " + Words.plural(used, "call"));
    }

    private static Entry denials(AgentView agent) {
        long count = denied(agent);
        return count == 0
                ? new Entry(NONE, null, "Nothing was denied")
                : new Entry(
                        Words.plural(count, "call"),
                        new Mark(Mark.Shape.CROSS, Tone.DANGER, "Denied"),
                        "Latest: " + agent.grants().denied().getFirst().what());
    }

    private static <T extends Comparable<T>> TableColumn<AgentView, AgentView> column(
            String title, double width, Function<AgentView, T> key, Function<AgentView, Entry> entry) {
        TableColumn<AgentView, AgentView> column = RowColumns.sortedBy(key, RowColumns.of(title, width));
        column.setMinWidth(Math.min(width, 104) * 0.8);
        column.setCellFactory(_ -> new TableCell<>() {
            private final MarkView mark = new MarkView(false);
            private final Tooltip tooltip = new Tooltip();

            @Override
            protected void updateItem(@Nullable AgentView item, boolean empty) {
                super.updateItem(item, empty);
                if (item == null || empty) {
                    setText(null);
                    setGraphic(null);
                    setTooltip(null);
                    return;
                }
                Entry now = entry.apply(item);
                setText(now.text());
                if (now.mark() != null) {
                    mark.show(now.mark());
                }
                setGraphic(now.mark() == null ? null : mark);
                Styles.toggle(this, "muted-cell", now.text().equals(NONE));
                tooltip.setText(now.hint());
                setTooltip(now.hint().isEmpty() ? null : tooltip);
                setAccessibleText(title + ": " + now.text() + (now.hint().isEmpty() ? "" : ", " + now.hint()));
            }
        });
        return column;
    }

    /// Keeps the selection; leaves the rows alone while nothing of them changed.
    void show(List<AgentView> agents) {
        boolean same = getItems().size() == agents.size();
        for (int i = 0; same && i < agents.size(); i++) {
            AgentView now = agents.get(i);
            same = getItems().stream()
                    .anyMatch(a -> a.name().equals(now.name()) && a.grants().equals(now.grants()));
        }
        if (same) {
            return;
        }
        AgentView selected = getSelectionModel().getSelectedItem();
        getItems().setAll(agents);
        sort();
        select(selected == null ? null : selected.name());
    }

    void select(@Nullable String agent) {
        getItems().stream()
                .filter(a -> a.name().equals(agent))
                .findFirst()
                .or(() -> getItems().stream().findFirst())
                .ifPresent(getSelectionModel()::select);
    }
}
