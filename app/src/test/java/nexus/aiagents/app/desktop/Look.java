package nexus.aiagents.app.desktop;

import static nexus.aiagents.app.desktop.DesktopFixture.fx;

import java.nio.file.Path;
import javafx.application.ColorScheme;
import javafx.stage.Stage;
import nexus.aiagents.app.desktop.shell.Screen;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

@ExtendWith(ApplicationExtension.class)
@EnabledIfSystemProperty(named = "look", matches = ".+")
class Look {
    private DesktopFixture desktop;
    private final FakeEngineClient client = new FakeEngineClient(SampleViews.running("/demo"));

    @Start
    void start(Stage stage) {
        desktop = new DesktopFixture(
                stage, _ -> client, DesktopApp::screens, Integer.getInteger("w", 1280), Integer.getInteger("h", 800));
        desktop.window.show(Screen.HOME, null);
    }

    void shot(String name) {
        for (ColorScheme c : ColorScheme.values()) {
            fx(() -> desktop.system.set(c));
            desktop.picture(Path.of(
                    System.getProperty("look"),
                    name + "-" + c.name().toLowerCase() + "-" + Integer.getInteger("w", 1280) + ".png"));
        }
    }

    @Test
    void look() {
        shot("home");
        fx(() -> desktop.workspace.open(desktop.home));
        DesktopFixture.await("open", () -> desktop.workspace.view().get() != null);
        client.set(SampleViews.stopped("/demo"));
        DesktopFixture.await("stopped", () -> !desktop.workspace.view().get().up());
        client.set(SampleViews.running("/demo"));
        DesktopFixture.await("up", () -> desktop.workspace.view().get().up());
        shot("home-open");
        fx(() -> ((javafx.scene.control.Button) desktop.window.scene().lookup("#palette-open")).fire());
        shot("palette");
    }
}
