package nexus.aiagents.engine;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The steps of closing a project, all of which share one time. A step that fails, or takes too long,
/// holds up none that comes after it.
final class Shutdown {
    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);
    static final Duration LEAST = Duration.ofMillis(500);

    /// The time that passes while it waits.
    interface Waiting {
        /// Since closing began.
        Duration passed();

        /// @throws TimeoutException if the step is not over by then
        void await(CompletableFuture<Void> step, Duration atMost)
                throws TimeoutException, ExecutionException, InterruptedException;

        static Waiting real() {
            long began = System.nanoTime();
            return new Waiting() {
                @Override
                public Duration passed() {
                    return Duration.ofNanos(System.nanoTime() - began);
                }

                @Override
                public void await(CompletableFuture<Void> step, Duration atMost)
                        throws TimeoutException, ExecutionException, InterruptedException {
                    step.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
                }
            };
        }
    }

    private final Duration total;
    private final Waiting waiting;

    Shutdown(Duration total, Waiting waiting) {
        this.total = total;
        this.waiting = waiting;
    }

    /// Begins it on a thread of its own.
    CompletableFuture<Void> begin(String what, Runnable step) {
        return CompletableFuture.runAsync(
                step, task -> Thread.ofVirtual().name("close-" + what).start(task));
    }

    /// Waits for it until this part of the time has passed since closing began, but half a second at least.
    /// An interrupt does not shorten that, and is kept.
    ///
    /// @return whether it is over
    boolean await(String what, CompletableFuture<Void> step, double part) {
        Duration until = Duration.ofMillis((long) (total.toMillis() * part));
        Duration first = waiting.passed();
        Duration last = until.compareTo(first.plus(LEAST)) < 0 ? first.plus(LEAST) : until;
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    waiting.await(step, last.minus(waiting.passed()));
                    return true;
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
        } catch (TimeoutException e) {
            LOG.warn("{} did not end in time", what);
            return false;
        } catch (ExecutionException | CompletionException e) {
            LOG.warn("{} did not close well", what, e.getCause());
            return true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    boolean run(String what, Runnable step, double part) {
        return await(what, begin(what, step), part);
    }
}
