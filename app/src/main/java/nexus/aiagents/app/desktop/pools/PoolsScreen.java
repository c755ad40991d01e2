package nexus.aiagents.app.desktop.pools;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javafx.beans.binding.Bindings;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.ScrollPane;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import nexus.aiagents.app.desktop.parts.EmptyState;
import nexus.aiagents.app.desktop.parts.LiveScreen;
import nexus.aiagents.app.desktop.parts.Mark;
import nexus.aiagents.app.desktop.parts.MarkView;
import nexus.aiagents.app.desktop.parts.RunDialog;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.ActionButton;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.ProjectView.PoolView;
import nexus.aiagents.engine.view.RunView;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.feather.Feather;

/// The pools of the project, who is in them and how their last decisions came about.
public final class PoolsScreen extends LiveScreen {
    private static final int SHOWN = 12;

    private final ListView<PoolView> list = new ListView<>();
    private final PoolActions pool;
    private final QueuePane queue;
    private final Label name = new Label();
    private final Label rule = new Label();
    private final FlowPane members = new FlowPane(8, 8);
    private final Label last = eyebrow("LAST DECISIONS");
    private final VBox decisions = new VBox(16);
    private final Map<String, DecisionCard> known = new HashMap<>();
    private final StackPane middle = new StackPane();
    private final Action runPool;
    private List<String> shownMembers = List.of();
    private @Nullable String wanted;

    public PoolsScreen(Workspace workspace) {
        super(workspace);
        pool = new PoolActions(workspace);
        queue = new QueuePane(workspace, pool);
        runPool = new Action(
                "pools.run",
                "Run pool…",
                Feather.PLAY,
                null,
                Bindings.createStringBinding(
                        () -> {
                            ProjectView view = workspace.view().get();
                            return view == null
                                    ? "Open a project first."
                                    : view.pools().isEmpty() ? "The project has no pool." : "";
                        },
                        workspace.view()),
                this::ask);
    }

    @Override
    protected Node build() {
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        Label heading = new Label("Several agents for one kind of work: they decide together, or share a queue.");
        heading.getStyleClass().add("muted");
        heading.setMinWidth(0);
        HBox bar = new HBox(8, heading, gap, new ActionButton(runPool, "accent"));
        bar.setAlignment(Pos.CENTER_LEFT);
        bar.getStyleClass().add("screen-bar");
        list.setId("pools-list");
        list.setAccessibleText("Pools");
        list.getStyleClass().addAll("side-list", "rich-list");
        list.setCellFactory(_ -> new PoolCell());
        list.getSelectionModel().selectedItemProperty().addListener((_, _, chosen) -> {
            if (chosen != null && !chosen.name().equals(wanted)) {
                wanted = chosen.name();
                refresh();
            }
        });
        name.getStyleClass().add("h2");
        rule.getStyleClass().add("muted");
        Label who = eyebrow("MEMBERS");
        VBox page = new VBox(16, new VBox(4, name, rule), new VBox(8, who, members), queue, last, decisions);
        page.getStyleClass().add("pane-page");
        ScrollPane scroll = new ScrollPane(page);
        scroll.setFitToWidth(true);
        BorderPane pane = new BorderPane(scroll);
        pane.setLeft(list);
        middle.getChildren()
                .setAll(
                        pane,
                        new EmptyState(
                                "This project has no pool: add one to let several agents vote.",
                                Action.always(
                                        "pools.edit",
                                        "Open the editor",
                                        Feather.EDIT_3,
                                        null,
                                        () -> workspace.show(Screen.EDITOR, "nexus.yaml"))));
        VBox.setVgrow(middle, Priority.ALWAYS);
        return new VBox(bar, middle);
    }

    private static Label eyebrow(String text) {
        Label label = new Label(text);
        label.getStyleClass().add("eyebrow");
        return label;
    }

    @Override
    protected void update(ProjectView view) {
        boolean none = view.pools().isEmpty();
        middle.getChildren().getFirst().setVisible(!none);
        middle.getChildren().getLast().setVisible(none);
        if (none) {
            return;
        }
        List<PoolView> pools = view.pools().stream().map(PoolsScreen::asListed).toList();
        if (!list.getItems().equals(pools)) {
            list.getItems().setAll(pools);
        }
        PoolView shown = view.pools().stream()
                .filter(p -> p.name().equals(wanted))
                .findFirst()
                .orElse(view.pools().getFirst());
        wanted = shown.name();
        PoolView listed = asListed(shown);
        if (!listed.equals(list.getSelectionModel().getSelectedItem())) {
            list.getSelectionModel().select(listed);
        }
        show(shown, view);
    }

    /// Without what changes all the time: the list would lose its selection each time.
    private static PoolView asListed(PoolView pool) {
        return new PoolView(pool.name(), pool.strategy(), pool.members(), pool.needed(), null);
    }

    private void show(PoolView shown, ProjectView view) {
        name.setText(shown.name());
        rule.setText(rule(shown));
        pool.show(shown);
        queue.show(shown);
        last.setText(shown.queue() == null ? "LAST DECISIONS" : "LAST JOBS");
        showMembers(shown, view);
        Instant now = workspace.clock().instant();
        List<Node> cards = new ArrayList<>();
        for (RunView run : view.runs()) {
            if (isOf(run, shown) && cards.size() < SHOWN) {
                DecisionCard decision = known.computeIfAbsent(run.id(), id -> new DecisionCard(workspace, id));
                decision.show(run, now);
                cards.add(decision);
            }
        }
        known.values().retainAll(cards);
        if (cards.isEmpty()) {
            cards.add(new EmptyState("This pool has not been asked yet.", runPool));
            decisions.getChildren().setAll(cards);
        } else if (!cards.equals(decisions.getChildren())) {
            decisions.getChildren().setAll(cards);
        }
    }

    private static boolean isOf(RunView run, PoolView pool) {
        return (run.kind().equals("pool") || run.kind().equals("job"))
                && run.name().equals(pool.name());
    }

    static String rule(PoolView pool) {
        int size = pool.members().size();
        return switch (pool.strategy()) {
            case "all" -> "All " + size + " must answer.";
            case "first" -> "The first good answer of " + size + " wins.";
            case "round-robin" -> "A queue: each job goes to the next free worker in turn.";
            case "least-busy" -> "A queue: each job goes to the free worker that has worked least.";
            case "random" -> "A queue: each job goes to any free worker.";
            case "majority" -> "Majority: " + pool.needed() + " of " + size + " must agree.";
            default -> "Quorum: " + pool.needed() + " of " + size + " must agree.";
        };
    }

    private void showMembers(PoolView pool, ProjectView view) {
        List<String> now = new ArrayList<>();
        for (String member : pool.members()) {
            AgentView agent = agent(view, member);
            now.add(member + " " + (agent == null ? "" : Mark.of(agent).text()));
        }
        if (now.equals(shownMembers)) {
            return;
        }
        shownMembers = now;
        members.getChildren()
                .setAll(pool.members().stream()
                        .map(m -> member(m, agent(view, m)))
                        .toList());
    }

    private static @Nullable AgentView agent(ProjectView view, String name) {
        return view.agents().stream()
                .filter(a -> a.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    private Node member(String name, @Nullable AgentView agent) {
        Button button = new Button(name);
        button.getStyleClass().add("member");
        if (agent != null) {
            button.setGraphic(new MarkView(Mark.of(agent), false));
            button.setAccessibleText(name + ", " + Mark.of(agent).text());
        }
        button.setOnAction(_ -> workspace.show(Screen.AGENT, name));
        return button;
    }

    private void ask() {
        ProjectView view = view();
        if (view == null || view.pools().isEmpty()) {
            return;
        }
        List<RunDialog.Target> targets = view.pools().stream()
                .map(p -> RunDialog.Target.of(view, "pool", p.name(), List.of()))
                .toList();
        new RunDialog(middle.getScene() == null ? null : middle.getScene().getWindow(), "pool", targets, wanted)
                .ask()
                .ifPresent(c -> {
                    wanted = c.name();
                    workspace.send(new Command.RunPool(c.name(), c.inputJson()));
                });
    }

    @Override
    protected void projectChanged() {
        known.clear();
        wanted = null;
        shownMembers = List.of();
    }

    @Override
    public void select(String selection) {
        ProjectView view = view();
        wanted = view == null
                ? selection
                : view.runs().stream()
                        .filter(run -> run.id().equals(selection))
                        .map(RunView::name)
                        .findFirst()
                        .orElse(selection);
        refresh();
    }

    @Override
    public @Nullable String selection() {
        return wanted;
    }

    @Override
    public List<Action> actions() {
        List<Action> all = new ArrayList<>(List.of(runPool));
        all.addAll(pool.all());
        return all;
    }

    @Override
    public String id() {
        return POOLS;
    }

    @Override
    public String title() {
        return "Pools";
    }

    @Override
    public Ikon icon() {
        return Feather.USERS;
    }

    private static final class PoolCell extends ListCell<PoolView> {
        private final Label name = new Label();
        private final Label below = new Label();
        private final VBox box = new VBox(2, name, below);

        PoolCell() {
            name.getStyleClass().add("strong");
            below.getStyleClass().addAll("muted", "small");
            box.setPrefWidth(0);
        }

        @Override
        protected void updateItem(@Nullable PoolView pool, boolean empty) {
            super.updateItem(pool, empty);
            if (pool == null || empty) {
                setGraphic(null);
                return;
            }
            name.setText(pool.name());
            below.setText(pool.strategy() + " · " + Words.plural(pool.members().size(), "member"));
            setAccessibleText(pool.name() + ", " + rule(pool));
            setGraphic(box);
        }
    }
}
