package nexus.aiagents.engine.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import nexus.aiagents.engine.view.RunView.StepState;
import nexus.aiagents.engine.view.RunView.StepView;
import org.junit.jupiter.api.Test;

/// Two runs beside each other.
class RunComparisonTest {
    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");

    private static RunView run(String id, String name, String forkedFrom, StepView... steps) {
        return new RunView(
                id,
                "saga",
                name,
                RunView.State.DONE,
                NOW,
                NOW.plusSeconds(3),
                "{\"topic\":\"otters\"}",
                "{\"ok\":true}",
                null,
                null,
                null,
                100,
                10,
                false,
                List.of(steps),
                List.of(),
                null,
                null,
                forkedFrom);
    }

    private static StepView step(String name, StepState state, int attempts, long millis, String output, String error) {
        return new StepView(
                name,
                name + "er",
                null,
                state,
                attempts,
                NOW,
                NOW.plusMillis(millis),
                "{\"n\":1}",
                output,
                error,
                null,
                null,
                null,
                0,
                0,
                null,
                null,
                null,
                null,
                false,
                null,
                List.of(),
                null,
                null);
    }

    @Test
    void steps_are_aligned_by_name_and_what_differs_is_told_place_by_place() {
        RunView a = run(
                "r-1",
                "publish",
                null,
                step("draft", StepState.DONE, 1, 100, "{\"title\":\"Otters\",\"tags\":[1,2]}", null),
                step("review", StepState.DONE, 1, 50, "{}", null));
        RunView b = run(
                "r-2",
                "publish",
                "r-1",
                step("draft", StepState.DONE, 3, 900, "{\"tags\":[1.0,3],\"title\":\"Seals\",\"long\":true}", null),
                step("review", StepState.DONE, 1, 70, "{}", null));
        RunComparison of = RunComparison.of(a, b);
        RunComparison.Step draft = of.steps().getFirst();
        assertEquals(
                List.of(
                        new JsonDifference("title", "\"Otters\"", "\"Seals\""),
                        new JsonDifference("tags[1]", "2", "3"),
                        new JsonDifference("long", null, "true")),
                draft.output());
        assertTrue(draft.wentOtherwise(), "three attempts");
        assertEquals(Duration.ofMillis(900), draft.tookB());
        assertFalse(of.steps().get(1).differs(), "only its duration does");
        assertEquals(List.of(), of.input());
        assertTrue(of.differs());
    }

    @Test
    void steps_that_one_of_them_has_not_stand_where_they_stood() {
        StepView one = step("one", StepState.DONE, 1, 1, "1", null);
        StepView two = step("two", StepState.DONE, 1, 1, "1", null);
        StepView three = step("three", StepState.DONE, 1, 1, "1", null);
        StepView four = step("four", StepState.FAILED, 1, 1, null, "boom");
        RunComparison of = RunComparison.of(run("a", "x", null, one, two, four), run("b", "x", null, one, three, four));
        assertEquals(
                List.of("one", "three", "two", "four"),
                of.steps().stream().map(RunComparison.Step::name).toList());
        assertNull(of.steps().get(1).a());
        assertNull(of.steps().get(2).b());
        assertTrue(of.steps().get(2).differs());
    }

    @Test
    void only_runs_of_one_definition_or_a_fork_and_its_origin_are_compared() {
        RunView a = run("a", "x", null);
        assertEquals("", RunComparison.whyNot(a, run("b", "x", null)));
        assertEquals("", RunComparison.whyNot(a, run("b", "renamed", "a")));
        assertEquals("That is one and the same run.", RunComparison.whyNot(a, a));
        assertTrue(RunComparison.whyNot(a, run("b", "y", null)).endsWith("x and y are two."));
        assertFalse(RunComparison.of(a, run("b", "x", null)).differs());
    }

    @Test
    void what_is_no_json_and_very_many_differences_are_compared_too() {
        assertEquals(List.of(new JsonDifference("", "\"plain\"", "1")), JsonDifference.between("plain", "1"));
        assertEquals(List.of(new JsonDifference("", null, "{}")), JsonDifference.between(null, "{}"));
        String zeros = "[" + "0,".repeat(500) + "0]";
        assertEquals(
                JsonDifference.MOST,
                JsonDifference.between(zeros, zeros.replace('0', '1')).size());
    }
}
