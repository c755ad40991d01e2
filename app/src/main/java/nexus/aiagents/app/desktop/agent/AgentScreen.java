package nexus.aiagents.app.desktop.agent;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import javafx.scene.control.TextField;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import nexus.aiagents.app.desktop.parts.AgentActions;
import nexus.aiagents.app.desktop.parts.ChaosMenu;
import nexus.aiagents.app.desktop.parts.Columns;
import nexus.aiagents.app.desktop.parts.EmptyState;
import nexus.aiagents.app.desktop.parts.Facts;
import nexus.aiagents.app.desktop.parts.LiveScreen;
import nexus.aiagents.app.desktop.parts.Mark;
import nexus.aiagents.app.desktop.parts.MarkView;
import nexus.aiagents.app.desktop.parts.Tone;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.ActionButton;
import nexus.aiagents.app.desktop.shell.Money;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.ScheduleView;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.feather.Feather;

/// One agent: what it is doing, what it used, its log, and a run with one's own input.
public final class AgentScreen extends LiveScreen {
    private static final double FACT = 84;

    private final ListView<AgentView> list = new ListView<>();
    private final TextField filter = new TextField();
    private final AgentActions agentActions;
    private final ScheduleActions scheduleActions;
    private final Label name = new Label();
    private final MarkView mark = new MarkView(true);
    private final Label progress = new Label();
    private final Label text = new Label();
    private final Facts life = new Facts(FACT);
    private final Facts use = new Facts(FACT);
    private final Facts trust = new Facts(FACT);
    private final LogPane log;
    private final TryPane tryOut;
    private final StackPane middle = new StackPane();
    private final List<Action> actions = new ArrayList<>();
    private @Nullable String wanted;
    private @Nullable String shown;
    private boolean following;

    public AgentScreen(Workspace workspace) {
        super(workspace);
        agentActions = new AgentActions(workspace, "agent");
        scheduleActions = new ScheduleActions(workspace);
        log = new LogPane(workspace.background());
        tryOut = new TryPane(workspace);
        agentActions.all().stream().filter(a -> a != agentActions.open).forEach(actions::add);
        actions.addAll(scheduleActions.all);
        actions.add(tryOut.action());
    }

    @Override
    protected Node build() {
        filter.setId("agents-filter");
        filter.setPromptText("Filter the agents");
        filter.setAccessibleText("Filter the agents");
        filter.textProperty().addListener((_, _, _) -> refresh());
        workspace.viewState().text("agents.filter", filter.textProperty());
        log.keepIn(workspace.viewState());
        list.setId("agents-list");
        list.setAccessibleText("Agents");
        list.getStyleClass().addAll("rich-list", "agent-list");
        list.setCellFactory(_ -> new AgentCell());
        list.setPlaceholder(new Label("No agent fits."));
        list.getSelectionModel().selectedItemProperty().addListener((_, _, item) -> {
            if (item != null && !following) {
                wanted = item.name();
                refresh();
            }
        });
        VBox left = new VBox(filter, list);
        VBox.setMargin(filter, new Insets(0, 12, 0, 12));
        left.getStyleClass().add("list-column");
        VBox.setVgrow(list, Priority.ALWAYS);
        TabPane tabs = new TabPane(tab("Log", log), tab("Run with this input", tryOut));
        tabs.setId("agent-tabs");
        tabs.setTabClosingPolicy(TabPane.TabClosingPolicy.UNAVAILABLE);
        workspace.viewState().tabs("agents.tab", tabs);
        VBox.setVgrow(tabs, Priority.ALWAYS);
        VBox right = new VBox(header(), tabs);
        right.getStyleClass().add("run-detail");
        right.setMinSize(0, 0);
        BorderPane pane = new BorderPane(right);
        pane.setLeft(left);
        Action edit = Action.always(
                "agent.edit",
                "Open the editor",
                Feather.EDIT_3,
                null,
                () -> workspace.show(Screen.EDITOR, "nexus.yaml"));
        middle.getChildren().setAll(pane, new EmptyState("This project has no agents yet.", edit));
        return middle;
    }

    private static Tab tab(String title, Node content) {
        return new Tab(title, content);
    }

    private Node header() {
        name.getStyleClass().add("h2");
        name.setMinWidth(0);
        progress.getStyleClass().addAll("small", "muted");
        progress.textProperty().bind(agentActions.progress());
        progress.setId("agent-progress");
        text.getStyleClass().add("muted");
        text.setWrapText(true);
        text.setMinHeight(Label.USE_PREF_SIZE);
        HBox top = new HBox(12, name, mark, progress);
        top.setAlignment(Pos.CENTER_LEFT);
        FlowPane buttons = new FlowPane(8, 8);
        buttons.getChildren().addAll(agentActions.buttons(agentActions.open));
        scheduleActions.all.forEach(a -> buttons.getChildren().add(ActionButton.whileEnabled(a)));
        buttons.getChildren()
                .forEach(b -> ((ActionButton) b).button().getStyleClass().add("small"));
        buttons.getChildren().add(1, new ChaosMenu("agent-chaos", agentActions));
        Columns facts = new Columns(24, life, use, trust);
        VBox header = new VBox(12, new VBox(4, top, text), buttons, facts);
        header.getStyleClass().add("run-header");
        header.setMinHeight(Region.USE_PREF_SIZE);
        return header;
    }

    @Override
    protected void update(ProjectView view) {
        boolean none = view.agents().isEmpty();
        middle.getChildren().getFirst().setVisible(!none);
        middle.getChildren().getLast().setVisible(none);
        if (none) {
            log.show(null, null);
            return;
        }
        String typed = filter.getText().strip().toLowerCase(Locale.ROOT);
        List<AgentView> kept = view.agents().stream()
                .filter(a ->
                        typed.isEmpty() || a.name().toLowerCase(Locale.ROOT).contains(typed))
                .toList();
        AgentView agent = view.agents().stream()
                .filter(a -> a.name().equals(wanted))
                .findFirst()
                .orElse(view.agents().getFirst());
        wanted = agent.name();
        showList(kept, agent);
        show(agent, workspace.clock().instant());
        showSchedule(agent, view);
        log.show(workspace.client().get(), agent.name());
        tryOut.show(agent.name(), view);
    }

    private void showList(List<AgentView> kept, AgentView selected) {
        following = true;
        boolean same = kept.size() == list.getItems().size();
        for (int i = 0; same && i < kept.size(); i++) {
            same = kept.get(i).name().equals(list.getItems().get(i).name());
        }
        if (same) {
            for (int i = 0; i < kept.size(); i++) {
                AgentView before = list.getItems().get(i);
                if (!Mark.of(before).equals(Mark.of(kept.get(i)))
                        || before.restarts() != kept.get(i).restarts()) {
                    list.getItems().set(i, kept.get(i));
                }
            }
        } else {
            list.getItems().setAll(kept);
        }
        int index = -1;
        for (int i = 0; i < kept.size(); i++) {
            if (kept.get(i).name().equals(selected.name())) {
                index = i;
            }
        }
        if (index != list.getSelectionModel().getSelectedIndex()) {
            list.getSelectionModel().clearAndSelect(index);
        }
        following = false;
    }

    private void show(AgentView a, Instant now) {
        agentActions.show(a);
        if (!a.name().equals(shown)) {
            shown = a.name();
            life.clear();
            use.clear();
            trust.clear();
        }
        name.setText(a.name());
        mark.show(agentActions.mark(a));
        text.setText(a.detail().isEmpty() ? a.description() : a.detail());
        text.setManaged(!text.getText().isEmpty());
        life.show(isUp(a) ? "Uptime" : "For", Words.coarse(Duration.between(a.since(), now)));
        life.show(isUp(a) ? "For" : "Uptime", "");
        life.show("Restarts", Words.count(a.restarts()));
        AgentView.ExitView exit = a.lastExit();
        life.show(
                "Last exit",
                exit == null ? "" : exit.code() + (exit.message().isBlank() ? "" : ": " + exit.message()),
                exit != null && !exit.kind().equals("normal") && !exit.kind().equals("shutdown")
                        ? Tone.DANGER.styleClass()
                        : "");
        life.show("Runtime", a.runtime() + (a.source() == null ? "" : ", " + a.source()));
        life.show("Runs in", place(a));
        use.show("Cost", Money.format(a.microDollars()) + (a.scripted() ? ", scripted" : ""));
        use.show("Tokens", Words.count(a.tokens()));
        use.show("Calls", Words.count(a.calls()) + ", " + Words.count(a.failedCalls()) + " failed");
        use.show("Host calls", Words.count(a.hostCalls()) + ", " + Words.count(a.deniedCalls()) + " denied");
        use.show("Memory", a.memoryBytes() == 0 ? "" : Words.bytes(a.memoryBytes()));
        use.show("Fuel", a.fuel() == 0 ? "" : Words.count(a.fuel()) + " ticks");
        trust.show(
                "Trust",
                a.trust().score() + " of 100 · T" + a.trust().tier() + " · "
                        + a.trust().rating(),
                a.trust().allowed() ? "" : Tone.DANGER.styleClass());
        trust.show("Because", a.trust().why());
        trust.show("Last call", a.lastHostCall() == null ? "" : a.lastHostCall());
        showLife(a.life());
    }

    private static String place(AgentView a) {
        AgentView.LifeSign sign = a.life().sign();
        List<Long> workers = sign == null ? List.of() : sign.workers();
        return switch (a.isolation()) {
            case "process" ->
                "a worker process"
                        + (workers.isEmpty()
                                ? ""
                                : ", now "
                                        + workers.stream().map(String::valueOf).collect(Collectors.joining(", ")));
            case "thread" -> "the app, sandboxed";
            default -> "";
        };
    }

    /// How a run is told from one that is stuck, and what the one that is silent longest looks like now.
    private void showLife(AgentView.LifeView signs) {
        life.show("Heartbeat", span(signs.heartbeatMillis()));
        life.show("Idle time-out", span(signs.idleTimeoutMillis()));
        AgentView.LifeSign sign = signs.sign();
        life.show(
                "Silent for",
                sign == null
                        ? ""
                        : sign.waitsForModel()
                                ? "waits for a model"
                                : Words.duration(Duration.ofMillis(sign.silentMillis()))
                                        + (sign.lastCall().isEmpty() ? "" : " since " + sign.lastCall()));
    }

    private static String span(@Nullable Long millis) {
        return millis == null ? "" : Words.duration(Duration.ofMillis(millis));
    }

    private void showSchedule(AgentView agent, ProjectView view) {
        ScheduleView schedule = view.schedules().stream()
                .filter(s -> s.id().equals("agent/" + agent.name()))
                .findFirst()
                .orElse(null);
        scheduleActions.show(schedule);
        if (schedule == null) {
            for (String fact : List.of("Schedule", "Next run", "Last run", "Waiting")) {
                life.show(fact, "");
            }
            return;
        }
        Instant next = schedule.next();
        Instant last = schedule.lastStarted();
        Instant now = workspace.clock().instant();
        life.show("Schedule", schedule.cron() + " " + schedule.timezone());
        life.show(
                "Next run",
                schedule.paused()
                        ? "paused"
                        : next == null
                                ? "never"
                                : nextRun(next, now) + (schedule.active() ? "" : ", if the team is up"));
        life.show("Last run", last == null ? "" : Words.time(last, now));
        life.show("Waiting", schedule.waiting() == 0 ? "" : Words.plural(schedule.waiting(), "run"));
    }

    private static String nextRun(Instant next, Instant now) {
        return Words.time(next, now) + ", in " + Words.coarse(Duration.between(now, next));
    }

    private static boolean isUp(AgentView a) {
        return switch (a.state()) {
            case RUNNING, IDLE, PAUSED, STUCK -> true;
            case STOPPED, STARTING, BACKING_OFF, FAILED, COMPLETED -> false;
        };
    }

    @Override
    protected void projectChanged() {
        log.close();
        tryOut.forget();
        wanted = null;
        shown = null;
    }

    @Override
    public void select(String selection) {
        wanted = selection;
        filter.setText("");
        refresh();
    }

    @Override
    public void hidden() {
        super.hidden();
        log.close();
    }

    @Override
    public @Nullable String selection() {
        return shown;
    }

    @Override
    public List<Action> actions() {
        return actions;
    }

    @Override
    public String id() {
        return AGENT;
    }

    @Override
    public String title() {
        return "Agents";
    }

    @Override
    public Ikon icon() {
        return Feather.CPU;
    }

    private static final class AgentCell extends ListCell<AgentView> {
        private final MarkView mark = new MarkView(false);
        private final Label name = new Label();
        private final Label state = new Label();
        private final VBox words = new VBox(2, name, state);
        private final HBox box = new HBox(8, mark, words);

        AgentCell() {
            name.getStyleClass().add("strong");
            state.getStyleClass().addAll("muted", "small");
            box.setPrefWidth(0);
            words.setMinWidth(0);
        }

        @Override
        protected void updateItem(@Nullable AgentView agent, boolean empty) {
            super.updateItem(agent, empty);
            if (agent == null || empty) {
                setGraphic(null);
                return;
            }
            Mark now = Mark.of(agent);
            mark.show(now);
            name.setText(agent.name());
            state.setText(
                    now.text() + (agent.restarts() == 0 ? "" : " · " + Words.plural(agent.restarts(), "restart")));
            setAccessibleText(agent.name() + ", " + state.getText());
            setGraphic(box);
        }
    }
}
