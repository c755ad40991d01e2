package nexus.aiagents.app.desktop;

import static nexus.aiagents.app.desktop.DesktopFixture.await;
import static nexus.aiagents.app.desktop.DesktopFixture.fx;
import static nexus.aiagents.app.desktop.DesktopFixture.onFx;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import javafx.application.ColorScheme;
import javafx.scene.control.Tab;
import javafx.scene.control.TabPane;
import javafx.stage.Stage;
import javax.imageio.ImageIO;
import nexus.aiagents.app.desktop.home.BundledTemplates;
import nexus.aiagents.app.desktop.home.Demo;
import nexus.aiagents.app.desktop.shell.EngineConnector;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.RunView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

/// Runs the demo on the real engine, goes through every screen in both themes and two sizes and takes
/// its picture: to `target/screenshots`, or, with `-Dnexus.rewrite=true`, to `docs/images` for the README.
/// Only then each size is seen in each theme; else, for the time it takes, the small one is dark.
@ExtendWith(ApplicationExtension.class)
class ScreenshotsTest {
    private record Size(int width, int height) {}

    private static final Size WIDE = new Size(1280, 800);
    private static final Size SMALL = new Size(1000, 640);
    private static final boolean REWRITE = Boolean.getBoolean("nexus.rewrite");

    private final String home = System.getProperty("user.home");
    /// From the moment on at which there is a window that could freeze.
    private FxThreadGuard guard;

    private DesktopFixture desktop;

    @Start
    void start(Stage stage) {
        desktop = new DesktopFixture(stage, new EngineConnector(), DesktopApp::screens);
        System.setProperty("user.home", desktop.home.toString()); // pictures show no folder of this machine
        guard = new FxThreadGuard();
    }

    @AfterEach
    void close() {
        System.setProperty("user.home", home);
        guard.close();
        desktop.close();
    }

    @Test
    void every_screen_shows_itself_in_both_themes_and_sizes() throws IOException {
        pictures(Screen.HOME, null, "home");
        fx(() -> new Demo(desktop.workspace, new BundledTemplates()).run());
        until("a crash that was healed", v -> agent(v, "researcher").restarts() > 0);
        until("a saga that was rolled back", v -> run(v, RunView.State.FAILED) != null);
        until(
                "a budget that stopped a runaway",
                v -> "budget".equals(agent(v, "research-bot").pausedBy()));
        fx(() -> desktop.workspace.send(new Command.RunSaga("publish-article", "{\"topic\":\"otters\"}")));
        fx(() -> desktop.workspace.send(new Command.RunPool("research-pool", "{}")));
        until(
                "a saga and a pool that are done",
                v -> v.runs().stream()
                                .filter(r -> r.state() == RunView.State.DONE)
                                .count()
                        == 2);

        await(
                "messages that go away",
                () -> desktop.window.scene().getRoot().lookupAll(".toast").isEmpty());
        String failed = onFx(
                () -> run(desktop.workspace.view().get(), RunView.State.FAILED).id());
        pictures(Screen.SUPERVISORS, "researcher", "supervisors");
        lookBack();
        pictures(Screen.EDITOR, "nexus.yaml", "editor");
        pictures(Screen.RUNS, failed, "runs");
        everyTab("#run-tabs", "runs");
        pictures(Screen.POOLS, null, "pools");
        pictures(Screen.COST, null, "cost");
        pictures(Screen.AGENT, "researcher", "agent");
        everyTab("#agent-tabs", "agent");
        pictures(Screen.CAPABILITIES, "researcher", "capabilities");
        pictures(Screen.TRUST, null, "trust");
        pictures(Screen.AUDIT, null, "audit");
        pictures(Screen.SETTINGS, null, "settings");
        assertEquals(List.of(), guard.found(), "input and output on the JavaFX thread");
    }

    private void everyTab(String id, String name) {
        TabPane tabs = onFx(() -> (TabPane) desktop.window.scene().lookup(id));
        for (Tab tab : onFx(() -> List.copyOf(tabs.getTabs()))) {
            fx(() -> tabs.getSelectionModel().select(tab));
            desktop.readsWellInAllSizes(name + "-" + onFx(tab::getText));
        }
        fx(() -> tabs.getSelectionModel().selectFirst());
    }

    /// To the moment at which the researcher had just crashed.
    private void lookBack() throws IOException {
        fx(desktop.workspace::lookBack);
        await("the past", () -> desktop.workspace.past().moment().get() != null);
        var client = onFx(() -> desktop.workspace.client().get());
        long crash = client.history(
                        new EngineClient.HistoryQuery(0, 1, true, Set.of("AgentExited"), "researcher", null))
                .getFirst()
                .seq();
        fx(() -> desktop.workspace.past().to(crash));
        await("the crash", () -> desktop.workspace.view().get().seq() == crash);
        pictures(Screen.SUPERVISORS, "researcher", "look-back");
        fx(desktop.workspace.past()::end);
    }

    private void pictures(String screen, String selection, String name) throws IOException {
        for (Size size : List.of(SMALL, WIDE)) {
            fx(() -> {
                desktop.stage.setWidth(size.width());
                desktop.stage.setHeight(size.height());
                desktop.window.show(screen, selection);
            });
            for (ColorScheme scheme : ColorScheme.values()) {
                if (!REWRITE && (size == SMALL) != (scheme == ColorScheme.DARK)) {
                    continue;
                }
                fx(() -> desktop.system.set(scheme));
                for (int pulse = 0; pulse < 5; pulse++) {
                    WaitForAsyncUtils.waitForFxEvents();
                }
                check(picture(name, size, scheme), name, size);
            }
        }
        desktop.readsWellInAllSizes(name);
    }

    private BufferedImage picture(String name, Size size, ColorScheme scheme) throws IOException {
        String file =
                name + "-" + scheme.name().toLowerCase(Locale.ROOT) + "-" + size.width() + "x" + size.height() + ".png";
        boolean kept = REWRITE;
        Path png = kept ? Path.of("..", "docs", "images", file) : Path.of("target", "screenshots", file);
        desktop.picture(png);
        return ImageIO.read(png.toFile());
    }

    private void check(BufferedImage image, String name, Size size) {
        assertEquals(size.width(), image.getWidth(), name);
        assertEquals(size.height(), image.getHeight(), name);
        Set<Integer> colours = new HashSet<>();
        for (int y = 60; y < image.getHeight(); y += 3) {
            for (int x = 200; x < image.getWidth(); x += 3) {
                colours.add(image.getRGB(x, y));
            }
        }
        assertTrue(colours.size() > 12, name + " shows next to nothing: " + colours.size() + " colours");
    }

    private void until(String what, Predicate<ProjectView> condition) {
        for (int attempt = 1; ; attempt++) {
            try {
                await(what, () -> {
                    ProjectView view = desktop.workspace.view().get();
                    return view != null && condition.test(view);
                });
                return;
            } catch (AssertionError e) {
                if (attempt == 4) {
                    throw e;
                }
            }
        }
    }

    private static AgentView agent(ProjectView view, String name) {
        return view.agents().stream()
                .filter(a -> a.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static RunView run(ProjectView view, RunView.State state) {
        return view.runs().stream().filter(r -> r.state() == state).findFirst().orElse(null);
    }
}
