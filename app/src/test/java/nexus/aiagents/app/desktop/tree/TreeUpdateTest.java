package nexus.aiagents.app.desktop.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import nexus.aiagents.app.desktop.LivelyViews;
import nexus.aiagents.app.desktop.shell.Palette;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.AgentView.State;
import nexus.aiagents.engine.view.ProjectView;
import org.junit.jupiter.api.Test;

class TreeUpdateTest {
    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
    private final LivelyViews views = new LivelyViews(NOW);

    @Test
    void an_update_says_the_same_as_a_tree_that_is_made_anew() {
        Random random = new Random(7);
        ProjectView before = views.wide(12, 30);
        TreeModel model = TreeModel.of(before, Set.of(), "");
        for (int round = 0; round < 30; round++) {
            ProjectView now = LivelyViews.with(before, a -> random.nextInt(10) == 0 ? changed(a, random) : a);
            model = model.with(before, now);
            assertNotNull(model);
            assertEquals(TreeModel.of(now, Set.of(), "").nodes(), model.nodes());
            before = now;
        }
    }

    /// Also what it has spent, which counts for every supervisor above.
    private AgentView changed(AgentView a, Random random) {
        State state = State.values()[random.nextInt(State.values().length)];
        return views.agent(a.name(), a.supervisor(), state, "round", random.nextInt(5), random.nextInt(1_000));
    }

    @Test
    void only_what_changed_is_made_anew() {
        ProjectView before = views.wide(4, 10);
        ProjectView now = LivelyViews.with(
                before, a -> a.name().equals("agent-2-3") ? LivelyViews.in(a, State.FAILED, a.restarts()) : a);
        TreeModel was = TreeModel.of(before, Set.of(), "");
        TreeModel is = was.with(before, now);
        assertNotNull(is);
        assertSame(was.byId(), is.byId(), "so that nothing is laid out again");
        List<String> anew = new ArrayList<>();
        for (int i = 0; i < is.nodes().size(); i++) {
            if (is.nodes().get(i) != was.nodes().get(i)) {
                anew.add(is.nodes().get(i).id());
            }
        }
        assertEquals(List.of("a:agent-2-3"), anew);
    }

    @Test
    void another_tree_is_made_anew() {
        ProjectView small = views.wide(3, 4);
        TreeModel model = TreeModel.of(small, Set.of(), "");
        assertNull(model.with(small, views.wide(3, 5)), "an agent more");
        TreeModel folded = TreeModel.of(small, Set.of("s:team-1"), "");
        ProjectView later = LivelyViews.with(
                small,
                a -> a.name().equals("agent-1-0") ? views.agent(a.name(), a.supervisor(), State.IDLE, "", 0, 9) : a);
        assertNull(folded.with(small, later), "what is folded away costs more");
    }

    @Test
    void only_nodes_in_view_are_painted() {
        TreeModel model = TreeModel.of(views.wide(40, 250), Set.of(), "");
        TidyLayout layout = TidyLayout.of(model);
        Camera camera = new Camera();
        camera.fit(layout.width(), layout.height(), 1200, 800);
        assertEquals(model.nodes().size(), TreePainter.seen(frame(model, layout, camera)).length);
        camera.zoom(0.8 / camera.scale(), 600, 400);
        int[] seen = TreePainter.seen(frame(model, layout, camera));
        double room = (1200 / (TidyLayout.NODE_WIDTH * 0.8) + 2) * (800 / (TidyLayout.NODE_HEIGHT * 0.8) + 2);
        assertTrue(seen.length > 0 && seen.length <= room, seen.length + " of at most " + room);
    }

    private static TreePainter.Frame frame(TreeModel model, TidyLayout layout, Camera camera) {
        return new TreePainter.Frame(model, layout, camera, Palette.LIGHT, null, null, false, Map.of(), NOW, 1200, 800);
    }
}
