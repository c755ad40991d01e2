package nexus.aiagents.app.desktop;

import static nexus.aiagents.app.desktop.DesktopFixture.await;
import static nexus.aiagents.app.desktop.DesktopFixture.fx;
import static nexus.aiagents.app.desktop.DesktopFixture.onFx;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.Slider;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.TreeView;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.stage.Stage;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.tree.TreePicture;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.view.AgentView.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

@ExtendWith(ApplicationExtension.class)
class PicturesTest {
    private final LivelyViews views = new LivelyViews(Instant.now());
    private final FakeEngineClient client = new FakeEngineClient(views.project());
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

    private void show(String screen, String selection) {
        await("open", () -> desktop.workspace.view().get() != null);
        fx(() -> desktop.window.show(screen, selection));
    }

    private <T extends Node> T node(String query) {
        await(query, () -> desktop.window.scene().lookup(query) != null);
        @SuppressWarnings("unchecked")
        T found = (T) onFx(() -> desktop.window.scene().lookup(query));
        return found;
    }

    @Test
    void an_agent_crashed_from_the_tree_comes_back_and_pulses(FxRobot robot) throws Exception {
        client.answerWith(command -> {
            client.change(v -> LivelyViews.withRestart(v, "researcher"));
            return new CommandResult.Done("crashed");
        });
        show(Screen.SUPERVISORS, "researcher");
        node("#tree-crash");
        DesktopFixture.click(robot, "#tree-crash");
        assertEquals(new Command.CrashAgent("researcher"), client.nextCommand());
        TreePicture picture = node("#tree-picture");
        await("the pulse", () -> picture.pulsesShown() == 1);
        await("the restart in words", () -> picture.getAccessibleText().contains("researcher, Running · 1 restart"));
    }

    @Test
    void trouble_is_made_from_the_chaos_menu_which_says_what_can_not_be_done(FxRobot robot) throws Exception {
        show(Screen.SUPERVISORS, "researcher");
        MenuButton chaos = node("#tree-chaos");
        DesktopFixture.click(robot, "#tree-chaos");
        await("the menu", chaos::isShowing);
        assertEquals(
                List.of(
                        "Crash this agent",
                        "Let it hang",
                        "Slow it down for a minute",
                        "Use up its budget for a minute – researcher has no budget."),
                onFx(() -> chaos.getItems().stream().map(MenuItem::getText).toList()));
        fx(chaos.getItems().get(1)::fire);
        assertEquals(new Command.HangAgent("researcher"), client.nextCommand());
        fx(chaos.getItems().get(2)::fire);
        assertEquals(new Command.SlowAgent("researcher", 2_000, 60_000), client.nextCommand());
    }

    @Test
    void picture_and_list_share_one_selection_and_the_keyboard_walks_it() {
        show(Screen.SUPERVISORS, "writer");
        fx(() -> ((ToggleButton) desktop.window.scene().lookup("#tree-list-toggle")).setSelected(true));
        TreeView<String> list = node("#tree-list");
        await(
                "selected",
                () -> "a:writer"
                        .equals(list.getSelectionModel().getSelectedItem().getValue()));
        // Before its first layout a control has no skin, and keys lead nowhere.
        await(
                "laid out",
                () -> list.getSkin() != null
                        && list.getWidth() > 0
                        && !list.lookupAll(".tree-cell").isEmpty());
        press(list, KeyCode.DOWN);
        TreePicture picture = node("#tree-picture");
        await(
                "the list moved on",
                () -> "a:reviewer"
                        .equals(list.getSelectionModel().getSelectedItem().getValue()));
        await("followed", () -> picture.getAccessibleText().contains("Agent reviewer"));
        press(picture, KeyCode.LEFT);
        await(
                "back",
                () -> "s:research-team"
                        .equals(list.getSelectionModel().getSelectedItem().getValue()));
    }

    @Test
    void the_filter_of_the_tree_counts_what_it_finds(FxRobot robot) {
        show(Screen.SUPERVISORS, null);
        DesktopFixture.click(robot, "#tree-filter").write("paused");
        TreePicture picture = node("#tree-picture");
        await("two nodes", () -> picture.getAccessibleText().startsWith("Supervision tree, 2 nodes"));
    }

    @Test
    void a_rolled_back_saga_shows_every_compensation_in_its_order() {
        show(Screen.RUNS, "r-20");
        node("#saga-steps");
        await("all steps", () -> spoken().size() == 4);
        Set<String> steps = spoken();
        assertTrue(steps.contains(
                "Step 4 of 4, publish, agent publisher, Failed, 3 attempts, publish-refused, The input asked"
                        + " this step to fail"));
        assertTrue(steps.contains("Step 1 of 4, research, agent researcher, Done, Compensated, number 3"));
        assertTrue(steps.contains("Step 3 of 4, review, agent reviewer, Done, Compensated, number 1"));
        Label story = node("#run-story");
        assertTrue(onFx(story::getText).endsWith("3 steps were undone."));
    }

    private Set<String> spoken() {
        return desktop.window.scene().lookup("#saga-steps").lookupAll(".step-cell").stream()
                .filter(n -> n instanceof ListCell<?> c && !c.isEmpty())
                .map(Node::getAccessibleText)
                .collect(java.util.stream.Collectors.toSet());
    }

    @Test
    void a_parked_run_offers_to_go_on(FxRobot robot) throws Exception {
        show(Screen.RUNS, "r-21");
        DesktopFixture.click(robot, "#runs-resolve");
        assertEquals(new Command.SkipParked("r-21", null, true), client.nextCommand());
    }

    @Test
    void the_slider_submits_once_when_it_is_let_go_of(FxRobot robot) throws Exception {
        show(Screen.COST, null);
        Node thumb = node("#budget-slider-agent-research-bot .thumb");
        robot.drag(thumb).moveBy(40, 0).moveBy(40, 0).drop();
        Command.SetBudget set = assertInstanceOf(Command.SetBudget.class, client.nextCommand());
        assertEquals("agent/research-bot", set.budgetId());
        assertTrue(set.maxMicroDollars() > 250_000);
        TextField exact = node("#budget-dollars-agent-research-bot");
        assertEquals(set.maxMicroDollars(), Math.round(Double.parseDouble(onFx(exact::getText)) * 1e6));
        assertEquals(0, client.waiting());
    }

    @Test
    void an_emptied_field_removes_the_limit(FxRobot robot) throws Exception {
        show(Screen.COST, null);
        TextField exact = node("#budget-dollars-agent-research-bot");
        fx(() -> exact.setText(""));
        fx(exact::requestFocus);
        robot.push(KeyCode.ENTER);
        assertEquals(new Command.RemoveLimit("agent/research-bot", "maxDollars"), client.nextCommand());
    }

    @Test
    void calls_are_limited_and_freed_of_their_limit_in_a_field(FxRobot robot) throws Exception {
        show(Screen.COST, null);
        TextField none = node("#budget-calls-agent-research-bot");
        assertEquals("", onFx(none::getText));
        fx(none::requestFocus);
        fx(() -> none.setText("1,200"));
        robot.push(KeyCode.ENTER);
        assertEquals(new Command.SetBudget("agent/research-bot", null, null, 1_200L, null), client.nextCommand());
        fx(() -> none.setText(""));
        TextField limited = node("#budget-calls-saga-publish-article");
        assertEquals("200", onFx(limited::getText));
        fx(limited::requestFocus);
        fx(() -> limited.setText(""));
        robot.push(KeyCode.ENTER);
        assertEquals(new Command.RemoveLimit("saga/publish-article", "maxCalls"), client.nextCommand());
        assertEquals(0, client.waiting());
    }

    @Test
    void an_amount_that_makes_no_sense_is_refused_with_an_example(FxRobot robot) {
        show(Screen.COST, null);
        TextField exact = node("#budget-dollars-agent-research-bot");
        fx(() -> exact.setText("lots"));
        fx(exact::requestFocus);
        robot.push(KeyCode.ENTER);
        Label message = node("#budget-message-agent-research-bot");
        await("the message", () -> message.getText().startsWith("Enter an amount above zero"));
        assertEquals(0, client.waiting());
    }

    @Test
    void raising_a_limit_shows_that_the_paused_agent_goes_on() {
        show(Screen.COST, null);
        Label message = node("#budget-message-agent-research-bot");
        await("paused", () -> message.getText().startsWith("research-bot is paused here."));
        client.change(v ->
                LivelyViews.with(v, a -> a.name().equals("research-bot") ? LivelyViews.in(a, State.RUNNING, 0) : a));
        await("resumed", () -> message.getText().equals("research-bot goes on."));
    }

    @Test
    void stop_says_stopping_until_it_has_stopped(FxRobot robot) throws Exception {
        show(Screen.AGENT, "researcher");
        DesktopFixture.click(robot, "#agent-stop");
        assertEquals(new Command.StopAgent("researcher"), client.nextCommand());
        Label progress = node("#agent-progress");
        await("stopping", () -> progress.getText().equals("Stopping…"));
        client.change(v ->
                LivelyViews.with(v, a -> a.name().equals("researcher") ? LivelyViews.in(a, State.STOPPED, 0) : a));
        await("stopped", () -> progress.getText().startsWith("Stopped after "));
    }

    @Test
    void every_button_and_field_of_every_screen_has_a_text() {
        for (String screen : java.util.List.of(
                Screen.SUPERVISORS, Screen.RUNS, Screen.POOLS, Screen.COST, Screen.AGENT, Screen.TRUST, Screen.AUDIT)) {
            show(screen, null);
            Set<Node> controls = onFx(() -> desktop.window.scene().getRoot().lookupAll("*"));
            for (Node node : controls) {
                String text = onFx(() -> switch (node) {
                    case Button b -> b.getText() + b.getAccessibleText();
                    case TextField f -> f.getAccessibleText() + f.getPromptText();
                    case Slider s -> s.getAccessibleText();
                    default -> "fine";
                });
                assertTrue(text != null && !text.replace("null", "").isBlank(), () -> screen + " has a silent " + node);
            }
        }
    }

    /// Straight to the node: which window has the keyboard is up to the system.
    private static void press(Node node, KeyCode key) {
        fx(() -> {
            node.requestFocus();
            node.fireEvent(new KeyEvent(KeyEvent.KEY_PRESSED, "", "", key, false, false, false, false));
        });
    }
}
