package nexus.aiagents.app.desktop.cost;

import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import javafx.animation.PauseTransition;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.Slider;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.util.Duration;
import nexus.aiagents.app.desktop.parts.Styles;
import nexus.aiagents.app.desktop.parts.Tone;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.money.BudgetPreview;
import nexus.aiagents.engine.view.BudgetView;
import org.jspecify.annotations.Nullable;

/// The limits of one budget, to change. A change is written when the slider is let go of, or a moment after
/// the last key; while it moves, the calls of the past say what it would have stopped.
final class BudgetLimits extends VBox {
    private static final Duration AFTER_KEY = Duration.millis(600);

    private final Workspace workspace;
    private final PreviewDesk desk;
    private final String id;
    private final Slider slider = new Slider(0, 1, 0);
    private final TextField dollars = new TextField();
    private final TextField tokens = new TextField();
    private final TextField calls = new TextField();
    private final ComboBox<String> onLimit = new ComboBox<>();
    private final Label preview = new Label();
    private final Label message = new Label();
    private final PauseTransition afterKey = new PauseTransition(AFTER_KEY);
    private BudgetScale scale = BudgetScale.around(null);
    private @Nullable BudgetView shown;
    private boolean filling;
    private boolean waiting;

    BudgetLimits(Workspace workspace, PreviewDesk desk, String id) {
        super(12);
        this.workspace = workspace;
        this.desk = desk;
        this.id = id;
        String css = id.replace('/', '-');
        getChildren().addAll(grid(css), preview, message);
        preview.setId("budget-preview-" + css);
        preview.getStyleClass().addAll("muted", "small");
        message.setId("budget-message-" + css);
        message.getStyleClass().add("small");
        for (Label label : List.of(preview, message)) {
            label.setWrapText(true);
            label.setMinHeight(USE_PREF_SIZE);
            tell(label, "");
        }
        listen();
    }

    private static void tell(Label label, String text) {
        label.setText(text);
        label.setManaged(!text.isEmpty());
        label.setVisible(!text.isEmpty());
    }

    private Node grid(String css) {
        slider.setId("budget-slider-" + css);
        dollars.setId("budget-dollars-" + css);
        tokens.setId("budget-tokens-" + css);
        calls.setId("budget-calls-" + css);
        onLimit.setId("budget-on-limit-" + css);
        for (TextField field : List.of(dollars, tokens, calls)) {
            field.setPromptText("No limit");
            field.setTooltip(new Tooltip("Empty: no limit of this kind"));
            field.setPrefWidth(104);
            field.setMinWidth(80);
        }
        dollars.setAccessibleText("Limit of " + id + " in dollars");
        tokens.setAccessibleText("Limit of " + id + " in tokens");
        calls.setAccessibleText("Limit of " + id + " in calls");
        slider.setAccessibleText("Limit of " + id + " in dollars");
        onLimit.setAccessibleText("What happens at the limit of " + id);
        onLimit.getItems().setAll("pause", "throttle", "alert", "kill");
        onLimit.setCellFactory(_ -> new OnLimitCell());
        onLimit.setButtonCell(new OnLimitCell());
        onLimit.setMaxWidth(Double.MAX_VALUE);
        GridPane grid = new GridPane(12, 8);
        grid.addRow(0, name("Dollars", dollars), dollars, slider);
        grid.addRow(1, name("Tokens", tokens), tokens);
        grid.addRow(2, name("Calls", calls), calls);
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
            long amount = scale.amount(position.doubleValue());
            dollars.setText(BudgetScale.dollars(amount));
            tryOut(limits -> limits.dollars(amount));
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
        dollars.textProperty().addListener((_, _, text) -> {
            if (!filling && dollars.isFocused()) {
                Long amount = BudgetScale.parseDollars(text);
                if (amount != null || text.isBlank()) {
                    tryOut(limits -> limits.dollars(amount));
                }
            }
        });
        listen(tokens, BudgetPreview.Limits::tokens);
        listen(calls, BudgetPreview.Limits::calls);
        onceTyped(dollars, this::submitDollars);
        onceTyped(tokens, this::submitTokens);
        onceTyped(calls, this::submitCalls);
        onLimit.valueProperty().addListener((_, _, chosen) -> {
            BudgetView now = shown;
            if (!filling && now != null && chosen != null && !chosen.equals(now.onLimit())) {
                submit(new Command.SetBudget(id, null, null, null, chosen));
            }
        });
    }

    private void listen(TextField field, BiFunction<BudgetPreview.Limits, @Nullable Long, BudgetPreview.Limits> with) {
        field.textProperty().addListener((_, _, text) -> {
            if (!filling && field.isFocused()) {
                Long amount = BudgetScale.parseWhole(text);
                if (amount != null || text.isBlank()) {
                    tryOut(limits -> with.apply(limits, amount));
                }
            }
        });
    }

    private static void onceTyped(TextField field, Runnable submit) {
        field.setOnAction(_ -> submit.run());
        field.focusedProperty().addListener((_, _, focused) -> {
            if (!focused) {
                submit.run();
            }
        });
    }

    /// What that would have stopped.
    private void tryOut(UnaryOperator<BudgetPreview.Limits> change) {
        BudgetView now = shown;
        if (now != null) {
            BudgetPreview.Limits limits = change.apply(BudgetPreview.Limits.of(now));
            desk.ask(
                    limits,
                    found -> tell(
                            preview,
                            PreviewWords.of(found, limits, workspace.clock().instant())));
        }
    }

    private void submitSlider() {
        afterKey.stop();
        long amount = scale.amount(slider.getValue());
        BudgetView now = shown;
        if (now != null && !Objects.equals(now.maxMicroDollars(), amount)) {
            submit(new Command.SetBudget(id, amount, null, null, null));
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
            submit(new Command.SetBudget(id, amount, null, null, null));
        }
    }

    private void submitTokens() {
        BudgetView now = shown;
        if (now == null || filling || tokens.getText().isBlank() && now.maxTokens() == null) {
            return;
        }
        if (tokens.getText().isBlank()) {
            remove("maxTokens");
            return;
        }
        Long amount = BudgetScale.parseWhole(tokens.getText());
        if (amount == null) {
            say("Enter a whole number of tokens above zero, for example 100000.", Tone.DANGER);
        } else if (!amount.equals(now.maxTokens())) {
            submit(new Command.SetBudget(id, null, amount, null, null));
        }
    }

    private void submitCalls() {
        BudgetView now = shown;
        if (now == null || filling || calls.getText().isBlank() && now.maxCalls() == null) {
            return;
        }
        if (calls.getText().isBlank()) {
            remove("maxCalls");
            return;
        }
        Long amount = BudgetScale.parseWhole(calls.getText());
        if (amount == null) {
            say("Enter a whole number of calls above zero, for example 200.", Tone.DANGER);
        } else if (!amount.equals(now.maxCalls())) {
            submit(new Command.SetBudget(id, null, null, amount, null));
        }
    }

    private void submit(Command.SetBudget change) {
        submit(change, "Written to the YAML and applied.");
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

    void say(String text, Tone tone) {
        Styles.tone(message, tone);
        tell(message, text);
    }

    void show(BudgetView budget) {
        BudgetView before = shown;
        boolean limitsChanged = before == null || !limits(before).equals(limits(budget));
        shown = budget;
        if (limitsChanged && !isBusy()) {
            fill(budget);
        }
    }

    private boolean isBusy() {
        return slider.isValueChanging()
                || afterKey.getStatus() == javafx.animation.Animation.Status.RUNNING
                || waiting && (dollars.isFocused() || tokens.isFocused() || calls.isFocused());
    }

    private static List<Object> limits(BudgetView b) {
        return List.of(
                Objects.requireNonNullElse(b.maxMicroDollars(), -1L),
                Objects.requireNonNullElse(b.maxTokens(), -1L),
                Objects.requireNonNullElse(b.maxCalls(), -1L),
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
        Long often = budget.maxCalls();
        calls.setText(often == null ? "" : String.valueOf(often));
        onLimit.setValue(budget.onLimit());
        filling = false;
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
