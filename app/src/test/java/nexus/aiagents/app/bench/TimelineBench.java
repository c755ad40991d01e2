package nexus.aiagents.app.bench;

import static nexus.aiagents.app.bench.Table.text;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import javafx.collections.FXCollections;
import javafx.event.Event;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.ListView;
import javafx.scene.input.ScrollEvent;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;
import nexus.aiagents.app.desktop.FakeEngineClient;
import nexus.aiagents.app.desktop.LivelyViews;
import nexus.aiagents.app.desktop.parts.EventTable;
import nexus.aiagents.app.desktop.runs.RunsScreen;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.RunView.StepState;
import nexus.aiagents.engine.view.RunView.StepView;

/// The Runs screen with one run of so many events, five of them for each step: its line of time is zoomed,
/// moved, and scrolled through, something new in every frame; and the list of its events.
record TimelineBench(int events, double seconds) implements Figures {
    private static final int EVENTS_A_STEP = 5;

    @Override
    public void measure(Table table) throws Exception {
        Frames.begin();
        table.columns(
                text("a run of %,d events", events),
                "frames/s",
                "JavaFX thread a frame, median / p95",
                "drawing a frame, median / p95");
        FakeEngineClient fake = new FakeEngineClient(view(Instant.now()));
        BenchWindow desktop = BenchWindow.open(_ -> fake, workspace -> List.of(new RunsScreen(workspace)));
        desktop.show(Path.of("/demo").toAbsolutePath(), Screen.RUNS, null);
        BenchWindow.await("the project is open", () -> desktop.workspace.view().get() != null);
        Frames.onFx(() -> {
            desktop.window.show(Screen.RUNS, "r-1");
            return true;
        });
        BenchWindow.await("its steps are there", () -> steps(desktop) != null);
        Node list = Frames.onFx(() -> steps(desktop));
        row(table, "timeline, zoomed", frame -> scroll(list, true, frame % 60 < 30 ? 20 : -20, 0));
        for (int i = 0; i < 12; i++) {
            Frames.onFx(() -> {
                scroll(list, true, 100, 0);
                return true;
            });
        }
        row(table, "timeline, moved", frame -> scroll(list, false, 0, frame % 120 < 60 ? 9 : -9));
        int steps = events / EVENTS_A_STEP;
        row(table, "timeline, scrolled through", frame -> ((ListView<?>) list).scrollTo(frame * 7 % steps));
        desktop.close();
        list(table);
    }

    private void row(Table table, String name, IntConsumer step) throws Exception {
        Frames frames = Frames.of(seconds / 2, seconds, step);
        table.row(name, text("%.0f", frames.perSecond()), frames.fxTime(), frames.drawTime());
    }

    private static Node steps(BenchWindow desktop) {
        return desktop.window.scene().lookup("#saga-steps");
    }

    private void list(Table table) throws Exception {
        List<JournalEntry> entries = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            EngineEvent said =
                    new EngineEvent.AgentLogged("researcher", "r-1", i % 5 == 0 ? "warn" : "info", "line " + i);
            entries.add(new JournalEntry(i, Instant.now(), said, "hash"));
        }
        EventTable shown = Frames.onFx(() -> new EventTable(FXCollections.observableArrayList(entries)));
        Stage stage = Frames.onFx(() -> {
            Stage opened = new Stage();
            opened.setScene(new Scene(new StackPane(shown), 1200, 800));
            opened.setX(0);
            opened.setY(0);
            opened.show();
            return opened;
        });
        row(table, "list of events, scrolled through", frame -> shown.scrollTo(frame * 37 % events));
        Frames.onFx(() -> {
            stage.close();
            return true;
        });
    }

    private ProjectView view(Instant now) {
        LivelyViews views = new LivelyViews(now);
        List<StepView> steps = new ArrayList<>();
        for (int i = 0; i < events / EVENTS_A_STEP; i++) {
            StepState state = i % 50 == 7 ? StepState.FAILED : StepState.DONE;
            steps.add(views.step("step-" + i, "researcher", "undo", state, i * 40L, i * 40L + 35, 0, 1 + i % 3));
        }
        RunView like = views.rolledBack();
        RunView run = new RunView(
                "r-1",
                "workflow",
                "long",
                RunView.State.DONE,
                now.minusSeconds(9),
                now.plusSeconds(events / EVENTS_A_STEP / 25),
                like.inputJson(),
                null,
                null,
                null,
                null,
                0,
                0,
                false,
                steps,
                List.of());
        ProjectView v = views.project();
        return new ProjectView(
                v.seq(),
                v.at(),
                v.project(),
                v.folder(),
                v.up(),
                v.agents(),
                v.supervisors(),
                List.of(run),
                v.pools(),
                v.sagas(),
                v.budgets(),
                v.spend(),
                v.notices(),
                v.schedules(),
                v.lifecycle());
    }

    private static void scroll(Node node, boolean zooms, double up, double across) {
        Event.fireEvent(
                node,
                new ScrollEvent(
                        ScrollEvent.SCROLL,
                        600,
                        200,
                        600,
                        200,
                        false,
                        zooms,
                        false,
                        false,
                        false,
                        false,
                        across,
                        up,
                        across,
                        up,
                        ScrollEvent.HorizontalTextScrollUnits.NONE,
                        0,
                        ScrollEvent.VerticalTextScrollUnits.NONE,
                        0,
                        0,
                        null));
    }
}
