package nexus.aiagents.engine.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.engine.project.Pinned;
import nexus.aiagents.engine.project.PoolSpec;
import nexus.aiagents.engine.project.Position;
import nexus.aiagents.engine.project.SagaSpec;
import nexus.aiagents.engine.project.SagaSpec.ActionKind;
import nexus.aiagents.engine.project.SagaSpec.OnUnknown;
import nexus.aiagents.engine.project.SagaSpec.RetrySpec;
import nexus.aiagents.engine.project.SagaSpec.StepSpec;

/// Short ways to say what a saga or a pool is.
public final class RunSpecs {
    public static final Position AT = new Position("nexus.yaml", 0, 0, 0, 0);

    private RunSpecs() {}

    public static SagaSpec saga(StepSpec... steps) {
        return named("order", steps);
    }

    /// A pool `q` whose one member `w` works on what is in this queue.
    public static PoolSpec queue(PoolSpec.QueueSpec queue) {
        return new PoolSpec(
                "q",
                List.of("w"),
                PoolSpec.Strategy.ROUND_ROBIN,
                0,
                null,
                0,
                PoolSpec.OnTie.FAIL,
                null,
                null,
                queue,
                AT);
    }

    public static SagaSpec named(String name, StepSpec... steps) {
        return new SagaSpec(name, List.of(steps), null, null, Set.of(), "h1", AT);
    }

    /// A saga of single steps and of groups of steps, which are lists.
    public static SagaSpec staged(Object... stages) {
        List<StepSpec> steps = new ArrayList<>();
        for (int i = 0; i < stages.length; i++) {
            if (stages[i] instanceof List<?> group) {
                String name = "group-" + i;
                group.forEach(step -> steps.add(edit((StepSpec) step, e -> e.group = name)));
            } else {
                steps.add((StepSpec) stages[i]);
            }
        }
        return saga(steps.toArray(StepSpec[]::new));
    }

    public static SagaSpec timeout(SagaSpec s, Duration timeout) {
        return new SagaSpec(s.name(), s.steps(), timeout, s.reserve(), s.env(), s.hash(), AT);
    }

    public static SagaSpec env(SagaSpec s, String... names) {
        return new SagaSpec(s.name(), s.steps(), s.timeout(), s.reserve(), Set.of(names), s.hash(), AT);
    }

    public static Pinned pinned(SagaSpec... sagas) {
        java.util.Map<String, SagaSpec> byName = new java.util.HashMap<>();
        for (SagaSpec saga : sagas) {
            byName.put(saga.name(), saga);
        }
        return new Pinned(byName, java.util.Map.of(), java.util.Map.of());
    }

    /// A step while it is made.
    private static final class Edit {
        String group;
        String action;
        ActionKind kind;
        String compensation;
        String input;
        RetrySpec retry;
        RetrySpec undoRetry;
        Duration timeout;
        Duration stepTimeout;
        Duration undoTimeout;
        boolean idempotent;
        OnUnknown onUnknown;
        String schema;
        boolean pivot;
        boolean approval;
    }

    private static StepSpec edit(StepSpec s, Consumer<Edit> change) {
        Edit e = new Edit();
        e.group = s.group();
        e.action = s.action();
        e.kind = s.kind();
        e.compensation = s.compensation();
        e.input = s.input();
        e.retry = s.retry();
        e.undoRetry = s.compensationRetry();
        e.timeout = s.timeout();
        e.stepTimeout = s.stepTimeout();
        e.undoTimeout = s.compensationTimeout();
        e.idempotent = s.idempotent();
        e.onUnknown = s.onUnknown();
        e.schema = s.outputSchema();
        e.pivot = s.pivot();
        e.approval = s.approval();
        change.accept(e);
        return new StepSpec(
                s.name(),
                e.group,
                e.action,
                e.kind,
                e.compensation,
                e.input,
                e.retry,
                e.undoRetry,
                e.timeout,
                e.stepTimeout,
                e.undoTimeout,
                e.idempotent,
                e.onUnknown,
                e.schema,
                e.pivot,
                e.approval,
                AT);
    }

    /// Its action is the agent `do-NAME`, its compensation the agent `undo-NAME`.
    public static StepSpec step(String name) {
        return new StepSpec(
                name,
                null,
                "do-" + name,
                ActionKind.AGENT,
                "undo-" + name,
                null,
                RetrySpec.ONCE,
                RetrySpec.ONCE,
                null,
                null,
                null,
                false,
                OnUnknown.COMPENSATE,
                null,
                false,
                false,
                AT);
    }

    public static StepSpec withoutCompensation(StepSpec s) {
        return edit(s, e -> e.compensation = null);
    }

    public static StepSpec input(StepSpec s, String input) {
        return edit(s, e -> e.input = input);
    }

    public static StepSpec retry(StepSpec s, int attempts, Duration delay, String... notOn) {
        return edit(s, e -> e.retry = new RetrySpec(attempts, delay, 2, Duration.ofSeconds(5), 0, Set.of(notOn)));
    }

    public static StepSpec jitter(StepSpec s, double jitter) {
        return edit(
                s,
                e -> e.retry = new RetrySpec(
                        e.retry.attempts(), e.retry.delay(), e.retry.factor(), e.retry.max(), jitter, e.retry.notOn()));
    }

    public static StepSpec undoRetry(StepSpec s, int attempts, Duration delay) {
        return edit(s, e -> e.undoRetry = new RetrySpec(attempts, delay, 2, Duration.ofSeconds(5), 0, Set.of()));
    }

    public static StepSpec stepTimeout(StepSpec s, Duration attempt, Duration total) {
        return edit(s, e -> {
            e.timeout = attempt;
            e.stepTimeout = total;
        });
    }

    public static StepSpec idempotent(StepSpec s) {
        return edit(s, e -> e.idempotent = true);
    }

    public static StepSpec ask(StepSpec s) {
        return edit(s, e -> e.onUnknown = OnUnknown.ASK);
    }

    public static StepSpec schema(StepSpec s, String schema) {
        return edit(s, e -> e.schema = schema);
    }

    /// It has no compensation: there is no way back.
    public static StepSpec pivot(StepSpec s) {
        return edit(s, e -> {
            e.pivot = true;
            e.compensation = null;
        });
    }

    public static StepSpec approval(StepSpec s) {
        return edit(s, e -> e.approval = true);
    }

    /// Its action is a saga; it undoes itself.
    public static StepSpec nested(StepSpec s, String saga) {
        return edit(s, e -> {
            e.action = saga;
            e.kind = ActionKind.SAGA;
            e.compensation = null;
        });
    }

    public static StepSpec inPool(StepSpec s, String pool) {
        return edit(s, e -> {
            e.action = pool;
            e.kind = ActionKind.POOL;
        });
    }

    public static StepSpec inWorkflow(StepSpec s, String workflow) {
        return edit(s, e -> {
            e.action = workflow;
            e.kind = ActionKind.WORKFLOW;
        });
    }

    public static PoolSpec pool(PoolSpec.Strategy strategy, String... members) {
        return new PoolSpec("jury", List.of(members), strategy, 2, null, 0, PoolSpec.OnTie.FAIL, null, null, null, AT);
    }

    public static AgentSpec agent(String name) {
        return new AgentSpec(
                name,
                AgentSpec.Runtime.JAVASCRIPT,
                name + ".js",
                null,
                null,
                500,
                "",
                AgentSpec.GrantSpec.NONE,
                new AgentSpec.LimitSpec(1, 1, Duration.ofSeconds(1)),
                AgentSpec.LivenessSpec.NONE,
                AgentSpec.RunawaySpec.DEFAULT,
                null,
                null,
                "h",
                AT);
    }
}
