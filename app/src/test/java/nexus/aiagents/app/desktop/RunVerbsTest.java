package nexus.aiagents.app.desktop;

import static nexus.aiagents.app.desktop.DesktopFixture.await;
import static nexus.aiagents.app.desktop.DesktopFixture.fx;
import static nexus.aiagents.app.desktop.DesktopFixture.onFx;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ListCell;
import javafx.scene.control.ListView;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.stage.Stage;
import javafx.stage.Window;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

/// What can be seen of a workflow's run and done to it.
@ExtendWith(ApplicationExtension.class)
class RunVerbsTest {
    private final FakeEngineClient client = new FakeEngineClient(WorkflowViews.project(Instant.now()));
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

    private ListView<?> steps(String run) {
        await("open", () -> desktop.workspace.view().get() != null);
        fx(() -> desktop.window.show(Screen.RUNS, run));
        await("its steps", () -> !spoken().isEmpty());
        return (ListView<?>) onFx(() -> desktop.window.scene().lookup("#saga-steps"));
    }

    private Set<String> spoken() {
        Node list = desktop.window.scene().lookup("#saga-steps");
        return list == null
                ? Set.of()
                : list.lookupAll(".step-cell").stream()
                        .filter(n -> n instanceof ListCell<?> c && !c.isEmpty())
                        .map(Node::getAccessibleText)
                        .filter(Objects::nonNull)
                        .collect(Collectors.toSet());
    }

    private void select(ListView<?> steps, int row) {
        fx(() -> steps.getSelectionModel().select(row));
    }

    private Action action(String id) {
        return desktop.window.front().actions().stream()
                .filter(a -> a.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_workflow_shows_its_graph_what_was_skipped_and_why_and_what_waits(FxRobot robot) throws Exception {
        steps(WorkflowViews.RUN);
        Set<String> spoken = onFx(this::spoken);
        assertTrue(
                spoken.contains("Step 4 of 5, events, agent researcher · after collect, Skipped, Skipped: its condition"
                        + " was not met"),
                spoken::toString);
        assertTrue(
                spoken.stream().anyMatch(s -> s.startsWith("Step 2 of 5") && s.contains("499 of 500 items, 1 failed")),
                spoken::toString);
        DesktopFixture.click(robot, "#runs-approve");
        TextField why = (TextField) inAnyWindow("#step-comment");
        fx(() -> why.setText("read it twice"));
        fx(() -> ((Button) found("#step-comment-go")).fire());
        assertEquals(new Command.ApproveStep(WorkflowViews.RUN, "publish", "read it twice"), client.nextCommand());
        DesktopFixture.click(robot, "#runs-reject");
        inAnyWindow("#step-comment");
        fx(() -> ((Button) found("#step-comment-go")).fire());
        assertEquals(new Command.RejectStep(WorkflowViews.RUN, "publish", null), client.nextCommand());
    }

    @Test
    void items_are_lines_only_once_their_step_is_opened_and_only_those_in_sight_are_drawn() {
        ListView<?> steps = steps(WorkflowViews.RUN);
        assertEquals(5, onFx(() -> steps.getItems().size()));
        select(steps, 1);
        press(steps, KeyCode.RIGHT);
        await("opened", () -> steps.getItems().size() == 505);
        await("an item", () -> spoken().contains("Item summarize[0], Done"));
        assertTrue(onFx(() -> steps.lookupAll(".step-cell").size()) < 40);
        press(steps, KeyCode.LEFT);
        await("closed", () -> steps.getItems().size() == 5);
    }

    @Test
    void the_step_that_tells_most_is_in_sight_also_in_a_low_window() {
        fx(() -> {
            desktop.window.scene().getWindow().setWidth(880);
            desktop.window.scene().getWindow().setHeight(540);
        });
        ListView<?> steps = steps(WorkflowViews.RUN);
        await(
                "the step that waits is the chosen one",
                () -> steps.getSelectionModel().getSelectedIndex() == 4);
        await(
                "it is in sight, whole",
                () -> steps.lookupAll(".step-cell").stream()
                        .filter(n -> n instanceof ListCell<?> c && c.getIndex() == 4 && c.isVisible())
                        .map(n -> steps.sceneToLocal(n.localToScene(n.getLayoutBounds())))
                        .anyMatch(b -> b.getMinY() > -1 && b.getMaxY() < steps.getHeight() + 1));
    }

    @Test
    void the_run_of_a_step_and_the_run_it_is_part_of_are_one_click_apart(FxRobot robot) {
        ListView<?> steps = steps(WorkflowViews.RUN);
        select(steps, 2);
        DesktopFixture.click(robot, "#runs-nested");
        await("the nested run", () -> spoken().stream().anyMatch(s -> s.startsWith("Step 1 of 1, draft")));
        DesktopFixture.click(robot, "#runs-parent");
        await("back", () -> spoken().stream().anyMatch(s -> s.startsWith("Step 1 of 5, collect")));
    }

    @Test
    void a_step_is_retried_and_forked_with_another_input_that_has_to_be_json(FxRobot robot) throws Exception {
        client.answerWith(c ->
                c instanceof Command.ForkRun ? new CommandResult.RunStarted("r-20") : new CommandResult.Done("done"));
        ListView<?> steps = steps(WorkflowViews.RUN);
        select(steps, 2);
        DesktopFixture.click(robot, "#runs-retryWith");
        TextArea input = (TextArea) inAnyWindow("#step-input");
        assertTrue(onFx(input::getText).contains("otters"));
        fx(() -> input.setText("{\"topic\":"));
        assertTrue(onFx(() -> Window.getWindows().stream()
                .map(w -> w.getScene().lookup("#step-input-go"))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow()
                .isDisabled()));
        fx(() -> input.setText("{\"topic\":\"seals\"}"));
        DesktopFixture.click(robot, "#step-input-go");
        assertEquals(
                new Command.RetryFrom(WorkflowViews.RUN, "headline", "{\"topic\":\"seals\"}"), client.nextCommand());

        DesktopFixture.click(robot, "#runs-forkWith");
        inAnyWindow("#step-input");
        DesktopFixture.click(robot, "#step-input-go");
        Command.ForkRun fork = (Command.ForkRun) client.nextCommand();
        assertEquals("headline", fork.step());
        await("the new run", () -> spoken().stream().anyMatch(s -> s.startsWith("Step 4 of 4, publish")));
    }

    @Test
    void a_workflow_is_started_from_its_dialog(FxRobot robot) throws Exception {
        steps(WorkflowViews.RUN);
        assertEquals("", onFx(() -> action("runs.workflow").whyDisabled().get()));
        DesktopFixture.click(robot, "#runs-workflow");
        inAnyWindow("#run-target");
        DesktopFixture.click(robot, "#run-go");
        Command.RunWorkflow run = (Command.RunWorkflow) client.nextCommand();
        assertEquals("newsletter", run.workflow());
    }

    @Test
    void a_run_that_waits_for_approval_is_among_those_that_need_you() {
        await("open", () -> desktop.workspace.view().get() != null);
        client.set(new LivelyViews(Instant.now()).project());
        await(
                "gone",
                () -> desktop.workspace.view().get().runs().stream().noneMatch(r -> r.id().equals(WorkflowViews.RUN)));
        client.set(WorkflowViews.project(Instant.now()));
        await(
                "told",
                () -> desktop.workspace.notifications().history().stream()
                        .anyMatch(n -> n.title().equals("newsletter waits for your approval")
                                && n.text().equals("Step publish begins when you approve it.")));
    }

    @Test
    void a_run_that_the_snapshot_does_not_hold_any_more_is_fetched_when_it_is_opened_or_looked_for(FxRobot robot) {
        client.alsoOnce(SampleViews.old("r-old"));
        client.alsoOnce(SampleViews.old("r-older"));
        steps("r-old");
        assertTrue(spoken().stream().anyMatch(s -> s.contains("publish-refused")), spoken().toString());
        ListView<?> list = (ListView<?>) onFx(() -> desktop.window.scene().lookup("#runs-list"));
        int shown = onFx(() -> list.getItems().size());
        TextField text = (TextField) onFx(() -> desktop.window.scene().lookup("#runs-text"));
        fx(() -> text.setText("site-down"));
        await("filtered", () -> list.getItems().size() == 1);
        press(text, KeyCode.ENTER);
        await("the other one", () -> list.getItems().size() == 2);
        fx(() -> text.setText(""));
        assertEquals(shown + 1, onFx(() -> list.getItems().size()));
    }

    private static Node inAnyWindow(String query) {
        await(query, () -> found(query) != null);
        return onFx(() -> found(query));
    }

    private static Node found(String query) {
        return Window.getWindows().stream()
                .map(w -> w.getScene().lookup(query))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /// Straight to the node: which window has the keyboard is up to the system.
    private static void press(Node node, KeyCode key) {
        fx(() -> {
            node.requestFocus();
            node.fireEvent(new KeyEvent(KeyEvent.KEY_PRESSED, "", "", key, false, false, false, false));
        });
    }
}
