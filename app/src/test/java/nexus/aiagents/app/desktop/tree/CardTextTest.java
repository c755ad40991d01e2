package nexus.aiagents.app.desktop.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import javafx.beans.property.SimpleObjectProperty;
import nexus.aiagents.app.desktop.LivelyViews;
import nexus.aiagents.app.desktop.parts.CanvasText;
import nexus.aiagents.app.desktop.shell.Theme;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.ProjectView.PoolView;
import nexus.aiagents.engine.view.ProjectView.QueueView;
import nexus.aiagents.engine.view.SupervisorView;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.testfx.api.FxToolkit;
import org.testfx.util.WaitForAsyncUtils;

/// What a card says is read whole at every zoom, however much or little room that leaves.
class CardTextTest {
    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
    private static final CanvasText TEXT = new CanvasText();

    @BeforeAll
    static void fonts() throws Exception {
        FxToolkit.registerPrimaryStage();
        onFx(() -> new Theme(new SimpleObjectProperty<>(javafx.application.ColorScheme.LIGHT), Theme.Choice.LIGHT));
    }

    private static <T> T onFx(Callable<T> what) throws Exception {
        return WaitForAsyncUtils.asyncFx(what).get();
    }

    @Test
    void facts_are_whole_at_every_zoom() throws Exception {
        onFx(() -> {
            for (double scale = TreePainter.FULL; scale <= Camera.LARGEST; scale += 0.02) {
                for (TreeNode node : nodes()) {
                    CardText card = CardText.of(node, NOW, scale, TEXT);
                    String at = node.name() + " at " + scale;
                    assertFalse(card.status().endsWith("…"), at + ": " + card.status());
                    assertFalse(card.status().isEmpty(), at);
                    assertTrue(TEXT.width(card.status(), card.small()) <= card.right() - card.left(), at);
                    if (node.agent() == null) {
                        assertFalse(card.note().endsWith("…"), at + ": " + card.note());
                        assertFalse(card.note().isEmpty(), at);
                    }
                    if (node.microDollars() < 1_000_000) {
                        assertEquals(node.name(), card.name(), at);
                    }
                }
            }
            return null;
        });
    }

    @Test
    void at_full_size_nothing_is_left_out() throws Exception {
        TreeNode team = supervisor(SupervisorView.State.RUNNING, 5, null, null);
        CardText card = onFx(() -> CardText.of(team, NOW, 1, TEXT));
        assertEquals("Running · one-for-one · 4 children", card.status());
        assertEquals("3 of 5 restarts left in 1 min", card.note());
        assertEquals("$12.50", card.cost());
    }

    @Test
    void what_people_wrote_ends_in_an_ellipsis() throws Exception {
        AgentView agent = new LivelyViews(NOW)
                .agent("writer", "team", AgentView.State.PAUSED, "A sentence much too long for a card of a tree", 0, 0);
        CardText card = onFx(() -> CardText.of(node(agent, 0), NOW, 0.7, TEXT));
        assertTrue(card.note().startsWith("A sentence much too") && card.note().endsWith("…"), card.note());
    }

    @Test
    void a_long_name_on_a_small_card_is_parted_where_it_is_put_together() throws Exception {
        onFx(() -> {
            assertEquals(
                    List.of("delete-", "research-notes"), TEXT.twoLines("delete-research-notes", TEXT.strong(10), 79));
            assertEquals(
                    1,
                    TEXT.twoLines("averylongnamewithoutanypart", TEXT.strong(10), 79)
                            .size());
            return null;
        });
    }

    private static List<TreeNode> nodes() {
        List<TreeNode> nodes = new ArrayList<>();
        LivelyViews views = new LivelyViews(NOW);
        for (AgentView.State state : AgentView.State.values()) {
            for (int restarts : new int[] {0, 1, 12_345}) {
                nodes.add(node(views.agent("delete-research", "team", state, "", restarts, 0), 0));
            }
        }
        for (int most : new int[] {0, 1, 3, 5, 8, 100}) {
            nodes.add(supervisor(SupervisorView.State.RUNNING, most, null, null));
            nodes.add(supervisor(SupervisorView.State.RUNNING, most, 2_000_000L, NOW.plusSeconds(4_000)));
        }
        for (QueueView queue : List.of(queue("open", 12_000), queue("draining", 3))) {
            nodes.add(pool(new PoolView("pool", "least-loaded", List.of("a", "b"), 0, queue)));
        }
        TreeModel model = TreeModel.of(views.project(), Set.of(), "");
        nodes.add(model.nodes().get(model.byId().get(TreeModel.ON_CALL)));
        return nodes;
    }

    private static TreeNode node(AgentView agent, long cost) {
        return new TreeNode(
                "a:" + agent.name(), TreeNode.Kind.AGENT, agent.name(), -1, 0, 0, false, cost, agent, null, null, null);
    }

    private static TreeNode pool(PoolView pool) {
        return new TreeNode("p:pool", TreeNode.Kind.POOL, "pool", -1, 0, 2, false, 0, null, null, pool, null);
    }

    private static QueueView queue(String state, int depth) {
        return new QueueView(
                state, 1, 20, 12, true, false, depth, 20_000, "block", 0, 3, 15, 1_234_567, 9, 0, 0, List.of());
    }

    private static TreeNode supervisor(SupervisorView.State state, int most, Long dollars, Instant until) {
        SupervisorView view = new SupervisorView(
                "research-team",
                null,
                "one-for-one",
                state,
                "",
                most,
                60,
                Math.min(2, most),
                List.of(),
                dollars,
                0,
                until,
                null,
                List.of());
        return new TreeNode(
                "s:team", TreeNode.Kind.SUPERVISOR, "team", -1, 0, 4, false, 12_500_000, null, view, null, null);
    }
}
