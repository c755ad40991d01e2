package nexus.aiagents.app.desktop.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import nexus.aiagents.app.desktop.LivelyViews;
import nexus.aiagents.app.desktop.SampleViews;
import nexus.aiagents.app.desktop.parts.Tone;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.ProjectView.PoolView;
import nexus.aiagents.engine.view.ProjectView.QueueView;
import nexus.aiagents.engine.view.SupervisorView;
import org.junit.jupiter.api.Test;

class TreeModelTest {
    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
    private final LivelyViews views = new LivelyViews(NOW);

    @Test
    void agents_under_no_supervisor_are_on_call() {
        TreeModel model = TreeModel.of(views.project(), Set.of(), "");
        TreeNode group = model.node(TreeModel.ON_CALL);
        assertNotNull(group);
        assertEquals(8, group.children());
        TreeNode publisher = model.node("a:publisher");
        assertEquals(TreeModel.ON_CALL, model.nodes().get(publisher.parent()).id());
    }

    @Test
    void cost_is_rolled_up_also_when_the_children_are_folded_away() {
        long cost = 310_200 + 48_200 + 12_900 + 250_000;
        assertEquals(
                cost,
                TreeModel.of(views.project(), Set.of(), "")
                        .node("s:research-team")
                        .microDollars());
        TreeModel folded = TreeModel.of(views.project(), Set.of("s:research-team"), "");
        assertEquals(cost, folded.node("s:research-team").microDollars());
        assertNull(folded.node("a:writer"));
    }

    @Test
    void a_pool_stands_below_its_supervisor_and_says_what_its_queue_does() {
        ProjectView view = SampleViews.running("/tmp/x");
        SupervisorView team = new SupervisorView(
                "desk",
                null,
                "one-for-one",
                SupervisorView.State.RUNNING,
                "",
                3,
                60,
                0,
                List.of(),
                null,
                0,
                null,
                null,
                List.of(new SupervisorView.ChildView("checkers", "pool", "permanent")));
        QueueView queue =
                new QueueView("open", 1, 8, 2, true, false, 3, 100, "reject", 0, 0, 0, 40, 2, 0, 0, List.of());
        ProjectView with = new ProjectView(
                view.seq(),
                view.at(),
                view.project(),
                view.folder(),
                true,
                view.agents(),
                List.of(team),
                view.runs(),
                List.of(new PoolView("checkers", "round-robin", List.of("checker"), 1, queue)),
                view.sagas(),
                view.budgets(),
                view.spend(),
                view.notices(),
                view.schedules(),
                view.lifecycle());
        TreeModel model = TreeModel.of(with, Set.of(), "");
        TreeNode pool = model.node("p:checkers");
        assertNotNull(pool);
        assertEquals("s:desk", model.nodes().get(pool.parent()).id());
        assertEquals("Open · round-robin · 2 workers", pool.status(view.at()));
        assertEquals("3 jobs waiting, 40 done", pool.note());
        assertEquals("Pool checkers, Open · round-robin · 2 workers, 3 jobs waiting, 40 done", pool.spoken(view.at()));
    }

    @Test
    void a_filter_keeps_what_is_above_its_matches_and_opens_what_is_folded() {
        TreeModel model = TreeModel.of(views.project(), Set.of("s:research-team"), "writer");
        assertEquals(
                List.of("s:research-team", "a:writer"),
                model.nodes().stream().map(TreeNode::id).toList());
        assertEquals(1, model.hits());
    }

    @Test
    void a_filter_finds_states_and_errors() {
        assertEquals(1, TreeModel.of(views.project(), Set.of(), "paused").hits());
        assertEquals(2, TreeModel.of(views.project(), Set.of(), "unreachable").hits());
    }

    @Test
    void a_node_counts_down_to_its_next_start_and_names_its_last_crash() {
        TreeNode writer = TreeModel.of(views.project(), Set.of(), "").node("a:writer");
        assertEquals("Starts again in 4 s · 3 restarts", writer.status(NOW));
        assertEquals("Starts again in 0 s · 3 restarts", writer.status(NOW.plusSeconds(9)));
        assertEquals("Last: trap, unreachable executed", writer.note());
        assertEquals(Tone.DANGER, writer.noteTone());
    }

    @Test
    void a_supervisor_says_how_many_restarts_are_left() {
        TreeNode team = TreeModel.of(views.project(), Set.of(), "").node("s:research-team");
        assertEquals("1 of 5 restarts left in 1 min", team.note());
        assertEquals(Tone.WARNING, team.noteTone());
    }

    @Test
    void no_two_nodes_of_ten_thousand_overlap_and_the_layout_takes_no_time() {
        ProjectView wide = views.wide(50, 200);
        TreeModel model = TreeModel.of(wide, Set.of(), "");
        TidyLayout layout = TidyLayout.of(model);
        assertEquals(10_051, model.nodes().size());
        Set<String> places = new java.util.HashSet<>();
        for (int i = 0; i < model.nodes().size(); i++) {
            assertTrue(places.add(layout.x(i) + "," + layout.y(i)), () -> "two nodes at one place");
            assertEquals(i, layout.at(layout.x(i) + 1, layout.y(i) + 1));
        }
        assertTrue(layout.width() > layout.height() / 3 && layout.width() < layout.height() * 3);
    }

    @Test
    void a_parent_stands_in_the_middle_of_its_children_and_left_of_them() {
        TreeModel model = TreeModel.of(views.project(), Set.of(), "");
        TidyLayout layout = TidyLayout.of(model);
        int team = model.byId().get("s:research-team");
        int first = model.byId().get("a:researcher");
        int last = model.byId().get("a:research-bot");
        assertTrue(layout.x(team) + TidyLayout.NODE_WIDTH < layout.x(first));
        assertEquals((layout.y(first) + layout.y(last)) / 2, layout.y(team), 0.001);
    }

    @Test
    void the_selection_walks_and_folding_its_node_away_moves_it_up() {
        TreeViewModel tree = new TreeViewModel();
        tree.show(views.project());
        assertEquals("s:research-team", tree.selected().get());
        tree.move(2);
        assertEquals("a:writer", tree.selected().get());
        tree.toggleFold("s:research-team");
        assertEquals("s:research-team", tree.selected().get());
        tree.toggleFold("s:research-team");
        tree.moveToChild();
        assertEquals("a:researcher", tree.selected().get());
        tree.moveToParent();
        assertEquals("s:research-team", tree.selected().get());
    }

    @Test
    void a_restart_is_told_once() {
        TreeViewModel tree = new TreeViewModel();
        List<String> told = new java.util.ArrayList<>();
        tree.onRestart(told::add);
        tree.show(views.project());
        tree.show(views.project());
        assertTrue(told.isEmpty());
        tree.show(LivelyViews.withRestart(views.project(), "writer"));
        assertEquals(List.of("a:writer"), told);
        assertFalse(tree.model().get().nodes().isEmpty());
    }

    @Test
    void fitting_shows_everything_and_zooming_keeps_the_point_under_the_pointer() {
        Camera camera = new Camera();
        camera.fit(4_000, 1_000, 800, 600);
        assertTrue(camera.screenX(0) >= 0 && camera.screenX(4_000) <= 800);
        double x = camera.worldX(300);
        double y = camera.worldY(200);
        camera.zoom(3, 300, 200);
        assertEquals(x, camera.worldX(300), 1e-9);
        assertEquals(y, camera.worldY(200), 1e-9);
    }
}
