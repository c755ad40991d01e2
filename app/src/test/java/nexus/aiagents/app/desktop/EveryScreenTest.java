package nexus.aiagents.app.desktop;

import static nexus.aiagents.app.desktop.DesktopFixture.await;
import static nexus.aiagents.app.desktop.DesktopFixture.fx;
import static nexus.aiagents.app.desktop.DesktopFixture.onFx;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javafx.application.ColorScheme;
import javafx.scene.AccessibleRole;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.Cell;
import javafx.scene.control.Control;
import javafx.scene.control.Label;
import javafx.scene.control.Labeled;
import javafx.scene.control.MenuButton;
import javafx.scene.control.ScrollBar;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextInputControl;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.HBox;
import javafx.scene.layout.StackPane;
import javafx.scene.robot.Robot;
import javafx.stage.Stage;
import nexus.aiagents.app.desktop.shell.Screen;
import org.fxmisc.richtext.GenericStyledArea;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

/// Goes through every screen without a mouse, and looks at every control on the way. One window for all
/// of it.
@ExtendWith(ApplicationExtension.class)
class EveryScreenTest {
    private static final List<String> SCREENS = List.of(
            Screen.HOME,
            Screen.EDITOR,
            Screen.SUPERVISORS,
            Screen.RUNS,
            Screen.POOLS,
            Screen.COST,
            Screen.AGENT,
            Screen.CAPABILITIES,
            Screen.TRUST,
            Screen.AUDIT,
            Screen.SETTINGS);
    private static final int MOST_CONTROLS = 150;

    private final FakeEngineClient client = new FakeEngineClient(SampleViews.running("/demo"));
    private DesktopFixture desktop;
    /// Types without waiting in between, as the walk is long.
    private Robot keys;

    @Start
    void start(Stage stage) throws Exception {
        keys = new Robot();
        desktop = new DesktopFixture(stage, _ -> client, DesktopApp::screens);
        Files.writeString(desktop.home.resolve("nexus.yaml"), "project: {name: demo}\n");
    }

    @AfterEach
    void close() {
        desktop.close();
    }

    @Test
    void every_screen_is_walked_by_keys_alone_every_control_says_what_it_is_and_no_word_is_cut() {
        fx(() -> desktop.workspace.open(desktop.home));
        await("open", () -> desktop.workspace.view().get() != null);
        List<String> wrong = new ArrayList<>();
        for (String screen : SCREENS) {
            fx(() -> desktop.window.show(screen, null));
            await("shown", () -> desktop.window.front().id().equals(screen));
            settle();
            onFx(() -> wrong.addAll(speechless(screen)));
            walk(screen, wrong);
            for (int[] size : new int[][] {{880, 540}, {960, 540}, {1280, 800}}) {
                fx(() -> {
                    desktop.system.set(size[0] == 960 ? ColorScheme.DARK : ColorScheme.LIGHT);
                    desktop.stage.setWidth(size[0]);
                    desktop.stage.setHeight(size[1]);
                });
                settle();
                onFx(() -> {
                    desktop.window.scene().getRoot().applyCss();
                    desktop.window.scene().getRoot().layout();
                    return wrong.addAll(TextFits.problems(desktop.window.scene().getRoot()).stream()
                            .map(p -> screen + " at " + size[0] + ": " + p)
                            .toList());
                });
            }
        }
        assertEquals("", String.join("\n", new LinkedHashSet<>(wrong)));
    }

    @Test
    void without_a_project_a_screen_says_so_in_one_sentence_and_has_one_button_that_leads_on() {
        List<String> wrong = new ArrayList<>();
        for (String screen : SCREENS) {
            if (screen.equals(Screen.HOME) || screen.equals(Screen.SETTINGS)) {
                continue;
            }
            fx(() -> desktop.window.show(screen, null));
            await("shown", () -> desktop.window.front().id().equals(screen));
            settle();
            List<Node> said = onFx(() -> desktop.window.scene().getRoot().lookupAll(".empty-state").stream()
                    .filter(DesktopFixture::isShown)
                    .toList());
            List<String> words = onFx(() -> said.stream()
                    .flatMap(node -> Stream.of(".label", ".button").map(node::lookup))
                    .map(node -> ((Labeled) node).getText())
                    .toList());
            if (said.size() != 1
                    || words.size() != 2
                    || !words.getFirst().startsWith("Open a project to")
                    || !words.getLast().equals("Go to Home")) {
                wrong.add(screen + ": " + words);
                continue;
            }
            fx(() -> ((ButtonBase) said.getFirst().lookup(".button")).fire());
            await("home", () -> desktop.window.front().id().equals(Screen.HOME));
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void a_word_that_is_cut_outside_or_under_another_is_found() {
        List<String> found = onFx(() -> {
            Label cut = new Label("These words have no room");
            cut.setMaxWidth(40);
            Label may = new Label("These may give way");
            may.setMinWidth(0);
            may.setMaxWidth(40);
            Label over = new Label("over");
            over.setTranslateX(-30);
            HBox row = new HBox(cut, may, over, new Label("a label that begins within and ends without"));
            StackPane root = new StackPane(row);
            row.setMinWidth(400);
            var scene = new javafx.scene.Scene(root, 160, 40);
            root.applyCss();
            root.resize(160, 40);
            root.layout();
            assertEquals(160, scene.getWidth());
            return TextFits.problems(root);
        });
        assertTrue(found.stream().anyMatch(p -> p.startsWith("cut: These words")), found.toString());
        assertTrue(found.stream().noneMatch(p -> p.contains("may give way") && p.startsWith("cut")), found.toString());
        assertTrue(found.stream().anyMatch(p -> p.startsWith("overlap: ")), found.toString());
        assertTrue(found.stream().anyMatch(p -> p.startsWith("outside: a label")), found.toString());
    }

    /// Presses Tab until it comes round, then Shift+Tab: everything that can have the focus gets it,
    /// visibly, and lets go of it.
    private void walk(String screen, List<String> wrong) {
        Set<Node> visited = new HashSet<>();
        walk(screen, false, visited, wrong);
        List<Node> missing = missing(visited);
        if (!missing.isEmpty()) {
            walk(screen, true, visited, wrong);
            missing = missing(visited);
        }
        missing.forEach(node -> wrong.add(screen + ": never reached by Tab: " + node + " " + words(node)));
    }

    private void walk(String screen, boolean back, Set<Node> all, List<String> wrong) {
        Set<Node> visited = new HashSet<>();
        fx(() -> desktop.window.scene().lookup("#rail-" + screen).requestFocus());
        Node before = null;
        for (int i = 0; i < MOST_CONTROLS; i++) {
            Node now = press(KeyCode.TAB, back);
            if (now == before && isText(now)) { // Tab is a letter there
                now = press(KeyCode.F6, back);
            }
            if (now == before) {
                wrong.add(screen + ": trapped in " + now);
                return;
            }
            Node here = now;
            if (here != null && !onFx(here::isFocusVisible)) {
                wrong.add(screen + ": no focus is seen on " + here);
            }
            all.add(now);
            if (!visited.add(now)) {
                return;
            }
            before = now;
        }
    }

    private Node press(KeyCode key, boolean shift) {
        fx(() -> {
            if (shift) {
                keys.keyPress(KeyCode.SHIFT);
            }
            keys.keyPress(key);
            keys.keyRelease(key);
            if (shift) {
                keys.keyRelease(KeyCode.SHIFT);
            }
        });
        return onFx(() -> desktop.window.scene().getFocusOwner());
    }

    /// Of several buttons of which one is on, the arrow keys reach the others.
    private List<Node> missing(Set<Node> visited) {
        Set<Object> groups = new HashSet<>();
        for (Node node : visited) {
            if (node instanceof ToggleButton toggle && toggle.getToggleGroup() != null) {
                groups.add(toggle.getToggleGroup());
            }
        }
        return onFx(() -> focusable(desktop.window.scene().getRoot(), new ArrayList<>())).stream()
                .filter(n -> !visited.contains(n))
                .filter(n -> !(n instanceof ToggleButton toggle && groups.contains(toggle.getToggleGroup())))
                .toList();
    }

    private static boolean isText(Node node) {
        return node instanceof TextInputControl || node instanceof GenericStyledArea<?, ?, ?>;
    }

    private static List<Node> focusable(Node node, List<Node> found) {
        if (!node.isVisible() || node.isDisabled() || node instanceof Cell<?> || node.getScene() == null) {
            return found;
        }
        if (node.isFocusTraversable()) {
            found.add(node);
        }
        if (node instanceof Parent parent && !(node instanceof ScrollBar)) {
            parent.getChildrenUnmodifiable().forEach(child -> focusable(child, found));
        }
        return found;
    }

    /// Controls that a screen reader could not name, and buttons that do nothing.
    private List<String> speechless(String screen) {
        List<String> found = new ArrayList<>();
        speechless(desktop.window.scene().getRoot(), screen, found);
        return found;
    }

    private static void speechless(Node node, String screen, List<String> found) {
        if (!node.isVisible()) {
            return;
        }
        if (node instanceof ButtonBase button && !(node instanceof MenuButton)) {
            boolean acts = button.getOnAction() != null || !(button instanceof Button);
            if (!acts) {
                found.add(screen + ": does nothing: " + node);
            }
        }
        boolean counts = node instanceof Control && node.isFocusTraversable() && !(node instanceof Cell<?>);
        if (counts && words(node).isBlank()) {
            found.add(screen + ": has no words: " + node);
        }
        if (counts && (node.getAccessibleRole() == null || node.getAccessibleRole() == AccessibleRole.NODE)) {
            found.add(screen + ": has no role: " + node);
        }
        if (node instanceof Parent parent) {
            parent.getChildrenUnmodifiable().forEach(child -> speechless(child, screen, found));
        }
    }

    private static String words(Node node) {
        String said = node.getAccessibleText();
        if (said != null && !said.isBlank()) {
            return said;
        }
        if (node instanceof ScrollPane pane) {
            return pane.isFocusTraversable() && pane.getAccessibleText() == null ? "" : "scrolls";
        }
        return node instanceof Labeled labeled && labeled.getText() != null ? labeled.getText() : "";
    }

    private static void settle() {
        for (int pulse = 0; pulse < 2; pulse++) {
            WaitForAsyncUtils.waitForFxEvents();
        }
    }
}
