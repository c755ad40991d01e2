package nexus.aiagents.app.desktop.cost;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import nexus.aiagents.app.desktop.parts.Mark;
import nexus.aiagents.app.desktop.parts.MarkView;
import nexus.aiagents.app.desktop.parts.Tone;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.app.desktop.shell.Money;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.project.BudgetSpec;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.BudgetView;
import nexus.aiagents.engine.view.ProjectView;

/// One budget: how full it is, how fast it fills, and its limits to change.
final class BudgetCard extends VBox {
    private final Label title = new Label();
    private final Label scope = new Label();
    private final MarkView verdict = new MarkView(true);
    private final BudgetBar bar;
    private final Label amounts = new Label();
    private final Label percent = new Label();
    private final Label burn = new Label();
    private final BudgetLimits limits;
    private List<String> pausedBefore = List.of();

    BudgetCard(Workspace workspace, PreviewDesk desk, String id) {
        setId("budget-" + id.replace('/', '-'));
        getStyleClass().addAll("card", "budget-card");
        setSpacing(12);
        bar = new BudgetBar(workspace.theme());
        limits = new BudgetLimits(workspace, desk, id);
        burn.getStyleClass().addAll("muted", "small");
        burn.setWrapText(true);
        getChildren().addAll(head(), new VBox(6, bar, figures()), burn, limits);
    }

    private Node head() {
        title.getStyleClass().add("h2");
        title.setMinWidth(0);
        scope.getStyleClass().addAll("muted", "small");
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        verdict.setMinWidth(USE_PREF_SIZE);
        HBox head = new HBox(12, new VBox(2, title, scope), gap, verdict);
        head.setAlignment(Pos.TOP_LEFT);
        return head;
    }

    private Node figures() {
        amounts.getStyleClass().add("small");
        amounts.setMinWidth(0);
        amounts.setWrapText(true);
        HBox.setHgrow(amounts, Priority.ALWAYS);
        amounts.setMaxWidth(Double.MAX_VALUE);
        percent.getStyleClass().addAll("small", "strong");
        percent.setMinWidth(USE_PREF_SIZE);
        return new HBox(8, amounts, percent);
    }

    void show(BudgetView budget, ProjectView view, Instant now) {
        boolean whole = budget.scope().equals("project");
        title.setText(whole ? "Whole project" : budget.target());
        Burn rate = Burn.of(budget, view, now);
        scope.setText((whole ? "" : budget.scope() + " · ")
                + (budget.window().equals("ever") ? "in all" : "per " + budget.window())
                + (rate.scripted() ? " · scripted" : ""));
        verdict.show(Mark.of(budget.verdict()));
        percent.setText(budget.percent() + " %");
        amounts.setText(amounts(budget));
        burn.setText(rate.sentence(budget));
        bar.show(budget, budget.percent() + " percent used, " + amounts.getText());
        limits.show(budget);
        tellPaused(budget, view);
    }

    private static String amounts(BudgetView b) {
        Long limit = b.maxMicroDollars();
        Long most = b.maxTokens();
        String held = b.heldMicroDollars() == 0 ? "" : " + " + Money.format(b.heldMicroDollars()) + " held";
        String text = Money.format(b.spentMicroDollars()) + " spent" + held
                + (limit == null ? "" : " of " + Money.limit(limit)) + kept(b);
        Long calls = b.maxCalls();
        return text + " · " + Words.count(b.spentTokens()) + (most == null ? "" : " of " + Words.count(most))
                + " tokens"
                + (calls == null ? "" : " · " + Words.count(b.spentCalls()) + " of " + Words.plural(calls, "call"));
    }

    /// What goes forward has less than the limit.
    private static String kept(BudgetView b) {
        BudgetSpec.Reserve reserve = b.reserve();
        return reserve == null || reserve.maxMicroDollars() == null || b.maxMicroDollars() == null
                ? ""
                : ", " + Money.limit(reserve.maxMicroDollars()) + " of that kept for compensations";
    }

    /// Says which agents wait for this budget, and when they go on because the limit was raised.
    private void tellPaused(BudgetView budget, ProjectView view) {
        List<String> paused =
                Burn.paused(budget, view).stream().map(AgentView::name).toList();
        List<String> resumed =
                pausedBefore.stream().filter(n -> !paused.contains(n)).toList();
        if (!resumed.isEmpty()) {
            limits.say(list(resumed) + (resumed.size() == 1 ? " goes on." : " go on."), Tone.SUCCESS);
        } else if (!paused.isEmpty() && !paused.equals(pausedBefore)) {
            limits.say(
                    list(paused) + (paused.size() == 1 ? " is" : " are")
                            + " paused here. Raise the limit, and the very call that waits goes on.",
                    Tone.WARNING);
        }
        pausedBefore = paused;
    }

    private static String list(List<String> names) {
        return names.stream().limit(4).collect(Collectors.joining(", "))
                + (names.size() > 4 ? " and " + (names.size() - 4) + " more" : "");
    }
}
