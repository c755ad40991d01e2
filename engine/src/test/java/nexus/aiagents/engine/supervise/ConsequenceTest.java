package nexus.aiagents.engine.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.SupervisorView;
import nexus.aiagents.engine.view.SupervisorView.ChildView;
import org.junit.jupiter.api.Test;

/// Who restarts whom if one fails, before it does.
class ConsequenceTest {
    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");

    private static SupervisorView supervisor(
            String name, String parent, String strategy, int maxRestarts, int used, ChildView... children) {
        return new SupervisorView(
                name,
                parent,
                strategy,
                SupervisorView.State.RUNNING,
                "",
                maxRestarts,
                60,
                used,
                Stream.generate(() -> NOW.minusSeconds(10)).limit(used).toList(),
                null,
                0,
                null,
                null,
                List.of(children));
    }

    private static ChildView agent(String name, String restart) {
        return new ChildView(name, "agent", restart);
    }

    private static Consequence ifDies(String child, SupervisorView... supervisors) {
        return Consequence.of(
                new ProjectView(
                        1,
                        NOW,
                        "test",
                        "/p",
                        true,
                        List.of(),
                        List.of(supervisors),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        new ProjectView.LifecycleView(false, "ask", 10_000)),
                child);
    }

    @Test
    void one_for_one_restarts_the_one_and_says_how_many_are_left() {
        Consequence.Step step = ifDies(
                        "a",
                        supervisor("team", null, "one-for-one", 3, 1, agent("a", "permanent"), agent("b", "permanent")))
                .steps()
                .getFirst();
        assertEquals(List.of("a"), step.restarts());
        assertEquals(1, step.left());
        assertFalse(step.ended());
    }

    @Test
    void rest_for_one_takes_along_those_behind_it_and_ends_the_temporary_ones() {
        Consequence.Step step = ifDies(
                        "b",
                        supervisor(
                                "team",
                                null,
                                "rest-for-one",
                                3,
                                0,
                                agent("a", "permanent"),
                                agent("b", "permanent"),
                                agent("c", "temporary"),
                                agent("d", "transient"),
                                new ChildView("e", "agent", "permanent", false, "operator")))
                .steps()
                .getFirst();
        assertEquals(List.of("b", "d"), step.restarts(), "not those before it, nor one that a person stopped");
        assertEquals(List.of("c"), step.ends());
    }

    @Test
    void a_temporary_child_is_not_restarted() {
        Consequence of = ifDies("a", supervisor("team", null, "one-for-one", 3, 0, agent("a", "temporary")));
        assertEquals(List.of(), of.steps().getFirst().restarts());
        assertEquals(List.of("a is not restarted by team."), of.sentences());
    }

    @Test
    void one_too_many_goes_up_to_who_supervises_the_supervisor() {
        SupervisorView root = supervisor(
                "root",
                null,
                "one-for-all",
                1,
                0,
                new ChildView("team", "supervisor", "permanent"),
                agent("x", "permanent"));
        SupervisorView team = supervisor("team", "root", "one-for-one", 2, 2, agent("a", "permanent"));
        Consequence of = ifDies("a", root, team);
        assertEquals(2, of.steps().size());
        assertTrue(of.steps().getFirst().gaveUp());
        assertEquals(List.of("team", "x"), of.steps().get(1).restarts());
        assertEquals(
                List.of(
                        "team gives up, for its restarts are used up, and stops all its children.",
                        "root restarts team and with it x; after that the next failure is one too many."),
                of.sentences());
    }

    @Test
    void at_the_top_the_tree_is_down() {
        Consequence of = ifDies("a", supervisor("team", null, "one-for-one", 0, 0, agent("a", "permanent")));
        assertEquals(
                List.of(
                        "team gives up, for its restarts are used up, and stops all its children: nothing is above it, the"
                                + " tree is down."),
                of.sentences());
        assertEquals(
                List.of(),
                ifDies("nobody", supervisor("team", null, "one-for-one", 0, 0)).steps());
    }

    @Test
    void a_significant_child_that_is_not_restarted_takes_its_supervisor_along() {
        SupervisorView team = supervisor("team", null, "one-for-one", 3, 0);
        SupervisorView any = new SupervisorView(
                team.name(),
                null,
                team.strategy(),
                team.state(),
                "",
                3,
                60,
                0,
                List.of(),
                null,
                0,
                null,
                null,
                List.of(new ChildView("a", "agent", "temporary", false, null, true), agent("b", "permanent")),
                "any");
        assertEquals(
                List.of("team shuts itself down with all its children."),
                ifDies("a", any).sentences());
    }
}
