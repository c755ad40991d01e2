package nexus.aiagents.engine;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The steps of closing a project, all of which share one time. A step that fails, or takes too long,
/// holds up none that comes after it.
final class Shutdown {
    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);
    private static final Duration LEAST = Duration.ofMillis(500);

    private final Duration total;
    private final long began = System.nanoTime();

    Shutdown(Duration total) {
        this.total = total;
    }

    /// Begins it on a thread of its own.
    CompletableFuture<Void> begin(String what, Runnable step) {
        return CompletableFuture.runAsync(
                step, task -> Thread.ofVirtual().name("close-" + what).start(task));
    }

    /// Waits for it until this part of the time has passed since closing began, but half a second at least.
    void await(String what, CompletableFuture<Void> step, double part) {
        Duration until = Duration.ofMillis((long) (total.toMillis() * part));
        Duration left = until.minusNanos(System.nanoTime() - began);
        Duration wait = left.compareTo(LEAST) < 0 ? LEAST : left;
        try {
            step.copy().orTimeout(wait.toMillis(), TimeUnit.MILLISECONDS).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof TimeoutException) {
                LOG.warn("{} did not end in time", what);
            } else {
                LOG.warn("{} did not close well", what, e.getCause());
            }
        }
    }

    void run(String what, Runnable step, double part) {
        await(what, begin(what, step), part);
    }
}
