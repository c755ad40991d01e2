package nexus.aiagents.app.desktop.editor;

import java.util.function.Consumer;
import javafx.beans.binding.Bindings;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import nexus.aiagents.app.desktop.editor.ApplyLive.Difference;
import nexus.aiagents.app.desktop.editor.merge.Unified;
import nexus.aiagents.engine.project.ReloadPlan;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// How the files differ from what runs: above, what that means for each thing and what will restart; below,
/// the lines. Over the texts while it is shown.
final class DifferencePane extends VBox {
    private static final double ROW = 30;
    private static final int ROWS = 6;

    private final ApplyLive live;
    private final Label summary = new Label();
    private final Button apply = new Button("Apply live");
    private final Tooltip why = new Tooltip();
    private final ListView<ReloadPlan.Change> plan = new ListView<>();
    private final DifferenceLines lines;
    private final ToggleButton unified = new ToggleButton("Unified");
    private final ToggleButton sides = new ToggleButton("Side by side");

    /// @param open takes `file:line`, counted from 0
    DifferencePane(ApplyLive live, Consumer<String> open, Runnable close) {
        this.live = live;
        setId("difference");
        getStyleClass().add("difference");
        plan.setId("difference-plan");
        plan.setAccessibleText("What applying it means");
        plan.setCellFactory(_ -> new ChangeCell(this::isFelt));
        plan.getStyleClass().addAll("dense", "plan");
        plan.setFixedCellSize(ROW);
        lines = new DifferenceLines(open);
        VBox.setVgrow(lines, Priority.ALWAYS);
        getChildren().addAll(head(close), plan, lines);
        addEventFilter(
                KeyEvent.KEY_PRESSED,
                e -> { // lists and text areas keep it for themselves
                    if (e.getCode() == KeyCode.ESCAPE) {
                        close.run();
                        e.consume();
                    }
                });
        live.difference().addListener((_, _, now) -> show(now));
        show(null);
    }

    private HBox head(Runnable close) {
        Label title = new Label("Difference to what runs");
        title.getStyleClass().add("strong");
        title.setMinWidth(0);
        summary.getStyleClass().add("muted");
        summary.setId("difference-summary");
        summary.setMinWidth(0);
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        apply.setId("apply-live");
        apply.getStyleClass().addAll("accent", "small");
        apply.setMinWidth(Region.USE_PREF_SIZE);
        apply.disableProperty().bind(live.whyNot().isNotEmpty());
        apply.setOnAction(_ -> {
            lines.requestFocus(); // the button will be disabled, and the focus would go anywhere
            live.apply();
        });
        HBox holder = new HBox(apply); // a disabled button shows no tooltip of its own
        why.textProperty()
                .bind(Bindings.when(live.whyNot().isEmpty())
                        .then("Saves what is not saved and applies it to the running project")
                        .otherwise(live.whyNot()));
        Tooltip.install(holder, why);
        apply.accessibleHelpProperty().bind(why.textProperty());
        holder.setAlignment(Pos.CENTER);
        HBox head = new HBox(
                8,
                title,
                summary,
                gap,
                layouts(),
                icon(Feather.ARROW_UP, "Previous difference (Shift+F7)", () -> go(-1)),
                icon(Feather.ARROW_DOWN, "Next difference (F7)", () -> go(1)),
                holder,
                icon(Feather.X, "Back to the text (Esc)", close));
        head.setAlignment(Pos.CENTER_LEFT);
        head.getStyleClass().add("panel-head");
        return head;
    }

    /// Old below new or beside it; gone where there is no room for the choice.
    private HBox layouts() {
        ToggleGroup one = new ToggleGroup();
        one.getToggles().addAll(unified, sides);
        unified.setId("difference-unified");
        sides.setId("difference-beside");
        unified.getStyleClass().addAll("small", "left-pill");
        sides.getStyleClass().addAll("small", "right-pill");
        unified.setTooltip(new Tooltip("Old lines above new ones"));
        sides.setTooltip(new Tooltip("Old lines on the left, new ones on the right"));
        unified.setMinWidth(Region.USE_PREF_SIZE);
        sides.setMinWidth(Region.USE_PREF_SIZE);
        one.selectedToggleProperty().addListener((_, before, now) -> {
            if (now == null) {
                before.setSelected(true);
            } else {
                lines.sideBySide().set(now == sides);
            }
        });
        lines.sideBySide().addListener((_, _, beside) -> one.selectToggle(beside ? sides : unified));
        one.selectToggle(unified);
        HBox box = new HBox(unified, sides);
        box.visibleProperty().bind(lines.room());
        box.managedProperty().bind(box.visibleProperty());
        box.setAlignment(Pos.CENTER);
        return box;
    }

    private static Button icon(Ikon icon, String text, Runnable act) {
        Button button = new Button(null, new FontIcon(icon));
        button.getStyleClass().addAll("flat", "small");
        button.setMinWidth(Region.USE_PREF_SIZE);
        button.setAccessibleText(text);
        button.setTooltip(new Tooltip(text));
        button.setOnAction(_ -> act.run());
        return button;
    }

    private void show(@Nullable Difference now) {
        lines.show(
                now == null ? Unified.NOTHING : now.text(),
                now == null ? "The project is not open." : "The files say what runs.");
        plan.getItems().setAll(now == null ? java.util.List.of() : now.plan().changes());
        boolean any = !plan.getItems().isEmpty();
        plan.setVisible(any);
        plan.setManaged(any);
        double height = ROW * Math.min(ROWS, plan.getItems().size()) + 12; // with its padding and its border
        plan.setMinHeight(height);
        plan.setPrefHeight(height);
        plan.setMaxHeight(height);
        summary.setText(now == null ? "" : summary(now));
        apply.setText(now == null ? "Apply live" : ApplyBar.act(now.plan()));
    }

    private boolean isFelt(ReloadPlan.Change change) {
        Difference now = live.difference().get();
        return now != null && now.plan().isFeltBy(change);
    }

    private static String summary(Difference now) {
        ReloadPlan plan = now.plan();
        if (plan.refusal() != null) {
            return "The files have errors, so nothing can be applied.";
        }
        if (plan.isEmpty()) {
            return now.text().isEmpty() ? "" : "Only the form differs.";
        }
        return plan.isFelt()
                ? Character.toUpperCase(plan.summary().charAt(0))
                        + plan.summary().substring(1) + "."
                : "Nothing that is up restarts.";
    }

    /// To the next difference, or with -1 to the one before.
    void go(int step) {
        lines.go(step);
    }

    BooleanProperty sideBySide() {
        return lines.sideBySide();
    }

    ReadOnlyBooleanProperty room() {
        return lines.room();
    }
}
