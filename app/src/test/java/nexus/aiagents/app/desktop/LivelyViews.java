package nexus.aiagents.app.desktop;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
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

/// A project in which much is going on, for the screens that draw it. Times count back from `now`.
public final class LivelyViews {
    private final Instant now;

    public LivelyViews(Instant now) {
        this.now = now;
    }

    public ProjectView project() {
        return new ProjectView(
                240,
                now,
                "research-team",
                "/demo",
                true,
                agents(),
                supervisors(),
                List.of(parked(), rolledBack(), decision(), done(), called()),
                List.of(new PoolView(
                        "research-pool", "majority", List.of("researcher-1", "researcher-2", "researcher-3"), 2, null)),
                List.of(new SagaView(
                        "publish-article",
                        List.of(
                                new SagaStepView("research", "researcher", "delete-research-notes", null),
                                new SagaStepView("draft", "writer", "delete-draft", null),
                                new SagaStepView("review", "reviewer", "revert-review", null),
                                new SagaStepView("publish", "publisher", "unpublish", null)))),
                budgets(),
                spend(),
                List.of(),
                List.of(),
                new ProjectView.LifecycleView(false, "ask", 10_000));
    }

    private List<AgentView> agents() {
        List<AgentView> agents = new ArrayList<>(List.of(
                agent("researcher", "research-team", State.RUNNING, "Collecting facts about otters", 0, 310_200),
                agent("writer", "research-team", State.BACKING_OFF, "", 3, 48_200),
                agent("reviewer", "research-team", State.IDLE, "", 1, 12_900),
                agent(
                        "research-bot",
                        "research-team",
                        State.PAUSED,
                        "The budget agent/research-bot is used up: $0.25 of $0.25",
                        0,
                        250_000)));
        for (String name : List.of(
                "publisher",
                "researcher-1",
                "researcher-2",
                "researcher-3",
                "delete-research-notes",
                "delete-draft",
                "revert-review",
                "unpublish")) {
            agents.add(agent(name, null, State.STOPPED, "", 0, name.startsWith("researcher") ? 3_100 : 0));
        }
        return agents;
    }

    public AgentView agent(String name, String supervisor, State state, String detail, int restarts, long cost) {
        return new AgentView(
                name,
                name.equals("reviewer") ? "wasm" : "javascript",
                "agents/" + name + ".js",
                "Does the work of a " + name,
                supervisor,
                state,
                state == State.PAUSED ? "budget" : null,
                detail,
                now.minusSeconds(34),
                restarts,
                restarts == 0 ? null : new ExitView(now.minusSeconds(2), "trap", "trap", "unreachable executed"),
                state == State.RUNNING ? 1 : 0,
                142,
                restarts,
                cost / 4,
                cost,
                true,
                18_400_200,
                3_400_000,
                284,
                1,
                "model default",
                state == State.BACKING_OFF ? now.plusSeconds(4) : null,
                new TrustView(true, 82, 4, "A", "142 calls succeeded, 3 crashes in the last day, no denied call."),
                AgentView.LifeView.NONE);
    }

    private List<SupervisorView> supervisors() {
        return List.of(new SupervisorView(
                "research-team",
                null,
                "one-for-one",
                SupervisorView.State.RUNNING,
                "",
                5,
                60,
                4,
                List.of(now.minusSeconds(40), now.minusSeconds(20), now.minusSeconds(9), now.minusSeconds(2)),
                null,
                0,
                null,
                null,
                List.of(
                        new ChildView("researcher", "agent", "permanent"),
                        new ChildView("writer", "agent", "permanent"),
                        new ChildView("reviewer", "agent", "transient"),
                        new ChildView("research-bot", "agent", "permanent"))));
    }

    public StepView step(
            String name, String agent, String undo, StepState state, long from, long to, int undoOrder, int attempts) {
        boolean failed = state == StepState.FAILED;
        Instant start = now.minusMillis(9_000 - from);
        StepState undone = undoOrder > 0 ? StepState.COMPENSATED : null;
        return new StepView(
                name,
                agent,
                undo,
                state,
                attempts,
                state == StepState.PENDING ? null : start,
                state == StepState.PENDING ? null : now.minusMillis(9_000 - to),
                "{\"topic\":\"otters\",\"failAt\":\"publish\"}",
                failed || state == StepState.PENDING
                        ? null
                        : "{\"text\":\"Otters hold hands while they sleep.\",\"facts\":3}",
                failed ? "publish-refused" : null,
                failed ? "The input asked this step to fail" : null,
                null,
                undone,
                undoOrder,
                undoOrder > 0 ? 1 : 0,
                undoOrder > 0 ? now.minusMillis(9_000 - 6_400 - undoOrder * 420L) : null,
                undoOrder > 0 ? now.minusMillis(9_000 - 6_700 - undoOrder * 420L) : null,
                null,
                null,
                false,
                null,
                List.of(),
                null,
                null,
                1_325L,
                102L);
    }

    public RunView rolledBack() {
        return run(
                "r-20",
                RunView.State.FAILED,
                "publish",
                List.of(
                        step("research", "researcher", "delete-research-notes", StepState.DONE, 0, 1_900, 3, 1),
                        step("draft", "writer", "delete-draft", StepState.DONE, 1_900, 4_300, 2, 2),
                        step("review", "reviewer", "revert-review", StepState.DONE, 4_300, 5_000, 1, 1),
                        step("publish", "publisher", "unpublish", StepState.FAILED, 5_000, 6_500, 0, 3)));
    }

    private RunView parked() {
        StepView bad = step("draft", "writer", "delete-draft", StepState.DONE, 1_900, 4_300, 1, 1);
        StepView stuck = new StepView(
                bad.name(),
                bad.agent(),
                bad.compensation(),
                bad.state(),
                1,
                bad.startedAt(),
                bad.endedAt(),
                bad.inputJson(),
                bad.outputJson(),
                null,
                null,
                null,
                StepState.COMPENSATION_FAILED,
                1,
                3,
                bad.undoStartedAt(),
                bad.undoEndedAt(),
                "error: the draft is locked by another editor",
                null,
                false,
                null,
                List.of(),
                null,
                null);
        return run(
                "r-21",
                RunView.State.PARKED,
                "review",
                List.of(
                        step("research", "researcher", "delete-research-notes", StepState.DONE, 0, 1_900, 0, 1),
                        stuck,
                        step("review", "reviewer", "revert-review", StepState.FAILED, 4_300, 5_000, 0, 1),
                        step("publish", "publisher", "unpublish", StepState.PENDING, 0, 0, 0, 0)));
    }

    private RunView done() {
        return run(
                "r-18",
                RunView.State.DONE,
                null,
                List.of(
                        step("research", "researcher", "delete-research-notes", StepState.DONE, 0, 1_900, 0, 1),
                        step("draft", "writer", "delete-draft", StepState.DONE, 1_900, 4_300, 0, 1),
                        step("review", "reviewer", "revert-review", StepState.DONE, 4_300, 5_000, 0, 1),
                        step("publish", "publisher", "unpublish", StepState.DONE, 5_000, 6_500, 0, 1)));
    }

    private RunView run(String id, RunView.State state, String failedStep, List<StepView> steps) {
        return new RunView(
                id,
                "saga",
                "publish-article",
                state,
                now.minusSeconds(9),
                state.isFinal() ? now.minusSeconds(1) : null,
                "{\"topic\":\"otters\"}",
                state == RunView.State.DONE ? "{\"url\":\"https://example.org/otters\"}" : null,
                failedStep,
                failedStep == null ? null : "publish-refused",
                failedStep == null ? null : "The input asked this step to fail",
                5_200,
                1_900,
                id.equals("r-21"),
                steps,
                List.of());
    }

    private RunView decision() {
        return new RunView(
                "r-19",
                "pool",
                "research-pool",
                RunView.State.DONE,
                now.minusSeconds(30),
                now.minusSeconds(28),
                "{\"topic\":\"otters\"}",
                "{\"answer\":\"Otters hold hands\"}",
                null,
                null,
                null,
                900,
                300,
                false,
                List.of(),
                List.of(
                        new VoteView("researcher-1", 0, "agreed", "{\"answer\":\"Otters hold hands\"}", null, 0),
                        new VoteView("researcher-2", 1, "agreed", "{\"answer\":\"Otters hold hands\"}", null, 0),
                        new VoteView("researcher-3", 2, "dissent", "{\"answer\":\"Otters do not\"}", null, 0)));
    }

    private RunView called() {
        return new RunView(
                "r-17",
                "agent",
                "researcher",
                RunView.State.DONE,
                now.minusSeconds(60),
                now.minusSeconds(58),
                "{\"topic\":\"otters\"}",
                "{\"text\":\"Otters hold hands while they sleep.\"}",
                null,
                null,
                null,
                120,
                40,
                false,
                List.of(),
                List.of());
    }

    private List<BudgetView> budgets() {
        return List.of(
                new BudgetView(
                        "agent/research-bot",
                        "agent",
                        "research-bot",
                        "ever",
                        "pause",
                        250_000L,
                        100_000L,
                        null,
                        232_000,
                        61_000,
                        148,
                        18_000,
                        4_000,
                        100,
                        BudgetView.Verdict.LIMIT,
                        List.of(50, 80, 95),
                        null,
                        null),
                new BudgetView(
                        "saga/publish-article",
                        "saga",
                        "publish-article",
                        "day",
                        "alert",
                        5_000_000L,
                        null,
                        200L,
                        1_212_000,
                        81_000,
                        48,
                        90_000,
                        0,
                        26,
                        BudgetView.Verdict.OK,
                        List.of(),
                        now.plusSeconds(30_000),
                        null));
    }

    private List<SpendPoint> spend() {
        List<String> names = List.of("researcher", "writer", "reviewer", "research-bot", "researcher-1");
        return IntStream.range(0, 180)
                .mapToObj(i -> new SpendPoint(
                        now.minusSeconds(600 - i * 10L / 3),
                        names.get(i * 7 % 5 == 0 ? 0 : i % 5),
                        i % 9 == 0 ? "scripted-large" : "scripted-small",
                        "r-1",
                        600 + 370L * (i % 7) + (i % 5) * 420L,
                        200 + i,
                        true))
                .toList();
    }

    /// The same with agents changed.
    public static ProjectView with(ProjectView v, java.util.function.UnaryOperator<AgentView> change) {
        return new ProjectView(
                v.seq() + 1,
                v.at(),
                v.project(),
                v.folder(),
                v.up(),
                v.agents().stream().map(change).toList(),
                v.supervisors(),
                v.runs(),
                v.pools(),
                v.sagas(),
                v.budgets(),
                v.spend(),
                v.notices(),
                List.of(),
                new ProjectView.LifecycleView(false, "ask", 10_000));
    }

    /// An agent has come back from a crash.
    public static ProjectView withRestart(ProjectView v, String agent) {
        return with(v, a -> a.name().equals(agent) ? in(a, State.RUNNING, a.restarts() + 1) : a);
    }

    public static AgentView in(AgentView a, State state, int restarts) {
        return new AgentView(
                a.name(),
                a.runtime(),
                a.source(),
                a.description(),
                a.supervisor(),
                state,
                state == State.PAUSED ? "operator" : null,
                "",
                a.since(),
                restarts,
                a.lastExit(),
                state == State.RUNNING ? 1 : 0,
                a.calls(),
                a.failedCalls(),
                a.tokens(),
                a.microDollars(),
                a.scripted(),
                a.fuel(),
                a.memoryBytes(),
                a.hostCalls(),
                a.deniedCalls(),
                a.lastHostCall(),
                null,
                a.trust(),
                a.life());
    }

    public static AgentView with(AgentView a, AgentView.GrantsView grants) {
        return new AgentView(
                a.name(),
                a.runtime(),
                a.source(),
                a.isolation(),
                a.description(),
                a.supervisor(),
                a.state(),
                a.pausedBy(),
                a.detail(),
                a.since(),
                a.restarts(),
                a.lastExit(),
                a.activeCalls(),
                a.calls(),
                a.failedCalls(),
                a.tokens(),
                a.microDollars(),
                a.scripted(),
                a.fuel(),
                a.memoryBytes(),
                a.hostCalls(),
                a.deniedCalls(),
                a.lastHostCall(),
                a.backoffUntil(),
                a.trust(),
                a.life(),
                grants,
                a.inputSchema());
    }

    /// A wide tree: one root, supervisors below it, agents below those.
    public ProjectView wide(int supervisors, int agentsEach) {
        List<AgentView> agents = new ArrayList<>();
        List<SupervisorView> all = new ArrayList<>();
        List<ChildView> top = new ArrayList<>();
        for (int s = 0; s < supervisors; s++) {
            List<ChildView> children = new ArrayList<>();
            for (int a = 0; a < agentsEach; a++) {
                String name = "agent-" + s + "-" + a;
                State state = (s + a) % 11 == 0 ? State.FAILED : a % 3 == 0 ? State.RUNNING : State.IDLE;
                agents.add(agent(name, "team-" + s, state, "", (s + a) % 11 == 0 ? 1 : 0, 100));
                children.add(new ChildView(name, "agent", "permanent"));
            }
            top.add(new ChildView("team-" + s, "supervisor", "permanent"));
            all.add(supervisor("team-" + s, "root", children));
        }
        all.addFirst(supervisor("root", null, top));
        ProjectView base = project();
        return new ProjectView(
                base.seq() + 1,
                now,
                "wide",
                "/wide",
                true,
                agents,
                all,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                new ProjectView.LifecycleView(false, "ask", 10_000));
    }

    private static SupervisorView supervisor(String name, String parent, List<ChildView> children) {
        return new SupervisorView(
                name,
                parent,
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
                children);
    }
}
