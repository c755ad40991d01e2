package nexus.aiagents.app.bench;

import static nexus.aiagents.app.bench.Table.text;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javafx.beans.property.SimpleObjectProperty;
import javafx.event.Event;
import javafx.scene.Scene;
import javafx.scene.input.ScrollEvent;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;
import nexus.aiagents.app.desktop.LivelyViews;
import nexus.aiagents.app.desktop.shell.Palette;
import nexus.aiagents.app.desktop.tree.TreePicture;
import nexus.aiagents.app.desktop.tree.TreeViewModel;
import nexus.aiagents.engine.view.AgentView.State;
import nexus.aiagents.engine.view.ProjectView;

/// The picture of the supervision tree, 1200 × 800: before every frame a tenth of the agents changes its
/// state, and the picture moves unless all of it is seen.
record TreeBench(List<Integer> sizes, double seconds) implements Figures {
    private static final int ROUNDS = 20;

    /// @param smaller steps back from the largest, -1: all is in view
    private record Zoom(String name, int smaller) {}

    private static final List<Zoom> ZOOMS =
            List.of(new Zoom("all in view", -1), new Zoom("names", 9), new Zoom("cards", 5));

    @Override
    public void measure(Table table) throws Exception {
        Frames.begin();
        table.columns(
                "agents",
                "seen as",
                "frames/s",
                "JavaFX thread a frame, median / p95",
                "drawing a frame, median / p95");
        for (int agents : sizes) {
            List<ProjectView> views = changing(agents);
            for (Zoom zoom : ZOOMS) {
                Frames frames = draw(views, zoom);
                table.row(
                        text("%,d", agents),
                        zoom.name(),
                        text("%.0f", frames.perSecond()),
                        frames.fxTime(),
                        frames.drawTime());
            }
        }
    }

    private Frames draw(List<ProjectView> views, Zoom zoom) throws Exception {
        TreeViewModel tree = Frames.onFx(TreeViewModel::new);
        Stage stage = Frames.onFx(Stage::new);
        TreePicture picture = Frames.onFx(() -> {
            TreePicture made = new TreePicture(tree, new SimpleObjectProperty<>(Palette.LIGHT), Clock.systemUTC());
            tree.onRestart(made::pulse);
            stage.setScene(new Scene(new StackPane(made), 1200, 800));
            stage.setX(0);
            stage.setY(0);
            stage.show();
            tree.show(views.getFirst());
            return made;
        });
        if (zoom.smaller() >= 0) {
            Frames.of(0.2, 0.2, _ -> {});
            Frames.onFx(() -> {
                for (int i = 0; i < 60; i++) {
                    picture.zoomIn();
                }
                for (int i = 0; i < zoom.smaller(); i++) {
                    picture.zoomOut();
                }
                return true;
            });
        }
        Frames frames = Frames.of(seconds / 2, seconds, frame -> {
            tree.show(views.get(frame % views.size()));
            if (zoom.smaller() >= 0) {
                pan(picture, frame % 120 < 60 ? 7 : -7);
            }
        });
        Frames.onFx(() -> {
            picture.rest();
            stage.close();
            return true;
        });
        return frames;
    }

    private static void pan(TreePicture picture, double by) {
        Event.fireEvent(
                picture,
                new ScrollEvent(
                        ScrollEvent.SCROLL,
                        600,
                        400,
                        600,
                        400,
                        false,
                        false,
                        false,
                        false,
                        false,
                        false,
                        by,
                        by,
                        by,
                        by,
                        ScrollEvent.HorizontalTextScrollUnits.NONE,
                        0,
                        ScrollEvent.VerticalTextScrollUnits.NONE,
                        0,
                        0,
                        null));
    }

    /// Snapshots of which each differs from the one before it in a tenth of its agents.
    static List<ProjectView> changing(int agents) {
        int team = Math.min(500, agents / 2);
        ProjectView view = new LivelyViews(Instant.now()).wide(agents / team, team);
        List<ProjectView> views = new ArrayList<>();
        State[] states = {State.RUNNING, State.IDLE};
        for (int round = 0; round < ROUNDS; round++) {
            int tenth = round % 10;
            State state = states[round / 10 % states.length];
            view = LivelyViews.with(view, agent -> {
                boolean changes = Math.floorMod(agent.name().hashCode(), 10) == tenth;
                return changes ? LivelyViews.in(agent, state, agent.restarts()) : agent;
            });
            views.add(view);
        }
        return views;
    }
}
