package nexus.aiagents.app.desktop;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javafx.application.Application;
import javafx.application.Platform;
import javafx.scene.image.Image;
import javafx.stage.Stage;
import nexus.aiagents.app.desktop.agent.AgentScreen;
import nexus.aiagents.app.desktop.audit.AuditScreen;
import nexus.aiagents.app.desktop.capabilities.CapabilitiesScreen;
import nexus.aiagents.app.desktop.cost.CostScreen;
import nexus.aiagents.app.desktop.editor.EditorScreen;
import nexus.aiagents.app.desktop.fx.FirstFrame;
import nexus.aiagents.app.desktop.home.BundledTemplates;
import nexus.aiagents.app.desktop.home.Demo;
import nexus.aiagents.app.desktop.home.HomeScreen;
import nexus.aiagents.app.desktop.home.ProjectTemplates;
import nexus.aiagents.app.desktop.pools.PoolsScreen;
import nexus.aiagents.app.desktop.runs.RunsScreen;
import nexus.aiagents.app.desktop.settings.SettingsScreen;
import nexus.aiagents.app.desktop.shell.Chooser;
import nexus.aiagents.app.desktop.shell.EngineConnector;
import nexus.aiagents.app.desktop.shell.LateScreen;
import nexus.aiagents.app.desktop.shell.MainWindow;
import nexus.aiagents.app.desktop.shell.Placement;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.shell.SettingsStore;
import nexus.aiagents.app.desktop.shell.SystemBanner;
import nexus.aiagents.app.desktop.shell.Theme;
import nexus.aiagents.app.desktop.shell.UserFolders;
import nexus.aiagents.app.desktop.shell.UserSettings;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.app.desktop.tree.SupervisorsScreen;
import nexus.aiagents.app.desktop.trust.TrustScreen;
import nexus.aiagents.engine.secret.HostSecrets;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/// The desktop application. Start it with {@link #launchDesktop}.
public final class DesktopApp extends Application {
    private final UserFolders folders =
            UserFolders.of(System.getProperty("os.name"), Path.of(System.getProperty("user.home")), System.getenv());
    private @Nullable SettingsStore settings;
    private @Nullable Workspace workspace;

    /// Opens the window and returns when it has been closed.
    ///
    /// @param project opened at once, null: Home is shown
    /// @param demo    run the demo at once
    public static void launchDesktop(@Nullable Path project, boolean demo) {
        List<String> arguments = new ArrayList<>();
        if (project != null) {
            arguments.add("--project=" + project.toAbsolutePath());
        }
        if (demo) {
            arguments.add("--demo");
        }
        Application.launch(DesktopApp.class, arguments.toArray(String[]::new));
    }

    /// The screens in the order of the rail; the last one sits at its bottom.
    static List<Screen> screens(Workspace workspace) {
        return screens(workspace, new BundledTemplates());
    }

    static List<Screen> screens(Workspace workspace, ProjectTemplates templates) {
        return lateScreens(workspace, templates).stream()
                .map(screen -> screen instanceof LateScreen late ? late.made() : screen)
                .toList();
    }

    /// The same, of which all but Home are made when they are needed.
    static List<Screen> lateScreens(Workspace w, ProjectTemplates templates) {
        return List.of(
                new HomeScreen(w, templates),
                new LateScreen(Screen.EDITOR, "Editor", Feather.EDIT_3, () -> new EditorScreen(w)),
                new LateScreen(Screen.SUPERVISORS, "Supervisors", Feather.GIT_MERGE, () -> new SupervisorsScreen(w)),
                new LateScreen(Screen.RUNS, "Runs", Feather.ACTIVITY, () -> new RunsScreen(w)),
                new LateScreen(Screen.POOLS, "Pools", Feather.USERS, () -> new PoolsScreen(w)),
                new LateScreen(Screen.COST, "Cost", Feather.DOLLAR_SIGN, () -> new CostScreen(w)),
                new LateScreen(Screen.AGENT, "Agents", Feather.CPU, () -> new AgentScreen(w)),
                new LateScreen(Screen.CAPABILITIES, "Capabilities", Feather.KEY, () -> new CapabilitiesScreen(w)),
                new LateScreen(Screen.TRUST, "Trust", Feather.SHIELD, () -> new TrustScreen(w)),
                new LateScreen(Screen.AUDIT, "Audit", Feather.BOOK, () -> new AuditScreen(w)),
                new LateScreen(Screen.SETTINGS, "Settings", Feather.SETTINGS, () -> new SettingsScreen(w)));
    }

    @Override
    public void init() {
        settings = SettingsStore.load(folders.config().resolve("settings.json"));
    }

    @Override
    public void start(Stage stage) {
        SettingsStore store = Objects.requireNonNull(settings);
        Theme theme = new Theme(
                Platform.getPreferences().colorSchemeProperty(), store.get().theme());
        Workspace opened = new Workspace(
                new EngineConnector(),
                Chooser.system(),
                folders,
                store,
                theme,
                HostSecrets.ofThisHost(Clock.systemUTC()),
                Clock.systemUTC());
        workspace = opened;
        MainWindow window = new MainWindow(opened, lateScreens(opened, new BundledTemplates()));
        window.tellBy(SystemBanner.of(System.getProperty("os.name")));
        stage.setScene(window.scene());
        stage.setMinWidth(Placement.MIN_WIDTH);
        stage.setMinHeight(Placement.MIN_HEIGHT);
        stage.setTitle("Nexus OS");
        stage.getIcons().add(new Image(Objects.requireNonNull(DesktopApp.class.getResourceAsStream("icon.png"))));
        place(stage, store.get().window());
        opened.folder()
                .addListener((_, _, folder) ->
                        stage.setTitle(folder == null ? "Nexus OS" : folder.getFileName() + " – Nexus OS"));
        stage.iconifiedProperty().addListener((_, _, hidden) -> opened.setWindowHidden(hidden));
        stage.setOnCloseRequest(e -> {
            if (!window.mayLeave()) {
                e.consume();
                return;
            }
            keepPlace(stage, store);
        });
        Runtime.getRuntime().addShutdownHook(new Thread(opened::closeEngine, "desktop-ended"));
        window.show(Screen.HOME, null);
        stage.show();
        FirstFrame.then(() -> window.complete(() -> begin(opened)));
    }

    private void begin(Workspace opened) {
        String project = getParameters().getNamed().get("project");
        if (getParameters().getUnnamed().contains("--demo")) {
            new Demo(opened, new BundledTemplates()).run();
        } else if (project != null) {
            opened.enter(Path.of(project));
        } else {
            opened.enterLast();
        }
    }

    /// Where a window is when the next one opens: as far as the screens of then have room.
    static void place(Stage stage, UserSettings.Window saved) {
        UserSettings.Window fitting = Placement.on(
                saved,
                javafx.stage.Screen.getScreens().stream()
                        .map(javafx.stage.Screen::getVisualBounds)
                        .toList());
        stage.setWidth(fitting.width());
        stage.setHeight(fitting.height());
        if (fitting.isPlaced()) {
            stage.setX(fitting.x());
            stage.setY(fitting.y());
        }
        stage.setMaximized(fitting.maximized());
    }

    static void keepPlace(Stage stage, SettingsStore store) {
        store.update(s -> s.withWindow(placement(stage, s.window())));
    }

    private static UserSettings.Window placement(Stage stage, UserSettings.Window before) {
        if (stage.isMaximized()) {
            return new UserSettings.Window(before.x(), before.y(), before.width(), before.height(), true);
        }
        return new UserSettings.Window(stage.getX(), stage.getY(), stage.getWidth(), stage.getHeight(), false);
    }

    @Override
    public void stop() {
        if (workspace != null) {
            workspace.close();
        }
    }
}
