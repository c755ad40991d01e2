package nexus.aiagents.app.desktop;

import static nexus.aiagents.app.desktop.DesktopFixture.await;
import static nexus.aiagents.app.desktop.DesktopFixture.click;
import static nexus.aiagents.app.desktop.DesktopFixture.fx;
import static nexus.aiagents.app.desktop.DesktopFixture.onFx;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javafx.geometry.Bounds;
import javafx.geometry.Point2D;
import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.MenuButton;
import javafx.scene.control.TabPane;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.control.Tooltip;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;
import javafx.stage.Stage;
import javafx.stage.Window;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.tree.TreeFlows;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.view.AgentView.State;
import nexus.aiagents.engine.view.RunView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;

/// What a person can do in the screens of a running team, by mouse and keys: one window for each screen.
@ExtendWith(ApplicationExtension.class)
class ScreenVerbsTest {
    private final FakeEngineClient client = new FakeEngineClient(new LivelyViews(Instant.now()).project());
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

    @Test
    void the_tree_is_clicked_searched_folded_zoomed_and_says_who_restarts_whom(FxRobot robot) {
        show(Screen.SUPERVISORS, "writer");
        Node picture = node("#tree-picture");
        robot.clickOn(place(picture, "a:reviewer"));
        await("selected", () -> picture.getAccessibleText().contains("Selected: Agent reviewer"));
        assertTrue(onFx(() -> labels("#tree-details").anyMatch("reviewer"::equals)), "its details stand beside it");

        robot.write("+");
        double near = onFx(() -> TreeFlows.scale(picture));
        robot.write("-").write("-");
        assertTrue(onFx(() -> TreeFlows.scale(picture)) < near);
        robot.write("0");
        double whole = onFx(() -> TreeFlows.scale(picture));
        click(robot, "#tree-zoom-in");
        await("nearer", () -> TreeFlows.scale(picture) > whole);
        click(robot, "#tree-fit");
        await("all of it again", () -> TreeFlows.scale(picture) == whole);

        robot.moveTo(place(picture, "a:writer"));
        await(
                "what happens if it dies",
                () -> Window.getWindows().stream()
                        .anyMatch(w -> w instanceof Tooltip card
                                && card.isShowing()
                                && card.getText().startsWith("writer\n")
                                && card.getText().contains("If it dies: ")));

        click(robot, "#tree-filter").write("paused");
        robot.push(KeyCode.ENTER);
        await("the first that fits", () -> picture.getAccessibleText().contains("Selected: Agent research-bot"));
        fx(() -> ((TextField) found("#tree-filter")).clear());
        robot.clickOn(place(picture, "s:research-team"));
        robot.push(KeyCode.SPACE);
        await(
                "folded, with how many are below",
                () -> picture.getAccessibleText()
                                .matches(
                                        "(?s)Supervision tree, \\d+ nodes. Selected: Supervisor research-team.*4 children.*")
                        && TreeFlows.place(picture, "a:writer") == null);
        robot.push(KeyCode.SPACE);
        await("open again", () -> TreeFlows.place(picture, "a:writer") != null);

        fx(() -> desktop.window.scene().getPreferences().setReducedMotion(true));
        client.change(v -> LivelyViews.withRestart(v, "researcher"));
        await("it pulses", () -> TreeFlows.pulse(picture, "a:researcher") != null);
        double first = onFx(() -> TreeFlows.pulse(picture, "a:researcher"));
        fx(() -> desktop.window.scene().getRoot().layout());
        assertEquals(first, onFx(() -> TreeFlows.pulse(picture, "a:researcher")), "and stands still");
    }

    @Test
    void an_agent_is_started_paused_resumed_restarted_and_made_to_overspend(FxRobot robot) throws Exception {
        show(Screen.SUPERVISORS, "researcher");
        node("#tree-pause");
        click(robot, "#tree-pause");
        assertEquals(new Command.PauseAgent("researcher"), client.nextCommand());
        click(robot, "#tree-restart");
        assertEquals(new Command.RestartAgent("researcher"), client.nextCommand());
        fx(() -> desktop.window.show(Screen.SUPERVISORS, "research-bot"));
        await("can go on", () -> !found("#tree-resume").isDisabled());
        click(robot, "#tree-resume");
        assertEquals(new Command.ResumeAgent("research-bot"), client.nextCommand());
        MenuButton chaos = node("#tree-chaos");
        click(robot, "#tree-chaos");
        await("the menu", chaos::isShowing);
        robot.push(KeyCode.UP).push(KeyCode.ENTER);
        assertEquals(new Command.OverspendAgent("research-bot", 60_000), client.nextCommand());
        client.change(v ->
                LivelyViews.with(v, a -> a.name().equals("research-bot") ? LivelyViews.in(a, State.STOPPED, 0) : a));
        await("it is down", () -> !found("#tree-start").isDisabled());
        click(robot, "#tree-start");
        assertEquals(new Command.StartAgent("research-bot"), client.nextCommand());
    }

    @Test
    void a_log_is_followed_filtered_by_words_expressions_and_level_searched_for_its_first_error_and_copied(
            FxRobot robot) {
        for (int i = 1; i <= 200; i++) {
            client.append(logged(i == 40 ? "error" : i % 10 == 0 ? "warn" : "info", "line " + i + " of the day"));
        }
        show(Screen.AGENT, "researcher");
        fx(() -> {
            TabPane tabs = (TabPane) found("#agent-tabs");
            tabs.getTabs().stream()
                    .filter(tab -> "agent-tab-log".equals(tab.getId()))
                    .forEach(tabs.getSelectionModel()::select);
        });
        ListView<?> log = node("#log-list");
        await("all of it", () -> log.getItems().size() == 200);
        await("its end is in sight", () -> inSight(log, 199));
        client.append(logged("info", "the newest"));
        await("followed", () -> log.getItems().size() == 201 && inSight(log, 200));

        click(robot, "#log-filter").write("line 1");
        await("by words", () -> log.getItems().size() == 111);
        fx(() -> ((TextField) found("#log-filter")).setText("line 1\\d? of"));
        await("not as words", () -> log.getItems().isEmpty());
        click(robot, "#log-regex");
        await("by an expression", () -> log.getItems().size() == 11);
        fx(() -> ((TextField) found("#log-filter")).setText("line ("));
        await("why not", () -> labels(".tab-bar-row").anyMatch(t -> t.startsWith("Not a regular expression")));
        fx(() -> ((TextField) found("#log-filter")).clear());
        choose(robot, "#log-level", 1);
        await("from warnings on", () -> log.getItems().size() == 20);
        choose(robot, "#log-level", 0);
        await("all of it again", () -> log.getItems().size() == 201);

        click(robot, named("Go to the first error"));
        await("the first error", () -> log.getSelectionModel().getSelectedIndex() == 39 && inSight(log, 39));
        client.append(logged("info", "later"));
        await("arrived", () -> log.getItems().size() == 202);
        assertTrue(onFx(() -> inSight(log, 39)), "who reads is not carried away");
        fx(log::requestFocus);
        robot.push(KeyCode.CONTROL, KeyCode.C);
        await("copied", () -> clipboard().endsWith("error line 40 of the day"));
        fx(() -> log.getSelectionModel().clearSelection());
        click(robot, named("Copy the selected lines, or all of them"));
        await("all are copied", () -> clipboard().lines().count() == 202);
        click(robot, "#log-follow");
        await("at the end again", () -> inSight(log, 201));
    }

    @Test
    void runs_are_filtered_told_what_to_do_and_read_event_by_event(FxRobot robot) throws Exception {
        client.append(new EngineEvent.StepStarted("r-20", "draft", 1, "writer", "k", "{}", null));
        client.append(new EngineEvent.StepStarted("r-20", "review", 1, "reviewer", "k", "{}", null));
        show(Screen.RUNS, "r-21");
        ListView<?> list = node("#runs-list");
        await("all", () -> list.getItems().size() == 5);
        choose(robot, "#runs-filter", 2);
        await("what needs me", () -> runs(list).equals(List.of("r-21")));
        for (String verb : List.of("#runs-retry", "#runs-skip", "#runs-cancel")) {
            click(robot, verb);
        }
        assertEquals(new Command.RetryParked("r-21", null, null), client.nextCommand());
        assertEquals(new Command.SkipParked("r-21", null, false), client.nextCommand());
        assertEquals(new Command.CancelRun("r-21"), client.nextCommand());
        click(robot, "#runs-pause");
        assertEquals(new Command.PauseRun("r-21"), client.nextCommand());
        client.change(v -> with(v, "r-21", RunView.State.PAUSED));
        choose(robot, "#runs-filter", 0);
        await("it says so", () -> labels(".run-header").anyMatch("Paused"::equals));
        click(robot, "#runs-resume");
        assertEquals(new Command.ResumeRun("r-21"), client.nextCommand());

        click(robot, "#runs-text").write("publish-refused");
        await("by the error", () -> runs(list).contains("r-20") && !runs(list).contains("r-19"));
        fx(() -> desktop.window.show(Screen.RUNS, "r-20"));
        node("#saga-steps");
        fx(() -> ((ListView<?>) found("#saga-steps")).getSelectionModel().select(1));
        click(robot, "#runs-retryFrom");
        assertEquals(new Command.RetryFrom("r-20", "draft", null), client.nextCommand());
        click(robot, "#runs-fork");
        assertEquals(new Command.ForkRun("r-20", "draft", null), client.nextCommand());
        click(robot, named("Events"));
        await(
                "its events",
                () -> Stream.ofNullable(found("#run-tabs"))
                        .flatMap(tabs -> tabs.lookupAll(".table-view").stream())
                        .anyMatch(t -> t instanceof TableView<?> table
                                && t.isVisible()
                                && table.getItems().size() == 2
                                && table.getItems().getFirst() instanceof JournalEntry));
    }

    @Test
    void the_journal_is_followed_filtered_and_verified(FxRobot robot) {
        for (int i = 0; i < 100; i++) {
            client.append(logged("info", "entry " + i));
        }
        show(Screen.AUDIT, null);
        TableView<?> table = node("#audit-table");
        await("all", () -> table.getItems().size() == 100);
        client.append(new EngineEvent.AgentPaused("writer", "runaway", "the same again"));
        await(
                "followed",
                () -> table.getItems().size() == 101 && rowsInSight(table).contains(100));
        click(robot, "#audit-filter").write("the same");
        await("by words", () -> table.getItems().size() == 1);
        fx(() -> ((TextField) found("#audit-filter")).clear());
        await("all again", () -> table.getItems().size() == 101);
        robot.clickOn(onFx(() -> middle(table))).scroll(20, javafx.geometry.VerticalDirection.UP);
        client.append(logged("info", "meanwhile"));
        await("arrived", () -> table.getItems().size() == 102);
        assertTrue(onFx(() -> !rowsInSight(table).contains(101)), "who reads is not carried away");
        assertTrue(onFx(() -> !((javafx.scene.control.ToggleButton) found("#audit-follow")).isSelected()));
        click(robot, "#audit-follow");
        await("at the end again", () -> rowsInSight(table).contains(101));
        click(robot, "#audit-verify");
        await("verified", () -> ((Label) found("#audit-message")).getText().startsWith("The chain is whole"));
    }

    @Test
    void spending_is_seen_by_agent_model_and_run_and_a_raised_limit_resumes_what_it_paused(FxRobot robot)
            throws Exception {
        show(Screen.COST, null);
        node("#budget-dollars-agent-research-bot");
        List<String> byAgent = onFx(this::legend);
        assertTrue(byAgent.contains("researcher"), byAgent.toString());
        click(robot, named("By model"));
        await("by model", () -> !legend().equals(byAgent) && !legend().isEmpty());
        List<String> byModel = onFx(this::legend);
        click(robot, named("By run"));
        await("by run", () -> !legend().equals(byModel) && !legend().equals(byAgent));

        TextField exact = node("#budget-dollars-agent-research-bot");
        fx(() -> {
            exact.requestFocus();
            exact.setText("0.50");
        });
        robot.push(KeyCode.ENTER);
        assertEquals(new Command.SetBudget("agent/research-bot", 500_000L, null, null, null), client.nextCommand());
        Label message = node("#budget-message-agent-research-bot");
        await("the answer", () -> message.getText().equals("Written to the YAML and applied."));
        client.change(v ->
                LivelyViews.with(v, a -> a.name().equals("research-bot") ? LivelyViews.in(a, State.RUNNING, 0) : a));
        await("resumed", () -> message.getText().equals("research-bot goes on."));
        assertEquals("0.50", onFx(exact::getText));
    }

    @Test
    void an_agent_is_refused_for_as_long_as_one_says_and_with_a_reason(FxRobot robot) throws Exception {
        show(Screen.TRUST, "writer");
        node("#trust-refuse");
        click(robot, "#trust-refuse");
        await("the dialog", () -> found("#trust-reason") != null);
        // not by the robot: without a display two windows say that they have the focus
        fx(() -> ((TextField) found("#trust-reason")).setText("it lied"));
        choose(robot, "#trust-term", 2);
        click(robot, "#trust-go");
        assertEquals(new Command.DecideTrust("writer", "refuse", "it lied", 10_080L), client.nextCommand());
    }

    private void show(String screen, String selection) {
        await("open", () -> desktop.workspace.view().get() != null);
        fx(() -> desktop.window.show(screen, selection));
    }

    private static EngineEvent logged(String level, String text) {
        return new EngineEvent.AgentLogged("researcher", null, level, text);
    }

    private static String clipboard() {
        return Objects.requireNonNullElse(Clipboard.getSystemClipboard().getString(), "");
    }

    /// Opens the choices and takes one of them by the keys.
    private static void choose(FxRobot robot, String combo, int row) {
        click(robot, combo);
        ComboBox<?> box = (ComboBox<?>) onFx(() -> found(combo));
        await("the choices", box::isShowing);
        int now = onFx(() -> box.getSelectionModel().getSelectedIndex());
        for (int i = now; i != row; i += Integer.signum(row - now)) {
            robot.push(row > now ? KeyCode.DOWN : KeyCode.UP);
        }
        robot.push(KeyCode.ENTER);
        await("chosen", () -> !box.isShowing() && box.getSelectionModel().getSelectedIndex() == row);
    }

    private static List<String> runs(ListView<?> list) {
        return list.getItems().stream().map(run -> ((RunView) run).id()).toList();
    }

    private static nexus.aiagents.engine.view.ProjectView with(
            nexus.aiagents.engine.view.ProjectView v, String id, RunView.State state) {
        return new nexus.aiagents.engine.view.ProjectView(
                v.seq() + 1,
                v.at(),
                v.project(),
                v.folder(),
                v.up(),
                v.agents(),
                v.supervisors(),
                v.runs().stream().map(r -> r.id().equals(id) ? in(r, state) : r).toList(),
                v.pools(),
                v.sagas(),
                v.budgets(),
                v.spend(),
                v.notices(),
                v.schedules(),
                v.lifecycle());
    }

    private static RunView in(RunView r, RunView.State state) {
        return new RunView(
                r.id(),
                r.kind(),
                r.name(),
                state,
                r.startedAt(),
                null,
                r.inputJson(),
                null,
                null,
                null,
                null,
                r.microDollars(),
                r.tokens(),
                false,
                r.steps(),
                List.of());
    }

    private static boolean inSight(ListView<?> list, int row) {
        Bounds all = list.localToScene(list.getBoundsInLocal());
        return list.lookupAll(".list-cell").stream()
                .filter(n -> n instanceof javafx.scene.control.ListCell<?> c && !c.isEmpty() && c.getIndex() == row)
                .anyMatch(n -> n.isVisible() && all.contains(center(n)));
    }

    private static List<Integer> rowsInSight(TableView<?> table) {
        Bounds all = table.localToScene(table.getBoundsInLocal());
        return table.lookupAll(".table-row-cell").stream()
                .filter(n -> n instanceof javafx.scene.control.TableRow<?> r && !r.isEmpty() && n.isVisible())
                .filter(n -> all.contains(center(n)))
                .map(n -> ((javafx.scene.control.TableRow<?>) n).getIndex())
                .toList();
    }

    private static Point2D center(Node node) {
        Bounds at = node.localToScene(node.getBoundsInLocal());
        return new Point2D(at.getCenterX(), at.getCenterY());
    }

    private static Point2D middle(Node node) {
        Bounds at = node.localToScreen(node.getBoundsInLocal());
        return new Point2D(at.getCenterX(), at.getCenterY());
    }

    /// Names of what the chart shows.
    private List<String> legend() {
        return desktop.window.scene().getRoot().lookupAll("#cost-legend .label").stream()
                .map(n -> ((Label) n).getText())
                .toList();
    }

    /// What is pressed and says this.
    private Node named(String text) {
        return onFx(() -> Stream.of(".button", ".toggle-button", ".tab")
                .flatMap(kind -> desktop.window.scene().getRoot().lookupAll(kind).stream())
                .filter(n -> text.equals(n.getAccessibleText())
                        || n instanceof javafx.scene.control.Labeled l && text.equals(l.getText())
                        || n.lookupAll(".tab-label").stream()
                                .anyMatch(l -> l instanceof Label label && text.equals(label.getText())))
                .findFirst()
                .orElseThrow(() -> new AssertionError(text)));
    }

    private static Point2D place(Node picture, String id) {
        await(id + " is drawn", () -> TreeFlows.place(picture, id) != null);
        return onFx(() -> {
            var box = TreeFlows.place(picture, id);
            return picture.localToScreen(box.getCenterX(), box.getCenterY());
        });
    }

    private <T extends Node> T node(String query) {
        await(query, () -> desktop.window.scene().lookup(query) != null);
        @SuppressWarnings("unchecked")
        T found = (T) onFx(() -> desktop.window.scene().lookup(query));
        return found;
    }

    private Stream<String> labels(String root) {
        return desktop.window.scene().getRoot().lookupAll(root + " .label").stream()
                .filter(n -> n instanceof Label && n.isVisible())
                .map(n -> ((Label) n).getText());
    }

    private static Node found(String query) {
        return Window.getWindows().reversed().stream()
                .filter(w -> w.getScene() != null)
                .map(w -> w.getScene().lookup(query))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }
}
