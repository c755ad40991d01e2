package nexus.aiagents.app.desktop.agent;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.beans.binding.Bindings;
import javafx.beans.value.ObservableStringValue;
import javafx.collections.ListChangeListener;
import javafx.geometry.Orientation;
import javafx.scene.control.Label;
import javafx.scene.control.SplitPane;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableRow;
import javafx.scene.control.TableView;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import nexus.aiagents.app.desktop.parts.JournalFeed;
import nexus.aiagents.app.desktop.parts.JsonPane;
import nexus.aiagents.app.desktop.parts.Mark;
import nexus.aiagents.app.desktop.parts.RowColumns;
import nexus.aiagents.app.desktop.parts.Tone;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.ActionButton;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.view.AgentView.ExitView;
import nexus.aiagents.engine.view.CallView;
import nexus.aiagents.engine.view.CallsFold;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/// The last runs of an agent, calls and rounds of its loop, with what each used; the selected one's
/// input and output, and the way to its replay.
final class CallsPane extends VBox {
    private static final int SHOWN = 200;
    private static final int ENTRIES = 1_000;

    private final Workspace workspace;
    private final TableView<CallView> table = new TableView<>();
    private final JsonPane input = new JsonPane("INPUT");
    private final JsonPane output = new JsonPane("OUTPUT");
    private final Action replay;
    private final Action open;
    private @Nullable JournalFeed feed;
    private @Nullable CallsFold fold;
    private @Nullable String agent;
    private int underWay;

    /// @param onReplay gets the record of the run that is to be replayed
    CallsPane(Workspace workspace, Consumer<String> onReplay) {
        this.workspace = workspace;
        replay = new Action(
                "agent.replayRun",
                "Replay this run",
                Feather.REWIND,
                null,
                why(call -> call.recorded()
                        ? ""
                        : "It is not recorded: by default only what fails is. `record: always` keeps every run."),
                () -> onReplay.accept(selected().id()));
        open = new Action(
                "agent.openRun",
                "Open the run",
                Feather.ACTIVITY,
                null,
                why(call -> call.runId() == null ? "It was a round of the agent's own loop." : ""),
                () -> workspace.show(Screen.RUNS, selected().runId()));
        table();
        HBox bar = new HBox(8, new ActionButton(replay, "small"), new ActionButton(open, "small"));
        bar.setMinHeight(Region.USE_PREF_SIZE);
        HBox values = new HBox(16, input, output);
        for (JsonPane pane : List.of(input, output)) {
            HBox.setHgrow(pane, Priority.ALWAYS);
            pane.setPrefWidth(1);
        }
        VBox detail = new VBox(8, bar, values);
        detail.getStyleClass().add("step-details");
        detail.setMinHeight(0);
        VBox.setVgrow(values, Priority.ALWAYS);
        SplitPane split = new SplitPane(table, detail);
        split.setOrientation(Orientation.VERTICAL);
        split.setDividerPositions(0.55);
        split.getStyleClass().add("quiet-split");
        split.setMinHeight(0);
        workspace.viewState().split("agents.runs", split);
        VBox.setVgrow(split, Priority.ALWAYS);
        getChildren().add(split);
        setMinSize(0, 0);
        table.getSelectionModel().selectedItemProperty().addListener((_, _, now) -> show(now));
        show((CallView) null);
    }

    List<Action> actions() {
        return List.of(replay, open);
    }

    private CallView selected() {
        return Objects.requireNonNull(table.getSelectionModel().getSelectedItem());
    }

    private ObservableStringValue why(Function<CallView, String> why) {
        var selected = table.getSelectionModel().selectedItemProperty();
        return Bindings.createStringBinding(
                () -> selected.get() == null ? "Select a run first." : why.apply(selected.get()), selected);
    }

    private void table() {
        table.setId("agent-calls");
        table.setAccessibleText("Runs of the agent");
        table.getStyleClass().addAll("dense", "event-table", "bare-table");
        table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        table.setPlaceholder(new Label("It has not run yet."));
        table.setMinSize(0, 0);
        table.getColumns()
                .addAll(List.of(
                        sized(RowColumns.marks("Ended as", 136, CallsPane::mark), false),
                        text("Began", 84, call -> Words.time(call.startedAt(), now())),
                        text(
                                "Took",
                                72,
                                call -> call.isUnderWay() ? "" : Words.duration(Duration.ofMillis(call.millis()))),
                        ifWide(600, text("Ticks", 72, call -> call.fuel() == 0 ? "–" : Words.count(call.fuel()))),
                        ifWide(
                                680,
                                text(
                                        "Memory",
                                        72,
                                        call -> call.memoryBytes() == 0 ? "–" : Words.bytes(call.memoryBytes()))),
                        text("Host calls", 88, call -> call.isUnderWay() ? "" : Words.count(call.hostCalls())),
                        text("Record", 76, call -> call.recorded() ? "kept" : "–"),
                        text("For", 132, CallsPane::reason)));
        table.setRowFactory(_ -> new TableRow<>() {
            @Override
            protected void updateItem(@Nullable CallView call, boolean empty) {
                super.updateItem(call, empty);
                setAccessibleText(call == null || empty ? "" : words(call));
            }
        });
        table.setOnKeyPressed(e -> {
            if (e.getCode() == KeyCode.ENTER) {
                replay.fire();
                e.consume();
            }
        });
    }

    private java.time.Instant now() {
        return workspace.clock().instant();
    }

    private static String reason(CallView call) {
        String step = call.step();
        return call.runId() == null ? "its loop" : call.runId() + (step == null ? "" : ", step " + step);
    }

    private static String words(CallView call) {
        return mark(call).text() + ", for " + reason(call) + ", " + call.fuel() + " ticks, " + call.hostCalls()
                + " host calls" + (call.recorded() ? ", can be replayed" : "");
    }

    private static Mark mark(CallView call) {
        ExitView exit = call.exit();
        if (exit == null) {
            return new Mark(Mark.Shape.DOT, Tone.SUCCESS, "Running");
        }
        return switch (exit.kind()) {
            case "normal" -> new Mark(Mark.Shape.CHECK, Tone.SUCCESS, "Returned");
            case "shutdown" -> new Mark(Mark.Shape.SQUARE, Tone.NEUTRAL, "Stopped");
            default -> new Mark(Mark.Shape.CROSS, Tone.DANGER, exit.code());
        };
    }

    private static TableColumn<CallView, CallView> text(String title, double width, Function<CallView, String> text) {
        boolean flexible = title.equals("For");
        TableColumn<CallView, CallView> column = RowColumns.text(title, width, text);
        return sized(flexible ? RowColumns.givesWay(column) : column, flexible);
    }

    private static TableColumn<CallView, CallView> sized(TableColumn<CallView, CallView> column, boolean flexible) {
        column.setMinWidth(flexible ? 88 : column.getPrefWidth());
        if (!flexible) {
            column.setMaxWidth(column.getPrefWidth() * 1.4);
        }
        return column;
    }

    private TableColumn<CallView, CallView> ifWide(double width, TableColumn<CallView, CallView> column) {
        return RowColumns.ifWide(table, width, column);
    }

    // ---- what it shows

    /// @param active runs that are under way
    void show(@Nullable EngineClient client, @Nullable String name, int active) {
        if (client != null && name != null && name.equals(agent)) {
            if (active != underWay) {
                underWay = active;
                refresh();
            }
            return;
        }
        close();
        table.getItems().clear();
        if (client == null || name == null) {
            return;
        }
        agent = name;
        underWay = active;
        CallsFold calls = new CallsFold(name, SHOWN);
        fold = calls;
        JournalFeed opened = new JournalFeed(
                workspace.background(),
                client,
                new EngineClient.HistoryQuery(0, ENTRIES, true, CallsFold.TYPES, name, null),
                calls::concerns,
                () -> {});
        feed = opened;
        opened.entries().addListener((ListChangeListener<JournalEntry>) change -> {
            boolean more = false;
            while (change.next()) {
                change.getAddedSubList().forEach(calls::apply);
                more |= change.wasAdded();
            }
            if (more && fold == calls) {
                refresh();
            }
        });
    }

    private void refresh() {
        CallsFold calls = fold;
        if (calls == null) {
            return;
        }
        CallView before = table.getSelectionModel().getSelectedItem();
        List<CallView> now = calls.calls(underWay);
        table.getItems().setAll(now);
        if (before != null) {
            for (int i = 0; i < now.size(); i++) {
                if (now.get(i).id().equals(before.id())) {
                    table.getSelectionModel().select(i);
                    return;
                }
            }
        }
        if (!now.isEmpty() && before == null) {
            table.getSelectionModel().selectFirst();
        }
    }

    void close() {
        JournalFeed open = feed;
        if (open != null) {
            open.close();
            feed = null;
        }
        fold = null;
        agent = null;
    }

    private void show(@Nullable CallView call) {
        input.show("INPUT", call == null ? null : call.inputJson(), "");
        ExitView exit = call == null ? null : call.exit();
        if (call == null || exit == null) {
            output.showText("OUTPUT", call == null ? "" : "Running…", false);
        } else if (call.outputJson() != null) {
            output.show("OUTPUT", call.outputJson(), "");
        } else {
            output.showText(
                    "ENDED AS",
                    exit.code() + "\n\n" + exit.message(),
                    !exit.kind().equals("shutdown"));
        }
    }
}
