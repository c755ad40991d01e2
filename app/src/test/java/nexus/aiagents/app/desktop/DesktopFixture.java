package nexus.aiagents.app.desktop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import javafx.application.ColorScheme;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.geometry.Bounds;
import javafx.geometry.Point2D;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.DialogPane;
import javafx.scene.image.PixelReader;
import javafx.scene.image.WritableImage;
import javafx.stage.Stage;
import javafx.stage.Window;
import nexus.aiagents.app.FakeKeychain;
import nexus.aiagents.app.desktop.fx.Fx;
import nexus.aiagents.app.desktop.shell.Chooser;
import nexus.aiagents.app.desktop.shell.MainWindow;
import nexus.aiagents.app.desktop.shell.ProjectConnector;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.shell.SettingsStore;
import nexus.aiagents.app.desktop.shell.Theme;
import nexus.aiagents.app.desktop.shell.UserFolders;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.secret.HostSecrets;
import org.testfx.api.FxRobot;
import org.testfx.util.WaitForAsyncUtils;

/// The window around the screens a test wants, in folders of its own, with an operating system it commands.
public final class DesktopFixture implements AutoCloseable {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(3);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    public final ObjectProperty<ColorScheme> system = new SimpleObjectProperty<>(ColorScheme.LIGHT);
    public final Path home;
    public final FakeKeychain keychain = new FakeKeychain();
    private final CssComplaints complaints = new CssComplaints();
    /// What was done on the JavaFX thread and should not have been.
    private final List<String> wrong = new CopyOnWriteArrayList<>();
    /// What a folder chooser answers.
    public volatile Path chosen;
    /// What a file chooser answers, null: the suggested name in {@link #chosen}.
    public volatile Path chosenFile;
    /// The title of the last file chooser.
    public volatile String askedFor = "";
    public final SettingsStore settings;
    public final Workspace workspace;
    public final MainWindow window;
    public final Stage stage;

    /// On the JavaFX thread, in TestFX's `@Start`.
    public DesktopFixture(Stage stage, ProjectConnector connector, Function<Workspace, List<Screen>> screens) {
        this(stage, connector, screens, 1280, 800);
    }

    public DesktopFixture(
            Stage stage,
            ProjectConnector connector,
            Function<Workspace, List<Screen>> screens,
            double width,
            double height) {
        this(stage, connector, screens, width, height, temporary());
    }

    /// In folders that were there before, as after a restart.
    public DesktopFixture(
            Stage stage,
            ProjectConnector connector,
            Function<Workspace, List<Screen>> screens,
            double width,
            double height,
            Path home) {
        this.stage = stage;
        this.home = home;
        chosen = home;
        settings = SettingsStore.load(home.resolve("config/settings.json"));
        workspace = new Workspace(
                folder -> FxThreadGuard.around(connector.connect(folder), wrong),
                chooser(),
                new UserFolders(home.resolve("config"), home.resolve("data")),
                settings,
                new Theme(system, Theme.Choice.SYSTEM),
                new HostSecrets(_ -> null, keychain, Clock.systemUTC()),
                Clock.systemUTC());
        window = new MainWindow(workspace, screens.apply(workspace));
        stage.setScene(window.scene());
        stage.setX(0);
        stage.setY(0);
        stage.setWidth(width);
        stage.setHeight(height);
        stage.show();
    }

    private Chooser chooser() {
        return new Chooser() {
            @Override
            public Optional<Path> choose(String title, Path start) {
                return Optional.of(chosen);
            }

            @Override
            public Optional<Path> saveAs(String title, Path folder, String name, List<Kind> kinds) {
                askedFor = title;
                return Optional.of(chosenFile == null ? chosen.resolve(name) : chosenFile);
            }
        };
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("nexus-desktop");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Runs on the JavaFX thread and waits.
    public static <T> T onFx(java.util.concurrent.Callable<T> work) {
        CompletableFuture<T> done = new CompletableFuture<>();
        Fx.later(() -> {
            try {
                done.complete(work.call());
            } catch (Exception | AssertionError e) {
                done.completeExceptionally(e);
            }
        });
        try {
            return done.get(30, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    public static void fx(Runnable work) {
        onFx(() -> {
            work.run();
            return true;
        });
    }

    /// Asks on the JavaFX thread, again and again, until it is so. What is there then has its place, so
    /// that a click of the robot meets it.
    public static void await(String what, BooleanSupplier condition) {
        await(what, PATIENCE, condition);
    }

    public static void await(String what, Duration patience, BooleanSupplier condition) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!onFx(condition::getAsBoolean)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("never happened: " + what);
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
        fx(() -> Window.getWindows().forEach(DesktopFixture::layOut));
    }

    /// Clicks in the middle of what a selector finds in any window. The robot by itself reads where
    /// that is on the thread of the test, while the JavaFX thread moves it: it misses it, or breaks the
    /// bounds of the scene.
    public static FxRobot click(FxRobot robot, String selector) {
        await(selector + " is there", () -> inAnyWindow(selector) != null);
        return click(robot, onFx(() -> inAnyWindow(selector)));
    }

    public static FxRobot click(FxRobot robot, Node node) {
        robot.clickOn(onFx(() -> {
            Bounds at = node.localToScreen(node.getBoundsInLocal());
            return new Point2D(at.getCenterX(), at.getCenterY());
        }));
        return robot;
    }

    private static Node inAnyWindow(String selector) {
        return Window.getWindows().reversed().stream()
                .filter(window -> window.getScene() != null)
                .flatMap(window -> window.getScene().getRoot().lookupAll(selector).stream())
                .filter(node -> isShown(node) && !node.isDisabled())
                .findFirst()
                .orElse(null);
    }

    static boolean isShown(Node node) {
        return node == null || node.isVisible() && isShown(node.getParent());
    }

    private static void layOut(Window window) {
        Scene scene = window.getScene();
        if (scene != null) {
            scene.getRoot().applyCss();
            scene.getRoot().layout();
        }
    }

    /// Saves what the window shows, for people to look at.
    public void picture(Path png) {
        WritableImage image = onFx(() -> {
            window.scene().getRoot().applyCss();
            window.scene().getRoot().layout();
            return window.scene().snapshot(null);
        });
        save(image, png);
    }

    private static void save(WritableImage image, Path png) {
        int width = (int) image.getWidth();
        int height = (int) image.getHeight();
        var buffered = new java.awt.image.BufferedImage(width, height, java.awt.image.BufferedImage.TYPE_INT_RGB);
        PixelReader reader = image.getPixelReader();
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                buffered.setRGB(x, y, reader.getArgb(x, y));
            }
        }
        try {
            Files.createDirectories(png.toAbsolutePath().getParent());
            javax.imageio.ImageIO.write(buffered, "png", png.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// That every word of what is in front can be read in the smallest window, in one of half a Full HD
    /// screen, and in an ordinary one; in both themes for people, with `-Dnexus.pictures=FOLDER`.
    void readsWellInAllSizes(String name) {
        String pictures = System.getProperty("nexus.pictures");
        List<String> unread = new ArrayList<>();
        for (int[] size : new int[][] {{880, 540}, {960, 540}, {1280, 800}}) {
            fx(() -> {
                stage.setWidth(size[0]);
                stage.setHeight(size[1]);
            });
            for (int pulse = 0; pulse < 3; pulse++) {
                WaitForAsyncUtils.waitForFxEvents();
            }
            fx(() -> Window.getWindows().forEach(shown -> {
                layOut(shown);
                TextFits.problems(shown.getScene().getRoot()).stream()
                        .map(problem -> name + " at " + size[0] + ": " + problem)
                        .forEach(unread::add);
            }));
            if (pictures != null) {
                for (ColorScheme scheme : ColorScheme.values()) {
                    fx(() -> system.set(scheme));
                    picture(Path.of(pictures, name + "-" + size[0] + "-" + scheme + ".png"));
                    pictureOfDialog(Path.of(pictures, name + "-dialog-" + scheme + ".png"));
                }
            }
        }
        assertEquals(List.of(), unread, "words that can not be read");
    }

    private void pictureOfDialog(Path png) {
        Scene dialog = onFx(() -> Window.getWindows().stream()
                .filter(shown -> shown != stage && shown.getScene() != null)
                .map(Window::getScene)
                .filter(scene -> scene.getRoot() instanceof DialogPane)
                .findFirst()
                .orElse(null));
        if (dialog != null) {
            save(onFx(() -> dialog.snapshot(null)), png);
        }
    }

    @Override
    public void close() {
        fx(stage::hide);
        workspace.close();
        complaints.close();
        assertEquals(List.of(), wrong, "done on the JavaFX thread");
        assertEquals(List.of(), complaints.found(), "wrong in the style sheets");
    }
}
