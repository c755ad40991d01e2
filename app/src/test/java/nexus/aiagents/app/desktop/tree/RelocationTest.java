package nexus.aiagents.app.desktop.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import nexus.aiagents.app.desktop.LivelyViews;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.SupervisorView;
import nexus.aiagents.engine.view.SupervisorView.ChildView;
import org.junit.jupiter.api.Test;

/// Where a node may be moved to, and what that takes.
class RelocationTest {
    private final ProjectView view = view();
    private final TreeModel model = TreeModel.of(view, Set.of(), "");

    /// house ⟶ researcher, writer, night ⟶ reviewer; crawlers from a template; publisher is on call.
    private static ProjectView view() {
        ProjectView v = new LivelyViews(Instant.parse("2026-11-23T10:00:00Z")).project();
        SupervisorView house = supervisor(
                "house",
                null,
                null,
                new ChildView("researcher", "agent", "permanent"),
                new ChildView("writer", "agent", "permanent"),
                new ChildView("night", "supervisor", "permanent"));
        SupervisorView night = supervisor("night", "house", null, new ChildView("reviewer", "agent", "transient"));
        SupervisorView crawlers = supervisor(
                "crawlers",
                null,
                new SupervisorView.TemplateView("crawler", 3),
                new ChildView("crawler#1", "agent", "transient", true, null));
        return new ProjectView(
                v.seq(),
                v.at(),
                v.project(),
                v.folder(),
                true,
                v.agents(),
                List.of(house, night, crawlers),
                v.runs(),
                v.pools(),
                v.sagas(),
                v.budgets(),
                v.spend(),
                v.notices(),
                v.schedules(),
                v.lifecycle());
    }

    private static SupervisorView supervisor(
            String name, String parent, SupervisorView.TemplateView template, ChildView... children) {
        return new SupervisorView(
                name,
                parent,
                "rest-for-one",
                SupervisorView.State.RUNNING,
                "",
                3,
                60,
                0,
                List.of(),
                null,
                0,
                null,
                template,
                List.of(children));
    }

    private TreeNode node(String id) {
        return model.node(id);
    }

    private Relocation.Wish over(String dragged, String target, boolean before) {
        return Relocation.over(view, node(dragged), node(target), before);
    }

    @Test
    void over_a_sibling_it_comes_before_or_after_it_and_nothing_is_stopped() {
        Relocation move = Relocation.of(view, over("a:writer", "a:researcher", true));
        assertEquals(new Command.MoveChild("house", "writer", "house", 0), move.command());
        assertEquals(List.of(new Command.MoveChild("house", "writer", "house", 1)), move.undo());
        assertFalse(move.asks());
        assertTrue(move.consequence().startsWith("Nothing is stopped."), move.consequence());
        assertEquals("writer stands there already.", Relocation.whyNot(view, over("a:writer", "a:researcher", false)));
    }

    @Test
    void over_a_supervisor_it_becomes_its_last_child_and_what_is_started_again_is_said() {
        Relocation move = Relocation.of(view, over("a:researcher", "s:night", true));
        assertEquals(new Command.MoveChild("house", "researcher", "night", null), move.command());
        assertEquals(List.of(new Command.MoveChild("night", "researcher", "house", 0)), move.undo());
        assertTrue(move.asks());
        assertTrue(move.consequence().endsWith("Stopped and started again: researcher."), move.consequence());
    }

    @Test
    void a_whole_supervisor_takes_all_below_it_along() {
        Relocation.Wish wish = new Relocation.Wish(node("s:night"), "house", 0);
        assertEquals(
                new Command.MoveChild("house", "night", "house", 0),
                Relocation.of(view, wish).command());
        assertEquals(
                "night is below night itself.",
                Relocation.whyNot(view, new Relocation.Wish(node("s:night"), "night", null)));
        assertEquals(
                "night is below house itself.",
                Relocation.whyNot(view, new Relocation.Wish(node("s:house"), "night", null)));
        assertEquals(0, over("s:night", "a:researcher", true).place(), "beside its siblings, not into them");
    }

    @Test
    void one_that_was_on_call_is_added_and_taken_out_again() {
        Relocation move = Relocation.of(view, over("a:publisher", "s:house", false));
        assertEquals(new Command.AddChild("house", "publisher", null, null, false), move.command());
        assertEquals(
                List.of(new Command.StopChild("house", "publisher"), new Command.DeleteChild("house", "publisher")),
                move.undo());
    }

    @Test
    void templates_take_and_give_nothing_and_on_call_is_no_place() {
        assertEquals(
                "crawlers makes its children from a template.",
                Relocation.whyNot(view, over("a:writer", "s:crawlers", true)));
        assertNull(over("a:writer", "a:publisher", true));
        assertNull(over("a:writer", "a:writer", true));
    }
}
