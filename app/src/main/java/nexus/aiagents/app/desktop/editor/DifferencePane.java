package nexus.aiagents.app.desktop.editor;

import java.util.function.Consumer;
import javafx.beans.binding.Bindings;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
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
    private final ListView<Unified.Line> lines = new ListView<>();
    private final Label nothing = new Label();
    private Unified shown = Unified.NOTHING;

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
        lines.setId("difference-lines");
        lines.setAccessibleText("Lines that differ");
        lines.getStyleClass().addAll("dense", "diff-lines");
        lines.setCellFactory(_ -> new DiffCell());
        lines.setPlaceholder(nothing);
        nothing.getStyleClass().add("muted");
        lines.setOnMouseClicked(e -> {
            if (e.getClickCount() == 2) {
                open(open);
            }
        });
        lines.setOnKeyPressed(e -> {
            if (e.getCode() == KeyCode.ENTER) {
                open(open);
            }
        });
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
        title.setMinWidth(Region.USE_PREF_SIZE);
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
                icon(Feather.ARROW_UP, "Previous difference (Shift+F7)", () -> go(-1)),
                icon(Feather.ARROW_DOWN, "Next difference (F7)", () -> go(1)),
                holder,
                icon(Feather.X, "Back to the text (Esc)", close));
        head.setAlignment(Pos.CENTER_LEFT);
        head.getStyleClass().add("panel-head");
        return head;
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
        shown = now == null ? Unified.NOTHING : now.text();
        int row = lines.getSelectionModel().getSelectedIndex();
        lines.getItems().setAll(shown.lines());
        plan.getItems().setAll(now == null ? java.util.List.of() : now.plan().changes());
        if (row >= 0 && row < shown.lines().size()) {
            lines.getSelectionModel().select(row);
        }
        boolean any = !plan.getItems().isEmpty();
        plan.setVisible(any);
        plan.setManaged(any);
        double height = ROW * Math.min(ROWS, plan.getItems().size()) + 12; // with its padding and its border
        plan.setMinHeight(height);
        plan.setPrefHeight(height);
        plan.setMaxHeight(height);
        nothing.setText(now == null ? "The project is not open." : "The files say what runs.");
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
        if (shown.places().isEmpty()) {
            return;
        }
        int row = lines.getSelectionModel().getSelectedIndex();
        int at = -1;
        for (int place : shown.places()) {
            if (step > 0 && place > row) {
                at = place;
                break;
            }
            if (step < 0 && place < row) {
                at = place;
            }
        }
        if (at < 0) {
            at = step > 0 ? shown.places().getFirst() : shown.places().getLast();
        }
        lines.getSelectionModel().clearAndSelect(at);
        lines.scrollTo(Math.max(0, at - 3));
        lines.requestFocus();
    }

    private void open(Consumer<String> open) {
        Unified.Line line = lines.getSelectionModel().getSelectedItem();
        if (line != null && !line.file().isEmpty()) {
            int row = line.now() > 0
                    ? line.now() - 1
                    : nearest(lines.getSelectionModel().getSelectedIndex());
            open.accept(line.file() + ":" + row);
        }
    }

    /// Of a line that is not in the file any more: where it would be.
    private int nearest(int row) {
        for (int i = row; i >= 0; i--) {
            if (shown.lines().get(i).now() > 0) {
                return shown.lines().get(i).now() - 1;
            }
        }
        return 0;
    }
}
