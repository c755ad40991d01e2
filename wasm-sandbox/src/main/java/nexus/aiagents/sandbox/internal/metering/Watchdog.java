package nexus.aiagents.sandbox.internal.metering;

import java.util.concurrent.ScheduledThreadPoolExecutor;

/// The one thread that ends runs whose time is over. Thread-safe.
public final class Watchdog implements AutoCloseable {
    private final ScheduledThreadPoolExecutor timer;

    public Watchdog() {
        timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("sandbox watchdog").factory());
        timer.setRemoveOnCancelPolicy(true);
    }

    ScheduledThreadPoolExecutor timer() {
        return timer;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
