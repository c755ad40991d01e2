package nexus.aiagents.engine.saga;

import java.time.Duration;
import java.util.List;
import nexus.aiagents.engine.project.SagaSpec.RetrySpec;
import nexus.aiagents.engine.saga.SagaState.Phase;
import nexus.aiagents.engine.saga.SagaState.Step;

/// A saga as a pure function. Times are milliseconds since 1970.
public final class SagaMachine {

    public record Decision(SagaState state, List<SagaEffect> effects) {}

    private SagaMachine() {}

    public static Decision decide(SagaRun run, SagaState state, SagaEvent event, long now) {
        SagaTurn turn = new SagaTurn(run, state, now);
        turn.handle(event);
        return turn.decision();
    }

    /// When a {@link SagaEvent.Tick} is due, `Long.MAX_VALUE` if never.
    public static long nextTick(SagaRun run, SagaState state) {
        if (state.phase() == Phase.ENDED || state.phase() == Phase.PARKED || state.suspended()) {
            return Long.MAX_VALUE;
        }
        long next = Long.MAX_VALUE;
        if (state.phase() == Phase.FORWARD && state.stopping() == null) {
            next = deadline(run);
        }
        if (state.current() >= 0 && state.current() < state.steps().size()) {
            Step step = state.steps().get(state.current());
            if (step.status() == SagaState.Status.WAITING || step.status() == SagaState.Status.UNDO_WAITING) {
                next = Math.min(next, step.retryAt());
            }
        }
        return next;
    }

    static long deadline(SagaRun run) {
        Duration timeout = run.saga().timeout();
        return timeout == null ? Long.MAX_VALUE : run.startedAt() + timeout.toMillis();
    }

    /// @param tries how many there were, at least one
    static long delayMillis(RetrySpec retry, int tries) {
        double delay = retry.delay().toMillis() * Math.pow(retry.factor(), tries - 1.0);
        return (long) Math.min(delay, retry.max().toMillis());
    }
}
