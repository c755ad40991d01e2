package nexus.aiagents.app.desktop;

import static nexus.aiagents.app.desktop.DesktopFixture.await;
import static nexus.aiagents.app.desktop.DesktopFixture.fx;
import static nexus.aiagents.app.desktop.DesktopFixture.onFx;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.input.DragEvent;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import nexus.aiagents.app.desktop.shell.CannotOpen;
import nexus.aiagents.app.desktop.shell.Notification;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.EngineClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

@ExtendWith(ApplicationExtension.class)
class HomeTest {
    private final FakeEngineClient client = new FakeEngineClient(SampleViews.stopped("/demo"));
    private volatile CannotOpen refusal;
    private final String home = System.getProperty("user.home");
    private DesktopFixture desktop;

    @Start
    void start(Stage stage) {
        desktop = new DesktopFixture(stage, this::connect, w -> DesktopApp.screens(w, HomeTest::unpack));
        desktop.window.show(Screen.HOME, null);
    }

    private EngineClient connect(Path folder) throws CannotOpen {
        if (refusal != null) {
            throw refusal;
        }
        return client;
    }

    private static void unpack(String template, Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("nexus.yaml"), "project: {name: " + template + "}\n");
    }

    @AfterEach
    void close() {
        desktop.close();
    }

    @Test
    void the_demo_has_the_focus_and_one_key_brings_a_running_team_and_a_saga_that_rolls_back(FxRobot robot)
            throws Exception {
        client.answerWith(command -> {
            if (command instanceof Command.Up) {
                client.set(SampleViews.running("/demo"));
            }
            return command instanceof Command.RunSaga
                    ? new CommandResult.RunStarted("r-1")
                    : new CommandResult.Done("up");
        });
        assertEquals(
                "run-demo", onFx(() -> desktop.window.scene().getFocusOwner().getId()));
        robot.press(KeyCode.ENTER).release(KeyCode.ENTER);

        assertInstanceOf(Command.Up.class, client.nextCommand());
        Command.RunSaga saga = assertInstanceOf(Command.RunSaga.class, client.nextCommand());
        assertEquals("publish-article", saga.saga());
        assertTrue(saga.inputJson().contains("\"failAt\":\"publish\""));
        await("the team is up", () -> label("#status-agents").equals("2 of 4 up"));
        assertEquals(Screen.SUPERVISORS, onFx(() -> desktop.window.front().id()));
        assertTrue(onFx(() -> desktop.window.scene().lookup("#status-scripted").isVisible()));
        assertTrue(Files.exists(desktop.home.resolve("data/demo/research-team/nexus.yaml")));
        await("remembered", () -> !desktop.settings.get().recents().isEmpty());
    }

    @Test
    void a_folder_without_a_project_is_refused_with_what_to_do() {
        refusal = new CannotOpen("Not a Nexus OS project", "It has no nexus.yaml.", "Open another folder.", List.of());
        fx(() -> ((Button) desktop.window.scene().lookup("#open-folder")).fire());
        await("said", () -> desktop.window.scene().lookup("#problem").isVisible());
        assertTrue(onFx(() -> desktop.window.scene().lookup("#problem").getAccessibleText())
                .contains("Open another"));

        refusal = null;
        fx(() -> ((Button) desktop.window.scene().lookup("#problem-again")).fire());
        await("open", () -> desktop.workspace.view().get() != null);
        assertTrue(onFx(() -> !desktop.window.scene().lookup("#problem").isVisible()));
    }

    @Test
    void a_second_project_lets_the_first_one_go() {
        fx(() -> desktop.workspace.open(desktop.home));
        await("open", () -> desktop.workspace.client().get() != null);
        fx(() -> desktop.workspace.open(desktop.home.resolve("other")));
        await("closed", client::isClosed);
    }

    @Test
    void a_run_that_fails_while_one_looks_on_is_told() {
        fx(() -> desktop.workspace.open(desktop.home));
        await("open", () -> desktop.workspace.view().get() != null);
        client.set(SampleViews.running("/demo"));
        await(
                "told",
                () -> desktop.workspace.notifications().history().stream()
                        .anyMatch(n -> n.kind() == Notification.Kind.FAILED
                                && n.title().equals("publish-article failed")));
    }

    @Test
    void a_recent_project_says_what_its_last_run_came_to_and_what_it_cost() {
        client.set(SampleViews.running("/demo"));
        fx(() -> desktop.workspace.open(desktop.home.resolve("team")));
        await("open", () -> desktop.workspace.view().get() != null);
        fx(desktop.workspace::closeProject);
        await("said", () -> texts("#recents").containsAll(List.of("team", "publish-article", "Failed")));
        assertTrue(
                onFx(() -> texts("#recents").stream().anyMatch(t -> t.matches("·  \\$[0-9.]+ (scripted|spent)"))),
                () -> texts("#recents").toString());
        fx(() -> desktop.window
                .scene()
                .lookup("#recents")
                .lookup(".button-icon")
                .fireEvent(new javafx.event.ActionEvent()));
        await("forgotten", () -> texts("#recents").equals(List.of("Projects you open appear here.")));
    }

    @Test
    void a_sample_is_copied_once_and_opened() {
        await("samples", () -> desktop.window.scene().lookup("#sample-order-desk") != null);
        for (String card : List.of("#open-folder", "#new-project", "#import-project", "#sample-order-desk")) {
            await(card + " is as high as its words", () -> {
                double height =
                        desktop.window.scene().lookup(card).getLayoutBounds().getHeight();
                return height > 60 && height < 120;
            });
        }
        fx(() -> ((Button) desktop.window.scene().lookup("#sample-order-desk")).fire());
        await("open", () -> desktop.workspace.view().get() != null);
        assertTrue(Files.exists(desktop.home.resolve("data/samples/order-desk/nexus.yaml")));
        await("shown", () -> desktop.window.front().id().equals(Screen.SUPERVISORS));
    }

    @Test
    void what_was_dropped_is_opened_or_imported_once_the_person_has_seen_what_does_not_come_over() throws Exception {
        Path crew = Files.createDirectories(desktop.home.resolve("crew"));
        Files.writeString(crew.resolve("agents.yaml"), "writer: {role: Writer, max_rpm: 3}\n");
        Files.writeString(crew.resolve("tasks.yaml"), "write: {description: Write, agent: writer}\n");
        System.setProperty("user.home", desktop.home.toString());
        try {
            desktop.chosen = crew;
            fx(() -> ((Button) desktop.window.scene().lookup("#import-project")).fire());
            await("the report", () -> dialog() != null);
            assertTrue(onFx(() -> texts(dialog().lookup("#import-report")).contains("agent writer: max_rpm")));
            assertTrue(onFx(() -> !Files.exists(desktop.home.resolve("my-crew"))));
            fx(() -> ((javafx.scene.control.TextField) dialog().lookup("#new-name")).setText("a b"));
            assertTrue(onFx(() -> dialog().lookup(".button:default").isDisabled()), "no name of a project");
            fx(() -> ((javafx.scene.control.TextField) dialog().lookup("#new-name")).setText("my-crew"));
            await(
                    "the folder was looked at",
                    () -> !dialog().lookup(".button:default").isDisabled());
            fx(() -> ((Button) dialog().lookup(".button:default")).fire());
            await("open", () -> desktop.workspace.view().get() != null);
            assertTrue(
                    Files.readString(desktop.home.resolve("my-crew/nexus.yaml")).contains("workflow:"));
            assertEquals(Screen.EDITOR, onFx(() -> desktop.window.front().id()));
        } finally {
            System.setProperty("user.home", home);
        }
        fx(() -> desktop.window.show(Screen.HOME, null));
        drop(desktop.home.resolve("my-crew/nexus.yaml"));
        await("opened, and seen", () -> desktop.window.front().id().equals(Screen.SUPERVISORS));
        fx(() -> desktop.window.show(Screen.HOME, null));
        drop(desktop.home.resolve("config"));
        await(
                "refused",
                () -> desktop.workspace.notifications().history().stream()
                        .anyMatch(n -> n.title().equals("That can not be opened")));
    }

    @Test
    void each_format_that_is_dropped_says_what_it_is_and_what_does_not_come_over_and_a_folder_is_opened()
            throws Exception {
        Path servers = Files.writeString(
                desktop.home.resolve("mcp.json"),
                "{\"mcpServers\": {\"files\": {\"command\": \"npx\"}, \"hub\": {\"url\": \"https://a.example/mcp\"}}}");
        drop(servers);
        assertEquals("Import from MCP servers", report());
        assertTrue(onFx(() -> texts(dialog().lookup("#import-report")).contains("server files")));
        leave();

        Path old = Files.createDirectories(desktop.home.resolve("old"));
        drop(Files.writeString(
                old.resolve("nexus.config.yaml"),
                "name: old\nagents:\n  writer:\n    entrypoint: ./writer.py\n    someday: true\n"));
        assertTrue(report().contains("nexus.config.yaml"), report());
        assertTrue(onFx(() -> texts(dialog().lookup("#import-report")).stream().anyMatch(t -> t.contains("writer"))));
        leave();
        assertTrue(onFx(() -> desktop.workspace.folder().get() == null), "to look at a report changes nothing");

        Path team = Files.createDirectories(desktop.home.resolve("team"));
        Files.writeString(team.resolve("nexus.yaml"), "project: {name: team}\n");
        drop(team);
        await(
                "open",
                () -> team.equals(desktop.workspace.folder().get())
                        && desktop.workspace.view().get() != null);
    }

    @Test
    void a_project_is_made_from_a_template_and_opened_again_from_the_recent_ones(FxRobot robot) throws Exception {
        System.setProperty("user.home", desktop.home.toString());
        try {
            DesktopFixture.click(robot, "#new-project");
            await("the dialog", () -> dialog() != null && dialog().lookup("#new-name") != null);
            fx(() -> dialog().lookupAll(".radio-button").stream()
                    .map(javafx.scene.control.RadioButton.class::cast)
                    .filter(choice -> choice.getText().equals("Order desk"))
                    .forEach(javafx.scene.control.RadioButton::fire));
            fx(() -> ((javafx.scene.control.TextField) dialog().lookup("#new-name")).setText("shop"));
            await(
                    "the folder was looked at",
                    () -> !dialog().lookup(".button:default").isDisabled());
            fx(() -> ((Button) dialog().lookup(".button:default")).fire());
            await("open", () -> desktop.workspace.view().get() != null);
        } finally {
            System.setProperty("user.home", home);
        }
        Path shop = desktop.home.resolve("shop");
        assertEquals("project: {name: order-desk}\n", Files.readString(shop.resolve("nexus.yaml")));
        await("in the editor", () -> desktop.window.front().id().equals(Screen.EDITOR));
        fx(desktop.workspace::closeProject);
        await("closed", () -> desktop.workspace.client().get() == null);
        fx(() -> desktop.window.show(Screen.HOME, null));
        await("remembered", () -> desktop.window.scene().lookup(".recent") != null);
        DesktopFixture.click(robot, ".recent");
        await(
                "open again",
                () -> shop.equals(desktop.workspace.folder().get())
                        && desktop.workspace.view().get() != null);
    }

    /// The header of the report on an import.
    private static String report() {
        await("the report", () -> dialog() != null && dialog().lookup("#import-report") != null);
        return onFx(() -> ((javafx.scene.control.DialogPane) dialog()).getHeaderText());
    }

    private static void leave() {
        fx(() -> dialog().getScene().getWindow().hide());
        await("left", () -> dialog() == null);
    }

    /// As a file manager does it with a file or folder.
    private void drop(Path file) {
        onFx(() -> {
            javafx.scene.Node screen = desktop.window.scene().lookup(".stage .scroll-pane");
            var make = javafx.scene.input.Dragboard.class.getDeclaredConstructor(com.sun.javafx.tk.TKClipboard.class);
            make.setAccessible(true);
            Object content = List.of(file.toFile());
            // All that a file manager says of what it drags.
            var dragged = java.lang.reflect.Proxy.newProxyInstance(
                    HomeTest.class.getClassLoader(),
                    new Class<?>[] {com.sun.javafx.tk.TKClipboard.class},
                    (_, method, _) -> switch (method.getName()) {
                        case "getTransferModes" -> java.util.EnumSet.of(javafx.scene.input.TransferMode.COPY);
                        case "getContent" -> content;
                        case "hasContent" -> true;
                        default -> throw new UnsupportedOperationException(method.getName());
                    });
            var board = (javafx.scene.input.Dragboard) make.newInstance(dragged);
            DragEvent over = drag(screen, DragEvent.DRAG_OVER, board);
            javafx.event.Event.fireEvent(screen, over);
            assertTrue(over.isAccepted(), "it may be dropped here");
            DragEvent dropped = drag(screen, DragEvent.DRAG_DROPPED, board);
            javafx.event.Event.fireEvent(screen, dropped);
            return true;
        });
    }

    private static DragEvent drag(
            javafx.scene.Node on, javafx.event.EventType<DragEvent> type, javafx.scene.input.Dragboard board) {
        return new DragEvent(on, on, type, board, 10, 10, 10, 10, javafx.scene.input.TransferMode.COPY, null, on, null);
    }

    private static javafx.scene.Parent dialog() {
        return javafx.stage.Window.getWindows().stream()
                .map(w -> w.getScene().getRoot())
                .filter(r -> r instanceof javafx.scene.control.DialogPane)
                .findFirst()
                .orElse(null);
    }

    private List<String> texts(String id) {
        return texts(desktop.window.scene().lookup(id));
    }

    private static List<String> texts(javafx.scene.Node under) {
        return under.lookupAll(".label").stream()
                .map(n -> ((Label) n).getText())
                .toList();
    }

    private String label(String id) {
        return ((Label) desktop.window.scene().lookup(id)).getText();
    }
}
