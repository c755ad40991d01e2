package nexus.aiagents.app.desktop;

import static nexus.aiagents.app.desktop.DesktopFixture.await;
import static nexus.aiagents.app.desktop.DesktopFixture.fx;
import static nexus.aiagents.app.desktop.DesktopFixture.onFx;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Slider;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.ProjectView.PoolView;
import nexus.aiagents.engine.view.ProjectView.QueueView;
import nexus.aiagents.engine.view.ProjectView.WorkerView;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.RunView.VoteView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

/// The Pools screen: queues that are scaled, drained and resumed, and decisions that wait for a person.
@ExtendWith(ApplicationExtension.class)
class PoolsTest {
    private static final Instant NOW = Instant.now();

    private final FakeEngineClient client =
            new FakeEngineClient(with(new LivelyViews(NOW).project(), queue("open", 7, 2, false)));
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

    private static PoolView queue(String state, int depth, int workers, boolean byHand) {
        List<WorkerView> crew = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            crew.add(new WorkerView(i, "checker", i == 0 ? "r-job" : null, 20 - i, 80 - 20 * i));
        }
        return new PoolView(
                "desk",
                "round-robin",
                List.of("checker"),
                1,
                new QueueView(
                        state, 1, 8, workers, true, byHand, depth, 100, "reject", 1_500, 200, 1_400, 40, 2, 1, 3,
                        crew));
    }

    private static ProjectView with(ProjectView v, PoolView queue) {
        List<RunView> runs = new ArrayList<>(v.runs());
        runs.removeIf(run -> run.id().equals("r-tie"));
        runs.addFirst(tied());
        List<PoolView> pools = new ArrayList<>(v.pools());
        pools.removeIf(pool -> pool.name().equals("desk"));
        pools.add(queue);
        return new ProjectView(
                v.seq() + 1,
                v.at(),
                v.project(),
                v.folder(),
                v.up(),
                v.agents(),
                v.supervisors(),
                runs,
                pools,
                v.sagas(),
                v.budgets(),
                v.spend(),
                v.notices(),
                v.schedules(),
                v.lifecycle());
    }

    private static RunView tied() {
        return new RunView(
                "r-tie",
                "pool",
                "research-pool",
                RunView.State.PARKED,
                NOW.minusSeconds(9),
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
                        new VoteView("researcher-1", 0, "voted", "{\"answer\":\"They float\"}", null, 1),
                        new VoteView("researcher-2", 1, "voted", "{\"answer\":\"They float\"}", null, 1),
                        new VoteView("researcher-3", 2, "voted", "{\"answer\":\"They sink\"}", null, 2)));
    }

    private void show(String selection) {
        await("open", () -> desktop.workspace.view().get() != null);
        fx(() -> desktop.window.show(Screen.POOLS, selection));
    }

    private <T extends Node> T node(String query) {
        await(query, () -> desktop.window.scene().lookup(query) != null);
        @SuppressWarnings("unchecked")
        T found = (T) onFx(() -> desktop.window.scene().lookup(query));
        return found;
    }

    /// On the JavaFX thread, where `await` looks.
    private boolean says(String text) {
        return desktop.window.scene().getRoot().lookupAll(".label").stream()
                .filter(Label.class::isInstance)
                .filter(PoolsTest::isShown)
                .anyMatch(label -> ((Label) label).getText().contains(text));
    }

    private static boolean isShown(Node node) {
        for (Node n = node; n != null; n = n.getParent()) {
            if (!n.isVisible()) {
                return false;
            }
        }
        return true;
    }

    private void change(PoolView queue) {
        UnaryOperator<ProjectView> next = v -> with(v, queue);
        client.change(next);
    }

    @Test
    void a_queue_shows_how_full_it_is_how_long_jobs_wait_and_who_works() {
        show("desk");
        node("#pools-queue");
        await("the depth", () -> says("7 jobs of 100 waiting"));
        await("the wait", () -> says("p95 1.4 s"));
        await(
                "40 done, 2 failed, 1 of them dropped, 3 refused",
                () -> says("40 done, 2 failed, 1 of them dropped, 3 refused"));
        await("the load of a worker", () -> says("80 % · 20 jobs"));
        change(queue("open", 100, 2, false));
        await("full", () -> says("Full"));
        show("research-pool");
        await("no queue for those who vote", () -> !says("jobs of 100 waiting"));
    }

    @Test
    void it_is_scaled_by_a_slider_by_buttons_and_by_itself_again(FxRobot robot) throws Exception {
        show("desk");
        Slider slider = node("#pools-workers");
        assertEquals(List.of(1.0, 8.0, 2.0), onFx(() -> List.of(slider.getMin(), slider.getMax(), slider.getValue())));
        robot.interact(slider::requestFocus);
        robot.type(KeyCode.RIGHT);
        assertEquals(new Command.ScalePool("desk", 3), client.nextCommand());
        change(queue("open", 7, 3, true));
        await("by hand", () -> says("3 workers, by hand"));
        DesktopFixture.click(robot, "#pools-more");
        assertEquals(new Command.ScalePool("desk", 4), client.nextCommand());
        DesktopFixture.click(robot, "#pools-automatic");
        assertEquals(new Command.ScalePool("desk", null), client.nextCommand());
        change(queue("open", 0, 1, false));
        Button fewer = node("#pools-fewer");
        await("the least there may be", fewer::isDisabled);
        assertTrue(onFx(fewer::getAccessibleHelp).contains("min says so"));
        TextField max = node("#pools-max");
        assertEquals("8", onFx(max::getText));
        fx(max::requestFocus);
        fx(() -> max.setText("12"));
        change(queue("open", 3, 1, false));
        await("what goes on does not change what is typed", () -> says("3 jobs of 100"));
        robot.push(KeyCode.ENTER);
        assertEquals(new Command.LimitPool("desk", null, 12), client.nextCommand());
        await("the answer", () -> says("Written to the YAML and applied."));
        fx(() -> max.setText("more"));
        robot.push(KeyCode.ENTER);
        await("what a number looks like", () -> says("Enter a whole number"));
        assertEquals(0, client.waiting());
    }

    @Test
    void it_is_drained_and_resumed_and_what_can_not_be_done_says_why(FxRobot robot) throws Exception {
        show("desk");
        Button drain = node("#pools-drain");
        Button resume = node("#pools-resume");
        await("drain can be clicked", () -> !drain.isDisabled());
        assertEquals("It takes jobs already.", onFx(resume::getAccessibleHelp));
        DesktopFixture.click(robot, drain);
        assertEquals(new Command.DrainPool("desk"), client.nextCommand());
        change(queue("draining", 3, 2, false));
        await("draining", () -> says("Draining"));
        assertTrue(onFx(drain::isDisabled));
        DesktopFixture.click(robot, resume);
        assertEquals(new Command.ResumePool("desk"), client.nextCommand());
    }

    @Test
    void a_tie_is_decided_by_picking_one_of_the_answers(FxRobot robot) throws Exception {
        show("r-tie"); // as a notification does
        await("the question", () -> says("3 voted"));
        Button first = node("#pools-pick-1");
        assertTrue(onFx(first::getText).contains("2 votes"), onFx(first::getText));
        Button second = node("#pools-pick-2");
        assertTrue(onFx(second::getText).contains("They sink"));
        DesktopFixture.click(robot, "#pools-pick-2");
        assertEquals(new Command.DecidePool("r-tie", 2), client.nextCommand());
        DesktopFixture.click(robot, "#pools-pick-0");
        assertEquals(new Command.DecidePool("r-tie", 0), client.nextCommand());
    }
}
