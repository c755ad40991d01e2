package nexus.aiagents.app.desktop.fx;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Does something again and again while it is wanted. Between two times it costs nothing: an animation that
/// repeats itself makes JavaFX get a frame ready sixty times a second, also if it has nothing to show.
/// JavaFX thread.
public final class Every {
    private final Duration pause;
    private final Runnable work;
    private @Nullable Thread clock;

    public Every(Duration pause, Runnable work) {
        this.pause = pause;
        this.work = work;
    }

    /// Begins, for the first time after the pause. Does nothing if it has begun already.
    public void play() {
        if (clock == null) {
            clock = Thread.ofVirtual().name("every " + pause).start(this::tick);
        }
    }

    public void stop() {
        Thread running = clock;
        clock = null;
        if (running != null) {
            running.interrupt();
        }
    }

    public boolean isRunning() {
        return clock != null;
    }

    private void tick() {
        Thread me = Thread.currentThread();
        try {
            while (true) {
                Thread.sleep(pause);
                Fx.later(() -> {
                    if (clock == me) {
                        work.run();
                    }
                });
            }
        } catch (InterruptedException _) {
            // It was stopped.
        }
    }
}
