package nexus.aiagents.app.desktop;

import static nexus.aiagents.app.desktop.DesktopFixture.await;
import static nexus.aiagents.app.desktop.DesktopFixture.fx;
import static nexus.aiagents.app.desktop.DesktopFixture.onFx;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javafx.scene.control.ComboBox;
import javafx.scene.control.SplitPane;
import javafx.scene.control.TabPane;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import nexus.aiagents.app.desktop.shell.Notification;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.shell.UserSettings;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.app.desktop.tree.TreeFlows;
import org.fxmisc.richtext.CodeArea;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

/// The window is closed and opened again, as often as a test wants, on the same folders.
@ExtendWith(ApplicationExtension.class)
class RestartTest {
    private final FakeEngineClient client = new FakeEngineClient(SampleViews.running("/demo"));
    private DesktopFixture desktop;
    private List<Screen> screens = List.of();

    private List<Screen> screens(Workspace workspace) {
        screens = DesktopApp.screens(workspace);
        return screens;
    }

    @Start
    void start(Stage stage) {
        desktop = new DesktopFixture(stage, _ -> client, this::screens);
        desktop.window.show(Screen.HOME, null);
    }

    @AfterEach
    void close() {
        desktop.close();
    }

    private void restart() {
        Path home = desktop.home;
        desktop.close();
        desktop = onFx(() -> {
            DesktopFixture next = new DesktopFixture(new Stage(), _ -> client, this::screens, 1280, 800, home);
            next.window.show(Screen.HOME, null);
            return next;
        });
    }

    private Path project(String name) throws IOException {
        Path folder = Files.createDirectories(desktop.home.resolve(name));
        Files.createDirectories(folder.resolve("agents"));
        Files.writeString(folder.resolve("nexus.yaml"), "project: {name: " + name + "}\n# one\n# two\n# three\n");
        Files.writeString(folder.resolve("agents/a.js"), "// a\nconst b = 1;\n");
        Files.writeString(folder.resolve("notes.md"), "# notes\n");
        return folder;
    }

    private void enter(Path folder) {
        fx(() -> desktop.workspace.enter(folder));
        await("open", () -> desktop.workspace.view().get() != null);
    }

    @SuppressWarnings("unchecked")
    private <T> T find(String selector) {
        desktop.window.scene().getRoot().applyCss();
        desktop.window.scene().getRoot().layout();
        return (T) desktop.window.scene().lookup(selector);
    }

    private void awaitFiles(String... tabs) {
        await(
                "open files " + List.of(tabs),
                Duration.ofSeconds(15),
                () -> this.<TabPane>find("#editor-tabs").getTabs().stream()
                        .map(t -> t.getId())
                        .toList()
                        .equals(List.of(tabs)));
    }

    @Test
    void splits_tabs_carets_filters_what_is_folded_and_selected_and_the_screen_survive_a_restart(FxRobot robot)
            throws Exception {
        Path folder = project("team");
        enter(folder);
        fx(() -> desktop.window.show(Screen.EDITOR, null));
        awaitFiles("tab-nexus.yaml");
        fx(() -> desktop.window.show(Screen.EDITOR, "agents/a.js"));
        awaitFiles("tab-nexus.yaml", "tab-agents/a.js");
        fx(() -> desktop.window.show(Screen.EDITOR, "nexus.yaml:2:3"));
        fx(() -> {
            SplitPane across = find(".editor");
            across.setDividerPositions(0.4);
        });
        fx(() -> {
            desktop.window.show(Screen.RUNS, null);
            ComboBox<Object> filter = find("#runs-filter");
            filter.setValue(filter.getItems().get(4));
            this.<TextField>find("#runs-text").setText("fact");
        });
        fx(() -> desktop.window.show(Screen.SUPERVISORS, "research-team"));
        assertTrue(onFx(() -> TreeFlows.place(find("#tree-picture"), "a:writer") != null));
        fx(() -> this.<javafx.scene.Node>find("#tree-picture").requestFocus());
        robot.push(KeyCode.SPACE);
        assertNull(onFx(() -> TreeFlows.place(find("#tree-picture"), "a:writer")), "folded");
        fx(() -> desktop.window.show(Screen.AGENT, "writer"));
        fx(() -> {
            DesktopApp.place(desktop.stage, new UserSettings.Window(40, 30, 1000, 700, false));
            DesktopApp.keepPlace(desktop.stage, desktop.settings);
        });

        restart();
        fx(() -> DesktopApp.place(desktop.stage, desktop.settings.get().window()));
        assertEquals(
                List.of(40.0, 30.0, 1000.0, 700.0),
                onFx(() -> Stream.of(desktop.stage)
                        .flatMap(s -> Stream.of(s.getX(), s.getY(), s.getWidth(), s.getHeight()))
                        .toList()));
        fx(() -> desktop.stage.setWidth(1280));
        assertNull(onFx(() -> desktop.workspace.folder().get()));
        fx(() -> desktop.workspace.enterLast());
        await("open again", () -> desktop.workspace.view().get() != null);
        await("the screen that was in front", () -> desktop.window.front().id().equals(Screen.AGENT));
        assertEquals("writer", onFx(() -> desktop.window.front().selection()));
        fx(() -> desktop.window.show(Screen.EDITOR, null));
        awaitFiles("tab-nexus.yaml", "tab-agents/a.js");
        await(
                "the one in front",
                () -> "tab-nexus.yaml"
                        .equals(this.<TabPane>find("#editor-tabs")
                                .getSelectionModel()
                                .getSelectedItem()
                                .getId()));
        CodeArea area = onFx(() -> (CodeArea) this.<TabPane>find("#editor-tabs")
                .getSelectionModel()
                .getSelectedItem()
                .getContent()
                .lookup(".code-area"));
        assertEquals(2, onFx(area::getCurrentParagraph));
        assertEquals(3, onFx(area::getCaretColumn));
        assertEquals(0.4, onFx(() -> this.<SplitPane>find(".editor").getDividerPositions()[0]), 0.01);
        fx(() -> desktop.window.show(Screen.RUNS, null));
        assertEquals(
                "DONE",
                onFx(() -> this.<ComboBox<?>>find("#runs-filter").getValue().toString()));
        assertEquals("fact", onFx(() -> this.<TextField>find("#runs-text").getText()));
        fx(() -> desktop.window.show(Screen.SUPERVISORS, null));
        assertEquals("research-team", onFx(() -> desktop.window.front().selection()));
        assertNull(onFx(() -> TreeFlows.place(find("#tree-picture"), "a:writer")), "still folded");
    }

    @Test
    void what_was_typed_and_not_saved_is_offered_after_the_process_was_killed() throws Exception {
        Path folder = project("team");
        Files.writeString(folder.resolve("agents/writer.js"), KilledWindow.SOURCE);
        KilledWindow.typeAndKill(desktop.home, folder);
        enter(folder);
        await(
                "both are back",
                () -> desktop.workspace.notifications().history().stream()
                                .filter(n -> n.title().equals("Unsaved changes were brought back"))
                                .count()
                        == 2);
        await(
                "editor and agent say so",
                () -> List.of("agents/a.js", "agents/writer.js").equals(unsaved()));
        Notification ofSource = onFx(() -> desktop.workspace.notifications().history().stream()
                .filter(n -> Screen.AGENT.equals(n.screen()))
                .findFirst()
                .orElseThrow());
        fx(() -> desktop.window.show(Screen.AGENT, ofSource.selection()));
        await(
                "the agent that it is about",
                () -> "writer".equals(desktop.window.front().selection()));
        await(
                "its source",
                () -> find("#agent-source") instanceof CodeArea area
                        && area.getText().equals(KilledWindow.SOURCE + KilledWindow.TYPED));
        assertEquals(
                KilledWindow.SOURCE, Files.readString(folder.resolve("agents/writer.js")), "the disk is as it was");
        fx(() -> ((CodeArea) find("#agent-source")).undo());
        assertEquals(List.of("agents/a.js"), onFx(this::unsaved), "undo takes it away again");
    }

    private List<String> unsaved() {
        return screens.stream()
                .map(Screen::unsaved)
                .filter(Objects::nonNull)
                .map(text -> text.replace("Not saved: ", "").replaceFirst("\\.$", ""))
                .sorted()
                .toList();
    }

    @Test
    void each_project_has_its_own_looks_and_a_new_one_the_ordinary_ones() throws Exception {
        Path one = project("one");
        Path two = project("two");
        enter(one);
        fx(() -> {
            desktop.window.show(Screen.RUNS, null);
            this.<TextField>find("#runs-text").setText("only in one");
        });
        enter(two);
        fx(() -> desktop.window.show(Screen.RUNS, null));
        await(
                "nothing typed",
                () -> this.<TextField>find("#runs-text").getText().isEmpty());
        enter(one);
        await("as it was", () -> this.<TextField>find("#runs-text").getText().equals("only in one"));
    }

    @Test
    void files_that_are_damaged_or_speak_of_what_is_no_more_do_no_harm() throws Exception {
        Path folder = project("team");
        enter(folder);
        fx(() -> {
            desktop.window.show(Screen.RUNS, null);
            this.<TextField>find("#runs-text").setText("x");
        });
        fx(() -> desktop.window.show(Screen.EDITOR, null));
        awaitFiles("tab-nexus.yaml");
        fx(() -> desktop.window.show(Screen.EDITOR, "notes.md"));
        awaitFiles("tab-nexus.yaml", "tab-notes.md");
        Files.delete(folder.resolve("notes.md"));
        Path kept;
        restart();
        try (var files = Files.list(desktop.home.resolve("config/projects"))) {
            kept = files.findFirst().orElseThrow();
        }
        Files.writeString(kept, """
                {"screen": ["holodeck"], "runs.filter": ["NO_SUCH"], "runs.text": 7, "editor.files": ["NaN"],
                 "editor.open": ["front 1 1 notes.md", "nonsense", "behind 0 0 ../../etc/passwd"],
                 "selected.agent": ["nobody"], "unknown": ["x"]}
                """);
        fx(() -> desktop.workspace.enterLast());
        await("open", () -> desktop.workspace.view().get() != null);
        fx(() -> desktop.window.show(Screen.AGENT, null));
        fx(() -> desktop.window.show(Screen.RUNS, null));
        assertEquals(
                "ALL",
                onFx(() -> this.<ComboBox<?>>find("#runs-filter").getValue().toString()));
        fx(() -> desktop.window.show(Screen.EDITOR, null));
        assertTrue(onFx(() -> desktop.workspace.notifications().history().isEmpty()));

        restart();
        Files.writeString(kept, "{\"runs.text\": [\"x\"");
        Files.writeString(desktop.home.resolve("config/settings.json"), "\u0000\u0000");
        restart();
        assertNull(onFx(() -> desktop.settings.get().open()), "a damaged file gives the defaults");
        enter(folder);
        fx(() -> desktop.window.show(Screen.RUNS, null));
        assertEquals("", onFx(() -> this.<TextField>find("#runs-text").getText()));
    }

    @Test
    void a_project_that_is_not_where_it_was_is_said_and_not_looked_for_again() throws Exception {
        Path folder = project("team");
        enter(folder);
        restart();
        Files.move(folder, desktop.home.resolve("moved"));
        fx(() -> desktop.workspace.enterLast());
        await("said", () -> !desktop.workspace.notifications().history().isEmpty());
        assertTrue(onFx(() ->
                        desktop.workspace.notifications().history().getFirst().title())
                .contains("team is not where it was"));
        assertNull(onFx(() -> desktop.settings.get().open()));
    }
}
