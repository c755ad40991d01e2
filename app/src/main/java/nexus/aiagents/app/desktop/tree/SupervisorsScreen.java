package nexus.aiagents.app.desktop.tree;

import java.util.ArrayList;
import java.util.List;
import javafx.application.Platform;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.Label;
import javafx.scene.control.MenuItem;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.Tooltip;
import javafx.scene.input.ContextMenuEvent;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import nexus.aiagents.app.desktop.parts.AgentActions;
import nexus.aiagents.app.desktop.parts.EmptyState;
import nexus.aiagents.app.desktop.parts.LiveScreen;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.ActionButton;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.view.ProjectView;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// The supervision tree, live: a picture, a list beside it, and the details of what is selected.
public final class SupervisorsScreen extends LiveScreen {
    private static final double ROOM_FOR_LIST = 1_300;

    private final TreeViewModel tree = new TreeViewModel();
    private final AgentActions agentActions;
    private final SupervisorActions supervisorActions;
    private final MoveActions moves;
    private final TreePicture picture;
    private final TreeList list;
    private final NodeDetails details;
    private final TextField filter = new TextField();
    private final Label hits = new Label();
    private final ToggleButton listToggle = new ToggleButton("List", new FontIcon(Feather.LIST));
    private final StackPane middle = new StackPane();
    private final List<Action> actions = new ArrayList<>();
    private final Node empty;

    public SupervisorsScreen(Workspace workspace) {
        super(workspace);
        agentActions = new AgentActions(workspace, "tree");
        picture = new TreePicture(tree, workspace.theme().palette(), workspace.clock());
        list = new TreeList(tree, workspace.clock());
        supervisorActions = new SupervisorActions(
                workspace,
                () -> middle.getScene() == null ? null : middle.getScene().getWindow());
        moves = new MoveActions(
                workspace,
                () -> middle.getScene() == null ? null : middle.getScene().getWindow());
        picture.onDrop(moves::dropped);
        list.onDrop(moves::dropped);
        details = new NodeDetails(agentActions, supervisorActions, moves);
        tree.onRestart(picture::pulse);
        Action edit = Action.always(
                "tree.edit",
                "Open the editor",
                Feather.EDIT_3,
                null,
                () -> workspace.show(Screen.EDITOR, "nexus.yaml"));
        empty = new EmptyState("This project has no agents yet.", edit);
        actions.addAll(agentActions.all());
        actions.addAll(supervisorActions.ofSupervisor);
        actions.add(supervisorActions.delete);
        actions.addAll(moves.all());
        actions.add(Action.always(
                "tree.find",
                "Find in the tree",
                Feather.SEARCH,
                new KeyCodeCombination(KeyCode.F, KeyCombination.SHORTCUT_DOWN),
                filter::requestFocus));
        actions.add(Action.always("tree.fit", "Show the whole tree", Feather.MAXIMIZE, null, picture::fit));
        tree.selected().addListener((_, _, _) -> showDetails());
    }

    @Override
    protected Node build() {
        filter.setId("tree-filter");
        filter.setPromptText("Filter by name, state or error");
        filter.setAccessibleText("Filter the tree");
        filter.setPrefWidth(260);
        filter.setOnAction(_ -> tree.nextMatch());
        tree.filter().bindBidirectional(filter.textProperty());
        workspace.viewState().text("tree.filter", tree.filter());
        tree.onFolded(folded -> workspace.viewState().put("tree.folded", folded));
        workspace.viewState().follow("tree.folded", tree::fold);
        hits.getStyleClass().addAll("muted", "small");
        listToggle.setId("tree-list-toggle");
        listToggle.setTooltip(new Tooltip("Show the tree as a list too"));
        list.visibleProperty().bind(listToggle.selectedProperty());
        list.managedProperty().bind(listToggle.selectedProperty());
        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        HBox bar = new HBox(
                8,
                filter,
                hits,
                gap,
                listToggle,
                lookBack(),
                icon("tree-zoom-out", Feather.ZOOM_OUT, "Zoom out (-)", picture::zoomOut),
                icon("tree-zoom-in", Feather.ZOOM_IN, "Zoom in (+)", picture::zoomIn),
                icon("tree-fit", Feather.MAXIMIZE, "Show the whole tree (0)", picture::fit));
        bar.setAlignment(Pos.CENTER_LEFT);
        bar.getStyleClass().add("screen-bar");
        middle.getChildren().add(picture);
        middle.setMinSize(0, 0);
        picture.setOnContextMenuRequested(this::menu);
        list.getStyleClass().add("side-list");
        BorderPane pane = new BorderPane(middle);
        pane.setTop(bar);
        pane.setLeft(list);
        pane.setRight(details);
        listToggle.setSelected(pane.getWidth() > ROOM_FOR_LIST);
        pane.widthProperty().addListener((_, before, now) -> {
            if (before.doubleValue() <= ROOM_FOR_LIST != now.doubleValue() <= ROOM_FOR_LIST) {
                listToggle.setSelected(now.doubleValue() > ROOM_FOR_LIST);
            }
        });
        return pane;
    }

    private Button lookBack() {
        Action action = workspace.keymap().action("time.look-back");
        Button button = icon("tree-look-back", Feather.CLOCK, action.title(), workspace::lookBack);
        button.setTooltip(ActionButton.tooltip(action));
        return button;
    }

    private static Button icon(String id, Ikon icon, String name, Runnable act) {
        Button button = new Button("", new FontIcon(icon));
        button.setId(id);
        button.getStyleClass().add("button-icon");
        button.setTooltip(new Tooltip(name));
        button.setAccessibleText(name);
        button.setOnAction(_ -> act.run());
        return button;
    }

    private void menu(ContextMenuEvent e) {
        TreeNode node = tree.model().get().node(tree.selected().get());
        if (node == null || node.kind() == TreeNode.Kind.GROUP) {
            return;
        }
        List<Action> offered = new ArrayList<>(
                node.agent() != null
                        ? agentActions.all()
                        : node.supervisor() != null ? supervisorActions.ofSupervisor : List.of());
        offered.addAll(moves.all());
        offered.add(supervisorActions.delete);
        ContextMenu menu = new ContextMenu();
        for (Action action : offered) {
            MenuItem item = new MenuItem(action.title());
            item.setDisable(!action.isEnabled());
            item.setOnAction(_ -> action.fire());
            menu.getItems().add(item);
        }
        menu.show(picture, e.getScreenX(), e.getScreenY());
    }

    @Override
    protected void update(ProjectView view) {
        tree.show(view);
        Node wanted = view.agents().isEmpty() && view.supervisors().isEmpty() ? empty : picture;
        if (middle.getChildren().getFirst() != wanted) {
            middle.getChildren().setAll(wanted);
        }
        details.setManaged(wanted == picture); // nothing can be selected: no room is kept for it
        String typed = filter.getText();
        hits.setText(
                typed.isBlank()
                        ? ""
                        : Words.plural(tree.model().get().hits(), "match").replace("matchs", "matches"));
        showDetails();
    }

    private void showDetails() {
        details.show(
                tree.view(),
                tree.model().get().node(tree.selected().get()),
                workspace.clock().instant());
    }

    @Override
    protected void projectChanged() {
        tree.reset();
        moves.forget();
        picture.forget();
    }

    @Override
    public void shown() {
        super.shown();
        Platform.requestNextPulse();
    }

    @Override
    public void hidden() {
        super.hidden();
        picture.rest();
    }

    @Override
    public void select(String selection) {
        tree.reveal(selection);
    }

    @Override
    public @Nullable String selection() {
        TreeNode node = tree.model().get().node(tree.selected().get());
        return node == null ? null : node.name();
    }

    @Override
    public List<Action> actions() {
        return actions;
    }

    @Override
    public String id() {
        return SUPERVISORS;
    }

    @Override
    public String title() {
        return "Supervisors";
    }

    @Override
    public Ikon icon() {
        return Feather.GIT_MERGE;
    }
}
