package nexus.aiagents.app.desktop.home;

import java.nio.file.Path;
import java.util.List;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.TransferMode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.stage.Window;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.shell.Workspace;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// Where a person begins: the demo, recent projects, a folder, a template.
public final class HomeScreen implements Screen {
    private static final double WAY = 96;

    private final Workspace workspace;
    private final Button demo = new Button("Run the demo", new FontIcon(Feather.PLAY));
    private final Samples samples;
    private final Imports imports;
    private final List<Action> actions;

    public HomeScreen(Workspace workspace, ProjectTemplates templates) {
        this.workspace = workspace;
        samples = new Samples(workspace, templates);
        imports = new Imports(workspace);
        Demo team = new Demo(workspace, templates);
        actions = List.of(
                Action.always("home.demo", "Run the demo", Feather.PLAY, null, team::run),
                Action.always(
                        "home.new",
                        "New project from a template…",
                        Feather.FILE_PLUS,
                        new KeyCodeCombination(KeyCode.N, KeyCombination.SHORTCUT_DOWN),
                        () -> samples.newProject(window())),
                Action.always(
                        "home.import", "Import a project…", Feather.DOWNLOAD, null, () -> imports.choose(window())));
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
        VBox page = new VBox(
                new VBox(4, title, subtitle),
                hero(),
                ways(),
                below("Recent projects", new Recents(workspace)),
                below("Samples", samples.cards()));
        page.getStyleClass().add("page");
        page.setMaxWidth(920);
        StackPane middle = new StackPane(page);
        StackPane.setAlignment(page, Pos.TOP_CENTER);
        ScrollPane scroll = new ScrollPane(middle);
        scroll.setFitToWidth(true);
        scroll.setAccessibleText("Home");
        scroll.setFocusTraversable(false);
        acceptDrops(scroll);
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
                        () -> samples.newProject(window())),
                way(
                        "import-project",
                        Feather.DOWNLOAD,
                        "Import",
                        "From CrewAI, MCP servers or a nexus.config.yaml.",
                        () -> imports.choose(window())));
        row.getChildren().forEach(n -> HBox.setHgrow(n, Priority.ALWAYS));
        return row;
    }

    private static Button way(String id, Ikon icon, String title, String text, Runnable run) {
        Label name = new Label(title);
        name.getStyleClass().add("strong");
        Label about = new Label(text);
        about.getStyleClass().addAll("muted", "small");
        about.setWrapText(true);
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
        button.setPrefWidth(290);
        fixHeight(button, WAY);
        button.setOnAction(_ -> run.run());
        return button;
    }

    /// A button would reserve room for words that wrap at their narrowest.
    static void fixHeight(Button button, double height) {
        button.setMinHeight(height);
        button.setPrefHeight(height);
        button.setMaxHeight(height);
    }

    private Node below(String title, Node content) {
        Label head = new Label(title);
        head.getStyleClass().add("h2");
        return new VBox(12, head, content);
    }

    private void acceptDrops(Node target) {
        target.setOnDragOver(e -> {
            if (e.getDragboard().hasFiles()) {
                e.acceptTransferModes(TransferMode.LINK, TransferMode.COPY);
            }
            e.consume();
        });
        target.setOnDragDropped(e -> {
            dropped(e.getDragboard().getFiles().getFirst().toPath());
            e.setDropCompleted(true);
            e.consume();
        });
    }

    /// What a file or folder that is dropped on the screen does: a project is opened, what can be
    /// imported is offered.
    public void dropped(Path path) {
        imports.dropped(path, window());
    }

    private @Nullable Window window() {
        return demo.getScene() == null ? null : demo.getScene().getWindow();
    }
}
