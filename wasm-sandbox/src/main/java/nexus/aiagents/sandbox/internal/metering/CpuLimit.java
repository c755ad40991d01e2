package nexus.aiagents.sandbox.internal.metering;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Ends what has used up its time on the processor. A thread can not use more of that than goes by, so it
/// is looked at when it could have used up the rest, which is seldom. Thread-safe.
final class CpuLimit {
    private static final long FINEST_NANOS = 5_000_000;

    private final ScheduledExecutorService timer;
    private final Thread thread;
    private final long limitNanos;
    private final Runnable expired;
    private @Nullable ScheduledFuture<?> next;
    private boolean closed;

    CpuLimit(ScheduledExecutorService timer, Thread thread, Duration limit, Runnable expired) {
        this.timer = timer;
        this.thread = thread;
        this.limitNanos = Deadline.saturatedNanos(limit);
        this.expired = expired;
    }

    void start() {
        lookAgainIn(limitNanos);
    }

    private synchronized void lookAgainIn(long nanos) {
        if (!closed) {
            next = timer.schedule(this::look, Math.max(nanos, FINEST_NANOS), TimeUnit.NANOSECONDS);
        }
    }

    private void look() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        if (!threads.isThreadCpuTimeSupported()) {
            return; // then wall time has to do
        }
        long used = threads.getThreadCpuTime(thread.threadId());
        if (used >= limitNanos) {
            expired.run();
        } else {
            lookAgainIn(limitNanos - Math.max(used, 0)); // nothing is known of one that does not live yet
        }
    }

    synchronized void close() {
        closed = true;
        if (next != null) {
            next.cancel(false);
        }
    }
}
