package nexus.aiagents.app.desktop.agent;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javafx.beans.binding.Bindings;
import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.control.SplitPane;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import nexus.aiagents.app.desktop.capabilities.GrantList;
import nexus.aiagents.app.desktop.editor.SourcePane;
import nexus.aiagents.app.desktop.editor.YamlPane;
import nexus.aiagents.app.desktop.replay.ReplayPane;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.ActionButton;
import nexus.aiagents.app.desktop.shell.Notification;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.Engine;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.replay.Recording;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.ProjectView;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/// Everything below the head of the Agent screen, tab by tab. Only the tab in front follows what happens.
final class AgentPanes {
    /// Looking for records reads the head of each: not more often than this, however often the agent runs.
    private static final Duration LOOK_FOR_RECORDS = Duration.ofSeconds(3);

    private final Workspace workspace;
    private final TabPane tabs = new TabPane();
    private final LogPane log;
    private final CallsPane calls;
    private final HostCallsPane hostCalls;
    private final GrantList grants = new GrantList(null);
    private final TryRuns runs;
    private final TryPane tryOut;
    private final SourcePane source;
    private final YamlPane yaml;
    private final ReplayPane replay;
    private final Tab logTab;
    private final Tab callsTab;
    private final Tab hostCallsTab;
    private final Tab sourceTab;
    private final Tab yamlTab;
    private final Tab replayTab;
    private final List<Action> actions = new ArrayList<>();
    private @Nullable AgentView agent;
    private String recordsOf = "";
    private long recordsAfter;
    private Instant recordsLookedAt = Instant.EPOCH;

    AgentPanes(Workspace workspace) {
        this.workspace = workspace;
        log = new LogPane(workspace.background(), workspace.theme().palette());
        calls = new CallsPane(workspace, this::replayRun);
        hostCalls = new HostCallsPane(workspace);
        runs = new TryRuns(workspace);
        tryOut = new TryPane(workspace, runs);
        source = new SourcePane(workspace, "agent");
        yaml = new YamlPane(workspace, "agent");
        replay = new ReplayPane(workspace, "agent", this::showReplay);
        logTab = tab("log", "Log", log);
        callsTab = tab("runs", "Runs", calls);
        hostCallsTab = tab("host-calls", "Host calls", hostCalls);
        sourceTab = tab("source", "Source", sources());
        yamlTab = tab("yaml", "YAML", yaml);
        replayTab = tab("replay", "Replay", replay);
        tabs.getTabs()
                .setAll(
                        logTab,
                        callsTab,
                        hostCallsTab,
                        tab("grants", "Grants", grants()),
                        tab("try", "Run with this input", tryOut),
                        sourceTab,
                        yamlTab,
                        replayTab);
        tabs.setId("agent-tabs");
        tabs.setAccessibleText("Parts of the agent");
        tabs.setTabClosingPolicy(TabPane.TabClosingPolicy.UNAVAILABLE);
        tabs.getSelectionModel().selectedItemProperty().addListener((_, _, _) -> broughtToFront());
        actions.add(tryOut.action());
        actions.addAll(calls.actions());
        actions.addAll(replay.actions());
    }

    TabPane node() {
        return tabs;
    }

    List<Action> actions() {
        return List.copyOf(actions);
    }

    void keepState() {
        log.keepIn(workspace.viewState());
        hostCalls.keepIn(workspace.viewState());
        workspace.viewState().tabs("agents.tab", tabs);
    }

    private static Tab tab(String id, String title, Node content) {
        Tab tab = new Tab(title, content);
        tab.setId("agent-tab-" + id);
        return tab;
    }

    private BorderPane grants() {
        Action open = Action.always(
                "agent.capabilities",
                "Open Capabilities",
                Feather.KEY,
                null,
                () -> workspace.show(Screen.CAPABILITIES, agent == null ? null : agent.name()));
        grants.setId("agent-grants");
        HBox bar = new HBox(new ActionButton(open, "small"));
        bar.getStyleClass().add("tab-bar-row");
        BorderPane pane = new BorderPane(grants);
        pane.setTop(bar);
        pane.setMinSize(0, 0);
        return pane;
    }

    private SplitPane sources() {
        Action save = new Action(
                "agent.saveSource",
                "Save",
                Feather.SAVE,
                new KeyCodeCombination(KeyCode.S, KeyCombination.SHORTCUT_DOWN),
                source.whyNotSaved(),
                () -> source.save(() -> {}));
        Action run = new Action(
                "agent.runSource",
                "Save and run",
                Feather.PLAY,
                null,
                Bindings.createStringBinding(
                        () -> first(
                                source.whyNot().get(),
                                tryOut.action().whyDisabled().get()),
                        source.whyNot(),
                        tryOut.action().whyDisabled()),
                this::saveAndRun);
        Action again = new Action(
                "agent.replaySource",
                "Replay with this source",
                Feather.REWIND,
                null,
                Bindings.createStringBinding(
                        () -> first(
                                source.whyNot().get(),
                                replay.action().whyDisabled().get()),
                        source.whyNot(),
                        replay.action().whyDisabled()),
                this::replayWithSource);
        List<Action> all = List.of(save, run, again);
        actions.addAll(all);
        source.buttons(
                all.stream().map(action -> new ActionButton(action, "small")).toList());
        RunResult result = new RunResult(workspace, runs);
        VBox below = new VBox(result);
        VBox.setVgrow(result, Priority.ALWAYS);
        below.getStyleClass().add("step-details");
        below.setMinHeight(0);
        SplitPane split = new SplitPane(source, below);
        split.setOrientation(Orientation.VERTICAL);
        split.setDividerPositions(0.7);
        split.getStyleClass().add("quiet-split");
        split.setMinHeight(0);
        SplitPane.setResizableWithParent(below, false);
        workspace.viewState().split("agents.source", split);
        return split;
    }

    private static String first(String one, String other) {
        return one.isEmpty() ? other : one;
    }

    private void saveAndRun() {
        showSource();
        source.save(() -> runs.run(tryOut.input()));
    }

    void showSource() {
        tabs.getSelectionModel().select(sourceTab);
    }

    // ---- replays

    private void showReplay() {
        tabs.getSelectionModel().select(replayTab);
    }

    private void replayRun(String record) {
        recordsLookedAt = Instant.EPOCH;
        recordsAfter = -1;
        replay.replay(record);
        lookForRecords();
    }

    /// What was typed goes before what lies on the disk.
    private void replayWithSource() {
        AgentView now = agent;
        Path folder = workspace.folder().get();
        if (now == null || now.source() == null || folder == null) {
            return;
        }
        String name = now.source();
        Map<String, String> typed = source.unsaved();
        workspace
                .background()
                .quietly(
                        _ -> {
                            Map<String, String> files = new HashMap<>(Engine.scriptFiles(folder, name));
                            String own = name.substring(0, name.lastIndexOf('/') + 1);
                            typed.forEach((file, text) -> {
                                if (file.startsWith(own)) {
                                    files.put(file.substring(own.length()), text);
                                }
                            });
                            return files;
                        },
                        replay::replayEdited,
                        e -> workspace
                                .notifications()
                                .post(
                                        Notification.Kind.FAILED,
                                        "Could not read " + name,
                                        String.valueOf(e.getMessage())));
    }

    private void lookForRecords() {
        AgentView now = agent;
        if (now == null) {
            return;
        }
        long ended = now.calls() - now.activeCalls();
        boolean other = !now.name().equals(recordsOf);
        boolean inFront = isInFront(replayTab) || isInFront(sourceTab) || recordsAfter < 0;
        Instant at = Instant.now();
        boolean due = ended != recordsAfter && inFront && !at.isBefore(recordsLookedAt.plus(LOOK_FOR_RECORDS));
        if (!other && !due) {
            return;
        }
        recordsOf = now.name();
        recordsAfter = ended;
        recordsLookedAt = at;
        replay.show(
                "agent " + now.name(),
                at.toString(),
                new Recording.Query(null, now.name(), null, 200),
                "Nothing of this agent is recorded: by default only what fails is. `record: always` in its block keeps"
                        + " all.");
    }

    // ---- what they show

    void show(AgentView now, ProjectView view) {
        boolean other = agent == null || !agent.name().equals(now.name());
        agent = now;
        tryOut.show(now);
        runs.show(now.name(), view);
        grants.show(now);
        lookForRecords();
        follow(now);
        if (other) {
            broughtToFront();
        }
    }

    private boolean isInFront(Tab tab) {
        return tabs.getSelectionModel().getSelectedItem() == tab;
    }

    private void follow(AgentView now) {
        EngineClient client = workspace.client().get();
        log.show(isInFront(logTab) ? client : null, now.name());
        calls.show(isInFront(callsTab) ? client : null, now.name(), now.activeCalls());
        hostCalls.show(isInFront(hostCallsTab) ? client : null, now.name());
    }

    /// Another agent, another tab, or the screen again: what lies on the disk is looked at.
    void broughtToFront() {
        AgentView now = agent;
        Path folder = workspace.folder().get();
        if (now == null || folder == null) {
            return;
        }
        follow(now);
        lookForRecords();
        if (isInFront(sourceTab)) {
            boolean script = now.runtime().equals("javascript");
            source.show(folder, script ? now.source() : null, noSource(now));
        }
        if (isInFront(yamlTab)) {
            yaml.show(folder, "agent", now.name().replaceFirst("#\\d+$", ""));
        }
    }

    private static String noSource(AgentView now) {
        return now.runtime().equals("model")
                ? "This agent is only a prompt, which is in its YAML."
                : "Its program is a WebAssembly module" + (now.source() == null ? "." : ", " + now.source() + ".");
    }

    /// What was typed and not saved, null: nothing.
    @Nullable
    String unsaved() {
        var names = source.unsaved().keySet();
        return names.isEmpty() ? null : "Not saved: " + String.join(", ", names) + ".";
    }

    void discardUnsaved() {
        source.forget();
    }

    /// Follows nothing any more.
    void close() {
        log.close();
        calls.close();
        hostCalls.close();
    }

    void forget() {
        close();
        agent = null;
        recordsOf = "";
        tryOut.forget();
    }
}
