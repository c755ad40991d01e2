package nexus.aiagents.app.desktop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import javafx.application.ColorScheme;
import javafx.event.Event;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;
import javafx.stage.Window;
import nexus.aiagents.app.desktop.fx.Fx;
import nexus.aiagents.app.desktop.home.BundledTemplates;
import nexus.aiagents.app.desktop.shell.Choice;
import nexus.aiagents.app.desktop.shell.Keymap;
import nexus.aiagents.app.desktop.shell.LateScreen;
import nexus.aiagents.app.desktop.shell.MainWindow;
import nexus.aiagents.app.desktop.shell.Notification;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

@ExtendWith(ApplicationExtension.class)
class ShellTest {
    private final FakeEngineClient client = new FakeEngineClient(SampleViews.stopped("/demo"));
    private DesktopFixture desktop;

    @Start
    void start(Stage stage) {
        desktop = new DesktopFixture(stage, _ -> client, DesktopApp::screens);
    }

    @AfterEach
    void close() {
        desktop.close();
    }

    @Test
    void the_theme_follows_the_operating_system_live() {
        assertEquals(
                false,
                DesktopFixture.onFx(() -> desktop.workspace.theme().dark().get()));
        DesktopFixture.fx(() -> desktop.system.set(ColorScheme.DARK));
        assertTrue(DesktopFixture.onFx(() -> desktop.workspace.theme().dark().get()));
    }

    @Test
    void a_change_of_the_project_reaches_the_window_and_a_refusal_the_person() throws Exception {
        DesktopFixture.fx(() -> desktop.workspace.open(desktop.home));
        DesktopFixture.await("open", () -> desktop.workspace.view().get() != null);
        client.set(SampleViews.running("/demo"));
        DesktopFixture.await("up", () -> desktop.workspace.view().get().up());

        client.answerWith(_ -> new CommandResult.Refused("unknown-name", "There is no agent nobody."));
        DesktopFixture.fx(() -> desktop.workspace.submit(new Command.CrashAgent("nobody")));
        assertInstanceOf(Command.CrashAgent.class, client.nextCommand());
        DesktopFixture.await(
                "told", () -> !desktop.workspace.notifications().history().isEmpty());
        assertEquals(
                "There is no agent nobody.",
                DesktopFixture.onFx(() ->
                        desktop.workspace.notifications().history().getFirst().text()));
    }

    @Test
    void the_palette_finds_an_action_by_a_few_letters_and_does_it(FxRobot robot) {
        robot.press(KeyCode.CONTROL).press(KeyCode.K).release(KeyCode.K).release(KeyCode.CONTROL);
        DesktopFixture.await("open", () -> desktop.window.scene().lookup("#palette-query") != null);
        robot.write("gset");
        robot.press(KeyCode.ENTER).release(KeyCode.ENTER);
        DesktopFixture.await(
                "went there",
                () -> desktop.window.front() != null
                        && desktop.window.front().id().equals(Screen.SETTINGS));
        assertNull(DesktopFixture.onFx(() -> desktop.window.scene().lookup("#palette-query")));
    }

    @Test
    void what_can_not_be_done_says_why() {
        assertEquals(
                "Open a project first.",
                DesktopFixture.onFx(
                        () -> desktop.window.scene().lookup("#team-start").getAccessibleHelp()));
        DesktopFixture.fx(() -> desktop.workspace.open(desktop.home));
        DesktopFixture.await(
                "can be started",
                () -> !desktop.window.scene().lookup("#team-start").isDisabled());
    }

    @Test
    void f6_goes_round_the_parts_of_the_window(FxRobot robot) {
        DesktopFixture.fx(() -> desktop.window.show(Screen.HOME, null));
        DesktopFixture.fx(() -> desktop.window.scene().lookup("#rail-home").requestFocus());
        robot.press(KeyCode.F6).release(KeyCode.F6);
        DesktopFixture.await("top bar", () -> isIn(".top-bar"));
        robot.press(KeyCode.F6).release(KeyCode.F6);
        DesktopFixture.await("screen", () -> isIn(".stage"));
    }

    @Test
    void slash_goes_to_the_filter_of_the_screen_and_is_a_letter_where_one_types(FxRobot robot) {
        DesktopFixture.fx(() -> desktop.window.show(Screen.SETTINGS, null));
        DesktopFixture.fx(() -> desktop.window.scene().lookup("#rail-settings").requestFocus());
        robot.write("/");
        DesktopFixture.await(
                "the search has the focus",
                () -> "settings-search"
                        .equals(desktop.window.scene().getFocusOwner().getId()));
        robot.write("pri/");
        DesktopFixture.await(
                "typed", () -> "pri/".equals(((TextField) desktop.window.scene().getFocusOwner()).getText()));
        robot.push(KeyCode.BACK_SPACE).write("vacy");
        DesktopFixture.await("only what fits", () -> headings().equals(List.of("Privacy")));
        robot.write(" zebra");
        DesktopFixture.await("nothing fits", () -> headings().isEmpty());
    }

    @Test
    void a_key_is_set_and_removed_in_the_settings_and_never_shown() throws Exception {
        Files.writeString(
                desktop.home.resolve("nexus.yaml"),
                "project: {name: demo}\n---\nmodel: {name: big, provider: openai, model: gpt-5, apiKeyEnv: BIG_KEY}\n");
        DesktopFixture.fx(() -> desktop.workspace.open(desktop.home));
        DesktopFixture.await("open", () -> desktop.workspace.view().get() != null);
        DesktopFixture.fx(() -> desktop.window.show(Screen.SETTINGS, "keys of"));
        DesktopFixture.await("missing", () -> secrets().contains("Missing"));
        press("#secret-set-BIG_KEY");
        DesktopFixture.await("asked", () -> inDialog("#secret-value") != null);
        assertTrue(DesktopFixture.onFx(() -> inDialog("#secret-keep").isDisabled()));
        assertTrue(DesktopFixture.onFx(() -> inDialog("#secret-value").isFocused()));
        // not by the robot: without a display two windows say that they have the focus, and it takes the
        // first
        DesktopFixture.fx(() -> ((TextField) inDialog("#secret-value")).setText("sk-typed"));
        DesktopFixture.fx(() -> ((Button) inDialog("#secret-keep")).fire());
        DesktopFixture.await("kept", () -> secrets().contains("Keychain"));
        assertEquals("sk-typed", desktop.keychain.values.get("BIG_KEY"));
        assertFalse(DesktopFixture.onFx(() -> texts(desktop.window.scene().getRoot()))
                .contains("sk-typed"));
        assertFalse(DesktopFixture.onFx(
                        () -> desktop.workspace.notifications().history().toString())
                .contains("sk-typed"));

        press("#secret-remove-BIG_KEY");
        DesktopFixture.await("asks first", () -> inDialog(".dialog-pane") != null);
        DesktopFixture.fx(() -> inDialog(".dialog-pane").lookupAll(".button").stream()
                .map(Button.class::cast)
                .filter(Button::isDefaultButton)
                .forEach(Button::fire));
        DesktopFixture.await("gone", () -> secrets().contains("Missing"));
        assertTrue(desktop.keychain.values.isEmpty());

        desktop.keychain.trouble = "it is locked";
        DesktopFixture.fx(() -> desktop.window.show(Screen.HOME, null));
        DesktopFixture.fx(() -> desktop.window.show(Screen.SETTINGS, null));
        DesktopFixture.await("says why", () -> secrets().contains("could not be asked: it is locked"));
    }

    @Test
    void keys_of_an_action_are_changed_and_count_at_once_wherever_they_are_shown(FxRobot robot) throws Exception {
        DesktopFixture.fx(() -> desktop.workspace.open(desktop.home));
        DesktopFixture.await("open", () -> desktop.workspace.view().get() != null);
        List<Keymap.Bound> all =
                DesktopFixture.onFx(() -> desktop.workspace.keymap().all());
        assertEquals(
                all.size(), all.stream().map(b -> b.action().id()).distinct().count());
        assertEquals(
                List.of(),
                all.stream()
                        .filter(b ->
                                desktop.workspace.keymap().taken(b, b.action().shortcut()) != null)
                        .map(b -> b.action().title())
                        .toList());
        DesktopFixture.fx(() -> desktop.window.show(Screen.SETTINGS, "start team"));
        DesktopFixture.await("only what fits", () -> keys().getItems().size() == 1);

        chooseKeys("team.start");
        press(KeyCode.A, false);
        assertTrue(DesktopFixture.onFx(
                () -> said().contains("where one types") && inDialog("#key-use").isDisabled()));
        press(KeyCode.Z, true);
        assertTrue(DesktopFixture.onFx(
                () -> said().contains("undoes") && inDialog("#key-use").isDisabled()));
        press(KeyCode.K, true);
        assertEquals("'Search actions' has them. It would have none.", DesktopFixture.onFx(this::said));
        press(KeyCode.ESCAPE, false);
        DesktopFixture.await("left", () -> inDialog("#key-field") == null);
        assertEquals("F5", keysOf("team.start"));

        DesktopFixture.fx(keys()::requestFocus);
        Fx.later(() -> Event.fireEvent(
                keys(), new KeyEvent(KeyEvent.KEY_PRESSED, "", "", KeyCode.ENTER, false, false, false, false)));
        DesktopFixture.await("Enter asks too", () -> inDialog("#key-field") != null);
        press(KeyCode.R, true);
        assertTrue(DesktopFixture.onFx(() -> said().contains("free")));
        press(KeyCode.ENTER, false);
        DesktopFixture.await("changed", () -> inDialog("#key-field") == null);
        assertEquals("Ctrl+R", keysOf("team.start"));
        DesktopFixture.await(
                "the tooltip",
                () -> desktop.window
                        .scene()
                        .lookup("#team-start")
                        .getAccessibleHelp()
                        .contains("(Ctrl+R)"));
        robot.push(KeyCode.F5);
        robot.push(KeyCode.CONTROL, KeyCode.R);
        assertInstanceOf(Command.Up.class, client.nextCommand());
        assertEquals(0, client.waiting(), "the key it had before does nothing");
        Path file = desktop.home.resolve("config/settings.json");
        DesktopFixture.await("kept", () -> read(file).contains("\"team.start\" : \"Shortcut+R\""));

        chooseKeys("team.start");
        press(KeyCode.K, true);
        DesktopFixture.fx(() -> ((Button) inDialog("#key-use")).fire());
        DesktopFixture.await("taken over", () -> keysOf("palette.open").isEmpty());
        DesktopFixture.fx(
                () -> desktop.workspace.keymap().action("palette.open").fire());
        assertEquals("Ctrl+K", DesktopFixture.onFx(() -> inPalette("Start team")));
        DesktopFixture.fx(() -> fire("#keys-reset"));
        assertEquals("F5", keysOf("team.start"));
        DesktopFixture.fx(() -> fire("#keys-remove"));
        assertEquals("", keysOf("team.start"));
        Fx.later(() -> fire("#keys-reset-all"));
        DesktopFixture.await("asks first", () -> inDialog(".dialog-pane") != null);
        DesktopFixture.fx(() -> inDialog(".dialog-pane").lookupAll(".button").stream()
                .map(Button.class::cast)
                .filter(Button::isDefaultButton)
                .forEach(Button::fire));
        DesktopFixture.await("as it came", () -> keysOf("team.start").equals("F5"));
        assertEquals("Ctrl+K", keysOf("palette.open"));
        DesktopFixture.await("nothing differs", () -> !read(file).contains("team.start"));
    }

    @SuppressWarnings("unchecked")
    private TableView<Keymap.Bound> keys() {
        return (TableView<Keymap.Bound>) desktop.window.scene().lookup("#keys-table");
    }

    private void chooseKeys(String action) {
        DesktopFixture.fx(() -> keys().getItems().stream()
                .filter(b -> b.action().id().equals(action))
                .forEach(keys().getSelectionModel()::select));
        Fx.later(() -> fire("#keys-change"));
        DesktopFixture.await("asks", () -> inDialog("#key-field") != null);
    }

    private static void press(KeyCode code, boolean control) {
        DesktopFixture.fx(() -> Event.fireEvent(
                inDialog("#key-field"),
                new KeyEvent(KeyEvent.KEY_PRESSED, "", "", code, false, control, false, false)));
    }

    private String said() {
        return ((Label) inDialog("#key-said")).getText();
    }

    private String keysOf(String action) {
        return desktop.workspace.keymap().action(action).keysText();
    }

    @SuppressWarnings("unchecked")
    private String inPalette(String title) {
        return ((ListView<Choice>) desktop.window.scene().lookup("#palette-list"))
                .getItems().stream()
                        .filter(c -> c.title().equals(title))
                        .map(Choice::keys)
                        .findFirst()
                        .orElseThrow();
    }

    private void fire(String button) {
        ((Button) desktop.window.scene().lookup(button)).fire();
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Fires later: the dialog that opens keeps its thread.
    private void press(String button) {
        Fx.later(() -> fire(button));
    }

    private String secrets() {
        Node grid = desktop.window.scene().lookup("#settings-secrets");
        return grid == null ? "" : texts(grid);
    }

    private static String texts(Node node) {
        return node.lookupAll(".label").stream()
                .filter(Label.class::isInstance)
                .map(label -> ((Label) label).getText())
                .collect(Collectors.joining("\n"));
    }

    private static Node inDialog(String selector) {
        return Window.getWindows().stream()
                .map(window ->
                        window.getScene() == null ? null : window.getScene().lookup(selector))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private List<String> headings() {
        return desktop.window.scene().getRoot().lookupAll(".page .h2").stream()
                .filter(n -> n.getParent().isVisible())
                .map(n -> ((Label) n).getText())
                .toList();
    }

    @Test
    void what_happens_while_the_window_is_not_in_front_is_one_banner_and_can_be_switched_off() {
        List<String> banners = new CopyOnWriteArrayList<>();
        DesktopFixture.fx(() -> {
            desktop.window.tellBy((title, text) -> banners.add(title + ": " + text));
            desktop.stage.hide(); // not in front, for sure
            var notifications = desktop.workspace.notifications();
            notifications.post(Notification.Kind.INFO, "Not told", "");
            notifications.post(Notification.Kind.FAILED, "saga failed", "why");
            notifications.post(Notification.Kind.NEEDS_YOU, "writer is paused", "");
        });
        DesktopFixture.await(
                "one banner",
                () -> banners.equals(List.of("2 messages from your agents: saga failed, writer is paused")));
        DesktopFixture.fx(() -> {
            desktop.settings.update(s -> s.withQuiet(true));
            desktop.workspace.notifications().post(Notification.Kind.FAILED, "again", "x");
            desktop.settings.update(s -> s.withQuiet(false));
            desktop.workspace.notifications().post(Notification.Kind.FINISHED, "done", "y");
        });
        DesktopFixture.await("the next", () -> banners.size() == 2);
        assertEquals("done: y", banners.getLast());
    }

    @Test
    void where_nothing_happens_nobody_asks_until_the_journal_grows() {
        DesktopFixture.fx(() -> desktop.workspace.open(desktop.home));
        DesktopFixture.await("at rest", client::isWatched);
        client.set(SampleViews.running("/demo"));
        DesktopFixture.await("asks again", () -> !client.isWatched());
        DesktopFixture.await("shown", () -> desktop.workspace.view().get().up());
        DesktopFixture.await("at rest again", client::isWatched);
    }

    @Test
    void a_text_that_gave_way_is_whole_where_one_points(FxRobot robot) {
        Label cut = new Label("What somebody wrote is longer than the room for it");
        cut.setMaxWidth(80);
        cut.setId("cut");
        DesktopFixture.fx(() -> {
            StackPane root = (StackPane) desktop.window.scene().getRoot();
            root.getChildren().add(cut);
            StackPane.setAlignment(cut, Pos.CENTER);
        });
        DesktopFixture.await("cut", cut::isTextTruncated);
        robot.moveTo(DesktopFixture.onFx(() -> cut.localToScreen(4, 4)));
        robot.moveBy(4, 1);
        DesktopFixture.await(
                "whole",
                () -> Window.getWindows().stream()
                        .filter(Tooltip.class::isInstance)
                        .map(shown -> ((Tooltip) shown).getText())
                        .anyMatch(cut.getText()::equals));
        robot.moveBy(200, 100);
        DesktopFixture.await("gone", () -> Window.getWindows().stream().noneMatch(Tooltip.class::isInstance));
    }

    @Test
    void a_window_that_opens_narrow_has_a_narrow_rail_from_the_first_frame_on() {
        Stage narrow = DesktopFixture.onFx(() -> {
            MainWindow window = new MainWindow(
                    desktop.workspace, DesktopApp.lateScreens(desktop.workspace, new BundledTemplates()));
            window.show(Screen.HOME, null);
            Stage stage = new Stage();
            stage.setScene(window.scene());
            stage.setWidth(900);
            stage.show();
            return stage;
        });
        DesktopFixture.await(
                "narrow",
                () -> narrow.getScene().lookup(".rail").getLayoutBounds().getWidth() < 120);
        DesktopFixture.fx(narrow::hide);
    }

    @Test
    void screens_that_are_not_in_front_are_made_after_the_first_frame_and_are_what_the_rail_said() {
        CompletableFuture<Void> complete = new CompletableFuture<>();
        List<LateScreen> late = DesktopFixture.onFx(() -> {
            List<Screen> all = DesktopApp.lateScreens(desktop.workspace, new BundledTemplates());
            MainWindow window = new MainWindow(desktop.workspace, all);
            window.show(Screen.HOME, null);
            List<LateScreen> found = all.stream()
                    .filter(LateScreen.class::isInstance)
                    .map(LateScreen.class::cast)
                    .toList();
            assertTrue(found.stream().noneMatch(LateScreen::isMade));
            window.complete(() -> complete.complete(null));
            return found;
        });
        DesktopFixture.await("complete", complete::isDone);
        assertEquals(
                DesktopFixture.onFx(() -> DesktopApp.screens(desktop.workspace).size()) - 1, late.size());
        for (LateScreen screen : late) {
            assertTrue(screen.isMade(), screen.id());
            assertEquals(screen.made().id(), screen.id());
            assertEquals(screen.made().title(), screen.title());
            assertEquals(screen.made().icon(), screen.icon());
        }
    }

    private boolean isIn(String selector) {
        Node part = desktop.window.scene().lookup(selector);
        for (Node n = desktop.window.scene().getFocusOwner(); n != null; n = n.getParent()) {
            if (n == part) {
                return true;
            }
        }
        return false;
    }
}
