package nexus.aiagents.app.desktop.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.value.ObservableStringValue;
import javafx.collections.FXCollections;
import javafx.collections.ListChangeListener;
import javafx.collections.transformation.FilteredList;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.SplitPane;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import nexus.aiagents.app.desktop.fx.BackgroundTask;
import nexus.aiagents.app.desktop.fx.Fx;
import nexus.aiagents.app.desktop.parts.EventTable;
import nexus.aiagents.app.desktop.parts.EventText;
import nexus.aiagents.app.desktop.parts.Following;
import nexus.aiagents.app.desktop.parts.JournalFeed;
import nexus.aiagents.app.desktop.parts.JsonPane;
import nexus.aiagents.app.desktop.parts.LiveScreen;
import nexus.aiagents.app.desktop.parts.Styles;
import nexus.aiagents.app.desktop.parts.Tone;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.ActionButton;
import nexus.aiagents.app.desktop.shell.Chooser;
import nexus.aiagents.app.desktop.shell.Notification;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.control.JournalExport;
import nexus.aiagents.engine.control.JournalExport.Format;
import nexus.aiagents.engine.control.JournalExport.Selection;
import nexus.aiagents.engine.journal.AuditReport;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.project.WriteTrouble;
import nexus.aiagents.engine.view.ProjectView;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;
import tools.jackson.databind.json.JsonMapper;

/// The journal: everything that happened, in order, chained so that a change or a gap is found.
public final class AuditScreen extends LiveScreen {
    private static final int KEPT = 20_000;
    private static final String ALL = "All types";
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final List<Chooser.Kind> KINDS = List.of(
            new Chooser.Kind("JSON Lines, which naos audit verify can check", ".jsonl"),
            new Chooser.Kind("CSV, for a sheet", ".csv"));
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneId.systemDefault());

    private final TextField text = new TextField();
    private final ComboBox<String> type = new ComboBox<>();
    private final ToggleButton follow = new ToggleButton("Follow", new FontIcon(Feather.CHEVRONS_DOWN));
    private final Label message = new Label();
    private final Label count = new Label();
    private final StackPane place = new StackPane();
    private final JsonPane entry = new JsonPane("ENTRY");
    private final Action verify;
    private final Action export;
    private final Action showRun;
    private final Action lookBack;
    private final ReadOnlyObjectWrapper<JournalEntry> chosen = new ReadOnlyObjectWrapper<>();
    private @Nullable Long wanted;
    private @Nullable JournalFeed feed;
    private @Nullable FilteredList<JournalEntry> filtered;
    private @Nullable EventTable table;

    public AuditScreen(Workspace workspace) {
        super(workspace);
        follow.setSelected(true);
        ObservableStringValue open = Bindings.createStringBinding(
                () -> workspace.client().get() == null ? "Open a project first." : "", workspace.client());
        verify = new Action("audit.verify", "Verify chain", Feather.CHECK_CIRCLE, null, open, this::verify);
        showRun = new Action(
                "audit.run",
                "Show in its run",
                Feather.ACTIVITY,
                null,
                Bindings.createStringBinding(
                        () -> runOf(chosen.get()) == null ? "Select an entry that is about a run." : "", chosen),
                () -> {
                    String step = EventText.stepOf(chosen.get().event());
                    workspace.show(Screen.RUNS, runOf(chosen.get()) + (step == null ? "" : " " + step));
                });
        lookBack = new Action(
                "audit.lookBack",
                "Look back to this moment",
                Feather.CLOCK,
                null,
                Bindings.createStringBinding(() -> chosen.get() == null ? "Select an entry first." : "", chosen),
                () -> workspace.lookBackTo(chosen.get().seq()));
        export = new Action("audit.export", "Export…", Feather.DOWNLOAD, null, open, this::export);
    }

    @Override
    protected Node build() {
        text.setId("audit-filter");
        text.setPromptText("Filter by subject or text");
        text.setAccessibleText("Filter the journal");
        text.setPrefWidth(232);
        text.setMinWidth(120);
        text.textProperty().addListener((_, _, _) -> applyFilter());
        type.setId("audit-type");
        type.setAccessibleText("Which type of entries");
        type.getItems().add(ALL);
        type.getItems().addAll(types());
        type.setValue(ALL);
        type.setPrefWidth(176);
        type.valueProperty().addListener((_, _, _) -> applyFilter());
        follow.setId("audit-follow");
        follow.setMinWidth(Region.USE_PREF_SIZE);
        follow.setTooltip(new Tooltip("Keep the newest entry in view"));
        follow.selectedProperty().addListener((_, _, _) -> toEnd());
        count.getStyleClass().addAll("muted", "small");
        count.setMinWidth(Region.USE_PREF_SIZE);
        message.setId("audit-message");
        message.setWrapText(true);
        message.setMinHeight(Region.USE_PREF_SIZE);
        message.getStyleClass().add("audit-message");
        message.setVisible(false);
        message.setManaged(false);
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox bar = new HBox(8, text, type, count, gap, follow, new ActionButton(verify), new ActionButton(export));
        bar.setAlignment(Pos.CENTER_LEFT);
        bar.getStyleClass().add("screen-bar");
        FlowPane jumps = new FlowPane(8, 8, new ActionButton(showRun, "small"), new ActionButton(lookBack, "small"));
        jumps.setMinHeight(Region.USE_PREF_SIZE);
        VBox below = new VBox(8, jumps, entry);
        VBox.setVgrow(entry, Priority.ALWAYS);
        below.getStyleClass().add("step-details");
        entry.showText("ENTRY", "Select an entry to see all of it.", false);
        SplitPane split = new SplitPane(place, below);
        split.setOrientation(javafx.geometry.Orientation.VERTICAL);
        split.setDividerPositions(0.74);
        split.getStyleClass().add("quiet-split");
        workspace.viewState().split("audit.split", split);
        workspace.viewState().text("audit.filter", text.textProperty());
        workspace
                .viewState()
                .value(
                        "audit.type",
                        type.valueProperty(),
                        t -> t,
                        t -> type.getItems().contains(t) ? t : null);
        VBox.setVgrow(split, Priority.ALWAYS);
        return new VBox(bar, message, split);
    }

    /// Every kind of entry there is.
    private static Set<String> types() {
        Set<String> names = new TreeSet<>();
        for (Class<?> event : EngineEvent.class.getPermittedSubclasses()) {
            names.add(event.getSimpleName());
        }
        return names;
    }

    @Override
    protected void update(ProjectView view) {
        EngineClient client = workspace.client().get();
        if (feed == null && client != null) {
            follow(client);
        }
    }

    private void follow(EngineClient client) {
        JournalFeed opened =
                new JournalFeed(workspace.background(), client, HistoryQuery.last(KEPT), _ -> true, this::toEnd);
        FilteredList<JournalEntry> lines = new FilteredList<>(opened.entries());
        EventTable shown = new EventTable(FXCollections.observableArrayList());
        shown.setItems(lines);
        shown.setId("audit-table");
        Following.of(shown, follow, this::toEnd);
        shown.setOnKeyPressed(e -> {
            if (e.getCode() == KeyCode.ENTER) {
                (showRun.isEnabled() ? showRun : lookBack).fire();
                e.consume();
            }
        });
        shown.getSelectionModel().selectedItemProperty().addListener((_, _, item) -> {
            chosen.set(item);
            if (item != null) {
                entry.show("ENTRY " + item.seq(), JSON.writeValueAsString(item), "");
            }
        });
        lines.addListener((ListChangeListener<JournalEntry>) _ -> changed());
        feed = opened;
        filtered = lines;
        table = shown;
        place.getChildren().setAll(shown);
        applyFilter();
    }

    private void applyFilter() {
        FilteredList<JournalEntry> lines = filtered;
        if (lines == null) {
            return;
        }
        lines.setPredicate(filter()::fits);
        changed();
    }

    private EntryFilter filter() {
        String wanted = type.getValue();
        return new EntryFilter(wanted.equals(ALL) ? "" : wanted, text.getText());
    }

    private void changed() {
        count.setText(Words.count(filtered == null ? 0 : filtered.size()) + " shown");
        // The table hears of its new rows only after this.
        Fx.later(this::toEnd);
    }

    private static @Nullable String runOf(@Nullable JournalEntry entry) {
        if (entry == null || entry.event() instanceof EngineEvent.OperatorActed) {
            return null;
        }
        String run = entry.event().runId();
        return run == null || run.isEmpty() ? null : run;
    }

    /// An entry that another screen wants to be seen, as soon as it is there.
    private void showWanted() {
        EventTable shown = table;
        Long seq = wanted;
        if (shown == null || seq == null) {
            return;
        }
        for (int i = 0; i < shown.getItems().size(); i++) {
            if (shown.getItems().get(i).seq() == seq) {
                wanted = null;
                shown.getSelectionModel().clearAndSelect(i);
                shown.scrollTo(Math.max(0, i - 3));
                return;
            }
        }
        if (!shown.getItems().isEmpty() && shown.getItems().getFirst().seq() > seq) {
            wanted = null;
            say(
                    "Entry " + seq + " is older than the newest " + Words.count(KEPT)
                            + ", which are shown here: naos audit shows it.",
                    Tone.WARNING);
        }
    }

    @Override
    public void select(String selection) {
        try {
            wanted = Long.valueOf(selection);
        } catch (NumberFormatException _) {
            return;
        }
        follow.setSelected(false);
        text.clear();
        type.setValue(ALL);
        showWanted();
    }

    private void toEnd() {
        EventTable shown = table;
        if (wanted != null) {
            showWanted();
        }
        if (shown != null && follow.isSelected() && !shown.getItems().isEmpty()) {
            shown.scrollTo(shown.getItems().size() - 1);
        }
    }

    private void verify() {
        EngineClient client = workspace.client().get();
        if (client == null) {
            return;
        }
        say("Verifying…", Tone.NEUTRAL);
        workspace
                .background()
                .run(
                        "Verifying the journal",
                        _ -> client.audit(),
                        this::verified,
                        e -> say("The journal could not be verified: " + e.getMessage(), Tone.DANGER));
    }

    /// Repairs and compactions are said with it: the chain fits, and yet something is not here any more.
    private void verified(AuditReport report) {
        AuditReport.Finding finding = report.finding();
        String notes = report.notes().isEmpty() ? "" : " " + String.join(" ", report.notes());
        if (finding == null) {
            say("The chain is whole: no entry was changed or taken out." + notes, Tone.SUCCESS);
        } else {
            say(finding.message() + " What comes before it can be trusted." + notes, Tone.DANGER);
        }
    }

    /// Writes all of the journal that the filter lets through, also what is too old to be shown.
    private void export() {
        EngineClient client = workspace.client().get();
        ProjectView view = view();
        if (client == null || view == null) {
            return;
        }
        EntryFilter filter = filter();
        String what = filter.isEmpty() ? "Export the journal" : "Export the entries " + filter.words();
        String name =
                view.project() + "-journal-" + STAMP.format(workspace.clock().instant()) + ".jsonl";
        workspace
                .chooser()
                .saveAs(what, workspace.folder().get(), name, KINDS)
                .ifPresent(file -> workspace
                        .background()
                        .run(
                                "Exporting the journal",
                                task -> write(client, filter, file, task),
                                written -> exported(written, filter, file),
                                e -> say(
                                        e instanceof IOException io
                                                ? WriteTrouble.of(file, io) + "."
                                                : file + " could not be" + " written: " + e.getMessage(),
                                        Tone.DANGER)));
    }

    private static long write(EngineClient client, EntryFilter filter, Path file, BackgroundTask task)
            throws IOException {
        Selection selection = new Selection(filter.query(), line -> filter.fits(line.entry()), written -> {
            task.report(written + " entries", -1);
            return !task.isCancelled();
        });
        Format format = Format.of(file);
        return JournalExport.write(client, selection, file, format == null ? Format.JSONL : format)
                .entries();
    }

    private void exported(long written, EntryFilter filter, Path file) {
        String entries = written + (written == 1 ? " entry" : " entries");
        say(
                filter.isEmpty()
                        ? "All of the journal, " + entries + ", was written to " + file
                        : entries + " " + filter.words() + " written to " + file
                                + ": what the filter leaves out is not in it.",
                Tone.SUCCESS);
        workspace.notifications().post(Notification.Kind.FINISHED, "Journal exported", file.toString());
    }

    private void say(String words, Tone tone) {
        message.setText(words);
        Styles.tone(message, tone);
        message.setVisible(true);
        message.setManaged(true);
    }

    @Override
    protected void projectChanged() {
        stopFeed();
        chosen.set(null);
        wanted = null;
        message.setVisible(false);
        message.setManaged(false);
        place.getChildren().clear();
    }

    private void stopFeed() {
        if (feed != null) {
            feed.close();
            feed = null;
        }
    }

    @Override
    public void hidden() {
        super.hidden();
        stopFeed();
    }

    @Override
    public List<Action> actions() {
        return new ArrayList<>(List.of(showRun, lookBack, verify, export));
    }

    @Override
    public String id() {
        return AUDIT;
    }

    @Override
    public String title() {
        return "Audit";
    }

    @Override
    public Ikon icon() {
        return Feather.BOOK;
    }
}
