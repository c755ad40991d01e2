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
        fx(() -> desktop.window
                .scene()
                .getFocusOwner()
                .fireEvent(new javafx.scene.input.KeyEvent(
                        javafx.scene.input.KeyEvent.KEY_PRESSED,
                        "",
                        "",
                        javafx.scene.input.KeyCode.ESCAPE,
                        false,
                        false,
                        false,
                        false)));
        Path p = desktop.home.resolve("research-team");
        try {
            new nexus.aiagents.app.desktop.home.BundledTemplates().unpack("research-team", p);
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
        fx(() -> {
            desktop.workspace.open(p);
            desktop.workspace.show(Screen.EDITOR, "agents.yaml");
            desktop.workspace.show(Screen.EDITOR, "agents/writer.js");
            desktop.workspace.show(Screen.EDITOR, "nexus.yaml");
        });
        DesktopFixture.await("open", () -> desktop.window.scene().lookup(".editor-area") != null);
        pause();
        shot("editor");
        fx(() -> {
            var a = (org.fxmisc.richtext.CodeArea) desktop.window.scene().getFocusOwner();
            int at = a.getText().indexOf("strategy");
            a.insertText(at + 3, "e");
            a.moveTo(at + 5);
        });
        pause();
        fx(() -> desktop.window.front().actions().stream()
                .filter(x -> x.id().equals("editor.find"))
                .findFirst()
                .orElseThrow()
                .fire());
        pause();
        shot("editor-broken");
        fx(() -> {
            var a = (org.fxmisc.richtext.CodeArea) ((javafx.scene.Parent) ((javafx.scene.control.TabPane)
                                    desktop.window.scene().lookup("#editor-tabs"))
                            .getSelectionModel()
                            .getSelectedItem()
                            .getContent())
                    .lookup(".editor-area");
            a.requestFocus();
            a.moveTo(a.getText().indexOf("streategy"));
            a.requestFollowCaret();
        });
        fx(() -> desktop.window.front().actions().stream()
                .filter(x -> x.id().equals("editor.complete"))
                .findFirst()
                .orElseThrow()
                .fire());
        pause();
        fx(() -> {
            for (var w : javafx.stage.Window.getWindows())
                if (w instanceof javafx.stage.PopupWindow p2) {
                    System.out.println(p2 + " " + p2.getScene().getStylesheets());
                    try {
                        var img = p2.getScene().snapshot(null);
                        var b = new java.awt.image.BufferedImage((int) img.getWidth(), (int) img.getHeight(), 1);
                        for (int y = 0; y < b.getHeight(); y++)
                            for (int x = 0; x < b.getWidth(); x++)
                                b.setRGB(x, y, img.getPixelReader().getArgb(x, y));
                        javax.imageio.ImageIO.write(b, "png", new java.io.File("/tmp/look/popup.png"));
                    } catch (java.io.IOException e) {
                    }
                }
        });
        fx(() -> desktop.workspace.show(Screen.SETTINGS, null));
        pause();
        shot("settings");
        fx(() -> desktop.workspace.show(Screen.EDITOR, "agents/writer.js"));
        pause();
        shot("editor-js");
        fx(() -> ((javafx.scene.control.Button) desktop.window.scene().lookup("#notifications-open")).fire());
        shot("notifications");
    }

    void pause() {
        try {
            Thread.sleep(1500);
        } catch (InterruptedException e) {
        }
    }
}
