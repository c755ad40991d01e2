package nexus.aiagents.app.desktop.agent;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javafx.beans.value.ObservableValue;
import javafx.collections.ListChangeListener;
import javafx.collections.transformation.FilteredList;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.SelectionMode;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.input.Clipboard;
import javafx.scene.input.ClipboardContent;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;
import javafx.util.StringConverter;
import nexus.aiagents.app.desktop.fx.Background;
import nexus.aiagents.app.desktop.fx.Fx;
import nexus.aiagents.app.desktop.parts.CanvasText;
import nexus.aiagents.app.desktop.parts.EventText;
import nexus.aiagents.app.desktop.parts.Following;
import nexus.aiagents.app.desktop.parts.JournalFeed;
import nexus.aiagents.app.desktop.parts.Styles;
import nexus.aiagents.app.desktop.parts.Tone;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.app.desktop.shell.Palette;
import nexus.aiagents.app.desktop.shell.ViewState;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.JournalEntry;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// What an agent logged and what happened to it, live: the list is virtual and holds the last lines only.
final class LogPane extends VBox {
    private static final int KEPT = 10_000;
    private static final double LINE = 22;
    private static final Set<String> TYPES = Set.of(
            "AgentLogged",
            "AgentEmitted",
            "AgentStarting",
            "AgentUp",
            "AgentStartFailed",
            "AgentExited",
            "AgentPaused",
            "AgentResumed",
            "AgentStuck",
            "HostCallDenied",
            "HoldRefused");

    /// From which level on lines are shown.
    enum Level {
        ALL("All lines", Tone.NEUTRAL),
        WARNINGS("Warnings and errors", Tone.WARNING),
        ERRORS("Errors only", Tone.DANGER);

        private final String title;
        private final Tone least;

        Level(String title, Tone least) {
            this.title = title;
            this.least = least;
        }

        boolean shows(Tone tone) {
            return switch (least) {
                case DANGER -> tone == Tone.DANGER;
                case WARNING -> tone == Tone.DANGER || tone == Tone.WARNING;
                default -> true;
            };
        }
    }

    private final Background background;
    private final TextField text = new TextField();
    private final ToggleButton regex = new ToggleButton(".*");
    private final ComboBox<Level> level = new ComboBox<>();
    private final ToggleButton follow = new ToggleButton("Follow", new FontIcon(Feather.CHEVRONS_DOWN));
    private final ListView<JournalEntry> list = new ListView<>();
    private final Label count = new Label();
    private @Nullable JournalFeed feed;
    private @Nullable FilteredList<JournalEntry> filtered;
    private @Nullable String agent;
    private LogFilter filter = LogFilter.of("", false);

    LogPane(Background background, ObservableValue<Palette> palette) {
        this.background = background;
        text.setId("log-filter");
        text.setPromptText("Filter the lines");
        text.setAccessibleText("Filter the lines");
        text.textProperty().addListener((_, _, _) -> applyFilter());
        regex.setId("log-regex");
        regex.setTooltip(new Tooltip("Take the filter as a regular expression"));
        regex.setAccessibleText("Take the filter as a regular expression");
        regex.setMinWidth(Region.USE_PREF_SIZE);
        regex.selectedProperty().addListener((_, _, _) -> applyFilter());
        level.setId("log-level");
        level.setAccessibleText("From which level on");
        level.getItems().setAll(Level.values());
        level.setValue(Level.ALL);
        level.setConverter(new StringConverter<>() {
            @Override
            public String toString(Level l) {
                return l == null ? "" : l.title;
            }

            @Override
            public Level fromString(String title) {
                return Level.ALL;
            }
        });
        level.valueProperty().addListener((_, _, _) -> applyFilter());
        follow.setId("log-follow");
        follow.setSelected(true);
        follow.setTooltip(new Tooltip("Keep the newest line in view"));
        follow.setMinWidth(Region.USE_PREF_SIZE);
        text.setMinWidth(96);
        count.setMinWidth(0);
        follow.selectedProperty().addListener((_, _, _) -> toEnd());
        Button firstError = icon(Feather.ALERT_CIRCLE, "Go to the first error");
        firstError.setOnAction(_ -> toFirstError());
        Button copy = icon(Feather.COPY, "Copy the selected lines, or all of them");
        copy.setOnAction(_ -> copy());
        list.setId("log-list");
        list.setAccessibleText("Log");
        list.getStyleClass().addAll("bare-list", "log-list");
        list.setFixedCellSize(LINE);
        CanvasText fonts = new CanvasText();
        list.setCellFactory(_ -> new LogCell(list, fonts, palette));
        list.setPlaceholder(new Label("It has not logged anything yet."));
        list.getSelectionModel().setSelectionMode(SelectionMode.MULTIPLE);
        Following.of(list, follow, this::toEnd);
        list.setOnKeyPressed(e -> {
            if (new KeyCodeCombination(KeyCode.C, KeyCombination.SHORTCUT_DOWN).match(e)) {
                copy();
                e.consume();
            }
        });
        count.getStyleClass().addAll("muted", "small");
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox bar = new HBox(8, text, regex, level, count, gap, firstError, copy, follow);
        bar.setAlignment(Pos.CENTER_LEFT);
        bar.getStyleClass().add("tab-bar-row");
        VBox.setVgrow(list, Priority.ALWAYS);
        getChildren().addAll(bar, list);
    }

    /// What is filtered survives a restart.
    void keepIn(ViewState state) {
        state.text("log.filter", text.textProperty());
        state.flag("log.regex", regex.selectedProperty());
        state.value("log.level", level.valueProperty(), Level::name, ViewState.oneOf(Level.values()));
    }

    private static Button icon(Feather icon, String name) {
        Button button = new Button("", new FontIcon(icon));
        button.getStyleClass().add("button-icon");
        button.setTooltip(new Tooltip(name));
        button.setAccessibleText(name);
        return button;
    }

    /// Shows another agent, or none.
    void show(@Nullable EngineClient client, @Nullable String name) {
        if (name != null && name.equals(agent) && client != null) {
            return;
        }
        close();
        if (client == null || name == null) {
            return;
        }
        agent = name;
        JournalFeed opened = new JournalFeed(
                background,
                client,
                new EngineClient.HistoryQuery(0, KEPT, true, TYPES, name, null),
                e -> concerns(e.event(), name),
                this::toEnd);
        feed = opened;
        FilteredList<JournalEntry> lines = new FilteredList<>(opened.entries());
        filtered = lines;
        lines.addListener((ListChangeListener<JournalEntry>) _ -> changed());
        list.setItems(lines);
        applyFilter();
    }

    void close() {
        if (feed != null) {
            feed.close();
            feed = null;
        }
        agent = null;
    }

    private static boolean concerns(EngineEvent event, String name) {
        return TYPES.contains(event.getClass().getSimpleName())
                && EventText.of(event).subject().equals(name);
    }

    private void applyFilter() {
        FilteredList<JournalEntry> lines = filtered;
        if (lines == null) {
            return;
        }
        LogFilter wanted = LogFilter.of(text.getText(), regex.isSelected());
        filter = wanted;
        Level least = level.getValue();
        lines.setPredicate(e -> {
            EventText line = EventText.of(e.event());
            return least.shows(line.tone()) && wanted.test(line.summary());
        });
        changed();
    }

    private void changed() {
        String wrong = filter.problem();
        count.setMinWidth(wrong.isEmpty() ? Region.USE_PREF_SIZE : 0);
        count.setText(wrong.isEmpty() ? Words.plural(list.getItems().size(), "line") : wrong);
        Styles.tone(count, wrong.isEmpty() ? Tone.NEUTRAL : Tone.DANGER);
        // The list hears of its new lines only after this.
        Fx.later(this::toEnd);
    }

    private void toEnd() {
        if (follow.isSelected() && !list.getItems().isEmpty()) {
            list.scrollTo(list.getItems().size() - 1);
        }
    }

    private void toFirstError() {
        for (int i = 0; i < list.getItems().size(); i++) {
            if (EventText.of(list.getItems().get(i).event()).tone() == Tone.DANGER) {
                follow.setSelected(false);
                list.getSelectionModel().clearAndSelect(i);
                list.scrollTo(Math.max(0, i - 3));
                list.requestFocus();
                return;
            }
        }
    }

    private void copy() {
        List<JournalEntry> chosen = list.getSelectionModel().getSelectedItems();
        String lines = (chosen.isEmpty() ? list.getItems() : chosen)
                .stream().map(LogPane::line).collect(Collectors.joining("\n"));
        ClipboardContent content = new ClipboardContent();
        content.putString(lines);
        Clipboard.getSystemClipboard().setContent(content);
    }

    private static String line(JournalEntry entry) {
        return Words.exact(entry.at()) + " " + word(entry.event()) + " "
                + EventText.of(entry.event()).summary();
    }

    static String word(EngineEvent event) {
        return event instanceof EngineEvent.AgentLogged logged ? logged.level() : "event";
    }
}
