package nexus.aiagents.app.desktop.cost;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.scene.paint.Color;
import javafx.scene.shape.Rectangle;
import nexus.aiagents.app.desktop.parts.EmptyState;
import nexus.aiagents.app.desktop.parts.LiveScreen;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.Money;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.view.BudgetView;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.ProjectView.SpendPoint;
import nexus.aiagents.engine.view.RunView;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.feather.Feather;

/// Budgets with their sliders, spending over time, and who spent it.
public final class CostScreen extends LiveScreen {
    private static final double CARD = 420;
    private static final double GAP = 16;
    private static final int SERIES = 5;
    private static final int SLICES = 60;

    private final PreviewDesk previews;
    private final Map<String, BudgetCard> cards = new HashMap<>();
    private final FlowPane budgets = new FlowPane(GAP, GAP);
    private final VBox page = new VBox(24);
    private final Label total = new Label();
    private final Label scripted = new Label("scripted: metered as if it were paid, no money was really spent");
    private final FlowPane legend = new FlowPane(16, 4);
    private final ToggleButton byAgent = new ToggleButton("By agent");
    private final ToggleButton byModel = new ToggleButton("By model");
    private final ToggleButton byRun = new ToggleButton("By run");
    private final SpendChart chart;
    private final SpendTable table = new SpendTable();

    public CostScreen(Workspace workspace) {
        super(workspace);
        previews = new PreviewDesk(workspace);
        chart = new SpendChart(workspace.theme().palette().get());
    }

    @Override
    protected Node build() {
        total.getStyleClass().add("h1");
        total.setId("cost-total");
        scripted.getStyleClass().addAll("chip", "scripted-chip");
        Label spent = new Label("spent, in all");
        spent.getStyleClass().add("muted");
        HBox head = new HBox(8, total, spent, scripted);
        head.setAlignment(Pos.CENTER_LEFT);
        budgets.setPrefWrapLength(0);
        ToggleGroup group = new ToggleGroup();
        byAgent.setToggleGroup(group);
        byModel.setToggleGroup(group);
        byRun.setToggleGroup(group);
        byRun.setId("cost-by-run");
        legend.setId("cost-legend");
        byAgent.setSelected(true);
        byAgent.getStyleClass().addAll("small", "left-pill");
        byModel.getStyleClass().addAll("small", "center-pill");
        byRun.getStyleClass().addAll("small", "right-pill");
        group.selectedToggleProperty().addListener((_, before, now) -> {
            if (now == null) {
                before.setSelected(true);
            } else {
                refresh();
            }
        });
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        Label over = new Label("Spending over time");
        over.getStyleClass().add("h2");
        HBox chartHead = new HBox(16, over, gap, new HBox(byAgent, byModel, byRun));
        chartHead.setAlignment(Pos.CENTER_LEFT);
        Label nothing = new Label("Nothing has been spent yet.");
        nothing.setId("cost-nothing");
        nothing.getStyleClass().add("muted");
        nothing.visibleProperty().bind(chart.visibleProperty().not());
        nothing.managedProperty().bind(nothing.visibleProperty());
        chart.managedProperty().bind(chart.visibleProperty());
        VBox chartCard = new VBox(12, chartHead, nothing, chart, legend);
        chartCard.getStyleClass().add("card");
        Label who = new Label("Who spent it");
        who.getStyleClass().add("h2");
        VBox tableCard = new VBox(12, who, table);
        tableCard.getStyleClass().add("card");
        table.setPrefHeight(240);
        page.getStyleClass().add("pane-page");
        page.getChildren().setAll(head, budgets, chartCard, tableCard);
        workspace.theme().palette().addListener((_, _, palette) -> {
            chart.theme(palette);
            refresh();
        });
        ScrollPane scroll = new ScrollPane(page);
        scroll.setFitToWidth(true);
        scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        page.widthProperty().addListener((_, _, _) -> sizeCards());
        return scroll;
    }

    private void sizeCards() {
        double room =
                page.getWidth() - page.getInsets().getLeft() - page.getInsets().getRight();
        int columns = Math.max(1, (int) ((room + GAP) / (CARD + GAP)));
        double width = Math.floor((room - GAP * (columns - 1)) / columns);
        cards.values().forEach(c -> {
            c.setMinWidth(width);
            c.setPrefWidth(width);
            c.setMaxWidth(width);
        });
    }

    @Override
    protected void update(ProjectView view) {
        Instant now = workspace.clock().instant();
        List<Node> shown = new ArrayList<>();
        int before = cards.size();
        for (BudgetView budget : view.budgets()) {
            BudgetCard card = cards.computeIfAbsent(budget.id(), id -> new BudgetCard(workspace, previews, id));
            card.show(budget, view, now);
            shown.add(card);
        }
        if (shown.isEmpty()) {
            EmptyState none = new EmptyState(
                    "This project has no budget: add a cost block to limit what its agents spend.",
                    Action.always(
                            "cost.edit",
                            "Open the editor",
                            Feather.EDIT_3,
                            null,
                            () -> workspace.show(Screen.EDITOR, "nexus.yaml")));
            none.prefWidthProperty().bind(budgets.widthProperty());
            shown.add(none);
        }
        if (cards.size() != before) {
            sizeCards();
        }
        if (view.budgets().isEmpty() || !shown.equals(budgets.getChildren())) {
            budgets.getChildren().setAll(shown);
        }
        total.setText(Money.format(view.agents().stream()
                .mapToLong(nexus.aiagents.engine.view.AgentView::microDollars)
                .sum()));
        boolean builtIn = !view.spend().isEmpty() && view.spend().stream().allMatch(SpendPoint::scripted);
        scripted.setVisible(builtIn);
        showSpend(view);
    }

    private void showSpend(ProjectView view) {
        List<SpendPoint> spend = view.spend();
        Function<SpendPoint, String> key =
                byRun.isSelected() ? byRun(view) : byModel.isSelected() ? SpendPoint::model : SpendPoint::agent;
        SpendSeries series = SpendSeries.of(spend, key, SERIES, SLICES);
        chart.setVisible(!series.names().isEmpty());
        chart.show(series);
        List<Color> colors = ChartColors.of(workspace.theme().palette().get());
        List<Node> names = new ArrayList<>();
        for (int i = 0; i < series.names().size(); i++) {
            Label label =
                    new Label(series.names().get(i), new Rectangle(10, 10, colors.get(Math.min(i, colors.size() - 1))));
            label.getStyleClass().addAll("small", "muted");
            names.add(label);
        }
        legend.getChildren().setAll(names);
        table.show(spend);
    }

    /// The run of a call, that of a nested one included in the one that began it.
    private static Function<SpendPoint, String> byRun(ProjectView view) {
        Map<String, RunView> runs = new HashMap<>();
        view.runs().forEach(run -> runs.put(run.id(), run));
        return point -> {
            String id = point.runId();
            RunView run = runs.get(id);
            while (run != null && run.parentRunId() != null && runs.containsKey(run.parentRunId())) {
                run = runs.get(run.parentRunId());
            }
            return id.isEmpty() ? "own loops" : run == null ? id : run.name() + " " + run.id();
        };
    }

    @Override
    protected void projectChanged() {
        cards.clear();
        budgets.getChildren().clear();
    }

    @Override
    public String id() {
        return COST;
    }

    @Override
    public String title() {
        return "Cost";
    }

    @Override
    public Ikon icon() {
        return Feather.DOLLAR_SIGN;
    }
}
