package nexus.aiagents.app.desktop.settings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.control.Tooltip;
import javafx.scene.input.Clipboard;
import javafx.scene.input.DataFormat;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import nexus.aiagents.app.desktop.shell.Money;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.shell.Theme;
import nexus.aiagents.app.desktop.shell.UserFolders;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.project.ModelSpec;
import nexus.aiagents.engine.secret.HostSecrets;
import nexus.aiagents.engine.secret.HostSecrets.Whereabouts;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.Ikon;
import org.kordamp.ikonli.feather.Feather;
import org.kordamp.ikonli.javafx.FontIcon;

/// What a person can choose, and what they may want to know. Choices take effect at once.
public final class SettingsScreen implements Screen {
    private final Workspace workspace;
    private final GridPane models = new GridPane(24, 8);
    private final ProjectKeys secrets;
    private final GridPane folders = new GridPane(24, 8);
    private final KeysPane keys;
    private final TextField search = new TextField();
    private final Label nothing = new Label("No setting is called that.");
    private List<SettingsSection> sections = List.of();

    public SettingsScreen(Workspace workspace) {
        this.workspace = workspace;
        this.secrets = new ProjectKeys(workspace, this::shown);
        this.keys = new KeysPane(workspace.keymap());
    }

    private static Label wrapped(String words) {
        Label label = new Label(words);
        label.setWrapText(true);
        label.setMinHeight(Region.USE_PREF_SIZE);
        return label;
    }

    @Override
    public String id() {
        return SETTINGS;
    }

    @Override
    public String title() {
        return "Settings";
    }

    @Override
    public Ikon icon() {
        return Feather.SETTINGS;
    }

    @Override
    public Node content() {
        Label title = new Label("Settings");
        title.getStyleClass().add("h1");
        search.setId("settings-search");
        search.setPromptText("Search the settings");
        search.setAccessibleText("Search the settings");
        search.setMaxWidth(320);
        search.textProperty().addListener((_, _, _) -> filter());
        nothing.getStyleClass().add("muted");
        sections = List.of(
                new SettingsSection(
                        "Appearance", "Light and dark follow the operating system unless you choose.", themes()),
                new SettingsSection(
                        "Notifications",
                        "You hear of what needs you, failed or finished, and of nothing else.",
                        banners()),
                new SettingsSection(
                        "Models of this project",
                        "Prices are dollars per million tokens. A price in the project stands before the built-in table.",
                        models),
                new SettingsSection(
                        "Keys of this project",
                        "They stand in the environment or in the keychain of your system, never in a file of the project, and"
                                + " agents never see them.",
                        secrets),
                new SettingsSection(
                        "Keyboard",
                        "Choose an action to give it other keys. All of them can also be found with Search actions.",
                        keys),
                new SettingsSection(
                        "Folders",
                        "Where things are kept. NEXUS_HOME in the environment moves your data and settings.",
                        folders),
                new SettingsSection(
                        "Privacy",
                        "",
                        wrapped("Nothing about you or your projects is collected or sent: there is no telemetry. What"
                                + " leaves this machine are the calls that you grant.")),
                new SettingsSection("About", "", about()));
        VBox page = new VBox(title, search, nothing);
        page.getChildren().addAll(sections);
        filter();
        page.getStyleClass().add("page");
        page.setMaxWidth(920);
        StackPane middle = new StackPane(page);
        StackPane.setAlignment(page, Pos.TOP_CENTER);
        ScrollPane scroll = new ScrollPane(middle);
        scroll.setFitToWidth(true);
        scroll.setAccessibleText("Settings");
        return scroll;
    }

    private void filter() {
        boolean any = false;
        for (SettingsSection section : sections) {
            any |= section.filter(search.getText());
        }
        keys.narrow(search.getText());
        nothing.setVisible(!any);
        nothing.setManaged(!any);
    }

    /// Goes to a part of the settings: the words it is searched by.
    @Override
    public void select(String selection) {
        search.setText(selection);
    }

    @Override
    public void shown() {
        fillFolders();
        keys.show();
        Path folder = workspace.folder().get();
        if (folder == null) {
            fill(ProjectFacts.NONE);
            return;
        }
        HostSecrets hosts = workspace.secrets();
        // a keychain may take seconds: what does not need it is shown before
        look(
                folder,
                name -> hosts.inEnvironment(name) == null ? null : hosts.whereabouts(name),
                () -> look(folder, hosts::whereabouts, () -> {}));
    }

    private void look(Path folder, Function<String, @Nullable Whereabouts> where, Runnable then) {
        workspace
                .background()
                .quietly(
                        _ -> ProjectFacts.of(
                                workspace.language().analyze(folder, Map.of()).project(), where),
                        facts -> {
                            if (folder.equals(workspace.folder().get())) {
                                fill(facts);
                                then.run();
                            }
                        },
                        _ -> fill(ProjectFacts.NONE));
    }

    private void fill(ProjectFacts facts) {
        fillModels(facts.models());
        secrets.show(facts.keys());
        filter();
    }

    private Node banners() {
        CheckBox banners = new CheckBox("Show a banner of the system while the window is not in front");
        banners.setId("settings-banners");
        banners.setSelected(!workspace.settings().get().quiet());
        banners.setOnAction(_ -> workspace.settings().update(s -> s.withQuiet(!banners.isSelected())));
        workspace.settings().property().addListener((_, _, now) -> banners.setSelected(!now.quiet()));
        return banners;
    }

    private Node themes() {
        ToggleGroup group = new ToggleGroup();
        HBox row = new HBox(8);
        for (Theme.Choice choice : Theme.Choice.values()) {
            String name = switch (choice) {
                case SYSTEM -> "Like the system";
                case LIGHT -> "Light";
                case DARK -> "Dark";
            };
            Ikon icon = switch (choice) {
                case SYSTEM -> Feather.MONITOR;
                case LIGHT -> Feather.SUN;
                case DARK -> Feather.MOON;
            };
            ToggleButton button = new ToggleButton(name, new FontIcon(icon));
            button.setId("theme-" + choice.name().toLowerCase(java.util.Locale.ROOT));
            button.setToggleGroup(group);
            button.setAccessibleText("Theme: " + name);
            button.setSelected(workspace.settings().get().theme() == choice);
            button.setUserData(choice);
            button.setOnAction(_ -> button.setSelected(true)); // a second press does not switch it off
            workspace.settings().property().addListener((_, _, now) -> button.setSelected(now.theme() == choice));
            row.getChildren().add(button);
        }
        group.selectedToggleProperty().addListener((_, _, now) -> { // also by the arrow keys
            if (now != null && now.getUserData() instanceof Theme.Choice choice) {
                workspace.chooseTheme(choice);
            }
        });
        return row;
    }

    private void fillModels(List<ProjectFacts.Priced> rows) {
        models.getChildren().clear();
        if (rows.isEmpty()) {
            Label none = new Label(
                    workspace.folder().get() == null
                            ? "Open a project to see its models."
                            : "The project has no model, or has errors.");
            none.getStyleClass().add("muted");
            models.add(none, 0, 0);
            return;
        }
        models.addRow(0, heads("Name", "Provider", "Model", "Input", "Output", "Price from"));
        int row = 1;
        for (ProjectFacts.Priced priced : rows) {
            ModelSpec model = priced.model();
            ModelSpec.PriceSpec price = priced.price();
            Label name = new Label(model.name());
            name.getStyleClass().add("strong");
            models.addRow(
                    row++,
                    name,
                    new Label(provider(model)),
                    new Label(model.model()),
                    new Label(price == null ? "–" : Money.format(price.inputPerMillion())),
                    new Label(price == null ? "–" : Money.format(price.outputPerMillion())),
                    new Label(priced.source()));
        }
    }

    private static String provider(ModelSpec model) {
        return switch (model.provider()) {
            case SCRIPTED -> "scripted, built in";
            case OPENAI -> model.baseUrl() == null ? "api.openai.com" : model.baseUrl();
        };
    }

    private static Node[] heads(String... names) {
        List<Node> heads = new ArrayList<>();
        for (String name : names) {
            Label label = new Label(name);
            label.getStyleClass().add("eyebrow");
            heads.add(label);
        }
        return heads.toArray(Node[]::new);
    }

    private void fillFolders() {
        folders.getChildren().clear();
        Path project = workspace.folder().get();
        int row = 0;
        if (project != null) {
            folder(row++, "This project", project);
            folder(row++, "Its state", project.resolve(".nexus"));
        }
        folder(row++, "Your data", workspace.folders().data());
        folder(row, "Your settings", workspace.folders().config());
    }

    private void folder(int row, String name, Path path) {
        Label label = new Label(name);
        label.setMinWidth(Region.USE_PREF_SIZE);
        Label where = new Label(UserFolders.shown(path.toString()));
        where.getStyleClass().add("mono");
        where.setMinWidth(0);
        where.setTooltip(new Tooltip(path.toString()));
        HBox.setHgrow(where, Priority.ALWAYS);
        Button copy = new Button(null, new FontIcon(Feather.COPY));
        copy.getStyleClass().addAll("button-icon", "flat", "small");
        copy.setTooltip(new Tooltip("Copy the path"));
        copy.setAccessibleText("Copy the path of " + name);
        copy.setMinWidth(Region.USE_PREF_SIZE);
        copy.setOnAction(
                _ -> Clipboard.getSystemClipboard().setContent(Map.of(DataFormat.PLAIN_TEXT, path.toString())));
        HBox cell = new HBox(8, where, copy);
        cell.setAlignment(Pos.CENTER_LEFT);
        folders.addRow(row, label, cell);
    }

    private static Node about() {
        GridPane grid = new GridPane(24, 8);
        String version = SettingsScreen.class.getPackage().getImplementationVersion();
        fact(grid, 0, "Nexus OS", version == null ? "development build" : version);
        fact(grid, 1, "Java", Runtime.version() + ", " + System.getProperty("java.vendor"));
        fact(grid, 2, "JavaFX", System.getProperty("javafx.version", "unknown"));
        fact(grid, 3, "System", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        fact(grid, 4, "Licence", "Apache-2.0; the typefaces Inter and JetBrains Mono: SIL OFL 1.1");
        return grid;
    }

    private static void fact(GridPane grid, int row, String name, String value) {
        Label label = new Label(name);
        label.getStyleClass().add("muted");
        label.setMinWidth(Region.USE_PREF_SIZE);
        grid.addRow(row, label, new Label(value));
    }
}
