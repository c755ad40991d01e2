package nexus.aiagents.app.desktop.fx;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.beans.property.ReadOnlyObjectProperty;
import nexus.aiagents.engine.view.ProjectView;
import org.jspecify.annotations.Nullable;

/// Brings the newest snapshot of an open project to the JavaFX thread: at most 20 a second, four while the
/// window is hidden, none when nothing changed. The engine is asked on a virtual thread, and never told to
/// hurry.
public final class LiveView implements AutoCloseable {
    private static final Duration VISIBLE = Duration.ofMillis(50);
    private static final Duration HIDDEN = Duration.ofMillis(250);

    private final Supplier<ProjectView> source;
    private final Consumer<RuntimeException> onLost;
    private final Latest<ProjectView> latest;
    private final Thread poller;
    private volatile boolean hidden;
    private volatile boolean closed;

    /// @param latest where snapshots go; it outlives this, so that screens bind once
    /// @param onLost hears, on the JavaFX thread, that the project can not be reached any more
    public LiveView(Supplier<ProjectView> source, Latest<ProjectView> latest, Consumer<RuntimeException> onLost) {
        this.source = source;
        this.latest = latest;
        this.onLost = onLost;
        this.poller = Thread.ofVirtual().name("live-view").start(this::poll);
    }

    public ReadOnlyObjectProperty<ProjectView> view() {
        return latest.property();
    }

    public void setHidden(boolean hidden) {
        this.hidden = hidden;
    }

    private void poll() {
        ProjectView last = null;
        while (!closed) {
            try {
                ProjectView next = source.get();
                if (differs(last, next) && !closed) {
                    last = next;
                    latest.set(next);
                }
                Thread.sleep(hidden ? HIDDEN : VISIBLE);
            } catch (InterruptedException _) {
                return;
            } catch (RuntimeException e) {
                if (!closed) {
                    Fx.later(() -> onLost.accept(e));
                }
                return;
            }
        }
    }

    private static boolean differs(@Nullable ProjectView last, ProjectView next) {
        return last == null || (last != next && (last.seq() != next.seq() || !last.equals(next)));
    }

    /// JavaFX thread. Nothing arrives after it.
    @Override
    public void close() {
        closed = true;
        poller.interrupt();
        latest.setNow(null);
    }
}
