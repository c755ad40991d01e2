package nexus.aiagents.app.desktop.cost;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import javafx.animation.PauseTransition;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.Slider;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.Duration;
import nexus.aiagents.app.desktop.parts.Drawing;
import nexus.aiagents.app.desktop.parts.Mark;
import nexus.aiagents.app.desktop.parts.MarkView;
import nexus.aiagents.app.desktop.parts.Styles;
import nexus.aiagents.app.desktop.parts.Tone;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.app.desktop.shell.Money;
import nexus.aiagents.app.desktop.shell.Palette;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.project.BudgetSpec;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.BudgetView;
import nexus.aiagents.engine.view.ProjectView;
import org.jspecify.annotations.Nullable;

/// One budget: how full it is, how fast it fills, and its limits to change. A change is written when the
/// slider is let go of, or a moment after the last key.
final class BudgetCard extends VBox {
    private static final Duration AFTER_KEY = Duration.millis(600);

    private final Workspace workspace;
    private final String id;
    private final Label title = new Label();
    private final Label scope = new Label();
    private final MarkView verdict = new MarkView(true);
    private final Drawing bar;
    private final Label amounts = new Label();
    private final Label percent = new Label();
    private final Label burn = new Label();
    private final Slider slider = new Slider(0, 1, 0);
    private final TextField dollars = new TextField();
    private final TextField tokens = new TextField();
    private final ComboBox<String> onLimit = new ComboBox<>();
    private final Label message = new Label();
    private final PauseTransition afterKey = new PauseTransition(AFTER_KEY);
    private BudgetScale scale = BudgetScale.around(null);
    private List<String> pausedBefore = List.of();
    private @Nullable BudgetView shown;
    private boolean filling;
    private boolean waiting;

    BudgetCard(Workspace workspace, String id) {
        this.workspace = workspace;
        this.id = id;
        String css = id.replace('/', '-');
        setId("budget-" + css);
        getStyleClass().addAll("card", "budget-card");
        setSpacing(12);
        bar = new Drawing(this::paintBar);
        bar.setMinHeight(12);
        bar.setMaxHeight(12);
        workspace.theme().palette().addListener((_, _, _) -> bar.redraw());
        getChildren().addAll(head(), new VBox(6, bar, figures()), burn, limits(css), message);
        burn.getStyleClass().addAll("muted", "small");
        burn.setWrapText(true);
        message.getStyleClass().add("small");
        message.setId("budget-message-" + css);
        message.setWrapText(true);
        message.setMinHeight(USE_PREF_SIZE);
        message.setManaged(false);
        listen();
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

    private Node limits(String css) {
        slider.setId("budget-slider-" + css);
        dollars.setId("budget-dollars-" + css);
        tokens.setId("budget-tokens-" + css);
        onLimit.setId("budget-on-limit-" + css);
        for (TextField field : List.of(dollars, tokens)) {
            field.setPromptText("No limit");
            field.setTooltip(new Tooltip("Empty: no limit of this kind"));
        }
        dollars.setPrefWidth(104);
        tokens.setPrefWidth(104);
        dollars.setMinWidth(80);
        tokens.setMinWidth(80);
        dollars.setAccessibleText("Limit of " + id + " in dollars");
        tokens.setAccessibleText("Limit of " + id + " in tokens");
        slider.setAccessibleText("Limit of " + id + " in dollars");
        onLimit.setAccessibleText("What happens at the limit of " + id);
        onLimit.getItems().setAll("pause", "throttle", "alert", "kill");
        onLimit.setCellFactory(_ -> new OnLimitCell());
        onLimit.setButtonCell(new OnLimitCell());
        onLimit.setMaxWidth(Double.MAX_VALUE);
        GridPane grid = new GridPane(12, 8);
        grid.addRow(0, name("Dollars", dollars), dollars, slider);
        grid.addRow(1, name("Tokens", tokens), tokens);
        HBox then = new HBox(12, name("At the limit", onLimit), onLimit);
        then.setAlignment(Pos.CENTER_LEFT);
        HBox.setHgrow(onLimit, Priority.ALWAYS);
        grid.add(then, 2, 1);
        GridPane.setHgrow(slider, Priority.ALWAYS);
        slider.setMaxWidth(Double.MAX_VALUE);
        slider.setMinWidth(96);
        return grid;
    }

    private static Label name(String text, Node of) {
        Label label = new Label(text);
        label.getStyleClass().add("muted");
        label.setMinWidth(USE_PREF_SIZE);
        label.setLabelFor(of);
        return label;
    }

    private void listen() {
        afterKey.setOnFinished(_ -> submitSlider());
        slider.valueProperty().addListener((_, _, position) -> {
            if (filling) {
                return;
            }
            dollars.setText(BudgetScale.dollars(scale.amount(position.doubleValue())));
            if (!slider.isValueChanging()) {
                afterKey.playFromStart();
            }
        });
        slider.valueChangingProperty().addListener((_, _, changing) -> {
            if (changing) {
                afterKey.stop();
            } else if (!filling) {
                submitSlider();
            }
        });
        dollars.setOnAction(_ -> submitDollars());
        tokens.setOnAction(_ -> submitTokens());
        dollars.focusedProperty().addListener((_, _, focused) -> {
            if (!focused) {
                submitDollars();
            }
        });
        tokens.focusedProperty().addListener((_, _, focused) -> {
            if (!focused) {
                submitTokens();
            }
        });
        onLimit.valueProperty().addListener((_, _, chosen) -> {
            BudgetView now = shown;
            if (!filling && now != null && chosen != null && !chosen.equals(now.onLimit())) {
                submit(null, null, chosen);
            }
        });
    }

    private void submitSlider() {
        afterKey.stop();
        long amount = scale.amount(slider.getValue());
        BudgetView now = shown;
        if (now != null && !Objects.equals(now.maxMicroDollars(), amount)) {
            submit(amount, null, null);
        }
    }

    private void submitDollars() {
        BudgetView now = shown;
        String text = dollars.getText();
        if (now == null || filling || text.isBlank() && now.maxMicroDollars() == null) {
            return;
        }
        if (text.isBlank()) {
            remove("maxDollars");
            return;
        }
        Long amount = BudgetScale.parseDollars(text);
        if (amount == null) {
            say("Enter an amount above zero with at most six decimals, for example 5.00.", Tone.DANGER);
        } else if (!amount.equals(now.maxMicroDollars())) {
            submit(amount, null, null);
        }
    }

    private void submitTokens() {
        BudgetView now = shown;
        String text = tokens.getText();
        if (now == null || filling || text.isBlank() && now.maxTokens() == null) {
            return;
        }
        if (text.isBlank()) {
            remove("maxTokens");
            return;
        }
        Long amount = BudgetScale.parseTokens(text);
        if (amount == null) {
            say("Enter a whole number of tokens above zero, for example 100000.", Tone.DANGER);
        } else if (!amount.equals(now.maxTokens())) {
            submit(null, amount, null);
        }
    }

    private void submit(@Nullable Long microDollars, @Nullable Long maxTokens, @Nullable String then) {
        submit(new Command.SetBudget(id, microDollars, maxTokens, then), "Written to the YAML and applied.");
    }

    /// An emptied field: no such limit any more.
    private void remove(String limit) {
        if (waiting) {
            return; // Enter and the loss of focus mean the same
        }
        submit(new Command.RemoveLimit(id, limit), "Removed from the YAML and applied.");
    }

    private void submit(Command command, String done) {
        waiting = true;
        say("Writing…", Tone.NEUTRAL);
        var _ = workspace.submit(command).thenAccept(result -> {
            waiting = false;
            if (result instanceof CommandResult.Refused refused) {
                say(refused.message(), Tone.DANGER);
                restore();
            } else {
                say(done, Tone.SUCCESS);
            }
        });
    }

    /// What was refused gives way to what holds.
    private void restore() {
        BudgetView now = shown;
        if (now != null) {
            fill(now);
        }
    }

    private void say(String text, Tone tone) {
        message.setText(text);
        Styles.tone(message, tone);
        message.setManaged(!text.isEmpty());
        message.setVisible(!text.isEmpty());
    }

    void show(BudgetView budget, ProjectView view, Instant now) {
        boolean limitsChanged = shown == null || !limits(shown).equals(limits(budget));
        shown = budget;
        title.setText(budget.target().isEmpty() ? budget.scope() : budget.target());
        Burn rate = Burn.of(budget, view, now);
        scope.setText(budget.scope() + " · " + (budget.window().equals("ever") ? "in all" : "per " + budget.window())
                + (rate.scripted() ? " · scripted" : ""));
        verdict.show(Mark.of(budget.verdict()));
        percent.setText(budget.percent() + " %");
        amounts.setText(amounts(budget));
        burn.setText(rate.sentence(budget));
        bar.setAccessibleText(budget.percent() + " percent used, " + amounts.getText());
        bar.redraw();
        if (limitsChanged && !isBusy()) {
            fill(budget);
        }
        tellPaused(budget, view);
    }

    private boolean isBusy() {
        return slider.isValueChanging()
                || afterKey.getStatus() == javafx.animation.Animation.Status.RUNNING
                || waiting && (dollars.isFocused() || tokens.isFocused());
    }

    private static List<Object> limits(BudgetView b) {
        return List.of(
                Objects.requireNonNullElse(b.maxMicroDollars(), -1L),
                Objects.requireNonNullElse(b.maxTokens(), -1L),
                b.onLimit());
    }

    private void fill(BudgetView budget) {
        filling = true;
        Long limit = budget.maxMicroDollars();
        scale = BudgetScale.around(limit);
        slider.setBlockIncrement(scale.step());
        slider.setValue(limit == null ? 0 : scale.position(limit));
        dollars.setText(limit == null ? "" : BudgetScale.dollars(limit));
        Long most = budget.maxTokens();
        tokens.setText(most == null ? "" : String.valueOf(most));
        onLimit.setValue(budget.onLimit());
        filling = false;
    }

    private static String amounts(BudgetView b) {
        Long limit = b.maxMicroDollars();
        Long most = b.maxTokens();
        String held = b.heldMicroDollars() == 0 ? "" : " + " + Money.format(b.heldMicroDollars()) + " held";
        String text = Money.format(b.spentMicroDollars()) + " spent" + held
                + (limit == null ? "" : " of " + Money.format(limit)) + kept(b);
        return text + " · " + Words.count(b.spentTokens()) + (most == null ? "" : " of " + Words.count(most))
                + " tokens";
    }

    /// What goes forward has less than the limit.
    private static String kept(BudgetView b) {
        BudgetSpec.Reserve reserve = b.reserve();
        return reserve == null || reserve.maxMicroDollars() == null || b.maxMicroDollars() == null
                ? ""
                : ", " + Money.format(reserve.maxMicroDollars()) + " of that kept for compensations";
    }

    /// Says which agents wait for this budget, and when they go on because the limit was raised.
    private void tellPaused(BudgetView budget, ProjectView view) {
        List<String> paused =
                Burn.paused(budget, view).stream().map(AgentView::name).toList();
        List<String> resumed =
                pausedBefore.stream().filter(n -> !paused.contains(n)).toList();
        if (!resumed.isEmpty()) {
            say(list(resumed) + (resumed.size() == 1 ? " goes on." : " go on."), Tone.SUCCESS);
        } else if (!paused.isEmpty() && !paused.equals(pausedBefore)) {
            say(
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

    private void paintBar(GraphicsContext g, double width, double height) {
        BudgetView b = shown;
        if (b == null) {
            return;
        }
        Palette p = workspace.theme().palette().get();
        g.setFill(p.raised());
        g.fillRoundRect(0, 0, width, height, height, height);
        double spent = share(b.spentMicroDollars(), b.maxMicroDollars(), b.spentTokens(), b.maxTokens(), b);
        double used = Math.max(spent, Math.min(1, b.percent() / 100.0));
        var color = Mark.of(b.verdict()).tone().in(p);
        g.setFill(color.deriveColor(0, 1, 1, 0.4));
        g.fillRoundRect(0, 0, Math.max(height, width * used), height, height, height);
        g.setFill(color);
        if (spent > 0) {
            g.fillRoundRect(0, 0, Math.max(height, width * spent), height, height, height);
        }
        g.setFill(p.surface());
        for (int at : b.alertAt()) {
            g.fillRect(Math.round(width * at / 100.0) - 1, 0, 2, height);
        }
    }

    /// What part of the nearest limit is spent, without what is only held.
    private static double share(
            long dollars, @Nullable Long maxDollars, long tokens, @Nullable Long maxTokens, BudgetView b) {
        double byDollars = maxDollars == null || maxDollars == 0 ? 0 : dollars / (double) maxDollars;
        double byTokens = maxTokens == null || maxTokens == 0 ? 0 : tokens / (double) maxTokens;
        Long maxCalls = b.maxCalls();
        double byCalls = maxCalls == null || maxCalls == 0 ? 0 : b.spentCalls() / (double) maxCalls;
        return Math.clamp(Math.max(byDollars, Math.max(byTokens, byCalls)), 0, 1);
    }

    private static final class OnLimitCell extends ListCell<String> {
        @Override
        protected void updateItem(@Nullable String item, boolean empty) {
            super.updateItem(item, empty);
            setText(
                    item == null || empty
                            ? null
                            : switch (item) {
                                case "pause" -> "Pause";
                                case "throttle" -> "Throttle";
                                case "alert" -> "Only alert";
                                default -> "Kill";
                            });
        }
    }
}
