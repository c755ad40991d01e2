package nexus.aiagents.engine.pool;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A pool's decision as a pure function. Times are milliseconds since 1970.
public final class PoolMachine {

    /// @param refused why a person's wish can not be granted; then nothing changed. Null: it was, or
    ///     nobody asked
    public record Decision(
            PoolState state,
            List<PoolEffect> effects,
            @Nullable Refusal refused) {}

    /// @param code `not-parked` or `bad-input`
    public record Refusal(String code, String message) {}

    private PoolMachine() {}

    public static Decision decide(PoolRun run, PoolState state, PoolEvent event, long now) {
        PoolTurn turn = new PoolTurn(run, state, now);
        turn.handle(event);
        return turn.decision();
    }

    /// When a {@link PoolEvent.Tick} is due, `Long.MAX_VALUE` if never.
    public static long nextTick(PoolRun run, PoolState state) {
        boolean waits = state.ended() || state.suspended() || state.phase() != PoolState.Phase.VOTING;
        return waits ? Long.MAX_VALUE : deadline(run);
    }

    static long deadline(PoolRun run) {
        Duration timeout = run.pool().timeout();
        return timeout == null ? Long.MAX_VALUE : run.startedAt() + timeout.toMillis();
    }
}
