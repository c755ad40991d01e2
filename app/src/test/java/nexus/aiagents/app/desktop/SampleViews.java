package nexus.aiagents.app.desktop;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import nexus.aiagents.engine.journal.RunRecord;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.AgentView.ExitView;
import nexus.aiagents.engine.view.AgentView.State;
import nexus.aiagents.engine.view.AgentView.TrustView;
import nexus.aiagents.engine.view.BudgetView;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.ProjectView.PoolView;
import nexus.aiagents.engine.view.ProjectView.SagaStepView;
import nexus.aiagents.engine.view.ProjectView.SagaView;
import nexus.aiagents.engine.view.ProjectView.SpendPoint;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.RunView.StepState;
import nexus.aiagents.engine.view.RunView.StepView;
import nexus.aiagents.engine.view.RunView.VoteView;
import nexus.aiagents.engine.view.SupervisorView;
import nexus.aiagents.engine.view.SupervisorView.ChildView;

/// Snapshots as the sample project `research-team` gives them.
public final class SampleViews {
    public static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

    private SampleViews() {}

    /// The team runs; the writer has just crashed and come back; a saga was rolled back; one budget is at
    /// its limit.
    public static ProjectView running(String folder) {
        return new ProjectView(
                120,
                NOW,
                "research-team",
                folder,
                true,
                List.of(
                        agent("researcher", "research-team", State.RUNNING, "Collects facts about otters", 1),
                        agent("writer", "research-team", State.BACKING_OFF, "Starts again in 2 s", 3),
                        agent("reviewer", "research-team", State.IDLE, "Waits for calls", 0),
                        agent("research-bot", "research-team", State.PAUSED, "The budget of $0.05 is used up", 0)),
                List.of(new SupervisorView(
                        "research-team",
                        null,
                        "one-for-one",
                        SupervisorView.State.RUNNING,
                        "",
                        5,
                        60,
                        4,
                        List.of(NOW.minusSeconds(40), NOW.minusSeconds(20), NOW.minusSeconds(9), NOW.minusSeconds(1)),
                        null,
                        0,
                        null,
                        null,
                        List.of(
                                new ChildView("researcher", "agent", "permanent"),
                                new ChildView("writer", "agent", "permanent"),
                                new ChildView("reviewer", "agent", "transient"),
                                new ChildView("research-bot", "agent", "permanent")))),
                List.of(rolledBack(), decision(), running()),
                List.of(new PoolView(
                        "fact-check", "majority", List.of("researcher", "researcher", "researcher"), 2, null)),
                List.of(new SagaView(
                        "publish-article",
                        List.of(
                                new SagaStepView("research", "researcher", "delete-notes", null),
                                new SagaStepView("draft", "writer", "delete-draft", null),
                                new SagaStepView("review", "reviewer", "retract-review", null),
                                new SagaStepView("publish", "publisher", "unpublish", null)))),
                List.of(
                        budget("agent/research-bot", "agent", "research-bot", 50_000, 48_200, 100),
                        budget("saga/publish-article", "saga", "publish-article", 1_000_000, 312_000, 31)),
                spend(),
                List.of(),
                List.of(),
                new ProjectView.LifecycleView(false, "ask", 10_000));
    }

    /// The same project before its team was started.
    public static ProjectView stopped(String folder) {
        ProjectView v = running(folder);
        return new ProjectView(
                1,
                NOW,
                v.project(),
                folder,
                false,
                v.agents().stream()
                        .map(a -> agent(a.name(), a.supervisor(), State.STOPPED, "Not started", 0))
                        .toList(),
                List.of(),
                List.of(),
                v.pools(),
                v.sagas(),
                v.budgets(),
                List.of(),
                List.of(),
                List.of(),
                new ProjectView.LifecycleView(false, "ask", 10_000));
    }

    public static AgentView agent(String name, String supervisor, State state, String detail, int restarts) {
        ExitView exit =
                restarts == 0 ? null : new ExitView(NOW.minusSeconds(1), "trap", "trap", "unreachable executed");
        return new AgentView(
                name,
                "javascript",
                "agents/" + name + ".js",
                "Collects facts",
                supervisor,
                state,
                state == State.PAUSED ? "budget" : null,
                detail,
                NOW.minusSeconds(30),
                restarts,
                exit,
                state == State.RUNNING ? 1 : 0,
                42,
                restarts,
                12_000,
                48_200,
                true,
                1_200_000,
                2_400_000,
                84,
                0,
                "model default",
                state == State.BACKING_OFF ? NOW.plusSeconds(2) : null,
                new TrustView(true, 82, 4, "A", "42 calls, 1 crash"),
                AgentView.LifeView.NONE);
    }

    /// As the journal lists it.
    public static RunRecord record(RunView run) {
        return new RunRecord(
                run.id(),
                run.kind(),
                run.name(),
                run.state().name().toLowerCase(Locale.ROOT),
                run.startedAt(),
                run.endedAt(),
                run.microDollars(),
                run.tokens(),
                run.failedStep(),
                run.errorCode(),
                run.parentRunId(),
                3,
                9,
                0);
    }

    /// A run of yesterday.
    static RunView old(String id) {
        RunView like = rolledBack();
        return new RunView(
                id,
                like.kind(),
                like.name(),
                like.state(),
                NOW.minusSeconds(90_000),
                NOW.minusSeconds(89_000),
                like.inputJson(),
                null,
                like.failedStep(),
                "site-down",
                "the site was down",
                like.microDollars(),
                like.tokens(),
                false,
                like.steps(),
                List.of());
    }

    private static RunView rolledBack() {
        return new RunView(
                "r-3",
                "saga",
                "publish-article",
                RunView.State.FAILED,
                NOW.minusSeconds(8),
                NOW.minusSeconds(2),
                "{\"topic\":\"otters\",\"failAt\":\"publish\"}",
                null,
                "publish",
                "publish-refused",
                "The input asked this step to fail",
                5_200,
                1_900,
                false,
                List.of(
                        step("research", "researcher", "delete-notes", StepState.DONE, 3),
                        step("draft", "writer", "delete-draft", StepState.DONE, 2),
                        step("review", "reviewer", "retract-review", StepState.DONE, 1),
                        step("publish", "publisher", "unpublish", StepState.FAILED, 0)),
                List.of());
    }

    private static StepView step(String name, String agent, String compensation, StepState state, int undoOrder) {
        boolean failed = state == StepState.FAILED;
        boolean undone = undoOrder > 0;
        return new StepView(
                name,
                agent,
                compensation,
                state,
                1,
                NOW.minusSeconds(7),
                NOW.minusSeconds(6),
                "{\"topic\":\"otters\"}",
                failed ? null : "{\"text\":\"Otters hold hands\"}",
                failed ? "publish-refused" : null,
                failed ? "The input asked this step to fail" : null,
                null,
                undone ? StepState.COMPENSATED : null,
                undoOrder,
                undone ? 1 : 0,
                undone ? NOW.minusSeconds(5L - undoOrder) : null,
                undone ? NOW.minusSeconds(4L - undoOrder) : null,
                null,
                null,
                false,
                null,
                List.of(),
                null,
                null,
                1_300L,
                100L);
    }

    private static RunView decision() {
        return new RunView(
                "r-2",
                "pool",
                "fact-check",
                RunView.State.DONE,
                NOW.minusSeconds(30),
                NOW.minusSeconds(28),
                "{\"claim\":\"Otters hold hands\"}",
                "{\"verdict\":\"true\"}",
                null,
                null,
                null,
                900,
                300,
                false,
                List.of(),
                List.of(
                        new VoteView("researcher", 0, "agreed", "{\"verdict\":\"true\"}", null, 0),
                        new VoteView("researcher", 1, "agreed", "{\"verdict\":\"true\"}", null, 0),
                        new VoteView("researcher", 2, "dissent", "{\"verdict\":\"unsure\"}", null, 0)));
    }

    private static RunView running() {
        return new RunView(
                "r-1",
                "agent",
                "researcher",
                RunView.State.RUNNING,
                NOW.minusSeconds(3),
                null,
                "{\"topic\":\"otters\"}",
                null,
                null,
                null,
                null,
                120,
                40,
                false,
                List.of(),
                List.of());
    }

    public static BudgetView budget(String id, String scope, String target, long max, long spent, int percent) {
        return new BudgetView(
                id,
                scope,
                target,
                "ever",
                "pause",
                max,
                null,
                null,
                spent,
                12_000,
                42,
                percent >= 100 ? max - spent : 0,
                0,
                percent,
                percent >= 100 ? BudgetView.Verdict.LIMIT : BudgetView.Verdict.OK,
                List.of(50, 80, 95),
                null,
                null);
    }

    private static List<SpendPoint> spend() {
        List<SpendPoint> points = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            points.add(new SpendPoint(
                    NOW.minusSeconds(600 - i * 10L),
                    i % 3 == 0 ? "writer" : "researcher",
                    "scripted-small",
                    "r-1",
                    600 + 37L * (i % 7),
                    200,
                    true));
        }
        return points;
    }
}
