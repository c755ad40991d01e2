package nexus.aiagents.app.desktop.runs;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import javafx.geometry.Insets;
import javafx.geometry.Orientation;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.SplitPane;
import javafx.scene.control.TableView;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import nexus.aiagents.app.desktop.parts.JsonPane;
import nexus.aiagents.app.desktop.parts.Mark;
import nexus.aiagents.app.desktop.parts.RowColumns;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.ActionButton;
import nexus.aiagents.engine.view.JsonDifference;
import nexus.aiagents.engine.view.RunComparison;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.RunView.StepView;
import org.jspecify.annotations.Nullable;

/// Two runs beside each other: their steps in one table, and of the selected line what went in, what came
/// out, and where that differs. JavaFX thread.
final class ComparePane extends VBox {
    private static final int TOLD = 8;

    private final Label title = new Label();
    private final Label first = new Label();
    private final Label second = new Label();
    private final CheckBox onlyDifferent = new CheckBox("Only what differs");
    private final TableView<CompareRow> table = new TableView<>();
    private final ToggleButton output = new ToggleButton("Output");
    private final ToggleButton input = new ToggleButton("Input");
    private final Label differences = new Label();
    private final JsonPane left = new JsonPane("FIRST RUN");
    private final JsonPane right = new JsonPane("SECOND RUN");
    private @Nullable RunComparison shown;
    private Instant now = Instant.EPOCH;

    ComparePane(Action end) {
        setId("compare-pane");
        setMinSize(0, 0);
        getStyleClass().add("run-detail");
        onlyDifferent.setId("compare-only");
        onlyDifferent.selectedProperty().addListener((_, _, _) -> fill());
        ToggleGroup which = new ToggleGroup();
        for (ToggleButton button : List.of(output, input)) {
            button.setToggleGroup(which);
            button.getStyleClass().add("small");
        }
        output.getStyleClass().add("left-pill");
        input.getStyleClass().add("right-pill");
        output.setSelected(true);
        which.selectedToggleProperty().addListener((_, before, chosen) -> {
            if (chosen == null) {
                before.setSelected(true);
            } else {
                showSelected();
            }
        });
        buildTable();
        SplitPane split = new SplitPane(table, below());
        split.setOrientation(Orientation.VERTICAL);
        split.setDividerPositions(0.5);
        split.getStyleClass().add("quiet-split");
        setVgrow(split, Priority.ALWAYS);
        getChildren().addAll(header(end), split);
    }

    private Node header(Action end) {
        title.getStyleClass().add("h2");
        title.setMinWidth(0);
        for (Label line : List.of(first, second)) {
            line.getStyleClass().addAll("muted", "small");
            line.setMinWidth(0);
        }
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox top = new HBox(12, title, gap, onlyDifferent, new ActionButton(end, "small"));
        top.setAlignment(Pos.CENTER_LEFT);
        VBox header = new VBox(4, top, first, second);
        header.getStyleClass().add("run-header");
        return header;
    }

    private void buildTable() {
        table.setId("compare-table");
        table.setAccessibleText("Steps of both runs");
        table.getStyleClass().addAll("dense", "bare-table", "event-table");
        table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_LAST_COLUMN);
        table.getColumns()
                .addAll(List.of(
                        RowColumns.givesWay(RowColumns.text("Step", 136, CompareRow::name)),
                        RowColumns.marks("First", 136, CompareRow::a),
                        RowColumns.marks("Second", 136, CompareRow::b),
                        RowColumns.text("Took", 136, CompareRow::took),
                        RowColumns.text("Attempts", 92, CompareRow::attempts),
                        RowColumns.text("Cost", 120, CompareRow::cost),
                        RowColumns.givesWay(RowColumns.text("What differs", 220, CompareRow::what))));
        table.getSelectionModel().selectedItemProperty().addListener((_, _, _) -> showSelected());
    }

    private Node below() {
        differences.setId("compare-differences");
        differences.setWrapText(true);
        differences.setMinHeight(USE_PREF_SIZE);
        differences.setPadding(new Insets(8, 0, 0, 0)); // in line with the words on the buttons
        differences.getStyleClass().addAll("mono", "small");
        HBox panes = new HBox(16, left, right);
        for (JsonPane pane : List.of(left, right)) {
            HBox.setHgrow(pane, Priority.ALWAYS);
            pane.setPrefWidth(1);
        }
        setVgrow(panes, Priority.ALWAYS);
        HBox which = new HBox(output, input);
        HBox bar = new HBox(16, which, differences);
        bar.setAlignment(Pos.TOP_LEFT);
        HBox.setHgrow(differences, Priority.ALWAYS);
        which.setMinWidth(USE_PREF_SIZE);
        VBox below = new VBox(8, bar, panes);
        below.getStyleClass().add("step-details");
        return below;
    }

    void show(RunView a, RunView b, Instant at) {
        RunComparison before = shown;
        if (before != null && before.a().equals(a) && before.b().equals(b)) {
            return;
        }
        shown = RunComparison.of(a, b);
        now = at;
        title.setText("Two runs of " + b.name());
        first.setText("First: " + described(a, at));
        second.setText("Second: " + described(b, at));
        fill();
    }

    private static String described(RunView run, Instant at) {
        return run.id() + " · " + Mark.of(run.state()).text() + " · " + Words.time(run.startedAt(), at)
                + (run.forkedFrom() == null ? "" : " · forked from " + run.forkedFrom());
    }

    private void fill() {
        RunComparison of = shown;
        if (of == null) {
            return;
        }
        CompareRow selected = table.getSelectionModel().getSelectedItem();
        List<CompareRow> rows = CompareRow.of(of, now, onlyDifferent.isSelected());
        table.getItems().setAll(rows);
        int at = 0;
        for (int i = 0; i < rows.size(); i++) {
            if (selected != null && rows.get(i).name().equals(selected.name())) {
                at = i;
            }
        }
        table.getSelectionModel().clearAndSelect(at);
        showSelected();
    }

    private void showSelected() {
        RunComparison of = shown;
        CompareRow row = table.getSelectionModel().getSelectedItem();
        if (of == null || row == null) {
            return;
        }
        RunComparison.Step step = row.step();
        boolean out = output.isSelected();
        List<JsonDifference> told =
                step == null ? (out ? of.output() : of.input()) : (out ? step.output() : step.input());
        boolean sameErrors = Objects.equals(
                step == null ? error(of.a()) : error(step.a()), step == null ? error(of.b()) : error(step.b()));
        differences.setText(
                !told.isEmpty()
                        ? CompareRow.lines(told, TOLD)
                        : out && !sameErrors ? "Only the errors differ." : "No difference here.");
        if (step == null) {
            side(left, "FIRST RUN", out ? of.a().outputJson() : of.a().inputJson(), out ? error(of.a()) : null);
            side(right, "SECOND RUN", out ? of.b().outputJson() : of.b().inputJson(), out ? error(of.b()) : null);
        } else {
            side(left, "FIRST RUN", json(step.a(), out), out ? error(step.a()) : null);
            side(right, "SECOND RUN", json(step.b(), out), out ? error(step.b()) : null);
        }
    }

    private static void side(JsonPane pane, String title, @Nullable String json, @Nullable String error) {
        if (error != null) {
            pane.showText(title + ", ERROR", error, true);
        } else {
            pane.show(title, json, "Nothing.");
        }
    }

    private static @Nullable String json(@Nullable StepView step, boolean output) {
        return step == null ? null : output ? step.outputJson() : step.inputJson();
    }

    private static @Nullable String error(@Nullable StepView step) {
        return step == null || step.errorCode() == null ? null : step.errorCode() + "\n\n" + step.errorMessage();
    }

    private static @Nullable String error(RunView run) {
        return run.errorCode() == null ? null : run.errorCode() + "\n\n" + run.errorMessage();
    }
}
