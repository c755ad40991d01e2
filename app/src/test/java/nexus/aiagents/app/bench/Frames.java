package nexus.aiagents.app.bench;

import static nexus.aiagents.app.bench.Table.text;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import javafx.animation.AnimationTimer;
import javafx.application.Platform;

/// Frames of a window on the headless platform, drawn in software. What a frame costs the JavaFX thread and
/// the thread that draws is told in processor time, which says the same on a machine that does other things
/// too; frames a second are of the clock, and never more than 60.
///
/// @param perSecond frames a second
/// @param fx        milliseconds of the JavaFX thread, for each frame
/// @param draw      milliseconds of the thread that draws, for each frame
record Frames(double perSecond, List<Double> fx, List<Double> draw) {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    static void begin() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        Platform.setImplicitExit(false);
        Platform.startup(begun::countDown);
        begun.await();
    }

    /// Runs on the JavaFX thread and waits.
    static <T> T onFx(java.util.concurrent.Callable<T> work) throws Exception {
        CompletableFuture<T> done = new CompletableFuture<>();
        Platform.runLater(() -> {
            try {
                done.complete(work.call());
            } catch (Exception | Error e) {
                done.completeExceptionally(e);
            }
        });
        return done.get(120, TimeUnit.SECONDS);
    }

    /// @param step what changes before each frame, told its number; JavaFX thread
    static Frames of(double warmSeconds, double seconds, IntConsumer step) throws Exception {
        CompletableFuture<Frames> done = new CompletableFuture<>();
        onFx(() -> {
            new Counter(warmSeconds, seconds, step, done).start();
            return true;
        });
        return done.get(10 + (long) (10 * (warmSeconds + seconds)), TimeUnit.SECONDS);
    }

    /// Processor time of this thread so far, in nanoseconds.
    static long cpu() {
        return THREADS.getCurrentThreadCpuTime();
    }

    String fxTime() {
        return figures(fx);
    }

    String drawTime() {
        return figures(draw);
    }

    private static String figures(List<Double> times) {
        return text("%.1f / %.1f ms", Table.median(times), Table.quantile(times, 0.95));
    }

    private static final class Counter extends AnimationTimer {
        private final double warm;
        private final double measured;
        private final IntConsumer step;
        private final CompletableFuture<Frames> done;
        private final List<Double> fx = new ArrayList<>();
        private final List<Double> draw = new ArrayList<>();
        private final long renderer;
        private long began;
        private long warmUntil;
        private long fxBefore;
        private long drawBefore;
        private int frame;

        Counter(double warm, double measured, IntConsumer step, CompletableFuture<Frames> done) {
            this.warm = warm;
            this.measured = measured;
            this.step = step;
            this.done = done;
            this.renderer = Thread.getAllStackTraces().keySet().stream()
                    .filter(t -> t.getName().startsWith("QuantumRenderer"))
                    .mapToLong(Thread::threadId)
                    .findFirst()
                    .orElse(-1);
        }

        @Override
        public void handle(long ignored) {
            long now = System.nanoTime();
            long fxNow = cpu();
            long drawNow = renderer < 0 ? 0 : THREADS.getThreadCpuTime(renderer);
            if (frame == 0) {
                began = now;
            }
            if (now - began > warm * 1e9) {
                if (warmUntil == 0) {
                    warmUntil = now;
                } else {
                    fx.add((fxNow - fxBefore) / 1e6);
                    draw.add((drawNow - drawBefore) / 1e6);
                }
                if (now - warmUntil > measured * 1e9) {
                    stop();
                    done.complete(new Frames(fx.size() * 1e9 / (now - warmUntil), fx, draw));
                    return;
                }
            }
            fxBefore = fxNow;
            drawBefore = drawNow;
            try {
                step.accept(frame++);
            } catch (RuntimeException | Error e) {
                stop();
                done.completeExceptionally(e);
            }
        }
    }
}
