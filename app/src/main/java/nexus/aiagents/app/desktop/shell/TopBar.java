package nexus.aiagents.app.desktop.shell;

import java.util.List;
import javafx.beans.binding.Bindings;
import javafx.css.PseudoClass;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.OverrunStyle;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import nexus.aiagents.engine.view.ProjectView;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// What is open, how it does, and the one button that matters.
final class TopBar extends HBox {
    private static final PseudoClass ALL_UP = PseudoClass.getPseudoClass("good");
    private static final PseudoClass TROUBLED = PseudoClass.getPseudoClass("bad");

    /// Below this width the search is only its icon.
    private static final double ROOM_FOR_WORDS = 960;

    private final Workspace workspace;
    private final MenuButton project = new MenuButton();
    private final Label path = new Label();
    private final Label agents = new Label("", new FontIcon(Feather.ACTIVITY));
    private final Tooltip agentsMeaning = new Tooltip();
    private final Label spend = new Label("", new FontIcon(Feather.DOLLAR_SIGN));
    private final Label scripted = new Label("scripted");
    private final Label remote = new Label("other process");
    private final ActionButton start;
    private final ActionButton stop;

    TopBar(Workspace workspace, CoreActions actions, Action palette, Action bell) {
        this.workspace = workspace;
        getStyleClass().add("top-bar");
        setAccessibleRole(AccessibleRole.TOOL_BAR);
        setAccessibleText("Project");
        start = new ActionButton(actions.startTeam, "accent");
        stop = new ActionButton(actions.stopTeam, "quiet-danger");

        project.setId("project-menu");
        project.getStyleClass().addAll("project-menu", "flat");
        project.setOnShowing(_ -> fillMenu(actions));
        fillMenu(actions);
        path.getStyleClass().add("path");
        path.setTextOverrun(OverrunStyle.CENTER_ELLIPSIS);
        path.setMinWidth(0);
        VBox name = new VBox(project, path);
        name.setAlignment(Pos.CENTER_LEFT);
        name.setMinWidth(120);

        chip(agents, "status-agents");
        chip(spend, "status-spend");
        chip(scripted, "status-scripted");
        agents.setTooltip(agentsMeaning);
        scripted.setTooltip(new Tooltip("Models answer from the built-in script. They are metered, no money is paid."));
        chip(remote, "status-remote");
        remote.setTooltip(new Tooltip("Another process has this project open. Commands go there."));

        Region gap = new Region();
        HBox.setHgrow(gap, Priority.ALWAYS);
        getChildren()
                .addAll(
                        name,
                        gap,
                        agents,
                        spend,
                        scripted,
                        remote,
                        searchButton(palette),
                        start,
                        stop,
                        bellButton(bell));
        workspace.view().addListener((_, _, now) -> show(now));
        workspace.folder().addListener((_, _, _) -> show(workspace.view().get()));
        workspace.opening().addListener((_, _, _) -> show(workspace.view().get()));
        workspace.problem().addListener((_, _, _) -> show(workspace.view().get()));
        workspace.client().addListener((_, _, now) -> setShown(remote, now != null && now.isRemote()));
        setShown(remote, false);
        show(null);
    }

    private void show(@Nullable ProjectView view) {
        var folder = workspace.folder().get();
        String fallback = folder == null ? "No project" : String.valueOf(folder.getFileName());
        project.setText(view == null ? fallback : view.project());
        path.setText(folder == null ? "Open a folder or run the demo" : UserFolders.shown(folder.toString()));
        boolean up = view != null && view.up();
        setShown(start, !up);
        setShown(stop, up);
        setShown(agents, view != null);
        setShown(spend, view != null);
        setShown(scripted, false);
        if (view == null) {
            return;
        }
        Figures figures = Figures.of(view);
        agents.setText(up ? figures.up() + " of " + figures.total() + " up" : "Stopped");
        agents.pseudoClassStateChanged(ALL_UP, up && figures.up() == figures.total());
        agents.pseudoClassStateChanged(TROUBLED, up && figures.troubled() > 0);
        agentsMeaning.setText(
                figures.troubled() == 0
                        ? "Supervised agents that are running or ready"
                        : figures.troubled() + " paused, backing off, stuck or failed");
        spend.setText(Money.format(figures.microDollars()).substring(1));
        spend.setAccessibleText("Spent " + Money.format(figures.microDollars()));
        setShown(scripted, figures.scripted());
    }

    private void fillMenu(CoreActions actions) {
        project.getItems().setAll(item(actions.openFolder), item(actions.reopen), item(actions.closeProject));
        List<UserSettings.Recent> recents = workspace.settings().get().recents();
        if (!recents.isEmpty()) {
            project.getItems().add(new SeparatorMenuItem());
        }
        for (UserSettings.Recent recent : recents.subList(0, Math.min(6, recents.size()))) {
            MenuItem item = new MenuItem(recent.name() + "   " + UserFolders.shown(recent.folder()));
            item.setOnAction(_ -> workspace.enter(java.nio.file.Path.of(recent.folder())));
            project.getItems().add(item);
        }
    }

    private static MenuItem item(Action action) {
        MenuItem item =
                new MenuItem(action.shortcut() == null ? action.title() : action.title() + "   " + action.keysText());
        if (action.icon() != null) {
            item.setGraphic(new FontIcon(action.icon()));
        }
        item.setDisable(!action.isEnabled());
        item.setOnAction(_ -> action.fire());
        return item;
    }

    private Button searchButton(Action palette) {
        Label keys = new Label();
        keys.textProperty().bind(Bindings.createStringBinding(palette::keysText, palette.keys()));
        keys.getStyleClass().add("keys");
        Label text = new Label("Search actions");
        for (Label words : new Label[] {text, keys}) {
            words.setMinWidth(Region.USE_PREF_SIZE);
            words.visibleProperty()
                    .bind(widthProperty()
                            .greaterThan(ROOM_FOR_WORDS)
                            .and(words.textProperty().isNotEmpty()));
            words.managedProperty().bind(words.visibleProperty());
        }
        HBox inside = new HBox(8, new FontIcon(Feather.SEARCH), text, keys);
        inside.setAlignment(Pos.CENTER_LEFT);
        Button button = new Button(null, inside);
        button.setId("palette-open");
        button.getStyleClass().add("search-button");
        button.setMinWidth(Region.USE_PREF_SIZE);
        button.accessibleTextProperty().bind(Bindings.createStringBinding(palette::hint, palette.keys()));
        button.setOnAction(_ -> palette.fire());
        return button;
    }

    private StackPane bellButton(Action bell) {
        Button button = new Button(null, new FontIcon(Feather.BELL));
        button.setId("notifications-open");
        button.getStyleClass().addAll("button-icon", "flat");
        button.setTooltip(ActionButton.tooltip(bell));
        button.setAccessibleText("Notifications");
        button.setOnAction(_ -> bell.fire());
        Label count = new Label();
        count.getStyleClass().add("badge");
        count.setMouseTransparent(true);
        StackPane.setAlignment(count, Pos.TOP_RIGHT);
        var unread = workspace.notifications().unread();
        unread.addListener((_, _, now) -> {
            count.setText(now.intValue() > 99 ? "99+" : now.toString());
            count.setVisible(now.intValue() > 0);
            button.setAccessibleText(now.intValue() == 0 ? "Notifications" : now + " new notifications");
        });
        count.setVisible(false);
        StackPane stack = new StackPane(button, count);
        stack.setMaxHeight(Region.USE_PREF_SIZE);
        return stack;
    }

    private static void chip(Label label, String id) {
        label.setId(id);
        label.getStyleClass().add("chip");
        label.setMinWidth(Region.USE_PREF_SIZE);
        setShown(label, false);
    }

    private static void setShown(javafx.scene.Node node, boolean shown) {
        node.setVisible(shown);
        node.setManaged(shown);
    }
}
