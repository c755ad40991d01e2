package nexus.aiagents.app.desktop.agent;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import javafx.collections.FXCollections;
import javafx.collections.ListChangeListener;
import javafx.collections.transformation.FilteredList;
import javafx.geometry.Pos;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;
import nexus.aiagents.app.desktop.fx.Fx;
import nexus.aiagents.app.desktop.parts.EventText;
import nexus.aiagents.app.desktop.parts.JournalFeed;
import nexus.aiagents.app.desktop.parts.RowColumns;
import nexus.aiagents.app.desktop.parts.Styles;
import nexus.aiagents.app.desktop.parts.Tone;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.app.desktop.shell.Money;
import nexus.aiagents.app.desktop.shell.ViewState;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.EngineEvent.AgentEmitted;
import nexus.aiagents.engine.journal.EngineEvent.HoldSettled;
import nexus.aiagents.engine.journal.EngineEvent.HostCallDenied;
import nexus.aiagents.engine.journal.EngineEvent.HostCallMade;
import nexus.aiagents.engine.journal.JournalEntry;
import org.jspecify.annotations.Nullable;

/// What an agent asked of the world, live: calls to models with what they cost, to other agents, the
/// web, files and its keys, the events that it sent, and what it was denied.
final class HostCallsPane extends VBox {
    private static final int KEPT = 5_000;
    private static final Set<String> TYPES = Set.of("HostCallMade", "HostCallDenied", "HoldSettled", "AgentEmitted");

    /// Which of them are shown.
    enum Which {
        ALL("All calls"),
        MODEL("Model calls"),
        AGENT("Messages to agents"),
        EVENT("Events it sent"),
        HTTP("Web"),
        FILE("Files"),
        KV("Its own keys"),
        DENIED("Denied");

        private final String title;

        Which(String title) {
            this.title = title;
        }

        static Which of(EngineEvent event) {
            return switch (event) {
                case HostCallDenied _ -> DENIED;
                case HoldSettled _ -> MODEL;
                case AgentEmitted _ -> EVENT;
                case HostCallMade made ->
                    Arrays.stream(values())
                            .filter(which ->
                                    which.name().toLowerCase(Locale.ROOT).equals(made.kind()))
                            .findFirst()
                            .orElse(ALL);
                default -> ALL;
            };
        }

        boolean shows(EngineEvent event) {
            return this == ALL || of(event) == this;
        }
    }

    private final Workspace workspace;
    private final ComboBox<Which> which = new ComboBox<>();
    private final TextField text = new TextField();
    private final Label count = new Label();
    private final TableView<JournalEntry> table = new TableView<>();
    private @Nullable JournalFeed feed;
    private @Nullable FilteredList<JournalEntry> filtered;
    private @Nullable String agent;

    HostCallsPane(Workspace workspace) {
        this.workspace = workspace;
        which.setId("calls-which");
        which.setAccessibleText("Which calls");
        which.getItems().setAll(Which.values());
        which.setValue(Which.ALL);
        which.setConverter(new StringConverter<>() {
            @Override
            public String toString(@Nullable Which value) {
                return value == null ? "" : value.title;
            }

            @Override
            public Which fromString(String title) {
                return Which.ALL;
            }
        });
        which.valueProperty().addListener((_, _, _) -> applyFilter());
        text.setId("calls-filter");
        text.setPromptText("Filter the calls");
        text.setAccessibleText("Filter the calls");
        text.textProperty().addListener((_, _, _) -> applyFilter());
        text.setMinWidth(96);
        count.getStyleClass().addAll("muted", "small");
        count.setId("calls-count");
        count.setMinWidth(0);
        HBox bar = new HBox(8, text, which, count);
        bar.setAlignment(Pos.CENTER_LEFT);
        bar.getStyleClass().add("tab-bar-row");
        table();
        VBox.setVgrow(table, Priority.ALWAYS);
        getChildren().addAll(bar, table);
        setMinSize(0, 0);
    }

    void keepIn(ViewState state) {
        state.text("agents.calls.filter", text.textProperty());
        state.value("agents.calls.which", which.valueProperty(), Which::name, ViewState.oneOf(Which.values()));
    }

    private void table() {
        table.setId("agent-host-calls");
        table.setAccessibleText("Calls to the host");
        table.getStyleClass().addAll("dense", "event-table", "bare-table");
        table.setColumnResizePolicy(TableView.CONSTRAINED_RESIZE_POLICY_FLEX_LAST_COLUMN);
        table.setPlaceholder(new Label("It has not asked for anything yet."));
        table.setMinSize(0, 0);
        table.getColumns()
                .addAll(List.of(
                        column("Time", 112, e -> Words.exact(e.at()).substring(11)),
                        column("Call", 72, e -> kind(e.event())),
                        column("What", 260, e -> Words.brief(what(e.event()), 300)),
                        column("Came to", 92, e -> outcome(e.event())),
                        column("Took", 72, e -> took(e.event())),
                        RowColumns.ifWide(
                                table,
                                640,
                                column("Run", 132, e -> Objects.requireNonNullElse(EventText.runOf(e.event()), "")))));
    }

    private static TableColumn<JournalEntry, JournalEntry> column(
            String title, double width, Function<JournalEntry, String> text) {
        boolean flexible = title.equals("What");
        TableColumn<JournalEntry, JournalEntry> column =
                flexible ? RowColumns.givesWay(RowColumns.of(title, width)) : RowColumns.of(title, width);
        column.setMinWidth(flexible ? 96 : width);
        if (!flexible) {
            column.setMaxWidth(width * 1.6);
        }
        column.setCellFactory(_ -> new TableCell<>() {
            @Override
            protected void updateItem(@Nullable JournalEntry entry, boolean empty) {
                super.updateItem(entry, empty);
                setText(entry == null || empty ? null : text.apply(entry));
                Styles.tone(
                        this,
                        entry == null || empty
                                ? Tone.NEUTRAL
                                : EventText.of(entry.event()).tone());
            }
        });
        return column;
    }

    private static String kind(EngineEvent event) {
        return switch (event) {
            case HostCallMade made -> made.kind();
            case HostCallDenied denied -> denied.kind();
            case HoldSettled _ -> "model";
            case AgentEmitted _ -> "emit";
            default -> "";
        };
    }

    private static String what(EngineEvent event) {
        return switch (event) {
            case HostCallMade made -> made.target();
            case HostCallDenied denied -> denied.reason();
            case HoldSettled settled ->
                settled.model() + ": " + Words.plural(settled.inputTokens(), "token") + " in, "
                        + Words.count(settled.outputTokens()) + " out";
            case AgentEmitted emitted -> emitted.event() + " " + emitted.dataJson();
            default -> "";
        };
    }

    private static String outcome(EngineEvent event) {
        return switch (event) {
            case HostCallMade made -> made.ok() ? "ok" : "failed";
            case HostCallDenied _ -> "denied";
            case HoldSettled settled -> Money.format(settled.microDollars());
            default -> "sent";
        };
    }

    private static String took(EngineEvent event) {
        return event instanceof HostCallMade made ? Words.duration(Duration.ofMillis(made.millis())) : "";
    }

    /// Shows another agent, or none.
    void show(@Nullable EngineClient client, @Nullable String name) {
        if (name != null && name.equals(agent) && client != null) {
            return;
        }
        close();
        if (client == null || name == null) {
            table.setItems(FXCollections.observableArrayList());
            return;
        }
        agent = name;
        JournalFeed opened = new JournalFeed(
                workspace.background(),
                client,
                new EngineClient.HistoryQuery(0, KEPT, true, TYPES, name, null),
                e -> TYPES.contains(e.event().getClass().getSimpleName())
                        && name.equals(e.event().agent()),
                this::toEnd);
        feed = opened;
        FilteredList<JournalEntry> lines = new FilteredList<>(opened.entries());
        filtered = lines;
        lines.addListener((ListChangeListener<JournalEntry>) _ -> changed());
        table.setItems(lines);
        applyFilter();
    }

    void close() {
        JournalFeed open = feed;
        if (open != null) {
            open.close();
            feed = null;
        }
        agent = null;
    }

    private void applyFilter() {
        FilteredList<JournalEntry> lines = filtered;
        if (lines == null) {
            return;
        }
        String typed = text.getText().strip().toLowerCase(Locale.ROOT);
        Which wanted = which.getValue();
        lines.setPredicate(e -> wanted.shows(e.event())
                && (typed.isEmpty()
                        || (kind(e.event()) + " " + what(e.event()))
                                .toLowerCase(Locale.ROOT)
                                .contains(typed)));
        changed();
    }

    private void changed() {
        JournalFeed open = feed;
        if (open == null) {
            return;
        }
        var counts = open.entries().stream()
                .filter(e -> !(e.event() instanceof HoldSettled))
                .collect(Collectors.groupingBy(e -> Which.of(e.event()), Collectors.counting()));
        count.setText(Words.plural(counts.getOrDefault(Which.MODEL, 0L), "model call") + " · "
                + Words.plural(counts.getOrDefault(Which.AGENT, 0L), "message") + " · "
                + Words.plural(counts.getOrDefault(Which.EVENT, 0L), "event") + " · "
                + Words.count(counts.getOrDefault(Which.DENIED, 0L)) + " denied");
        Fx.later(this::toEnd);
    }

    private void toEnd() {
        if (table.getSelectionModel().isEmpty() && !table.getItems().isEmpty()) {
            table.scrollTo(table.getItems().size() - 1);
        }
    }
}
