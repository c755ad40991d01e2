package nexus.aiagents.engine.agent;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// How long a call has been running; waiting for a person or for a budget does not count, neither its
/// own nor that of an agent it called. Thread-safe.
final class Stopwatch {
    private final @Nullable Stopwatch caller;
    private final LongSupplier nanos;
    private final long startedAt;
    private long excluded;
    private long suspendedAt;
    private int suspensions;

    Stopwatch(@Nullable Stopwatch caller) {
        this(caller, System::nanoTime);
    }

    Stopwatch(@Nullable Stopwatch caller, LongSupplier nanos) {
        this.caller = caller;
        this.nanos = nanos;
        this.startedAt = nanos.getAsLong();
    }

    void suspend() {
        synchronized (this) {
            if (suspensions++ == 0) {
                suspendedAt = nanos.getAsLong();
            }
        }
        if (caller != null) {
            caller.suspend();
        }
    }

    void resume() {
        synchronized (this) {
            if (--suspensions == 0) {
                excluded += nanos.getAsLong() - suspendedAt;
            }
        }
        if (caller != null) {
            caller.resume();
        }
    }

    synchronized boolean isSuspended() {
        return suspensions > 0;
    }

    synchronized Duration elapsed() {
        long now = suspensions > 0 ? suspendedAt : nanos.getAsLong();
        return Duration.ofNanos(now - startedAt - excluded);
    }
}
