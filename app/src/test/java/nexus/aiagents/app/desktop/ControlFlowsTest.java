package nexus.aiagents.app.desktop;

import static nexus.aiagents.app.desktop.DesktopFixture.await;
import static nexus.aiagents.app.desktop.DesktopFixture.fx;
import static nexus.aiagents.app.desktop.DesktopFixture.onFx;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javafx.application.ColorScheme;
import javafx.geometry.Point2D;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.Labeled;
import javafx.scene.control.ListView;
import javafx.scene.control.Slider;
import javafx.scene.control.TabPane;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.MouseButton;
import javafx.stage.Stage;
import javafx.stage.Window;
import nexus.aiagents.app.desktop.fx.Fx;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.tree.TreeFlows;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.RunView;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testfx.api.FxRobot;
import org.testfx.framework.junit5.ApplicationExtension;
import org.testfx.framework.junit5.Start;
import org.testfx.util.WaitForAsyncUtils;

/// What a person does with the mouse and the keys in the pictures of a team: one window, one story after
/// the other.
@ExtendWith(ApplicationExtension.class)
class ControlFlowsTest {
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
    void a_team_is_rearranged_by_mouse_and_keys_and_back_again(FxRobot robot) throws Exception {
        await("open", () -> desktop.workspace.view().get() != null);
        fx(() -> desktop.window.show(Screen.SUPERVISORS, "writer"));
        Point2D writer = place("a:writer", 0.5);
        Point2D researcher = place("a:researcher", 0.2);
        robot.moveTo(writer)
                .press(MouseButton.PRIMARY)
                .moveTo(researcher.add(0, 30))
                .moveTo(researcher);
        shot("drag");
        robot.release(MouseButton.PRIMARY);
        assertEquals(new Command.MoveChild("research-team", "writer", "research-team", 0), client.nextCommand());
        await("it can be undone", () -> action("tree.undoMove").isEnabled());
        robot.push(KeyCode.CONTROL, KeyCode.Z);
        assertEquals(new Command.MoveChild("research-team", "writer", "research-team", 1), client.nextCommand());

        robot.push(KeyCode.ALT, KeyCode.DOWN);
        assertEquals(new Command.MoveChild("research-team", "writer", "research-team", 2), client.nextCommand());
        await("who restarts it", () -> labels("#tree-details").anyMatch(t -> t.startsWith("research-team ")));

        Fx.later(() -> action("tree.moveTo").fire());
        await("the dialog", () -> found("#move-place") != null);
        @SuppressWarnings("unchecked")
        ComboBox<String> place = (ComboBox<String>) found("#move-place");
        fx(() -> place.setValue("First"));
        shot("move-dialog");
        fx(() -> ((Button) found("#move-go")).fire());
        assertEquals(new Command.MoveChild("research-team", "writer", "research-team", 0), client.nextCommand());
        assertEquals(0, client.waiting());
    }

    @Test
    void a_run_is_looked_at_in_each_way_searched_zoomed_and_compared(FxRobot robot) {
        ProjectView v = client.view();
        RunView first = run(v, "publish-article");
        client.change(view -> with(view, again(first, "r-again", 60), again(first, "r-third", 120)));
        await("open", () -> desktop.workspace.view().get() != null);
        fx(() -> desktop.window.show(Screen.RUNS, "r-again"));
        await(
                "its steps",
                () -> table("#compact-steps") != null
                        && !table("#compact-steps").getItems().isEmpty());
        await("its tabs", () -> tabs().getTabs().size() == 5);
        fx(() -> tabs().getSelectionModel().select(1));
        ListView<?> list = list("#runs-list");
        await(
                "the list says which it is",
                () -> list.getSelectionModel().getSelectedItems().size() == 1
                        && list.getSelectionModel().getSelectedIndex() == indexOf(list, "r-again"));
        shot("compact");
        TableView<?> compact = table("#compact-steps");
        fx(() -> compact.getSelectionModel().select(1));
        fx(() -> tabs().getSelectionModel().select(0));
        await("one selection", () -> labels("#step-details").anyMatch("draft"::equals));
        fx(() -> {
            action("runs.zoomIn").fire();
            action("runs.zoomIn").fire();
        });
        shot("timeline-zoomed");
        fx(() -> action("runs.fit").fire());
        fx(() -> action("runs.findStep").fire());
        robot.write("research");
        await("found", () -> labels("#step-details").anyMatch("research"::equals));

        fx(() -> {
            list.getSelectionModel().clearAndSelect(indexOf(list, "r-again"));
            list.getSelectionModel().select(indexOf(list, "r-third"));
        });
        await("the comparison", () -> desktop.window.scene().lookup("#compare-pane") != null);
        shot("compare");
        fx(() -> ((CheckBox) desktop.window.scene().lookup("#compare-only")).setSelected(true));
        await("no step differs", () -> table("#compare-table").getItems().size() == 1);
        fx(() -> action("runs.compareEnd").fire());
        await("one run again", () -> desktop.window.scene().lookup("#compare-pane") == null);
        fx(() -> action("runs.compare").fire());
        await("what to compare with", () -> list("#palette-list").getItems().size() >= 2);
        robot.push(KeyCode.ENTER);
        await("the comparison", () -> desktop.window.scene().lookup("#compare-pane") != null);
        fx(() -> desktop.window.show(Screen.RUNS, "r-third"));
        await("who shows a run sees it alone", () -> desktop.window.scene().lookup("#compare-pane") == null);
    }

    @Test
    void a_limit_that_is_tried_says_what_it_would_have_stopped() throws Exception {
        String run = "r-12";
        client.append(new EngineEvent.RunStarted(run, "saga", "publish-article", "h", "{}", "{}"));
        client.append(new EngineEvent.StepStarted(run, "draft", 1, "research-bot", "k", "{}", null));
        client.append(new EngineEvent.HoldPlaced(
                "h1", "research-bot", run, "m", List.of("agent/research-bot"), 100, 900_000));
        client.append(new EngineEvent.HoldSettled(
                "h1", "research-bot", run, "m", List.of("agent/research-bot"), 100, 0, 900_000, true, false));
        await("open", () -> desktop.workspace.view().get() != null);
        fx(() -> desktop.window.show(Screen.COST, null));
        await("the card", () -> desktop.window.scene().lookup("#budget-slider-agent-research-bot") != null);
        Slider slider = (Slider) onFx(() -> desktop.window.scene().lookup("#budget-slider-agent-research-bot"));
        fx(() -> {
            slider.setValueChanging(true);
            slider.setValue(0.3);
        });
        Label preview = (Label) onFx(() -> desktop.window.scene().lookup("#budget-preview-agent-research-bot"));
        await(
                "what it would have stopped",
                () -> preview.getText().contains("stopped publish-article r-12 at step 1, draft: 1 call, $0.9000"));
        assertEquals(0, client.waiting(), "nothing is written while it moves");
        shot("cost");
        fx(() -> slider.setValueChanging(false));
        assertInstanceOf(Command.SetBudget.class, client.nextCommand());
    }

    @Test
    void trust_is_explained_decided_with_a_reason_and_followed_to_the_journal_and_the_run() throws Exception {
        RunView run = run(client.view(), "publish-article");
        client.append(new EngineEvent.StepStarted(run.id(), "draft", 1, "writer", "k", "{}", null));
        client.append(new EngineEvent.HostCallDenied("writer", run.id(), "http", "not granted", ""));
        client.append(new EngineEvent.AgentPaused("writer", "runaway", "the same again"));
        await("open", () -> desktop.workspace.view().get() != null);
        fx(() -> desktop.window.show(Screen.TRUST, "writer"));
        await(
                "what counted",
                () -> table("#trust-points") != null
                        && table("#trust-points").getItems().size() == 2);
        shot("trust");
        Fx.later(() -> action("trust.allow").fire());
        await("the dialog", () -> found("#trust-reason") != null);
        fx(() -> ((TextField) found("#trust-reason")).setText("looked at it"));
        shot("trust-dialog");
        fx(() -> ((Button) found("#trust-go")).fire());
        assertEquals(new Command.DecideTrust("writer", "allow", "looked at it", 60L), client.nextCommand());

        fx(() -> table("#trust-points").getSelectionModel().select(1));
        fx(() -> action("trust.entry").fire());
        await(
                "the entry",
                () -> table("#audit-table") != null
                        && !table("#audit-table").getSelectionModel().isEmpty());
        shot("audit");
        await("its run", () -> action("audit.run").isEnabled());
        fx(() -> desktop.window.show(Screen.AUDIT, "1"));
        await("another entry", () -> table("#audit-table").getSelectionModel().getSelectedIndex() == 0);
        fx(() -> action("audit.run").fire());
        await("its step", () -> labels("#step-details").anyMatch("draft"::equals));
        fx(() -> desktop.window.show(Screen.AUDIT, "2"));
        await("looked at", () -> action("audit.lookBack").isEnabled());
        fx(() -> action("audit.lookBack").fire());
        await("the past", () -> desktop.workspace.past().moment().get() != null);
    }

    @Test
    void an_export_has_what_the_filter_shows_in_the_format_that_the_name_says() throws Exception {
        client.append(new EngineEvent.HostCallDenied("writer", "r-1", "http", "not granted", ""));
        client.append(new EngineEvent.HostCallDenied("editor", "r-1", "file", "not granted", ""));
        client.append(new EngineEvent.AgentPaused("writer", "runaway", "the same again"));
        await("open", () -> desktop.workspace.view().get() != null);
        fx(() -> desktop.window.show(Screen.AUDIT, null));
        await("the journal", () -> table("#audit-table") != null);

        String all = exported("all.jsonl");
        assertEquals("Export the journal", desktop.askedFor);
        assertEquals(
                client.history(HistoryQuery.last(1000)).size(),
                Files.readAllLines(Path.of(all)).size());

        fx(() -> ((ComboBox<?>) desktop.window.scene().lookup("#audit-type"))
                .getSelectionModel()
                .select(indexOfType("HostCallDenied")));
        fx(() -> ((TextField) desktop.window.scene().lookup("#audit-filter")).setText("Writer"));
        List<String> rows = Files.readAllLines(Path.of(exported("some.csv")));
        assertEquals("Export the entries of type HostCallDenied with “writer”", desktop.askedFor);
        assertEquals(2, rows.size(), "the columns' names, and the one entry that is shown");
        assertTrue(rows.getLast().contains("HostCallDenied,writer,r-1"), rows.getLast());
        assertEquals(
                "1 entry of type HostCallDenied with “writer” written to " + desktop.home.resolve("some.csv")
                        + ": what the filter leaves out is not in it.",
                onFx(() -> said().getText()));
        shot("audit-exported");

        desktop.chosenFile = desktop.home.resolve("some.csv/below.jsonl");
        fx(() -> action("audit.export").fire());
        await("what is wrong", () -> said().getText().contains("is a file, not a folder"));
        assertTrue(onFx(() -> said().getText()).contains("name another place"));
    }

    private String exported(String name) {
        Path file = desktop.home.resolve(name);
        desktop.chosenFile = file;
        fx(() -> action("audit.export").fire());
        await(name + " is written", () -> said().getText().contains(file.toString()));
        return file.toString();
    }

    private Label said() {
        return (Label) desktop.window.scene().lookup("#audit-message");
    }

    private int indexOfType(String type) {
        return ((ComboBox<?>) desktop.window.scene().lookup("#audit-type"))
                .getItems()
                .indexOf(type);
    }

    private static int indexOf(ListView<?> list, String run) {
        for (int i = 0; i < list.getItems().size(); i++) {
            if (((RunView) list.getItems().get(i)).id().equals(run)) {
                return i;
            }
        }
        throw new AssertionError(run);
    }

    private ListView<?> list(String query) {
        return (ListView<?>) desktop.window.scene().lookup(query);
    }

    private TableView<?> table(String query) {
        return (TableView<?>) desktop.window.scene().lookup(query);
    }

    private TabPane tabs() {
        return (TabPane) desktop.window.scene().lookup("#run-tabs");
    }

    private static RunView run(ProjectView view, String name) {
        return view.runs().stream()
                .filter(r -> r.name().equals(name) && r.state().isFinal())
                .findFirst()
                .orElseThrow();
    }

    private static RunView again(RunView r, String id, long later) {
        return new RunView(
                id,
                r.kind(),
                r.name(),
                r.state(),
                r.startedAt().plusSeconds(later),
                Objects.requireNonNull(r.endedAt()).plusSeconds(later),
                r.inputJson(),
                r.outputJson(),
                r.failedStep(),
                r.errorCode(),
                r.errorMessage(),
                r.microDollars() + later,
                r.tokens(),
                false,
                r.steps(),
                List.of());
    }

    private static ProjectView with(ProjectView v, RunView... more) {
        return new ProjectView(
                v.seq() + 1,
                v.at(),
                v.project(),
                v.folder(),
                v.up(),
                v.agents(),
                v.supervisors(),
                Stream.concat(Stream.of(more), v.runs().stream()).toList(),
                v.pools(),
                v.sagas(),
                v.budgets(),
                v.spend(),
                v.notices(),
                v.schedules(),
                v.lifecycle());
    }

    private Point2D place(String id, double down) {
        Node picture = onFx(() -> desktop.window.scene().lookup("#tree-picture"));
        await(id + " is drawn", () -> TreeFlows.place(picture, id) != null);
        return onFx(() -> {
            var box = TreeFlows.place(picture, id);
            return picture.localToScreen(box.getCenterX(), box.getMinY() + box.getHeight() * down);
        });
    }

    private Action action(String id) {
        return desktop.window.front().actions().stream()
                .filter(a -> a.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /// None while it is not there.
    private Stream<String> labels(String root) {
        return Stream.ofNullable(desktop.window.scene().lookup(root))
                .flatMap(node -> node.lookupAll(".label").stream())
                .filter(n -> n instanceof Labeled && n.isVisible())
                .map(n -> ((Labeled) n).getText());
    }

    private static Node found(String query) {
        return Window.getWindows().stream()
                .map(w -> w.getScene().lookup(query))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /// For people to look at, where they ask for it.
    private void shot(String name) {
        String folder = System.getProperty("nexus.shots", "");
        if (folder.isEmpty()) {
            return;
        }
        for (ColorScheme scheme : ColorScheme.values()) {
            fx(() -> desktop.system.set(scheme));
            picture(Path.of(folder, name + "-" + scheme.name().toLowerCase(java.util.Locale.ROOT) + ".png"));
        }
        if (!name.equals("drag")) { // the pointer has to stay where it is
            size(1000, 640);
            picture(Path.of(folder, name + "-small.png"));
            size(1280, 800);
        }
    }

    private void size(double width, double height) {
        fx(() -> {
            desktop.stage.setWidth(width);
            desktop.stage.setHeight(height);
        });
    }

    private void picture(Path file) {
        for (int pulse = 0; pulse < 5; pulse++) {
            WaitForAsyncUtils.waitForFxEvents();
        }
        desktop.picture(file);
    }
}
