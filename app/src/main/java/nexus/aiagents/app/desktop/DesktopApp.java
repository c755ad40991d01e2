package nexus.aiagents.app.desktop;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javafx.application.Application;
import javafx.application.Platform;
import javafx.stage.Stage;
import nexus.aiagents.app.desktop.home.HomeScreen;
import nexus.aiagents.app.desktop.shell.EngineConnector;
import nexus.aiagents.app.desktop.shell.MainWindow;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.shell.SettingsStore;
import nexus.aiagents.app.desktop.shell.Theme;
import nexus.aiagents.app.desktop.shell.UserFolders;
import nexus.aiagents.app.desktop.shell.Workspace;
import org.jspecify.annotations.Nullable;

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

    /// The screens in the order of the rail.
    static List<Screen> screens(Workspace workspace) {
        return List.of(new HomeScreen(workspace));
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
        workspace = new Workspace(new EngineConnector(), folders, store, theme, Clock.systemUTC());
        MainWindow window = new MainWindow(workspace, screens(workspace));
        stage.setTitle("Nexus OS");
        stage.setScene(window.scene());
        window.show(Screen.HOME, null);
        stage.show();
        String project = getParameters().getNamed().get("project");
        if (project != null) {
            workspace.open(Path.of(project));
        }
    }

    @Override
    public void stop() {
        if (workspace != null) {
            workspace.close();
        }
    }
}
