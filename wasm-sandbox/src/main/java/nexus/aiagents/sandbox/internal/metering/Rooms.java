package nexus.aiagents.sandbox.internal.metering;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import nexus.aiagents.sandbox.Capacity;

/// Who may run now, and how much memory all that run have together. Thread-safe.
final class Rooms {
    private final Capacity capacity;
    private final AtomicLong memory = new AtomicLong();
    private final Deque<Execution> waiting = new ArrayDeque<>();
    private int running;

    Rooms(Capacity capacity) {
        this.capacity = capacity;
    }

    /// Begins the execution now, or when one of those that run has left.
    void enter(Execution execution) {
        synchronized (this) {
            if (running >= capacity.instances()) {
                waiting.addLast(execution);
                return;
            }
            running++;
        }
        execution.begin();
    }

    /// @return false if it does not wait (any more)
    synchronized boolean forget(Execution execution) {
        return waiting.remove(execution);
    }

    /// One that was begun has ended.
    void leave() {
        Execution next;
        synchronized (this) {
            next = waiting.pollFirst();
            if (next == null) {
                running--;
            }
        }
        if (next != null) {
            next.begin();
        }
    }

    /// @return false if so much is not left
    boolean take(long bytes) {
        if (memory.addAndGet(bytes) > capacity.memoryBytes()) {
            memory.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    void giveBack(long bytes) {
        memory.addAndGet(-bytes);
    }

    int instances() {
        return capacity.instances();
    }

    long memoryBytes() {
        return capacity.memoryBytes();
    }
}
