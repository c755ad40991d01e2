package nexus.aiagents.app.desktop;

import static nexus.aiagents.app.desktop.DesktopFixture.fx;

import java.nio.file.Path;
import java.time.Instant;
import javafx.application.ColorScheme;
import javafx.stage.Stage;
import nexus.aiagents.engine.view.ProjectView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

@ExtendWith(ApplicationExtension.class)
@EnabledIfSystemProperty(named = "look", matches = ".+")
class PicturesLook {
    private final LivelyViews views = new LivelyViews(Instant.now());
    private final FakeEngineClient client = new FakeEngineClient(views.project());
    private DesktopFixture desktop;

    @Start
    void start(Stage stage) {
        desktop = new DesktopFixture(
                stage, _ -> client, DesktopApp::screens, Integer.getInteger("w", 1280), Integer.getInteger("h", 800));
        desktop.workspace.open(desktop.home);
    }

    @AfterEach
    void close() {
        desktop.close();
    }

    private void shot(String name) {
        for (ColorScheme c : ColorScheme.values()) {
            fx(() -> desktop.system.set(c));
            for (int i = 0; i < 3; i++) {
                org.testfx.util.WaitForAsyncUtils.waitForFxEvents();
            }
            desktop.picture(Path.of(
                    System.getProperty("look"),
                    name + "-" + c.name().toLowerCase() + "-" + Integer.getInteger("w", 1280) + ".png"));
        }
    }

    @Test
    void look() {
        DesktopFixture.await("open", () -> desktop.workspace.view().get() != null);
        for (int i = 0; i < 60; i++) {
            client.append(new nexus.aiagents.engine.journal.EngineEvent.AgentLogged(
                    "writer",
                    null,
                    i % 17 == 5 ? "error" : i % 11 == 3 ? "warn" : "info",
                    "draft " + i + " has 3 facts about otters"));
            client.append(new nexus.aiagents.engine.journal.EngineEvent.HoldSettled(
                    "h" + i, "writer", null, "scripted-small", java.util.List.of(), 100, 40, 1200, true, false));
            client.append(new nexus.aiagents.engine.journal.EngineEvent.AgentExited(
                    "writer",
                    i,
                    new nexus.aiagents.engine.journal.ExitReason(
                            nexus.aiagents.engine.journal.ExitReason.Kind.TRAP, "trap", "unreachable executed")));
        }
        for (String screen : System.getProperty("screens", "supervisors").split(",")) {
            String[] parts = screen.split(":");
            fx(() -> desktop.window.show(parts[0], parts.length > 1 ? parts[1] : null));
            shot(screen.replace(":", "-"));
        }
    }

    @Test
    void wide() {
        if (!System.getProperty("screens", "supervisors").contains("supervisors")) {
            return;
        }
        DesktopFixture.await("open", () -> desktop.workspace.view().get() != null);
        ProjectView wide = views.wide(50, 200);
        client.set(wide);
        fx(() -> desktop.window.show("supervisors", null));
        DesktopFixture.await(
                "wide", () -> desktop.workspace.view().get().agents().size() == 10_000);
        shot("wide");
    }
}
