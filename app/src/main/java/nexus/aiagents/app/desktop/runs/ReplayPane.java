package nexus.aiagents.app.desktop.runs;

import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.ListChangeListener;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.SplitPane;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.stage.Window;
import javafx.util.StringConverter;
import nexus.aiagents.app.desktop.parts.InputDialog;
import nexus.aiagents.app.desktop.parts.JsonPane;
import nexus.aiagents.app.desktop.parts.Styles;
import nexus.aiagents.app.desktop.parts.Tone;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.ActionButton;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.replay.Divergence;
import nexus.aiagents.engine.replay.Recording;
import nexus.aiagents.engine.replay.ReplayReport;
import nexus.aiagents.engine.replay.ReplayedCall;
import nexus.aiagents.engine.view.RunView;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/// A replay of what was recorded of a run: its calls to the host, what each was told, and whether it was
/// the same. An answer can be changed to see what would have come of it.
final class ReplayPane extends VBox {
    private final ReplayModel model;
    private final Supplier<@Nullable Window> window;
    private final Runnable toFront;
    private final ComboBox<Recording> parts = new ComboBox<>();
    private final TableView<ReplayedCall> calls = new TableView<>();
    private final Label verdict = new Label();
    private final Label notes = new Label();
    private final Label facts = new Label();
    private final JsonPane asked = new JsonPane("ASKED");
    private final JsonPane told = new JsonPane("TOLD");
    private final Action replay;
    private final Action change;
    private final Action back;

    /// @param toFront brings this pane into sight
    ReplayPane(Workspace workspace, Supplier<@Nullable Window> window, Runnable toFront) {
        this.model = new ReplayModel(workspace);
        this.window = window;
        this.toFront = toFront;
        replay = new Action("runs.replay", "Replay", Feather.REWIND, null, model.whyNot(), this::replay);
        change = new Action(
                "runs.replayChange",
                "Change this answer…",
                Feather.GIT_BRANCH,
                null,
                Bindings.createStringBinding(
                        this::whyNotChanged, calls.getSelectionModel().selectedItemProperty()),
                this::change);
        back = new Action(
                "runs.replayBack",
                "Back to the record",
                Feather.CORNER_UP_LEFT,
                null,
                Bindings.createStringBinding(
                        () -> model.isForked() ? "" : "No answer was changed.", model.report(), model.problem()),
                this::back);
        setId("run-replay-pane");
        getStyleClass().add("step-details");
        setSpacing(8);
        SplitPane split = new SplitPane(table(), call());
        split.setDividerPositions(0.55);
        split.getStyleClass().add("quiet-split");
        workspace.viewState().split("runs.replay", split);
        VBox.setVgrow(split, Priority.ALWAYS);
        getChildren().addAll(bar(), verdict, notes, split);
        model.recordings().addListener((ListChangeListener<Recording>) _ -> recordingsChanged());
        model.report().addListener((_, _, now) -> shown(now));
        model.problem().addListener((_, _, now) -> say(now, Tone.DANGER));
        calls.getSelectionModel().selectedItemProperty().addListener((_, _, now) -> show(now));
        recordingsChanged();
    }

    List<Action> actions() {
        return List.of(replay, change, back);
    }

    Action action() {
        return replay;
    }

    void show(RunView now) {
        model.show(now);
    }

    private FlowPane bar() {
        parts.setId("replay-part");
        parts.setAccessibleText("Which record");
        parts.setConverter(new StringConverter<>() {
            @Override
            public String toString(@Nullable Recording recording) {
                return recording == null ? "" : ReplayWords.title(recording);
            }

            @Override
            public @Nullable Recording fromString(String title) {
                return null;
            }
        });
        parts.valueProperty().addListener((_, before, now) -> {
            if (before != null && now != null && !before.id().equals(now.id())) {
                model.reset();
            }
        });
        verdict.setId("replay-verdict");
        for (Label label : List.of(verdict, notes)) {
            label.setWrapText(true);
            label.setMinHeight(USE_PREF_SIZE);
        }
        notes.getStyleClass().addAll("muted", "small");
        FlowPane bar = new FlowPane(8, 8, parts);
        bar.setMinHeight(USE_PREF_SIZE);
        for (Action action : actions()) {
            ActionButton button =
                    action == replay ? new ActionButton(action, "accent") : ActionButton.whileEnabled(action);
            button.button().setId("pane-" + button.button().getId());
            bar.getChildren().add(button);
        }
        return bar;
    }

    private TableView<ReplayedCall> table() {
        calls.setId("replay-calls");
        calls.setAccessibleText("Calls to the host");
        calls.getStyleClass().addAll("dense", "event-table", "bare-table");
        calls.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_LAST_COLUMN);
        TableColumn<ReplayedCall, ReplayedCall> number =
                column("#", 56, call -> (isDivergent(call) ? "✖ " : "") + call.number());
        TableColumn<ReplayedCall, ReplayedCall> name = column("Call", 110, ReplayedCall::call);
        TableColumn<ReplayedCall, ReplayedCall> about = column("About", 180, ReplayedCall::target);
        TableColumn<ReplayedCall, ReplayedCall> source =
                column("Told by", 112, call -> ReplayWords.source(call.source()));
        TableColumn<ReplayedCall, ReplayedCall> fuel = column("Ticks", 110, call -> ReplayWords.count(call.fuel()));
        calls.getColumns().addAll(List.of(number, name, about, source, fuel));
        return calls;
    }

    private TableColumn<ReplayedCall, ReplayedCall> column(
            String title, double width, Function<ReplayedCall, String> text) {
        TableColumn<ReplayedCall, ReplayedCall> column = new TableColumn<>(title);
        column.setPrefWidth(width);
        column.setMinWidth(Math.min(width, 56));
        column.setSortable(false);
        column.setReorderable(false);
        column.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(row.getValue()));
        column.setCellFactory(_ -> new TableCell<>() {
            @Override
            protected void updateItem(@Nullable ReplayedCall call, boolean empty) {
                super.updateItem(call, empty);
                setText(call == null || empty ? null : text.apply(call));
                Styles.tone(this, call != null && !empty && isDivergent(call) ? Tone.DANGER : Tone.NEUTRAL);
            }
        });
        return column;
    }

    private boolean isDivergent(ReplayedCall call) {
        ReplayReport now = model.report().get();
        Divergence found = now == null ? null : now.divergence();
        return found != null && found.number() == call.number();
    }

    private VBox call() {
        facts.getStyleClass().addAll("muted", "small");
        VBox.setVgrow(asked, Priority.ALWAYS);
        VBox.setVgrow(told, Priority.ALWAYS);
        VBox box = new VBox(8, facts, asked, told);
        box.getStyleClass().add("step-details");
        return box;
    }

    private void recordingsChanged() {
        Recording before = parts.getValue();
        parts.getItems().setAll(model.recordings());
        Recording same = before == null
                ? null
                : model.recordings().stream()
                        .filter(r -> r.id().equals(before.id()))
                        .findFirst()
                        .orElse(null);
        parts.setValue(
                same != null || model.recordings().isEmpty()
                        ? same
                        : model.recordings().getFirst());
        boolean any = !model.recordings().isEmpty();
        parts.setVisible(any);
        parts.setManaged(any);
        if (model.report().get() == null) {
            invite();
        }
    }

    private void invite() {
        calls.getItems().clear();
        calls.setPlaceholder(new Label(
                model.recordings().isEmpty()
                        ? model.whyNot().get()
                        : "Replay runs it again, offline and for nothing, and shows each call to the host."));
        verdict.setText("");
        notes.setText("");
    }

    private void replay() {
        toFront.run();
        Recording chosen = parts.getValue();
        if (chosen != null) {
            say("Replaying…", Tone.NEUTRAL);
            model.replay(chosen);
        }
    }

    private void back() {
        model.reset();
        replay();
    }

    private String whyNotChanged() {
        ReplayedCall selected = calls.getSelectionModel().getSelectedItem();
        if (selected == null) {
            return "Select a call first.";
        }
        ReplayReport now = model.report().get();
        boolean asksForOne = now != null && now.result() == ReplayReport.Result.NOT_RECORDED;
        return selected.answerJson() != null || asksForOne ? "" : "The program was told nothing any more.";
    }

    private void change() {
        ReplayedCall selected = calls.getSelectionModel().getSelectedItem();
        Recording chosen = parts.getValue();
        if (selected == null || chosen == null) {
            return;
        }
        String before = selected.answerJson() == null ? "{\"ok\": null}" : selected.answerJson();
        new InputDialog(
                        window.get(),
                        "Another answer to call " + selected.number(),
                        "It runs again from the beginning and is told this instead: {\"ok\": …}, or {\"error\": {\"code\", \"message\"}}.",
                        "Replay with this answer",
                        before)
                .ask()
                .ifPresent(json -> {
                    say("Replaying…", Tone.NEUTRAL);
                    model.change(chosen, selected.number(), json);
                });
    }

    private void say(String text, Tone tone) {
        verdict.setText(text);
        Styles.tone(verdict, tone);
    }

    private void shown(@Nullable ReplayReport report) {
        if (report == null) {
            invite();
            return;
        }
        int row = calls.getSelectionModel().getSelectedIndex();
        calls.getItems().setAll(report.calls());
        Divergence found = report.divergence();
        int interesting =
                found != null ? found.number() - 1 : row >= 0 ? row : report.forkedAt() > 0 ? report.forkedAt() - 1 : 0;
        calls.getSelectionModel()
                .select(Math.clamp(interesting, 0, Math.max(0, report.calls().size() - 1)));
        calls.scrollTo(Math.max(0, interesting - 3));
        say(ReplayWords.verdict(report), ReplayWords.tone(report.result()));
        notes.setText(String.join("\n", report.notes()));
    }

    private void show(@Nullable ReplayedCall call) {
        facts.setText(call == null ? "" : ReplayWords.facts(call));
        asked.show("ASKED", call == null ? null : call.argumentsJson(), "");
        told.show(
                call == null
                        ? "TOLD"
                        : "TOLD BY " + ReplayWords.source(call.source()).toUpperCase(java.util.Locale.ROOT),
                call == null ? null : call.answerJson(),
                call == null ? "" : "Nothing: here the replay ends.");
    }
}
