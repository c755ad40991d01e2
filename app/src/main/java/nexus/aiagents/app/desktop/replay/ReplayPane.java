package nexus.aiagents.app.desktop.replay;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.beans.binding.Bindings;
import javafx.collections.ListChangeListener;
import javafx.geometry.Insets;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.SplitPane;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;
import nexus.aiagents.app.desktop.parts.RowColumns;
import nexus.aiagents.app.desktop.parts.Styles;
import nexus.aiagents.app.desktop.parts.Tone;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.ActionButton;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.replay.Divergence;
import nexus.aiagents.engine.replay.Recording;
import nexus.aiagents.engine.replay.ReplayReport;
import nexus.aiagents.engine.replay.ReplayedCall;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/// A replay of what was recorded of a run or of an agent: its calls to the host step by step, what each was
/// told, and whether it was the same. What a call was told can be changed where it stands, to see what
/// would have come of it.
public final class ReplayPane extends VBox {
    private static final Map<String, Double> NARROWEST = Map.of("Told by", 84.0, "Call", 84.0);

    private final ReplayModel model;
    private final Runnable toFront;
    private final ComboBox<Recording> parts = new ComboBox<>();
    private final TableView<ReplayedCall> calls = new TableView<>();
    private final Label verdict = new Label();
    private final Label notes = new Label();
    private final CallDetail detail;
    private final Action replay;
    private final Action next;
    private final Action previous;
    private final Action change;
    private final Action back;
    private @Nullable String wanted;

    /// @param prefix  of the actions' ids: the screen it stands on
    /// @param toFront brings this pane into sight
    public ReplayPane(Workspace workspace, String prefix, Runnable toFront) {
        this.model = new ReplayModel(workspace);
        this.toFront = toFront;
        detail = new CallDetail(prefix);
        replay = new Action(prefix + ".replay", "Replay", Feather.REWIND, null, model.whyNot(), this::replay);
        previous = step(prefix + ".replayPrevious", "Previous call", Feather.CHEVRON_UP, KeyCode.UP, -1);
        next = step(prefix + ".replayNext", "Next call", Feather.CHEVRON_DOWN, KeyCode.DOWN, 1);
        change = new Action(
                prefix + ".replayChange",
                "Replay with this answer",
                Feather.GIT_BRANCH,
                new KeyCodeCombination(KeyCode.ENTER, KeyCombination.SHORTCUT_DOWN),
                detail.whyNotChanged(),
                this::change);
        back = new Action(
                prefix + ".replayBack",
                "Back to the record",
                Feather.CORNER_UP_LEFT,
                null,
                Bindings.createStringBinding(
                        () -> model.isChanged() ? "" : "Nothing was changed.", model.report(), model.problem()),
                this::back);
        setId(prefix + "-replay-pane");
        getStyleClass().add("step-details");
        setSpacing(8);
        setMinSize(0, 0);
        detail.buttons(List.of(previous, next), change);
        ScrollPane below = new ScrollPane(detail);
        below.setFitToWidth(true);
        below.setFitToHeight(true);
        below.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
        below.setMinSize(0, 0);
        SplitPane split = new SplitPane(table(), below);
        split.setDividerPositions(0.5);
        split.getStyleClass().add("quiet-split");
        workspace.viewState().split(prefix + ".replay", split);
        split.setMinHeight(0);
        VBox.setVgrow(split, Priority.ALWAYS);
        getChildren().addAll(bar(), verdict, notes, split);
        model.recordings().addListener((ListChangeListener<Recording>) _ -> recordingsChanged());
        model.report().addListener((_, _, now) -> shown(now));
        model.problem().addListener((_, _, now) -> {
            if (!now.isEmpty()) {
                say(now, Tone.DANGER);
            }
        });
        calls.getSelectionModel().selectedItemProperty().addListener((_, _, now) -> detail.show(now, isOpenEnd(now)));
        recordingsChanged();
    }

    private Action step(String id, String title, Feather icon, KeyCode key, int by) {
        return new Action(
                id,
                title,
                icon,
                new KeyCodeCombination(key, KeyCombination.ALT_DOWN),
                Bindings.createStringBinding(
                        () -> whyNoStep(by), calls.getSelectionModel().selectedIndexProperty(), model.report()),
                () -> select(calls.getSelectionModel().getSelectedIndex() + by));
    }

    private String whyNoStep(int by) {
        if (model.report().get() == null) {
            return "Nothing was replayed yet.";
        }
        int to = calls.getSelectionModel().getSelectedIndex() + by;
        return to < 0 ? "This is the first call." : to >= calls.getItems().size() ? "This is the last call." : "";
    }

    public List<Action> actions() {
        return List.of(replay, previous, next, change, back);
    }

    /// Replays the chosen record.
    public Action action() {
        return replay;
    }

    /// Shows what is recorded of a run or an agent; looks again where `state` is another one.
    ///
    /// @param of      whose records
    /// @param state   changes when something may have been recorded
    /// @param nothing said where there is none
    public void show(String of, String state, Recording.Query query, String nothing) {
        model.show(of, state, query, nothing);
    }

    /// Chooses a record and replays it; one that is only listed in a moment is waited for.
    public void replay(String record) {
        wanted = record;
        replayWanted();
    }

    /// Replays the chosen record with other files of its program: what would have come of an edit.
    public void replayEdited(Map<String, String> files) {
        replay(chosen -> model.edit(chosen, files));
    }

    /// Those that are there.
    public List<Recording> recordings() {
        return List.copyOf(model.recordings());
    }

    private void replayWanted() {
        String id = wanted;
        for (Recording recording : model.recordings()) {
            if (recording.id().equals(id)) {
                wanted = null;
                parts.setValue(recording);
                replay.fire();
                return;
            }
        }
    }

    private FlowPane bar() {
        parts.setId("replay-part");
        parts.setAccessibleText("Which record");
        parts.setMaxWidth(420);
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
            label.managedProperty().bind(label.textProperty().isNotEmpty());
        }
        notes.setId("replay-notes");
        notes.getStyleClass().addAll("muted", "small");
        FlowPane bar = new FlowPane(8, 8, parts);
        bar.setMinHeight(USE_PREF_SIZE);
        for (Action action : List.of(replay, back)) {
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
        calls.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        calls.setMinSize(0, 0);
        TableColumn<ReplayedCall, ReplayedCall> number =
                column("#", 48, call -> (isDivergent(call) ? "✖ " : "") + call.number());
        TableColumn<ReplayedCall, ReplayedCall> name = column("Call", 96, ReplayedCall::call);
        TableColumn<ReplayedCall, ReplayedCall> about = RowColumns.givesWay(column("About", 180, ReplayedCall::target));
        TableColumn<ReplayedCall, ReplayedCall> source =
                column("Told by", 88, call -> ReplayWords.shortSource(call.source()));
        TableColumn<ReplayedCall, ReplayedCall> fuel =
                RowColumns.ifWide(calls, 400, column("Ticks", 96, call -> ReplayWords.count(call.fuel())));
        number.setMaxWidth(64);
        source.setMaxWidth(112);
        fuel.setMaxWidth(140);
        calls.getColumns().addAll(List.of(number, name, source, fuel, about));
        calls.setRowFactory(_ -> new TableRow<>() {
            @Override
            protected void updateItem(@Nullable ReplayedCall call, boolean empty) {
                super.updateItem(call, empty);
                setAccessibleText(call == null || empty ? "" : ReplayWords.row(call, isDivergent(call)));
            }
        });
        return calls;
    }

    private TableColumn<ReplayedCall, ReplayedCall> column(
            String title, double width, Function<ReplayedCall, String> text) {
        TableColumn<ReplayedCall, ReplayedCall> column = RowColumns.of(title, width);
        column.setMinWidth(NARROWEST.getOrDefault(title, 48.0));
        column.setCellFactory(_ -> new TableCell<>() {
            @Override
            protected void updateItem(@Nullable ReplayedCall call, boolean empty) {
                super.updateItem(call, empty);
                setText(call == null || empty ? null : text.apply(call));
                Styles.tone(this, call == null || empty ? Tone.NEUTRAL : tone(call));
            }
        });
        return column;
    }

    private Tone tone(ReplayedCall call) {
        return isDivergent(call)
                ? Tone.DANGER
                : call.source() == ReplayedCall.Source.CHANGED ? Tone.INFO : Tone.NEUTRAL;
    }

    private boolean isDivergent(ReplayedCall call) {
        ReplayReport now = model.report().get();
        Divergence found = now == null ? null : now.divergence();
        return found != null && found.number() == call.number();
    }

    /// Whether the replay ended here because nobody knows an answer.
    private boolean isOpenEnd(@Nullable ReplayedCall call) {
        ReplayReport now = model.report().get();
        return call != null
                && call.answerJson() == null
                && now != null
                && now.result() == ReplayReport.Result.NOT_RECORDED;
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
        if (model.report().get() == null && !model.busy().get()) {
            invite();
        }
        if (wanted != null) {
            replayWanted();
        }
    }

    private void invite() {
        calls.getItems().clear();
        Label text = new Label(
                model.recordings().isEmpty()
                        ? model.whyNot().get()
                        : "Replay runs it again, offline and for nothing, and shows each call to the host.");
        text.setWrapText(true);
        text.getStyleClass().add("placeholder-text");
        text.setPadding(new Insets(16));
        calls.setPlaceholder(text);
        verdict.setText("");
        notes.setText("");
        detail.show(null, false);
    }

    private void replay() {
        replay(model::replay);
    }

    private void replay(Consumer<Recording> how) {
        toFront.run();
        Recording chosen = parts.getValue();
        if (chosen != null) {
            say("Replaying…", Tone.NEUTRAL);
            how.accept(chosen);
        }
    }

    private void back() {
        model.reset();
        replay();
    }

    private void change() {
        ReplayedCall selected = calls.getSelectionModel().getSelectedItem();
        Recording chosen = parts.getValue();
        if (selected != null && chosen != null) {
            say("Replaying…", Tone.NEUTRAL);
            model.change(chosen, selected.number(), detail.answer());
        }
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
        int last = report.calls().size() - 1;
        int interesting = found != null
                ? found.number() - 1
                : report.result() == ReplayReport.Result.NOT_RECORDED
                        ? last
                        : row >= 0 ? row : Math.max(0, report.forkedAt() - 1);
        select(Math.clamp(interesting, 0, Math.max(0, last)));
        say(ReplayWords.verdict(report), ReplayWords.tone(report.result()));
        notes.setText(String.join("\n", report.notes()));
    }

    private void select(int row) {
        calls.getSelectionModel().clearAndSelect(row);
        calls.scrollTo(Math.max(0, row - 3));
    }
}
