package nexus.aiagents.engine.pool;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.project.PoolSpec;
import org.jspecify.annotations.Nullable;

/// A queue's decisions as a pure function: who works on what, how many workers there are, and what
/// happens to a job when there is no room. Times are milliseconds since 1970.
public final class QueueMachine {
    /// A job in the middle of which the process ended so often is not started again: it may be what
    /// ends it.
    public static final int MAX_INTERRUPTIONS = 5;

    /// Callers that may wait for room at the same time.
    public static final int MAX_BLOCKED = 1_000;

    /// @param refused why a person's wish can not be granted; then nothing changed. Null: it was, or
    ///     nobody asked
    public record Decision(QueueState state, List<QueueEffect> effects, PoolMachine.@Nullable Refusal refused) {}

    private QueueMachine() {}

    /// @param pool as it stands in the YAML now; its `queue` is set
    public static Decision decide(PoolSpec pool, QueueState state, QueueEvent event, long now) {
        QueueTurn turn = new QueueTurn(pool, state, now);
        turn.handle(event);
        return turn.decision();
    }

    /// The same for every attempt, so that an agent can tell a repetition.
    public static String idempotencyKey(QueueState.Job job) {
        byte[] of = (job.id() + '\n' + job.inputJson()).getBytes(StandardCharsets.UTF_8);
        return UUID.nameUUIDFromBytes(of).toString();
    }

    /// A job is a run with one step, whose agent is known when it starts.
    static EngineEvent accepted(PoolSpec pool, QueueState.Job job) {
        String plan = "{\"steps\":[{\"name\":\"work\",\"action\":\"\"}]}";
        return new EngineEvent.RunStarted(
                job.id(),
                "job",
                pool.name(),
                "",
                plan,
                job.inputJson(),
                job.by().run(),
                job.by().step(),
                null);
    }

    /// When a {@link QueueEvent.Tick} is due, `Long.MAX_VALUE` if never.
    public static long nextTick(PoolSpec pool, QueueState state) {
        long next = Long.MAX_VALUE;
        for (QueueState.Blocked blocked : state.blocked()) {
            next = Math.min(next, blocked.until());
        }
        if (!state.open()) {
            return next;
        }
        for (QueueState.Job job : state.delayed()) {
            next = Math.min(next, job.readyAt());
        }
        return Math.min(next, Scaling.due(pool, state).at());
    }
}
