package nexus.aiagents.app.desktop.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import nexus.aiagents.app.desktop.parts.AgentActions;
import nexus.aiagents.app.desktop.parts.ChaosMenu;
import nexus.aiagents.app.desktop.parts.EmptyState;
import nexus.aiagents.app.desktop.parts.LiveScreen;
import nexus.aiagents.app.desktop.parts.Mark;
import nexus.aiagents.app.desktop.parts.MarkView;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.ActionButton;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.ScheduleView;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// One agent: what it is doing and what it used, its log, its runs and their replay, what it asked of
/// the world, its source and its YAML, and a run with one's own input.
public final class AgentScreen extends LiveScreen {
    /// Below this height the figures make room for what is below them, until they are asked for.
    private static final double ROOM_FOR_FIGURES = 600;
    /// How many agents stand above one that was scrolled to.
    private static final int ABOVE = 6;

    private final ListView<AgentView> list = new ListView<>();
    private final TextField filter = new TextField();
    private final AgentActions agentActions;
    private final ScheduleActions scheduleActions;
    private final Label name = new Label();
    private final MarkView mark = new MarkView(true);
    private final Label progress = new Label();
    private final Label text = new Label();
    private final AgentFacts facts = new AgentFacts();
    private final Button figures = new Button("Figures");
    private final BooleanProperty withFigures = new SimpleBooleanProperty(true);
    private final AgentPanes panes;
    private final StackPane middle = new StackPane();
    private final List<Action> actions = new ArrayList<>();
    private @Nullable String wanted;
    private @Nullable String shown;
    private boolean following;

    public AgentScreen(Workspace workspace) {
        super(workspace);
        agentActions = new AgentActions(workspace, "agent");
        scheduleActions = new ScheduleActions(workspace);
        panes = new AgentPanes(workspace);
        agentActions.all().stream().filter(a -> a != agentActions.open).forEach(actions::add);
        actions.addAll(scheduleActions.all);
        actions.addAll(panes.actions());
    }

    @Override
    protected Node build() {
        filter.setId("agents-filter");
        filter.setPromptText("Filter the agents");
        filter.setAccessibleText("Filter the agents");
        filter.textProperty().addListener((_, _, _) -> refresh());
        workspace.viewState().text("agents.filter", filter.textProperty());
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
        panes.keepState();
        VBox.setVgrow(panes.node(), Priority.ALWAYS);
        VBox right = new VBox(header(), panes.node());
        right.getStyleClass().add("run-detail");
        right.setMinSize(0, 0);
        right.heightProperty().addListener((_, before, now) -> {
            boolean room = now.doubleValue() >= ROOM_FOR_FIGURES;
            if (before.doubleValue() <= 0 || room != before.doubleValue() >= ROOM_FOR_FIGURES) {
                withFigures.set(room);
            }
        });
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

    private Node header() {
        name.getStyleClass().add("h2");
        name.setMinWidth(0);
        progress.getStyleClass().addAll("small", "muted");
        progress.textProperty().bind(agentActions.progress());
        progress.setId("agent-progress");
        text.getStyleClass().add("muted");
        text.setWrapText(true);
        text.setMinHeight(Label.USE_PREF_SIZE);
        figures.setId("agent-figures");
        figures.getStyleClass().addAll("small", "flat");
        figures.setMinWidth(Region.USE_PREF_SIZE);
        figures.setOnAction(_ -> withFigures.set(!withFigures.get()));
        figures.graphicProperty()
                .bind(withFigures.map(on -> new FontIcon(on ? Feather.CHEVRON_UP : Feather.CHEVRON_DOWN)));
        figures.accessibleTextProperty().bind(withFigures.map(on -> on ? "Hide the figures" : "Show the figures"));
        Tooltip tip = new Tooltip();
        tip.textProperty()
                .bind(withFigures.map(on -> on
                        ? "Hide what it used, its life and its trust"
                        : "Show what it used, its life and its trust"));
        figures.setTooltip(tip);
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox top = new HBox(12, name, mark, progress, gap, figures);
        top.setAlignment(Pos.CENTER_LEFT);
        FlowPane buttons = new FlowPane(8, 8);
        buttons.getChildren().addAll(agentActions.buttons(agentActions.open));
        scheduleActions.all.forEach(a -> buttons.getChildren().add(ActionButton.whileEnabled(a)));
        buttons.getChildren()
                .forEach(b -> ((ActionButton) b).button().getStyleClass().add("small"));
        buttons.getChildren().add(1, new ChaosMenu("agent-chaos", agentActions));
        facts.node().visibleProperty().bind(withFigures);
        facts.node().managedProperty().bind(withFigures);
        VBox header = new VBox(12, new VBox(4, top, text), buttons, facts.node());
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
            panes.close();
            return;
        }
        String typed = filter.getText().strip().toLowerCase(Locale.ROOT);
        List<AgentView> kept = view.agents().stream()
                .filter(a ->
                        typed.isEmpty() || a.name().toLowerCase(Locale.ROOT).contains(typed))
                .toList();
        AgentView agent = wanted(view);
        showList(kept, agent);
        ScheduleView schedule = view.schedules().stream()
                .filter(s -> s.id().equals("agent/" + agent.name()))
                .findFirst()
                .orElse(null);
        shown = agent.name();
        show(agent);
        scheduleActions.show(schedule);
        facts.show(agent, schedule, workspace.clock().instant());
        panes.show(agent, view);
    }

    /// The agent that was chosen, by its name or by the file of its source, which is then shown.
    private AgentView wanted(ProjectView view) {
        AgentView named = view.agents().stream()
                .filter(a -> a.name().equals(wanted))
                .findFirst()
                .orElse(null);
        AgentView written = named != null || wanted == null
                ? null
                : view.agents().stream()
                        .filter(a -> wanted.equals(a.source()))
                        .findFirst()
                        .orElse(null);
        if (written != null) {
            panes.showSource();
        }
        AgentView agent = named != null
                ? named
                : written != null ? written : view.agents().getFirst();
        wanted = agent.name();
        return agent;
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
            list.scrollTo(Math.max(0, index - ABOVE));
        }
        following = false;
    }

    private void show(AgentView a) {
        agentActions.show(a);
        name.setText(a.name());
        mark.show(agentActions.mark(a));
        text.setText(a.detail().isEmpty() ? a.description() : a.detail());
        text.setManaged(!text.getText().isEmpty());
    }

    @Override
    protected void projectChanged() {
        panes.forget();
        facts.forget();
        wanted = null;
        shown = null;
    }

    /// @param selection the name of an agent, or the file of its source
    @Override
    public void select(String selection) {
        wanted = selection;
        filter.setText("");
        refresh();
    }

    @Override
    public void shown() {
        super.shown();
        panes.broughtToFront();
    }

    @Override
    public void hidden() {
        super.hidden();
        panes.close();
    }

    @Override
    public @Nullable String unsaved() {
        return panes.unsaved();
    }

    @Override
    public void discardUnsaved() {
        panes.discardUnsaved();
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
