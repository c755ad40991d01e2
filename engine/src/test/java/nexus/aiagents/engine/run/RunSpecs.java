package nexus.aiagents.engine.run;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.engine.project.PoolSpec;
import nexus.aiagents.engine.project.Position;
import nexus.aiagents.engine.project.SagaSpec;
import nexus.aiagents.engine.project.SagaSpec.OnUnknown;
import nexus.aiagents.engine.project.SagaSpec.RetrySpec;
import nexus.aiagents.engine.project.SagaSpec.StepSpec;

/// Short ways to say what a saga or a pool is.
public final class RunSpecs {
    public static final Position AT = new Position("nexus.yaml", 0, 0, 0, 0);

    private RunSpecs() {}

    public static SagaSpec saga(StepSpec... steps) {
        return new SagaSpec("order", List.of(steps), null, "h1", AT);
    }

    public static SagaSpec timeout(SagaSpec saga, Duration timeout) {
        return new SagaSpec(saga.name(), saga.steps(), timeout, saga.hash(), AT);
    }

    /// Its action is the agent `do-NAME`, its compensation the agent `undo-NAME`.
    public static StepSpec step(String name) {
        return new StepSpec(
                name,
                "do-" + name,
                "undo-" + name,
                null,
                RetrySpec.ONCE,
                RetrySpec.ONCE,
                null,
                false,
                OnUnknown.COMPENSATE,
                null,
                AT);
    }

    public static StepSpec withoutCompensation(StepSpec s) {
        return new StepSpec(
                s.name(),
                s.action(),
                null,
                s.input(),
                s.retry(),
                s.compensationRetry(),
                s.timeout(),
                s.idempotent(),
                s.onUnknown(),
                s.outputSchema(),
                AT);
    }

    public static StepSpec input(StepSpec s, String input) {
        return new StepSpec(
                s.name(),
                s.action(),
                s.compensation(),
                input,
                s.retry(),
                s.compensationRetry(),
                s.timeout(),
                s.idempotent(),
                s.onUnknown(),
                s.outputSchema(),
                AT);
    }

    public static StepSpec retry(StepSpec s, int attempts, Duration delay, String... notOn) {
        RetrySpec retry = new RetrySpec(attempts, delay, 2, Duration.ofSeconds(5), Set.of(notOn));
        return new StepSpec(
                s.name(),
                s.action(),
                s.compensation(),
                s.input(),
                retry,
                s.compensationRetry(),
                s.timeout(),
                s.idempotent(),
                s.onUnknown(),
                s.outputSchema(),
                AT);
    }

    public static StepSpec undoRetry(StepSpec s, int attempts, Duration delay) {
        RetrySpec retry = new RetrySpec(attempts, delay, 2, Duration.ofSeconds(5), Set.of());
        return new StepSpec(
                s.name(),
                s.action(),
                s.compensation(),
                s.input(),
                s.retry(),
                retry,
                s.timeout(),
                s.idempotent(),
                s.onUnknown(),
                s.outputSchema(),
                AT);
    }

    public static StepSpec idempotent(StepSpec s) {
        return new StepSpec(
                s.name(),
                s.action(),
                s.compensation(),
                s.input(),
                s.retry(),
                s.compensationRetry(),
                s.timeout(),
                true,
                s.onUnknown(),
                s.outputSchema(),
                AT);
    }

    public static StepSpec ask(StepSpec s) {
        return new StepSpec(
                s.name(),
                s.action(),
                s.compensation(),
                s.input(),
                s.retry(),
                s.compensationRetry(),
                s.timeout(),
                s.idempotent(),
                OnUnknown.ASK,
                s.outputSchema(),
                AT);
    }

    public static StepSpec schema(StepSpec s, String schema) {
        return new StepSpec(
                s.name(),
                s.action(),
                s.compensation(),
                s.input(),
                s.retry(),
                s.compensationRetry(),
                s.timeout(),
                s.idempotent(),
                s.onUnknown(),
                schema,
                AT);
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
