package nexus.aiagents.app.desktop.home;

import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.TransferMode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.Notification;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.shell.UserSettings;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.app.templates.Templates;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// Where a person begins: the demo, recent projects, a folder, a template.
public final class HomeScreen implements Screen {
    private static final DateTimeFormatter WHEN = DateTimeFormatter.ofLocalizedDateTime(
                    FormatStyle.MEDIUM, FormatStyle.SHORT)
            .withZone(ZoneId.systemDefault());

    private final Workspace workspace;
    private final ProjectTemplates templates;
    private final Button demo = new Button("Run the demo", new FontIcon(Feather.PLAY));
    private final VBox recents = new VBox(4);
    private final List<Action> actions;

    public HomeScreen(Workspace workspace, ProjectTemplates templates) {
        this.workspace = workspace;
        this.templates = templates;
        Demo team = new Demo(workspace, templates);
        actions = List.of(
                Action.always("home.demo", "Run the demo", Feather.PLAY, null, team::run),
                Action.always(
                        "home.new",
                        "New project from a template…",
                        Feather.FILE_PLUS,
                        new KeyCodeCombination(KeyCode.N, KeyCombination.SHORTCUT_DOWN),
                        this::newProject));
        demo.setOnAction(_ -> team.run());
    }

    @Override
    public String id() {
        return HOME;
    }

    @Override
    public String title() {
        return "Home";
    }

    @Override
    public Ikon icon() {
        return Feather.HOME;
    }

    @Override
    public List<Action> actions() {
        return actions;
    }

    @Override
    public Node content() {
        Label title = new Label("Keep your agents alive");
        title.getStyleClass().add("h1");
        Label subtitle = new Label("Supervisors bring them back, sagas roll back what went wrong, budgets hold.");
        subtitle.getStyleClass().add("muted");
        VBox page = new VBox(new VBox(4, title, subtitle), hero(), ways(), recentProjects());
        page.getStyleClass().add("page");
        page.setMaxWidth(920);
        StackPane middle = new StackPane(page);
        StackPane.setAlignment(page, Pos.TOP_CENTER);
        ScrollPane scroll = new ScrollPane(middle);
        scroll.setFitToWidth(true);
        scroll.setAccessibleText("Home");
        scroll.setFocusTraversable(false);
        acceptDrops(scroll);
        workspace.settings().property().addListener((_, _, now) -> fill(now.recents()));
        fill(workspace.settings().get().recents());
        return scroll;
    }

    @Override
    public void shown() {
        demo.requestFocus();
    }

    private Node hero() {
        demo.setId("run-demo");
        demo.getStyleClass().addAll("accent", "hero-button");
        demo.setAccessibleHelp("Copies a sample project, opens it and starts its team");
        demo.setMinWidth(Region.USE_PREF_SIZE);
        demo.setDefaultButton(true);
        Label title = new Label("See it work in fifteen seconds");
        title.getStyleClass().add("h2");
        Label text = new Label("A research team at work: one agent crashes and comes back, an article is published and "
                + "taken back step by step, a runaway meets its budget. No account, no key, no network.");
        text.setWrapText(true);
        text.getStyleClass().add("muted");
        VBox words = new VBox(8, title, text);
        words.setAlignment(Pos.CENTER_LEFT);
        HBox.setHgrow(words, Priority.ALWAYS);
        HBox hero = new HBox(32, words, demo);
        hero.setAlignment(Pos.CENTER_LEFT);
        hero.getStyleClass().addAll("card", "hero");
        return hero;
    }

    private Node ways() {
        HBox row = new HBox(
                16,
                way(
                        "open-folder",
                        Feather.FOLDER,
                        "Open a folder",
                        "One with a nexus.yaml, or drop it here.",
                        () -> workspace.chooser().choose("Open a project", null).ifPresent(workspace::enter)),
                way(
                        "new-project",
                        Feather.FILE_PLUS,
                        "New from a template",
                        "A whole team, or a blank file to begin with.",
                        this::newProject));
        row.getChildren().forEach(n -> HBox.setHgrow(n, Priority.ALWAYS));
        return row;
    }

    private static Button way(String id, Ikon icon, String title, String text, Runnable run) {
        Label name = new Label(title);
        name.getStyleClass().add("strong");
        Label about = new Label(text);
        about.getStyleClass().add("muted");
        VBox words = new VBox(2, name, about);
        words.setAlignment(Pos.CENTER_LEFT);
        StackPane tile = new StackPane(new FontIcon(icon));
        tile.getStyleClass().add("tile");
        HBox inside = new HBox(16, tile, words);
        inside.setAlignment(Pos.CENTER_LEFT);
        Button button = new Button(null, inside);
        button.setId(id);
        button.setAccessibleText(title);
        button.setAccessibleHelp(text);
        button.getStyleClass().setAll("card", "way");
        button.setMaxWidth(Double.MAX_VALUE);
        button.setPrefWidth(400);
        button.setOnAction(_ -> run.run());
        return button;
    }

    private Node recentProjects() {
        Label title = new Label("Recent projects");
        title.getStyleClass().add("h2");
        return new VBox(12, title, recents);
    }

    private void fill(List<UserSettings.Recent> projects) {
        if (projects.isEmpty()) {
            Label none = new Label("Projects you open appear here.");
            none.getStyleClass().add("muted");
            recents.getChildren().setAll(none);
            return;
        }
        recents.getChildren().setAll(projects.stream().map(this::recent).toList());
    }

    private Node recent(UserSettings.Recent project) {
        Label name = new Label(project.name());
        name.getStyleClass().add("strong");
        Label folder = new Label(project.folder());
        folder.getStyleClass().addAll("muted", "small");
        VBox words = new VBox(2, name, folder);
        words.setAlignment(Pos.CENTER_LEFT);
        words.setMinWidth(0);
        HBox.setHgrow(words, Priority.ALWAYS);
        Label when = new Label(WHEN.format(project.openedAt()));
        when.getStyleClass().addAll("muted", "small");
        when.setMinWidth(Region.USE_PREF_SIZE);
        HBox inside = new HBox(12, new FontIcon(Feather.BOX), words, when);
        inside.setAlignment(Pos.CENTER_LEFT);
        Button open = new Button(null, inside);
        open.getStyleClass().setAll("recent");
        open.setMaxWidth(Double.MAX_VALUE);
        open.setAccessibleText("Open " + project.name() + " in " + project.folder());
        open.setOnAction(_ -> workspace.enter(Path.of(project.folder())));
        HBox.setHgrow(open, Priority.ALWAYS);
        Button forget = new Button(null, new FontIcon(Feather.X));
        forget.getStyleClass().addAll("button-icon", "flat");
        forget.setTooltip(new Tooltip("Remove from this list. The folder stays."));
        forget.setAccessibleText("Remove " + project.name() + " from the list");
        forget.setOnAction(_ -> workspace.settings().update(s -> s.withoutRecent(project.folder())));
        HBox row = new HBox(4, open, forget);
        row.setAlignment(Pos.CENTER_LEFT);
        return row;
    }

    private void acceptDrops(Node target) {
        target.setOnDragOver(e -> {
            if (e.getDragboard().hasFiles()) {
                e.acceptTransferModes(TransferMode.LINK, TransferMode.COPY);
            }
            e.consume();
        });
        target.setOnDragDropped(e -> {
            Path dropped = e.getDragboard().getFiles().getFirst().toPath();
            boolean isFile =
                    dropped.toString().endsWith(".yaml") || dropped.toString().endsWith(".yml");
            Path folder = isFile && dropped.getParent() != null ? dropped.getParent() : dropped;
            workspace.enter(folder);
            e.setDropCompleted(true);
            e.consume();
        });
    }

    private void newProject() {
        NewProjectDialog dialog;
        try {
            dialog = new NewProjectDialog(workspace, Templates.projects());
        } catch (IOException e) {
            workspace
                    .notifications()
                    .post(Notification.Kind.FAILED, "No project can be made", String.valueOf(e.getMessage()));
            return;
        }
        dialog.ask(demo.getScene() == null ? null : demo.getScene().getWindow()).ifPresent(this::make);
    }

    private void make(NewProjectDialog.Wanted wanted) {
        workspace
                .background()
                .run(
                        "Creating " + wanted.folder().getFileName(),
                        _ -> {
                            templates.unpack(wanted.template(), wanted.folder());
                            return wanted.folder();
                        },
                        folder -> {
                            workspace.open(folder);
                            workspace.show(Screen.EDITOR, "nexus.yaml");
                        },
                        e -> workspace
                                .notifications()
                                .post(
                                        Notification.Kind.FAILED,
                                        "The project could not be created",
                                        wanted.folder() + ": " + e.getMessage()));
    }
}
