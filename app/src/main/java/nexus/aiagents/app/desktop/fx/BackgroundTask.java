package nexus.aiagents.app.desktop.fx;

import java.util.concurrent.atomic.AtomicBoolean;
import javafx.beans.property.ReadOnlyObjectProperty;
import org.jspecify.annotations.Nullable;

/// One piece of work under way off the JavaFX thread, as the list of background tasks shows it.
public final class BackgroundTask {
    /// @param message what it does right now @param fraction 0-1, negative: unknown
    public record Progress(String message, double fraction) {}

    private final String title;
    private final Latest<Progress> progress = new Latest<>();
    private final AtomicBoolean cancelled = new AtomicBoolean();
    private volatile @Nullable Thread thread;

    BackgroundTask(String title) {
        this.title = title;
    }

    public String title() {
        return title;
    }

    /// Null until the work has reported any.
    public ReadOnlyObjectProperty<Progress> progress() {
        return progress.property();
    }

    /// Any thread.
    public void report(String message, double fraction) {
        progress.set(new Progress(message, fraction));
    }

    /// Asks the work to end: its thread is interrupted and its result dropped.
    public void cancel() {
        cancelled.set(true);
        Thread running = thread;
        if (running != null) {
            running.interrupt();
        }
    }

    public boolean isCancelled() {
        return cancelled.get();
    }

    void runningOn(Thread runner) {
        thread = runner;
    }
}
