package nexus.aiagents.app.desktop;

import static nexus.aiagents.app.desktop.DesktopFixture.await;
import static nexus.aiagents.app.desktop.DesktopFixture.fx;
import static nexus.aiagents.app.desktop.DesktopFixture.onFx;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javafx.scene.control.Label;
import javafx.scene.control.TableView;
import javafx.scene.control.TextArea;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.engine.Engine;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult.RunStarted;
import nexus.aiagents.engine.replay.Recording;
import nexus.aiagents.engine.replay.RecordingFile;
import nexus.aiagents.engine.replay.ReplayedCall;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

/// A run that failed, replayed in the window.
@ExtendWith(ApplicationExtension.class)
class ReplayPaneTest {
    @TempDir
    static Path folder;

    private static List<Recording> recordings;
    private static RecordingFile file;

    private final FakeEngineClient client = new FakeEngineClient(WorkflowViews.project(Instant.now()));
    private DesktopFixture desktop;

    @BeforeAll
    static void record() throws Exception {
        Files.writeString(folder.resolve("buyer.js"), """
                export default async (input, nexus) => {
                  const price = (await nexus.kv.get("price")) ?? 12;
                  nexus.log("the price is", price);
                  if (price > 10) throw Object.assign(new Error("too dear: " + price), { code: "too-dear" });
                  return { paid: price };
                }
                """);
        Files.writeString(
                folder.resolve("nexus.yaml"),
                "project: {name: shop}\n---\nagent: {name: buyer, source: buyer.js, grants: {kv: true}}\n");
        try (Engine engine = Engine.open(folder, Engine.Options.RUN)) {
            String run = ((RunStarted) engine.submit(new Command.RunAgent("buyer", "{}"), "test")
                            .toCompletableFuture()
                            .get(60, TimeUnit.SECONDS))
                    .runId();
            while (engine.recordings(Recording.Query.ofRun(run)).isEmpty()) {
                LockSupport.parkNanos(1_000_000);
            }
            recordings = engine.recordings(Recording.Query.ofRun(run));
            file = engine.recording(recordings.getFirst().id());
            assertEquals(RecordingFile.Check.INTACT, file.check(), file.remark());
        }
    }

    @Start
    void start(Stage stage) {
        desktop = new DesktopFixture(stage, _ -> client, DesktopApp::screens);
        desktop.workspace.open(desktop.home);
    }

    @AfterEach
    void close() {
        desktop.close();
    }

    private void showRun() {
        await("open", () -> desktop.workspace.view().get() != null);
        fx(() -> desktop.window.show(Screen.RUNS, WorkflowViews.RUN));
    }

    private Action action(String id) {
        return desktop.window.front().actions().stream()
                .filter(a -> a.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private String verdict() {
        return desktop.window.scene().lookup("#replay-verdict") instanceof Label label ? label.getText() : "";
    }

    private TextArea told() {
        return (TextArea) desktop.window.scene().lookup("#runs-replay-told");
    }

    @SuppressWarnings("unchecked")
    private TableView<ReplayedCall> calls() {
        return (TableView<ReplayedCall>) desktop.window.scene().lookup("#replay-calls");
    }

    @Test
    void where_nothing_is_recorded_the_action_says_why(FxRobot robot) {
        showRun();
        assertFalse(onFx(() -> action("runs.replay").isEnabled()));
        assertTrue(onFx(() -> action("runs.replay").hint()).contains("record: always"));
    }

    @Test
    void a_failed_run_is_replayed_call_by_call_and_again_with_another_answer(FxRobot robot) {
        client.recorded(recordings, file);
        showRun();
        await("the record", () -> action("runs.replay").isEnabled());
        DesktopFixture.click(robot, "#runs-replay");
        await("the same", () -> verdict().startsWith("✔ The same: 2 calls"));
        assertTrue(onFx(this::verdict).contains("too dear: 12"), onFx(this::verdict));
        assertEquals(
                List.of("kv-get", "log"),
                onFx(() -> calls().getItems().stream().map(ReplayedCall::call).toList()));
        fx(() -> calls().getSelectionModel().select(0));
        assertFalse(onFx(() -> action("runs.replayChange").isEnabled()), "nothing was changed yet");
        assertTrue(onFx(() -> action("runs.replayNext").isEnabled()));
        fx(() -> told().setText("{\"no\": 3}"));
        assertTrue(onFx(() -> action("runs.replayChange").hint()).startsWith("An answer is"));
        fx(() -> told().setText("{\"ok\": 3}"));
        fx(() -> told().requestFocus());
        robot.press(KeyCode.CONTROL, KeyCode.ENTER).release(KeyCode.ENTER, KeyCode.CONTROL);
        await("the fork", () -> verdict().startsWith("↳ Forked at call 1"));
        assertTrue(onFx(this::verdict).contains("{\"paid\":3}"), onFx(this::verdict));
        assertEquals(
                ReplayedCall.Source.CHANGED,
                onFx(() -> calls().getItems().getFirst().source()));
        fx(action("runs.replayNext")::fire);
        assertEquals(1, onFx(() -> calls().getSelectionModel().getSelectedIndex()));
        assertEquals(
                "This is the last call.", onFx(() -> action("runs.replayNext").hint()));
        fx(action("runs.replayBack")::fire);
        await("back", () -> verdict().startsWith("✔ The same"));
    }
}
