package nexus.aiagents.app.desktop.shell;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.layout.BorderPane;
import javafx.scene.layout.StackPane;
import org.jspecify.annotations.Nullable;

/// The one window: rail, top bar, the screen in front, status bar.
public final class MainWindow {
    private static final double NARROW = 1120;

    private final Workspace workspace;
    private final List<Screen> screens;
    private final Map<String, Node> built = new HashMap<>();
    private final StackPane stage = new StackPane();
    private final Rail rail;
    private final Scene scene;
    private @Nullable Screen front;

    public MainWindow(Workspace workspace, List<Screen> screens) {
        this.workspace = workspace;
        this.screens = List.copyOf(screens);
        List<Action> navigation = navigation();
        rail = new Rail(this.screens, navigation, s -> show(s, null));
        BorderPane frame = new BorderPane(stage);
        frame.setLeft(rail);
        stage.getStyleClass().add("stage");
        scene = new Scene(frame, 1280, 800);
        workspace.theme().style(scene);
        scene.widthProperty().addListener((_, _, width) -> rail.setCompact(width.doubleValue() < NARROW));
        for (Action action : navigation) {
            if (action.shortcut() != null) {
                scene.getAccelerators().put(action.shortcut(), action::fire);
            }
        }
        workspace.setNavigator(this::show);
    }

    public Scene scene() {
        return scene;
    }

    public void show(String screenId, @Nullable String selection) {
        for (Screen screen : screens) {
            if (screen.id().equals(screenId)) {
                show(screen, selection);
                return;
            }
        }
    }

    private void show(Screen next, @Nullable String selection) {
        Node content = built.computeIfAbsent(next.id(), _ -> next.content());
        if (selection != null) {
            next.select(selection);
        }
        rail.mark(next);
        Screen before = front;
        if (before == next) {
            return;
        }
        if (before != null) {
            before.hidden();
        }
        front = next;
        stage.getChildren().setAll(content);
        next.shown();
        workspace.settings().update(s -> s.withScreen(next.id()));
    }

    private List<Action> navigation() {
        List<Action> actions = new ArrayList<>();
        for (int i = 0; i < screens.size(); i++) {
            Screen screen = screens.get(i);
            actions.add(Action.always(
                    "go." + screen.id(),
                    "Go to " + screen.title(),
                    screen.icon(),
                    shortcut(i, screen),
                    () -> show(screen, null)));
        }
        return actions;
    }

    private static @Nullable KeyCombination shortcut(int index, Screen screen) {
        if (screen.id().equals(Screen.SETTINGS)) {
            return new KeyCodeCombination(KeyCode.COMMA, KeyCombination.SHORTCUT_DOWN);
        }
        KeyCode digit = index < 9 ? KeyCode.getKeyCode(String.valueOf(index + 1)) : null;
        return digit == null ? null : new KeyCodeCombination(digit, KeyCombination.SHORTCUT_DOWN);
    }
}
