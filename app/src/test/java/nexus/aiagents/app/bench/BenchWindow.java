package nexus.aiagents.app.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import javafx.application.ColorScheme;
import javafx.beans.property.SimpleObjectProperty;
import javafx.stage.Stage;
import nexus.aiagents.app.desktop.shell.Chooser;
import nexus.aiagents.app.desktop.shell.MainWindow;
import nexus.aiagents.app.desktop.shell.ProjectConnector;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.shell.SettingsStore;
import nexus.aiagents.app.desktop.shell.Theme;
import nexus.aiagents.app.desktop.shell.UserFolders;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.secret.HostSecrets;

/// The window of the app around some of its screens, 1280 × 800.
final class BenchWindow implements AutoCloseable {
    private final Path home;
    final Workspace workspace;
    final MainWindow window;
    private final Stage stage = new Stage();

    private BenchWindow(Path home, ProjectConnector connector, Function<Workspace, List<Screen>> screens) {
        this.home = home;
        workspace = new Workspace(
                connector,
                Chooser.system(),
                new UserFolders(home.resolve("config"), home.resolve("data")),
                SettingsStore.load(home.resolve("config/settings.json")),
                new Theme(new SimpleObjectProperty<>(ColorScheme.LIGHT), Theme.Choice.SYSTEM),
                HostSecrets.ofEnvironment(System::getenv),
                Clock.systemUTC());
        window = new MainWindow(workspace, screens.apply(workspace));
        stage.setScene(window.scene());
        stage.setX(0);
        stage.setY(0);
        stage.setWidth(1280);
        stage.setHeight(800);
        stage.show();
    }

    static BenchWindow open(ProjectConnector connector, Function<Workspace, List<Screen>> screens) throws Exception {
        Path home = Files.createTempDirectory("nexus-bench-home");
        return Frames.onFx(() -> new BenchWindow(home, connector, screens));
    }

    void show(Path project, String screen, String selection) throws Exception {
        Frames.onFx(() -> {
            workspace.open(project);
            window.show(screen, selection);
            return true;
        });
    }

    /// Asks on the JavaFX thread, again and again, until it is so.
    static void await(String what, BooleanSupplier condition) throws Exception {
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (!Frames.onFx(condition::getAsBoolean)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("never happened: " + what);
            }
            Thread.sleep(10);
        }
    }

    @Override
    public void close() throws Exception {
        Frames.onFx(() -> {
            stage.hide();
            return true;
        });
        workspace.close();
        Team.delete(home);
    }
}
