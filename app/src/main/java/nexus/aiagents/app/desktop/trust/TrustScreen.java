package nexus.aiagents.app.desktop.trust;

import java.util.List;
import java.util.function.Function;
import javafx.geometry.Orientation;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.SplitPane;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import javafx.scene.input.MouseButton;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import nexus.aiagents.app.desktop.parts.LiveScreen;
import nexus.aiagents.app.desktop.parts.Mark;
import nexus.aiagents.app.desktop.parts.RowColumns;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.ProjectView;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.feather.Feather;

/// Every agent's score, tier and rating, and why.
public final class TrustScreen extends LiveScreen {
    private final TableView<AgentView> table = new TableView<>();
    private final Label summary = new Label();
    private final TrustPane details;
    private @Nullable String wanted;

    public TrustScreen(Workspace workspace) {
        super(workspace);
        details = new TrustPane(
                workspace,
                () -> table.getScene() == null ? null : table.getScene().getWindow());
    }

    @Override
    protected Node build() {
        table.setId("trust-table");
        table.setAccessibleText("Trust of every agent");
        table.getStyleClass().addAll("bare-table", "trust-table");
        table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        table.setPlaceholder(new Label("This project has no agents yet."));
        table.getColumns()
                .addAll(List.of(
                        RowColumns.givesWay(column("Agent", 192, AgentView::name, AgentView::name, "")),
                        gate(),
                        column(
                                "Score",
                                72,
                                a -> a.trust().score(),
                                a -> a.trust().score() + "",
                                "number-column"),
                        column(
                                "Tier",
                                64,
                                a -> a.trust().tier(),
                                a -> "T" + a.trust().tier(),
                                ""),
                        column(
                                "Rating",
                                80,
                                a -> a.trust().rating(),
                                a -> a.trust().rating(),
                                ""),
                        column(
                                "Signature",
                                96,
                                a -> a.trust().signature(),
                                a -> Words.capital(a.trust().signature()),
                                ""),
                        RowColumns.givesWay(column("Why", 420, TrustScreen::why, TrustScreen::why, ""))));
        table.setRowFactory(_ -> {
            TableRow<AgentView> row = new TableRow<>();
            row.setOnMouseClicked(e -> {
                if (e.getButton() == MouseButton.PRIMARY && e.getClickCount() == 2 && row.getItem() != null) {
                    workspace.show(Screen.AGENT, row.getItem().name());
                }
            });
            return row;
        });
        summary.getStyleClass().add("muted");
        HBox bar = new HBox(8, summary);
        bar.setAlignment(Pos.CENTER_LEFT);
        bar.getStyleClass().add("screen-bar");
        table.getSelectionModel().selectedItemProperty().addListener((_, _, _) -> showSelected());
        SplitPane split = new SplitPane(table, details);
        split.setOrientation(Orientation.VERTICAL);
        split.setDividerPositions(0.5);
        split.getStyleClass().add("quiet-split");
        workspace.viewState().split("trust.split", split);
        VBox.setVgrow(split, Priority.ALWAYS);
        return new VBox(bar, split);
    }

    private static TableColumn<AgentView, AgentView> gate() {
        TableColumn<AgentView, AgentView> column = RowColumns.sortedBy(
                agent -> agent.trust().allowed(), RowColumns.marks("Gate", 112, agent -> Mark.of(agent.trust())));
        column.setMinWidth(96);
        return column;
    }

    private static <T extends Comparable<T>> TableColumn<AgentView, AgentView> column(
            String title, double width, Function<AgentView, T> key, Function<AgentView, String> text, String style) {
        TableColumn<AgentView, AgentView> column = RowColumns.sortedBy(key, RowColumns.text(title, width, text));
        column.setMinWidth(Math.min(width, 96));
        if (!style.isEmpty()) {
            column.getStyleClass().add(style);
        }
        return column;
    }

    @Override
    protected void update(ProjectView view) {
        List<AgentView> shown = table.getItems();
        boolean same = shown.size() == view.agents().size();
        for (AgentView now : view.agents()) {
            same = same
                    && shown.stream()
                            .anyMatch(a ->
                                    a.name().equals(now.name()) && a.trust().equals(now.trust()));
        }
        if (!same) {
            String selected = selection();
            wanted = selected == null ? wanted : selected;
            table.getItems().setAll(view.agents());
            table.sort();
            selectWanted();
        }
        if (table.getSelectionModel().isEmpty()) {
            table.getSelectionModel().selectFirst();
        }
        showSelected();
        long refused = view.agents().stream().filter(a -> !a.trust().allowed()).count();
        summary.setText(
                refused == 0
                        ? "Every agent may run. Scores come from what the agents did, newest first; 100 is best."
                        : Words.plural(refused, "agent") + " may not run: look at the reason, then at its log.");
    }

    /// As it is in the newest view.
    private void showSelected() {
        ProjectView view = view();
        String selected = selection();
        if (inFront() && view != null) {
            details.show(view.agents().stream()
                    .filter(a -> a.name().equals(selected))
                    .findFirst()
                    .orElse(null));
        }
    }

    @Override
    protected void projectChanged() {
        details.stop();
    }

    @Override
    public void hidden() {
        super.hidden();
        details.stop();
    }

    @Override
    public List<Action> actions() {
        return details.actions();
    }

    @Override
    public void select(String selection) {
        wanted = selection;
        selectWanted();
    }

    @Override
    public @Nullable String selection() {
        AgentView agent = table.getSelectionModel().getSelectedItem();
        return agent == null ? null : agent.name();
    }

    private void selectWanted() {
        for (AgentView agent : table.getItems()) {
            if (agent.name().equals(wanted)) {
                table.getSelectionModel().select(agent);
            }
        }
    }

    @Override
    public String id() {
        return TRUST;
    }

    @Override
    public String title() {
        return "Trust";
    }

    @Override
    public Ikon icon() {
        return Feather.SHIELD;
    }

    private static String why(AgentView agent) {
        String why = agent.trust().why();
        return why.isEmpty() && agent.trust().allowed() ? "Nothing is against it." : why;
    }
}
