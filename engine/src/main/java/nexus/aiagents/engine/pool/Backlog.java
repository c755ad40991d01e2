package nexus.aiagents.engine.pool;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import nexus.aiagents.engine.pool.QueueState.Blocked;
import nexus.aiagents.engine.pool.QueueState.Job;
import org.jspecify.annotations.Nullable;

/// The jobs of a queue that no worker has, and the callers that wait for room among them: part of the
/// working copy of one decision.
final class Backlog {
    private final Deque<Job> waiting;
    private final List<Job> delayed;
    private final Deque<Blocked> blocked;

    Backlog(QueueState state) {
        this.waiting = new ArrayDeque<>(state.waiting());
        this.delayed = new ArrayList<>(state.delayed());
        this.blocked = new ArrayDeque<>(state.blocked());
    }

    List<Job> waiting() {
        return List.copyOf(waiting);
    }

    List<Job> delayed() {
        return List.copyOf(delayed);
    }

    List<Blocked> blocked() {
        return List.copyOf(blocked);
    }

    // ---- jobs

    /// How many jobs there are, those among them whose time has not come.
    int size() {
        return waiting.size() + delayed.size();
    }

    boolean isAnyWaiting() {
        return !waiting.isEmpty();
    }

    void add(Job job) {
        waiting.addLast(job);
    }

    /// Until it is ready.
    void delay(Job job) {
        delayed.add(job);
    }

    /// Those that are ready by now come before all that wait, the oldest first.
    void wake(long now) {
        List<Job> due = new ArrayList<>(delayed);
        due.removeIf(job -> job.readyAt() > now);
        due.sort(Comparator.comparingLong(Job::seq).reversed());
        delayed.removeAll(due);
        due.forEach(waiting::addFirst);
    }

    Job next() {
        return waiting.removeFirst();
    }

    /// Null if there is none at all.
    @Nullable
    Job takeOldest() {
        if (waiting.isEmpty()) {
            return delayed.isEmpty() ? null : delayed.removeFirst();
        }
        return waiting.removeFirst();
    }

    List<Job> takeWaiting() {
        List<Job> all = waiting();
        waiting.clear();
        return all;
    }

    /// @return whether it was there
    boolean remove(String id) {
        return waiting.removeIf(job -> job.id().equals(id))
                || delayed.removeIf(job -> job.id().equals(id));
    }

    /// @return whether it waited for this very attempt
    boolean remove(String id, int attempt) {
        return waiting.removeIf(job -> job.id().equals(id) && job.attempt() == attempt);
    }

    // ---- callers

    /// How many there are.
    int callers() {
        return blocked.size();
    }

    boolean isAnyBlocked() {
        return !blocked.isEmpty();
    }

    /// Whether the first of them has waited long enough.
    boolean isAnyBlockedUntil(long now) {
        return !blocked.isEmpty() && blocked.getFirst().until() <= now;
    }

    Blocked nextBlocked() {
        return blocked.removeFirst();
    }

    void block(Blocked caller) {
        blocked.addLast(caller);
    }
}
