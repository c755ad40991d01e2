package nexus.aiagents.app.desktop;

import static nexus.aiagents.app.desktop.DesktopFixture.await;
import static nexus.aiagents.app.desktop.DesktopFixture.fx;
import static nexus.aiagents.app.desktop.DesktopFixture.onFx;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javafx.application.ColorScheme;
import javafx.css.PseudoClass;
import javafx.event.Event;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.DialogPane;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TableView;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.stage.Stage;
import javafx.stage.Window;
import nexus.aiagents.app.desktop.fx.Fx;
import nexus.aiagents.app.desktop.shell.CannotOpen;
import nexus.aiagents.app.desktop.shell.EngineConnector;
import nexus.aiagents.app.desktop.shell.Notification;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.ProjectView.AskView;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.RunView.VoteView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

/// What one sees seldom - no project, a broken one, an empty one, questions, dialogs - reads as
/// well as the rest. One window for all of it.
@ExtendWith(ApplicationExtension.class)
class RareScenesTest {
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

    private final Instant now = Instant.now();
    private volatile FakeEngineClient client = new FakeEngineClient(empty());
    private volatile CannotOpen refusal;
    private DesktopFixture desktop;

    @Start
    void start(Stage stage) {
        desktop = new DesktopFixture(stage, this::connect, DesktopApp::screens);
        desktop.window.show(Screen.HOME, null);
    }

    private EngineClient connect(Path folder) throws CannotOpen {
        if (refusal != null) {
            throw refusal;
        }
        return client;
    }

    @AfterEach
    void close() {
        desktop.close();
    }

    private static ProjectView empty() {
        return new ProjectView(
                1,
                Instant.now(),
                "empty",
                "/empty",
                false,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                new ProjectView.LifecycleView(false, "ask", 10_000));
    }

    private ProjectView busy() {
        ProjectView v = WorkflowViews.project(now);
        List<RunView> runs = new ArrayList<>(v.runs());
        runs.addFirst(tied());
        return new ProjectView(
                v.seq() + 1,
                v.at(),
                v.project(),
                v.folder(),
                v.up(),
                v.agents(),
                v.supervisors(),
                runs,
                v.pools(),
                v.sagas(),
                v.budgets(),
                v.spend(),
                v.notices(),
                v.schedules(),
                v.lifecycle(),
                v.workflows(),
                List.of(
                        new AskView(
                                "a1",
                                now,
                                "researcher",
                                "r-1",
                                "http",
                                "api.example.org",
                                "POST",
                                "http POST https://api.example.org/v2/collections/otters/items"),
                        new AskView(
                                "a2",
                                now,
                                "delete-research-notes",
                                null,
                                "files",
                                "notes",
                                "rw",
                                "file write notes/otters.md")));
    }

    private RunView tied() {
        return new RunView(
                "r-tie",
                "pool",
                "research-pool",
                RunView.State.PARKED,
                now.minusSeconds(9),
                null,
                "{}",
                null,
                null,
                null,
                null,
                900,
                300,
                false,
                List.of(),
                List.of(
                        vote("researcher-1", 0, "They float on their backs and hold hands while they sleep", 1),
                        vote("researcher-2", 1, "They float on their backs and hold hands while they sleep", 1),
                        vote("researcher-3", 2, "They sink", 2)));
    }

    private static VoteView vote(String member, int index, String answer, int choice) {
        return new VoteView(member, index, "voted", "{\"answer\":\"" + answer + "\"}", null, choice);
    }

    private void everyScreen(String scene, String... less) {
        for (String screen : SCREENS) {
            if (!List.of(less).contains(screen)) {
                look(scene + "-" + screen, screen, null);
            }
        }
    }

    private void look(String name, String screen, String selection) {
        fx(() -> desktop.window.show(screen, selection));
        await(screen, () -> desktop.window.front().id().equals(screen));
        desktop.readsWellInAllSizes(name);
    }

    @Test
    void without_a_project_with_a_broken_one_and_with_an_empty_one_every_screen_reads_well() throws Exception {
        everyScreen("none");
        Path broken = Files.createDirectories(desktop.home.resolve("a-team-that-has-errors"));
        Files.writeString(
                broken.resolve("nexus.yaml"),
                "project: {name: team}\n---\nagent: {name: writer, sorce: agents/writer.js}\n---\n"
                        + "supervisor: {name: x, agents: [nobody]}\n");
        refusal = why(broken);
        open(broken);
        everyScreen("broken");
        refusal = why(desktop.home.resolve("gone"));
        open(broken);
        look("missing", Screen.HOME, null);
        refusal = new CannotOpen(
                "Another program has the project open",
                "Can't acquire environment lock after 0 ms. It is held by 4711@workstation, and the control"
                        + " file names no port.",
                "It does not answer. End it, then try again.",
                List.of());
        open(broken);
        look("locked", Screen.SUPERVISORS, null);
        refusal = null;
        open(Files.createDirectories(desktop.home.resolve("empty")));
        Files.writeString(desktop.home.resolve("empty/nexus.yaml"), "project: {name: empty}\n");
        await("open", () -> desktop.workspace.view().get() != null);
        everyScreen("empty");
    }

    private static CannotOpen why(Path folder) {
        try {
            new EngineConnector().connect(folder).close();
            throw new AssertionError("it opened");
        } catch (CannotOpen e) {
            return e;
        }
    }

    private void open(Path folder) {
        fx(() -> desktop.workspace.open(folder));
        await(
                "said",
                () -> refusal == null
                        || refusal.equals(desktop.workspace.problem().get()));
    }

    @Test
    void questions_of_agents_and_pools_read_well() throws Exception {
        client = new FakeEngineClient(busy());
        open(desktop.home);
        Files.writeString(desktop.home.resolve("nexus.yaml"), "project: {name: research-team}\n");
        await("open", () -> desktop.workspace.view().get() != null);
        look("asks", Screen.CAPABILITIES, "researcher");
        look("approval", Screen.RUNS, WorkflowViews.RUN);
        look("tie-run", Screen.RUNS, "r-tie");
        look("tie", Screen.POOLS, "r-tie");
    }

    @Test
    void settings_and_dialogs_read_well() throws Exception {
        Files.writeString(
                desktop.home.resolve("nexus.yaml"),
                "project: {name: demo}\n---\n"
                        + "model: {name: big, provider: openai, model: gpt-5, apiKeyEnv: BIG_COMPANY_API_KEY}\n");
        client = new FakeEngineClient(busy());
        open(desktop.home);
        await("open", () -> desktop.workspace.view().get() != null);
        fx(() -> desktop.window.show(Screen.SETTINGS, null));
        for (double at : new double[] {0, 0.25, 0.5, 0.75, 1}) {
            fx(() -> ((ScrollPane) desktop.window.scene().lookup(".stage .scroll-pane")).setVvalue(at));
            desktop.readsWellInAllSizes("settings-" + (int) (at * 100));
        }
        fx(() -> ((TableView<?>) desktop.window.scene().lookup("#keys-table"))
                .getSelectionModel()
                .select(3));
        Fx.later(() -> fire("#keys-change"));
        await("asks", () -> inDialog("#key-field") != null);
        PseudoClass dark = PseudoClass.getPseudoClass("dark");
        for (ColorScheme scheme : List.of(ColorScheme.DARK, ColorScheme.LIGHT)) {
            fx(() -> desktop.system.set(scheme));
            assertEquals(
                    scheme == ColorScheme.DARK,
                    onFx(() -> inDialog(".dialog-pane").getPseudoClassStates().contains(dark)));
        }
        fx(() -> Event.fireEvent(
                inDialog("#key-field"),
                new KeyEvent(KeyEvent.KEY_PRESSED, "", "", KeyCode.K, false, true, false, false)));
        dialog("key");
        await("missing", () -> desktop.window.scene().lookup("#secret-set-BIG_COMPANY_API_KEY") != null);
        Fx.later(() -> fire("#secret-set-BIG_COMPANY_API_KEY"));
        dialog("secret");
        Path crew = Files.createDirectories(desktop.home.resolve("crew"));
        Files.writeString(
                crew.resolve("agents.yaml"),
                "writer: {role: Writer, goal: Write, backstory: Old, max_rpm: 3, allow_delegation: true}\n"
                        + "editor_in_chief: {role: Editor, max_iter: 5, tools: [search], llm: gpt-5}\n");
        Files.writeString(
                crew.resolve("tasks.yaml"),
                "write: {description: Write, agent: writer}\n"
                        + "edit: {description: Edit, agent: editor_in_chief, context: [write], output_file: out.md}\n");
        desktop.chosen = crew;
        fx(() -> desktop.window.show(Screen.HOME, null));
        Fx.later(() -> fire("#import-project"));
        dialog("import");
        Fx.later(() -> fire("#new-project"));
        dialog("new");
    }

    @Test
    void what_one_was_told_is_read_whole_in_the_history() {
        String why = "The budget of agent/research-bot ($0.25 and 100000 tokens) does not allow this call: it may cost"
                + " $0.0032, and $0.0001 are left. Raise the limit, and the very call that waits goes on.";
        fx(() -> {
            desktop.workspace.notifications().post(Notification.Kind.FINISHED, "Journal exported", "audit.csv");
            desktop.workspace
                    .notifications()
                    .post(
                            Notification.Kind.NEEDS_YOU,
                            "research-bot, which has a long name that somebody gave to it, is paused",
                            why,
                            Screen.COST,
                            null);
        });
        fx(() -> fire("#notifications-open"));
        await("drawer", () -> desktop.window.scene().lookup("#notification-list .list-cell .notice") != null);
        desktop.readsWellInAllSizes("history");
        assertEquals(
                List.of(why),
                onFx(() -> desktop.window.scene().getRoot().lookupAll("#notification-list .label").stream()
                        .map(Label.class::cast)
                        .peek(label -> assertFalse(label.isTextTruncated(), label.getText()))
                        .map(Label::getText)
                        .filter(why::equals)
                        .toList()));
    }

    /// Looks at the dialog that opens, and leaves it.
    private void dialog(String name) {
        await(name, () -> inDialog(".dialog-pane") != null);
        desktop.readsWellInAllSizes(name);
        fx(() -> {
            DialogPane pane = (DialogPane) inDialog(".dialog-pane");
            pane.getScene().getWindow().hide();
        });
        await("left", () -> inDialog(".dialog-pane") == null);
    }

    private void fire(String button) {
        ((Button) desktop.window.scene().lookup(button)).fire();
    }

    private static Node inDialog(String selector) {
        return Window.getWindows().stream()
                .map(window ->
                        window.getScene() == null ? null : window.getScene().lookup(selector))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }
}
