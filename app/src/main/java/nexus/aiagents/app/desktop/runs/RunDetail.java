package nexus.aiagents.app.desktop.runs;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import nexus.aiagents.app.desktop.parts.EventTable;
import nexus.aiagents.app.desktop.parts.EventText;
import nexus.aiagents.app.desktop.parts.JournalFeed;
import nexus.aiagents.app.desktop.parts.JsonPane;
import nexus.aiagents.app.desktop.parts.Mark;
import nexus.aiagents.app.desktop.parts.MarkView;
import nexus.aiagents.app.desktop.parts.Styles;
import nexus.aiagents.app.desktop.parts.Tone;
import nexus.aiagents.app.desktop.parts.Votes;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.app.desktop.replay.ReplayPane;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.ActionButton;
import nexus.aiagents.app.desktop.shell.Money;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.replay.Recording;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.RunView.State;
import org.jspecify.annotations.Nullable;

/// Everything about the selected run.
final class RunDetail extends VBox {
    private static final int EVENTS = 5_000;

    private final Workspace workspace;
    private final ReadOnlyObjectProperty<RunView> run;
    private final Label name = new Label();
    private final MarkView mark = new MarkView(true);
    private final Label facts = new Label();
    private final Label story = new Label();
    private final FlowPane buttons = new FlowPane(8, 8);
    private final StepsPane steps;
    private final Votes votes = new Votes();
    private final JsonPane input = new JsonPane("INPUT");
    private final JsonPane output = new JsonPane("OUTPUT");
    private final TabPane tabs = new TabPane();
    private final Tab timelineTab;
    private final Tab compactTab;
    private final Tab votesTab;
    private final Tab resultTab;
    private final Tab eventsTab;
    private final Tab replayTab;
    private final ReplayPane replay;
    private final StackPane events = new StackPane();
    private final RunActions actions;
    private @Nullable JournalFeed feed;
    private @Nullable String feedOf;
    private String kind = "";
    private @Nullable String wantedRun;
    private @Nullable String wantedStep;

    /// Something more that can be done with the run, as a button behind the others.
    void offer(Action action) {
        buttons.getChildren().add(ActionButton.whileEnabled(action));
    }

    RunDetail(Workspace workspace, ReadOnlyObjectProperty<RunView> run) {
        this.workspace = workspace;
        this.run = run;
        steps = new StepsPane(workspace, this::showSteps);
        actions = new RunActions(
                workspace,
                run,
                steps.selected(),
                () -> getScene() == null ? null : getScene().getWindow());
        steps.details(new StepDetails(actions.ofStep));
        setMinSize(0, 0);
        getStyleClass().add("run-detail");
        HBox result = new HBox(16, input, output);
        result.getStyleClass().add("step-details");
        for (JsonPane pane : List.of(input, output)) {
            HBox.setHgrow(pane, Priority.ALWAYS);
            pane.setPrefWidth(1);
        }
        ScrollPane voting = new ScrollPane(votes);
        voting.setFitToWidth(true);
        timelineTab = tab("timeline", "Timeline", steps);
        compactTab = tab("compact", "Compact", new Region());
        votesTab = tab("votes", "Votes", voting);
        resultTab = tab("result", "Input and output", result);
        eventsTab = tab("events", "Events", events);
        replay = new ReplayPane(workspace, "runs", this::showReplay);
        replayTab = tab("replay", "Replay", replay);
        tabs.setId("run-tabs");
        tabs.setAccessibleText("Parts of the run");
        tabs.setTabClosingPolicy(TabPane.TabClosingPolicy.UNAVAILABLE);
        VBox.setVgrow(tabs, Priority.ALWAYS);
        getChildren().addAll(header(), tabs);
        tabs.getSelectionModel().selectedItemProperty().addListener((_, _, now) -> {
            arrange(now);
            feed();
        });
    }

    /// Timeline and table are two looks at the same steps.
    private void arrange(@Nullable Tab now) {
        if (now == timelineTab || now == compactTab) {
            (now == timelineTab ? compactTab : timelineTab).setContent(null);
            now.setContent(steps);
            steps.show(now == compactTab);
        }
    }

    private void showSteps() {
        Tab now = tabs.getSelectionModel().getSelectedItem();
        if (now != timelineTab && now != compactTab && tabs.getTabs().contains(timelineTab)) {
            tabs.getSelectionModel().select(timelineTab);
        }
    }

    List<Action> actions() {
        List<Action> all = new ArrayList<>(actions.all());
        all.addAll(steps.actions());
        all.addAll(replay.actions());
        return all;
    }

    private void showReplay() {
        tabs.getSelectionModel().select(replayTab);
    }

    private static Tab tab(String id, String title, Node content) {
        Tab tab = new Tab(title, content);
        tab.setId("run-" + id);
        return tab;
    }

    private Node header() {
        name.getStyleClass().add("h2");
        name.setMinWidth(0);
        facts.getStyleClass().addAll("muted", "small");
        facts.setId("run-facts");
        story.setWrapText(true);
        story.setId("run-story");
        story.setMinHeight(USE_PREF_SIZE);
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        ActionButton cancel = ActionButton.whileEnabled(actions.cancel, "quiet-danger");
        actions.ofRun.forEach(action -> buttons.getChildren().add(ActionButton.whileEnabled(action)));
        buttons.getChildren().add(ActionButton.whileEnabled(replay.action()));
        HBox top = new HBox(12, name, mark, gap, cancel);
        top.setAlignment(Pos.CENTER_LEFT);
        top.setMinHeight(32);
        VBox header = new VBox(4, top, facts, story, buttons);
        VBox.setMargin(buttons, new javafx.geometry.Insets(4, 0, 0, 0));
        header.getStyleClass().add("run-header");
        return header;
    }

    /// Which step is selected as soon as that run is shown.
    void want(String of, @Nullable String step) {
        wantedRun = of;
        wantedStep = step;
    }

    void show(@Nullable RunView now) {
        setVisible(now != null);
        if (now == null) {
            stopFeed();
            return;
        }
        Instant at = workspace.clock().instant();
        name.setText(now.name());
        mark.show(Mark.of(now.state()));
        facts.setText(facts(now, at));
        story(now);
        if (!now.kind().equals(kind)) {
            kind = now.kind();
            tabs.getTabs()
                    .setAll(
                            switch (kind) {
                                case "saga", "workflow" ->
                                    List.of(timelineTab, compactTab, resultTab, eventsTab, replayTab);
                                case "pool" -> List.of(votesTab, resultTab, eventsTab, replayTab);
                                default -> List.of(resultTab, eventsTab, replayTab);
                            });
            tabs.getSelectionModel().selectFirst();
        }
        boolean hasSteps = kind.equals("saga") || kind.equals("workflow");
        steps.show(hasSteps ? now : null, at);
        String step = wantedStep;
        if (step != null && now.id().equals(wantedRun)) {
            wantedStep = null;
            steps.select(step);
            showSteps();
        }
        if (kind.equals("pool")) {
            votes.show(now);
        }
        showRecords(now);
        input.show("INPUT", now.inputJson(), "");
        if (now.errorCode() != null) {
            output.showText("ERROR", now.errorCode() + "\n\n" + now.errorMessage(), true);
        } else {
            output.show("OUTPUT", now.outputJson(), "No output yet.");
        }
        feed();
    }

    private void showRecords(RunView now) {
        int attempts = now.steps().stream()
                .mapToInt(s -> s.attempts() + s.undoAttempts())
                .sum();
        replay.show(
                now.id(),
                now.state() + " " + attempts,
                Recording.Query.ofRun(now.id()),
                "Nothing of this run is recorded: by default only what fails is. `record: always` in an agent's block"
                        + " keeps all.");
    }

    private static String facts(RunView run, Instant now) {
        Instant ended = run.endedAt();
        String took = (ended == null ? "for " : "took ")
                + Words.duration(Duration.between(run.startedAt(), ended == null ? now : ended));
        return "Began " + Words.time(run.startedAt(), now) + " · " + took + " · " + Money.format(run.microDollars())
                + " · " + Words.plural(run.tokens(), "token") + " · " + run.id()
                + (run.forkedFrom() == null ? "" : " · forked from " + run.forkedFrom())
                + (run.parentStep() == null ? "" : " · step " + run.parentStep() + " of " + run.parentRunId())
                + (run.resumed() ? " · went on after a restart of the app" : "");
    }

    /// In one sentence how it came to this.
    private void story(RunView run) {
        String text = storyOf(run);
        story.setText(text);
        story.setVisible(!text.isEmpty());
        story.setManaged(!text.isEmpty());
        Styles.tone(
                story,
                switch (run.state()) {
                    case PARKED, WAITING -> Tone.WARNING;
                    case PAUSED -> Tone.NEUTRAL;
                    default -> run.errorCode() == null ? Tone.DONE : Tone.DANGER;
                });
    }

    static String storyOf(RunView run) {
        long undone = run.steps().stream()
                .filter(s -> s.undoState() == RunView.StepState.COMPENSATED)
                .count();
        String back =
                undone == 0 ? "" : " " + Words.plural(undone, "step") + (undone == 1 ? " was" : " were") + " undone.";
        if (run.kind().equals("pool")) {
            String waits = run.state() == State.PARKED ? " It waits for you: pick an answer on the Pools screen." : "";
            return run.votes().isEmpty() ? "" : "Members: " + Votes.summary(run) + "." + waits;
        }
        if (run.state() == State.PARKED) {
            return parkedStory(run) + back;
        }
        if (run.state() == State.WAITING) {
            return "It waits for your approval of " + RunActions.waiting(run)
                    + "; what that step would get is shown below.";
        }
        if (run.state() == State.PAUSED) {
            return "It is paused: what was under way comes to its end, nothing new is begun." + back;
        }
        String code = run.errorCode();
        if (code == null) {
            return run.state() == State.CANCELLED ? "It was cancelled." + back : back.strip();
        }
        String where = run.failedStep() == null ? "It failed" : run.failedStep() + " failed";
        String message =
                run.errorMessage() == null ? "" : ": " + run.errorMessage().strip();
        return where + " (" + code + ")" + message + (message.endsWith(".") ? "" : ".") + back;
    }

    private static String parkedStory(RunView run) {
        String why = run.steps().stream()
                .map(RunView.StepView::parked)
                .filter(java.util.Objects::nonNull)
                .findFirst()
                .orElse("");
        return switch (why) {
            case "compensation-failed" ->
                "It waits for you: a compensation keeps failing. Retry it, skip it, or undo it by hand and mark it"
                        + " resolved.";
            case "step-failed" ->
                "It waits for you: a step failed and there is no way back. Retry it, skip it, or do it by hand and mark"
                        + " it resolved.";
            case "unknown" ->
                "It waits for you: nobody knows whether a step had its effect. Retry it, skip it, or see to it by hand"
                        + " and mark it resolved.";
            default ->
                "It waits for you: a compensation keeps failing or an effect is unknown. Retry it, skip it, or undo"
                        + " it by hand and mark it resolved.";
        };
    }

    /// Follows the events of the run while their tab is in front.
    private void feed() {
        RunView now = run.get();
        EngineClient client = workspace.client().get();
        boolean wanted =
                now != null && client != null && tabs.getSelectionModel().getSelectedItem() == eventsTab;
        if (!wanted) {
            stopFeed();
            return;
        }
        String id = now.id();
        if (id.equals(feedOf)) {
            return;
        }
        stopFeed();
        feedOf = id;
        JournalFeed opened = new JournalFeed(
                workspace.background(),
                client,
                new EngineClient.HistoryQuery(0, EVENTS, true, java.util.Set.of(), null, id),
                e -> id.equals(EventText.runOf(e.event())),
                () -> {});
        feed = opened;
        events.getChildren().setAll(new EventTable(opened.entries()));
    }

    void stopFeed() {
        if (feed != null) {
            feed.close();
            feed = null;
        }
        feedOf = null;
    }
}
