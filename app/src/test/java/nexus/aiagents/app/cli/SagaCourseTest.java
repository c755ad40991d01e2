package nexus.aiagents.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import nexus.aiagents.engine.view.ProjectView.SagaStepView;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SagaCourseTest {
    private static SagaStepView step(String name, @Nullable String group) {
        return new SagaStepView(name, "agent", "", group);
    }

    @Test
    void steps_that_run_at_the_same_time_are_shown_side_by_side_and_not_as_a_chain() {
        assertEquals(
                "reserve → address + fraud → invoice",
                SagaCommand.ListRuns.course(List.of(
                        step("reserve", null),
                        step("address", "checks"),
                        step("fraud", "checks"),
                        step("invoice", null))));
    }

    @Test
    void two_groups_that_follow_each_other_stay_apart() {
        assertEquals(
                "a + b → c + d",
                SagaCommand.ListRuns.course(
                        List.of(step("a", "one"), step("b", "one"), step("c", "two"), step("d", "two"))));
    }
}
