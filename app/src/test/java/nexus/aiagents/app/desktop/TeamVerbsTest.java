package nexus.aiagents.app.desktop;

import static nexus.aiagents.app.desktop.DesktopFixture.await;
import static nexus.aiagents.app.desktop.DesktopFixture.fx;
import static nexus.aiagents.app.desktop.DesktopFixture.onFx;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.stage.Stage;
import javafx.stage.Window;
import nexus.aiagents.app.desktop.fx.Fx;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.ProjectView.PoolView;
import nexus.aiagents.engine.view.ProjectView.QueueView;
import nexus.aiagents.engine.view.ScheduleView;
import nexus.aiagents.engine.view.SupervisorView;
import nexus.aiagents.engine.view.SupervisorView.ChildView;
import nexus.aiagents.engine.view.SupervisorView.TemplateView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

/// What can be done to supervisors, their children, and an agent's schedule.
@ExtendWith(ApplicationExtension.class)
class TeamVerbsTest {
    private final Instant now = Instant.now();
    private final FakeEngineClient client = new FakeEngineClient(project(false));
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

    /// The reviewer was stopped by hand, the research-bot repeats itself and has a schedule, the
    /// crawlers are made from a template.
    private ProjectView project(boolean paused) {
        ProjectView v = new LivelyViews(now).project();
        SupervisorView team = v.supervisors().getFirst();
        return new ProjectView(
                v.seq() + (paused ? 2 : 1),
                v.at(),
                v.project(),
                v.folder(),
                v.up(),
                v.agents().stream().map(this::changed).toList(),
                List.of(
                        supervisor(
                                team.name(),
                                null,
                                team.children().stream()
                                        .map(c -> c.name().equals("reviewer")
                                                ? new ChildView(c.name(), c.kind(), c.restart(), false, "operator")
                                                : c)
                                        .toList()),
                        supervisor("crawlers", new TemplateView("crawler", 3), List.of())),
                v.runs(),
                Stream.concat(v.pools().stream(), Stream.of(desk())).toList(),
                v.sagas(),
                v.budgets(),
                v.spend(),
                v.notices(),
                List.of(schedule(paused)),
                v.lifecycle());
    }

    private static PoolView desk() {
        QueueView open = new QueueView("open", 1, 2, 1, true, false, 0, 100, "reject", 0, 0, 0, 0, 0, 0, 0, List.of());
        return new PoolView("desk", "round-robin", List.of("researcher"), 1, open);
    }

    private AgentView changed(AgentView a) {
        if (a.name().equals("reviewer")) {
            return LivelyViews.in(a, AgentView.State.STOPPED, 0);
        }
        return a.name().equals("research-bot") ? runaway(a) : a;
    }

    private static AgentView runaway(AgentView a) {
        return new AgentView(
                a.name(),
                a.runtime(),
                a.source(),
                a.description(),
                a.supervisor(),
                AgentView.State.PAUSED,
                "runaway",
                "It made the same call 20 times in a row",
                a.since(),
                a.restarts(),
                a.lastExit(),
                a.activeCalls(),
                a.calls(),
                a.failedCalls(),
                a.tokens(),
                a.microDollars(),
                a.scripted(),
                a.fuel(),
                a.memoryBytes(),
                a.hostCalls(),
                a.deniedCalls(),
                a.lastHostCall(),
                null,
                a.trust(),
                a.life());
    }

    private ScheduleView schedule(boolean paused) {
        return new ScheduleView(
                "agent/research-bot",
                "agent",
                "research-bot",
                "0 * * * *",
                "UTC",
                "once",
                "skip",
                true,
                paused,
                paused ? null : now.plus(Duration.ofMinutes(90)),
                now.minusSeconds(600),
                now.minusSeconds(600),
                "r-1",
                0,
                0,
                4,
                0);
    }

    private static SupervisorView supervisor(String name, TemplateView template, List<ChildView> children) {
        return new SupervisorView(
                name,
                null,
                "one-for-one",
                SupervisorView.State.RUNNING,
                "",
                5,
                60,
                0,
                List.of(),
                null,
                0,
                null,
                template,
                children);
    }

    private void show(String screen, String selection) {
        await("open", () -> desktop.workspace.view().get() != null);
        fx(() -> desktop.window.show(screen, selection));
    }

    private Action action(String id) {
        return desktop.window.front().actions().stream()
                .filter(a -> a.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private Stream<String> labels(String root) {
        return desktop.window.scene().lookup(root).lookupAll(".label").stream()
                .filter(n -> n instanceof Label && n.isVisible())
                .map(n -> ((Label) n).getText());
    }

    @Test
    void a_supervisor_with_a_template_gets_one_more_at_once() throws Exception {
        show(Screen.SUPERVISORS, "crawlers");
        press("#tree-addChild");
        assertEquals(new Command.AddChild("crawlers", null, null, null, false), client.nextCommand());
    }

    @Test
    void a_supervisor_with_named_children_asks_which_child_is_added() throws Exception {
        show(Screen.SUPERVISORS, "research-team");
        press("#tree-addChild");
        @SuppressWarnings("unchecked")
        ComboBox<String> children = (ComboBox<String>) inAnyWindow("#child-name");
        assertEquals("publisher", onFx(children::getValue));
        List<String> offered = onFx(() -> List.copyOf(children.getItems()));
        assertEquals(List.of("desk", "crawlers"), offered.subList(offered.size() - 2, offered.size()));
        assertTrue(Stream.of("research-team", "reviewer", "crawler", "research-pool")
                .noneMatch(offered::contains));
        press("#child-add");
        assertEquals(
                new Command.AddChild("research-team", "publisher", "permanent", null, false), client.nextCommand());
    }

    @Test
    void a_stopped_child_says_why_it_stays_down_and_is_deleted_after_a_question() throws Exception {
        show(Screen.SUPERVISORS, "reviewer");
        await("why it is held", () -> labels("#tree-details").anyMatch("stopped by hand"::equals));
        press("#tree-deleteChild");
        await("the question", () -> button("Delete child") != null);
        fx(() -> button("Delete child").fire());
        assertEquals(new Command.DeleteChild("research-team", "reviewer"), client.nextCommand());
    }

    @Test
    void a_child_that_is_up_is_not_deleted_and_the_action_says_why() {
        show(Screen.SUPERVISORS, "researcher");
        await(
                "why not",
                () -> action("tree.deleteChild").whyDisabled().get().equals("researcher is up: stop it first."));
    }

    @Test
    void what_the_runaway_guard_paused_can_be_allowed() throws Exception {
        show(Screen.AGENT, "research-bot");
        press("#agent-allow");
        assertEquals(new Command.AllowRunaway("research-bot"), client.nextCommand());
    }

    @Test
    void a_schedule_says_when_it_runs_next_and_is_run_paused_and_resumed() throws Exception {
        show(Screen.AGENT, "research-bot");
        await(
                "its next time",
                () -> labels(".run-header").anyMatch(t -> t.endsWith("in 1 h 29 min") || t.endsWith("in 1 h 30 min")));
        press("#agent-runNow");
        assertEquals(new Command.RunScheduleNow("agent/research-bot"), client.nextCommand());
        press("#agent-pauseSchedule");
        assertEquals(new Command.PauseSchedule("agent/research-bot"), client.nextCommand());
        client.set(project(true));
        await("paused", () -> action("agent.resumeSchedule").isEnabled());
        press("#agent-resumeSchedule");
        assertEquals(new Command.ResumeSchedule("agent/research-bot"), client.nextCommand());
    }

    /// As soon as it can be pressed, and wherever it is moved by what is still being laid out. A dialog
    /// keeps it pressed.
    private static void press(String query) {
        Button button = (Button) inAnyWindow(query);
        await(query + " can be pressed", () -> button.getParent().isVisible() && !button.isDisabled());
        Fx.later(button::fire);
    }

    private static Button button(String text) {
        return Window.getWindows().stream()
                .flatMap(w -> w.getScene().getRoot().lookupAll(".button").stream())
                .filter(n -> n instanceof Button b && text.equals(b.getText()))
                .map(Button.class::cast)
                .findFirst()
                .orElse(null);
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
}
