package nexus.aiagents.sandbox.internal.metering;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import nexus.aiagents.sandbox.Capacity;

/// Knows all runs under way, and ends those whose time is over. Thread-safe.
public final class Watchdog implements AutoCloseable {
    private final ScheduledThreadPoolExecutor timer;
    private final Set<Execution> running = ConcurrentHashMap.newKeySet();
    private final Rooms rooms;
    private volatile boolean closed;

    public Watchdog(Capacity capacity) {
        rooms = new Rooms(capacity);
        timer = new ScheduledThreadPoolExecutor(
                1,
                Thread.ofPlatform().daemon().name("sandbox watchdog").factory(),
                new ThreadPoolExecutor.DiscardPolicy());
        timer.setRemoveOnCancelPolicy(true);
    }

    ScheduledThreadPoolExecutor timer() {
        return timer;
    }

    Rooms rooms() {
        return rooms;
    }

    void add(Execution execution) {
        running.add(execution);
        if (closed) {
            running.remove(execution);
            throw new IllegalStateException("the sandbox is closed");
        }
    }

    void remove(Execution execution) {
        running.remove(execution);
    }

    /// Cancels what runs.
    @Override
    public void close() {
        closed = true;
        running.forEach(Execution::cancel);
        timer.shutdownNow();
    }
}
