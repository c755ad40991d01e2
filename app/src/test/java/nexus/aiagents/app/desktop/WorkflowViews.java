package nexus.aiagents.app.desktop;

import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.ProjectView.WorkflowStepView;
import nexus.aiagents.engine.view.ProjectView.WorkflowView;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.RunView.ItemView;
import nexus.aiagents.engine.view.RunView.ItemsView;
import nexus.aiagents.engine.view.RunView.StepState;
import nexus.aiagents.engine.view.RunView.StepView;

/// A project in which a workflow waits for approval after it went through 500 items and left one step out.
final class WorkflowViews {
    static final String RUN = "w-1";
    static final String NESTED = "w-2";

    private WorkflowViews() {}

    static ProjectView project(Instant now) {
        ProjectView v = new LivelyViews(now).project();
        return new ProjectView(
                v.seq() + 1,
                v.at(),
                v.project(),
                v.folder(),
                v.up(),
                v.agents(),
                v.supervisors(),
                Stream.concat(Stream.of(run(now), nested(now)), v.runs().stream())
                        .toList(),
                v.pools(),
                v.sagas(),
                v.budgets(),
                v.spend(),
                v.notices(),
                v.schedules(),
                v.lifecycle(),
                List.of(new WorkflowView(
                        "newsletter",
                        List.of(new WorkflowStepView("collect", "agent", "researcher", List.of(), false)))));
    }

    private static RunView run(Instant now) {
        List<ItemView> items = IntStream.range(0, 500)
                .mapToObj(i -> new ItemView(
                        i,
                        i == 3 ? StepState.FAILED : StepState.DONE,
                        1,
                        now.minusMillis(7_000 - i * 10L),
                        now.minusMillis(6_900 - i * 10L),
                        "{\"story\":" + i + "}",
                        "{\"text\":\"short\"}",
                        i == 3 ? "too-long" : null,
                        i == 3 ? "The story is too long" : null,
                        null,
                        null))
                .toList();
        return of(
                RUN,
                "newsletter",
                RunView.State.WAITING,
                now,
                List.of(
                        step("collect", StepState.DONE, now.minusSeconds(8), List.of(), null, null),
                        step(
                                "summarize",
                                StepState.DONE,
                                now.minusSeconds(7),
                                List.of("collect"),
                                new ItemsView(500, 499, 0, 1, 0, items),
                                null),
                        step("headline", StepState.DONE, now.minusSeconds(7), List.of("collect"), null, null),
                        step("events", StepState.SKIPPED, null, List.of("collect"), null, "condition"),
                        step("publish", StepState.WAITING, null, List.of("headline", "events"), null, null)),
                null,
                null);
    }

    private static RunView nested(Instant now) {
        return of(
                NESTED,
                "headlines",
                RunView.State.DONE,
                now,
                List.of(step("draft", StepState.DONE, now.minusSeconds(7), List.of(), null, null)),
                RUN,
                "headline");
    }

    private static RunView of(
            String id,
            String name,
            RunView.State state,
            Instant now,
            List<StepView> steps,
            String parent,
            String parentStep) {
        return new RunView(
                id,
                "workflow",
                name,
                state,
                now.minusSeconds(8),
                state.isFinal() ? now.minusSeconds(2) : null,
                "{\"topic\":\"otters\"}",
                null,
                null,
                null,
                null,
                4_200,
                1_300,
                false,
                steps,
                List.of(),
                parent,
                parentStep,
                null);
    }

    private static StepView step(
            String name, StepState state, Instant start, List<String> needs, ItemsView items, String skipped) {
        return new StepView(
                name,
                "researcher",
                null,
                state,
                start == null ? 0 : 1,
                start,
                start == null ? null : start.plusMillis(1_500),
                state == StepState.SKIPPED ? null : "{\"topic\":\"otters\"}",
                state == StepState.DONE ? "{\"text\":\"Otters hold hands\"}" : null,
                null,
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
                needs,
                items,
                skipped);
    }
}
