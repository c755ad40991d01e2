package nexus.aiagents.app.desktop;

import static nexus.aiagents.app.desktop.DesktopFixture.await;
import static nexus.aiagents.app.desktop.DesktopFixture.fx;
import static nexus.aiagents.app.desktop.DesktopFixture.onFx;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.stream.Stream;
import javafx.application.ColorScheme;
import javafx.geometry.Point2D;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Labeled;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;
import javafx.stage.Stage;
import javafx.stage.Window;
import nexus.aiagents.app.desktop.fx.Fx;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.tree.TreeFlows;
import nexus.aiagents.engine.control.Command;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

/// What a person does with the mouse and the keys in the pictures of a team: one window, one story after
/// the other.
@ExtendWith(ApplicationExtension.class)
class ControlFlowsTest {
    private final FakeEngineClient client = new FakeEngineClient(new LivelyViews(Instant.now()).project());
    private DesktopFixture desktop;

    @Start
    void start(Stage stage) {
        desktop = new DesktopFixture(stage, _ -> client, DesktopApp::screens);
        desktop.workspace.open(desktop.home);
    }

    @AfterEach
    void close() {
        desktop.close();
    }

    @Test
    void a_team_is_rearranged_by_mouse_and_keys_and_back_again(FxRobot robot) throws Exception {
        await("open", () -> desktop.workspace.view().get() != null);
        fx(() -> desktop.window.show(Screen.SUPERVISORS, "writer"));
        Point2D writer = place("a:writer", 0.5);
        Point2D researcher = place("a:researcher", 0.2);
        robot.moveTo(writer).press(MouseButton.PRIMARY).moveTo(researcher.add(0, 30)).moveTo(researcher);
        shot("drag");
        robot.release(MouseButton.PRIMARY);
        assertEquals(new Command.MoveChild("research-team", "writer", "research-team", 0), client.nextCommand());
        await("it can be undone", () -> action("tree.undoMove").isEnabled());
        robot.push(KeyCode.CONTROL, KeyCode.Z);
        assertEquals(new Command.MoveChild("research-team", "writer", "research-team", 1), client.nextCommand());

        robot.push(KeyCode.ALT, KeyCode.DOWN);
        assertEquals(new Command.MoveChild("research-team", "writer", "research-team", 2), client.nextCommand());
        await("who restarts it", () -> labels("#tree-details").anyMatch(t -> t.startsWith("research-team ")));

        Fx.later(() -> action("tree.moveTo").fire());
        await("the dialog", () -> found("#move-place") != null);
        @SuppressWarnings("unchecked")
        ComboBox<String> place = (ComboBox<String>) found("#move-place");
        fx(() -> place.setValue("First"));
        shot("move-dialog");
        fx(() -> ((Button) found("#move-go")).fire());
        assertEquals(new Command.MoveChild("research-team", "writer", "research-team", 0), client.nextCommand());
        assertEquals(0, client.waiting());
    }

    private Point2D place(String id, double down) {
        Node picture = desktop.window.scene().lookup("#tree-picture");
        await(id + " is drawn", () -> TreeFlows.place(picture, id) != null);
        return onFx(() -> {
            var box = TreeFlows.place(picture, id);
            return picture.localToScreen(box.getCenterX(), box.getMinY() + box.getHeight() * down);
        });
    }

    private Action action(String id) {
        return desktop.window.front().actions().stream()
                .filter(a -> a.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private Stream<String> labels(String root) {
        return desktop.window.scene().lookup(root).lookupAll(".label").stream()
                .filter(n -> n instanceof Labeled && n.isVisible())
                .map(n -> ((Labeled) n).getText());
    }

    private static Node found(String query) {
        return Window.getWindows().stream()
                .map(w -> w.getScene().lookup(query))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /// For people to look at, where they ask for it.
    private void shot(String name) {
        String folder = System.getProperty("nexus.shots", "");
        if (folder.isEmpty()) {
            return;
        }
        for (ColorScheme scheme : ColorScheme.values()) {
            fx(() -> desktop.system.set(scheme));
            fx(() -> {});
            desktop.picture(Path.of(folder, name + "-" + scheme.name().toLowerCase(java.util.Locale.ROOT) + ".png"));
        }
    }
}
