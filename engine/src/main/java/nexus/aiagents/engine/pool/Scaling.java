package nexus.aiagents.engine.pool;

import java.util.Objects;
import nexus.aiagents.engine.project.PoolSpec;
import nexus.aiagents.engine.project.PoolSpec.QueueSpec;

/// How many workers a queue should have, by itself.
///
/// More when a job has waited for `after`, or more jobs wait than there are workers: one more, or as
/// many as wait, at most twice as many as there were. One fewer when a worker had nothing to do for
/// `idle` and nothing waits. Never two changes within `cooldown`, except from none to the first.
final class Scaling {
    /// @param at    when, `Long.MAX_VALUE`: not unless something happens
    /// @param cause `queue`, `wait` or `idle`
    record Change(long at, int target, String cause) {
        static final Change NONE = new Change(Long.MAX_VALUE, 0, "");
    }

    private Scaling() {}

    static Change due(PoolSpec pool, QueueState state) {
        QueueSpec queue = Objects.requireNonNull(pool.queue());
        if (!queue.automatic() || state.pinned() || !state.open()) {
            return Change.NONE;
        }
        long rested = state.target() == 0 || state.scaledAt() == 0
                ? 0
                : state.scaledAt() + queue.cooldown().toMillis();
        return state.waiting().isEmpty() ? fewer(queue, state, rested) : more(queue, state, rested);
    }

    private static Change more(QueueSpec queue, QueueState state, long rested) {
        if (state.target() >= queue.max()) {
            return Change.NONE;
        }
        int waiting = state.waiting().size();
        int target = Math.min(queue.max(), state.target() + Math.max(1, Math.min(state.target(), waiting)));
        if (waiting > state.target()) {
            return new Change(rested, target, "queue");
        }
        long oldest = state.waiting().getFirst().readyAt();
        return new Change(Math.max(rested, oldest + queue.after().toMillis()), target, "wait");
    }

    private static Change fewer(QueueSpec queue, QueueState state, long rested) {
        if (state.target() <= queue.min()) {
            return Change.NONE;
        }
        long idleSince = Long.MAX_VALUE;
        for (QueueState.Worker worker : state.workers()) {
            if (!state.atWork().containsKey(worker.index())) {
                idleSince = Math.min(idleSince, worker.since());
            }
        }
        return idleSince == Long.MAX_VALUE
                ? Change.NONE
                : new Change(Math.max(rested, idleSince + queue.idle().toMillis()), state.target() - 1, "idle");
    }
}
