package nexus.aiagents.sandbox.internal.metering;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A time limit that can be suspended. Thread-safe.
public final class Deadline {
    private final ScheduledExecutorService timer;
    private final Runnable expired;
    private long leftNanos;
    private long runningSince;
    private int suspensions;
    private @Nullable ScheduledFuture<?> alarm;
    private boolean closed;

    public Deadline(ScheduledExecutorService timer, Duration limit, Runnable expired) {
        this.timer = timer;
        this.expired = expired;
        this.leftNanos = saturatedNanos(limit);
    }

    static long saturatedNanos(Duration limit) {
        return limit.compareTo(Duration.ofDays(3650)) >= 0
                ? Duration.ofDays(3650).toNanos()
                : limit.toNanos();
    }

    public synchronized void start() {
        if (!closed && suspensions == 0) {
            arm();
        }
    }

    public synchronized void suspend() {
        if (suspensions++ == 0 && alarm != null) {
            alarm.cancel(false);
            alarm = null;
            leftNanos -= System.nanoTime() - runningSince;
        }
    }

    public synchronized void resume() {
        if (suspensions == 0) {
            throw new IllegalStateException("resumed more often than suspended");
        }
        if (--suspensions == 0 && !closed) {
            arm();
        }
    }

    public synchronized void close() {
        closed = true;
        if (alarm != null) {
            alarm.cancel(false);
            alarm = null;
        }
    }

    private void arm() {
        runningSince = System.nanoTime();
        alarm = timer.schedule(expired, Math.max(leftNanos, 0), TimeUnit.NANOSECONDS);
    }
}
