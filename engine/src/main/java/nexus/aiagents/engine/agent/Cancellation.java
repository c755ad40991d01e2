package nexus.aiagents.engine.agent;

import nexus.aiagents.engine.journal.ExitReason;
import org.jspecify.annotations.Nullable;

/// Ends the waits of one thread and nothing else: an interrupt reaches it only where it said that it may,
/// never in the middle of a write to the journal or the ledger. Thread-safe.
final class Cancellation {
    private @Nullable ExitReason reason;
    private @Nullable Thread waiting;

    @FunctionalInterface
    interface Wait<T> {
        T run() throws InterruptedException;
    }

    /// The first reason stands.
    synchronized void cancel(ExitReason why) {
        if (reason == null) {
            reason = why;
            if (waiting != null) {
                waiting.interrupt();
            }
        }
    }

    synchronized @Nullable ExitReason reason() {
        return reason;
    }

    /// @throws InterruptedException if it was cancelled before or during the wait
    <T> T during(Wait<T> wait) throws InterruptedException {
        synchronized (this) {
            if (reason != null) {
                throw new InterruptedException();
            }
            waiting = Thread.currentThread();
        }
        try {
            return wait.run();
        } finally {
            synchronized (this) {
                waiting = null;
                Thread.interrupted();
            }
        }
    }
}
