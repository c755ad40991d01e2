package nexus.aiagents.engine.pool;

import java.time.Duration;
import java.util.List;

/// A pool's decision as a pure function. Times are milliseconds since 1970.
public final class PoolMachine {

    public record Decision(PoolState state, List<PoolEffect> effects) {}

    private PoolMachine() {}

    public static Decision decide(PoolRun run, PoolState state, PoolEvent event, long now) {
        PoolTurn turn = new PoolTurn(run, state, now);
        turn.handle(event);
        return turn.decision();
    }

    /// When a {@link PoolEvent.Tick} is due, `Long.MAX_VALUE` if never.
    public static long nextTick(PoolRun run, PoolState state) {
        return state.ended() || state.suspended() ? Long.MAX_VALUE : deadline(run);
    }

    static long deadline(PoolRun run) {
        Duration timeout = run.pool().timeout();
        return timeout == null ? Long.MAX_VALUE : run.startedAt() + timeout.toMillis();
    }
}
