package nexus.aiagents.engine.agent;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How long a call has been running; waiting for a person or for a budget does not count, neither its own nor
/// that of an agent it called. Thread-safe.
final class Stopwatch {
    private final @Nullable Stopwatch caller;
    private final long startedAt = System.nanoTime();
    private long excluded;
    private long suspendedAt;
    private int suspensions;

    Stopwatch(@Nullable Stopwatch caller) {
        this.caller = caller;
    }

    void suspend() {
        synchronized (this) {
            if (suspensions++ == 0) {
                suspendedAt = System.nanoTime();
            }
        }
        if (caller != null) {
            caller.suspend();
        }
    }

    void resume() {
        synchronized (this) {
            if (--suspensions == 0) {
                excluded += System.nanoTime() - suspendedAt;
            }
        }
        if (caller != null) {
            caller.resume();
        }
    }

    synchronized Duration elapsed() {
        long now = suspensions > 0 ? suspendedAt : System.nanoTime();
        return Duration.ofNanos(now - startedAt - excluded);
    }
}
