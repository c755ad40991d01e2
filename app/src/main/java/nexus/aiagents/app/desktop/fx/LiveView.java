package nexus.aiagents.app.desktop.fx;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyObjectProperty;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.view.ProjectView;
import org.jspecify.annotations.Nullable;

/// Brings the newest snapshot of an open project to the JavaFX thread: at most 20 a second, four while the
/// window is hidden, none when nothing changed. If it is only later, one a second is enough for what counts
/// seconds, and while nothing is up or under way one every quarter of a minute. The engine is asked on a
/// virtual thread, and never told to hurry; once it had nothing new for a while it is asked every
/// second only, and when the journal grows.
public final class LiveView implements AutoCloseable {
    private static final Duration VISIBLE = Duration.ofMillis(50);
    private static final Duration HIDDEN = Duration.ofMillis(250);
    private static final Duration CLOCK = Duration.ofSeconds(1);
    /// Without anything new, until only the journal is waited for.
    private static final int QUIET_LOOKS = 10;
    private static final Duration CLOCK_AT_REST = Duration.ofSeconds(15);

    private final EngineClient engine;
    private final Semaphore news = new Semaphore(0);
    private final Consumer<RuntimeException> onLost;
    private final Latest<ProjectView> latest;
    private final Thread poller;
    /// Of the journal, by the poller, while nothing happens.
    private @Nullable Runnable unfollow;

    private volatile boolean hidden;
    private volatile boolean closed;

    /// @param latest where snapshots go; it outlives this, so that screens bind once
    /// @param onLost hears, on the JavaFX thread, that the project can not be reached any more
    public LiveView(EngineClient engine, Latest<ProjectView> latest, Consumer<RuntimeException> onLost) {
        this.engine = engine;
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
        int quiet = 0;
        try {
            while (!closed) {
                ProjectView next = engine.view();
                boolean happened = last == null || last.seq() != next.seq();
                if (differs(last, next) && !closed) {
                    last = next;
                    latest.set(next);
                }
                quiet = happened ? 0 : quiet + 1;
                if (quiet < QUIET_LOOKS) {
                    Thread.sleep(hidden ? HIDDEN : VISIBLE);
                } else if (awaitNews(next.seq())) {
                    quiet = 0;
                }
            }
        } catch (InterruptedException _) {
            // It was closed.
        } catch (RuntimeException e) {
            if (!closed) {
                Fx.later(() -> onLost.accept(e));
            }
        } finally {
            stopFollowing();
        }
    }

    /// @return whether the journal grew, rather than that it is time to look again
    private boolean awaitNews(long seq) throws InterruptedException {
        if (unfollow == null) {
            unfollow = engine.follow(seq, _ -> news.release());
        }
        boolean grew = news.tryAcquire(CLOCK.toMillis(), TimeUnit.MILLISECONDS);
        if (grew) {
            stopFollowing();
        }
        return grew;
    }

    private void stopFollowing() {
        Runnable following = unfollow;
        if (following != null) {
            unfollow = null;
            following.run();
            news.drainPermits();
        }
    }

    /// Whether a snapshot says something new.
    static boolean differs(@Nullable ProjectView last, ProjectView next) {
        if (last == null || last == next) {
            return last == null;
        }
        if (last.seq() != next.seq() || !last.equals(at(next, last.at()))) {
            return true;
        }
        Duration later = Duration.between(last.at(), next.at());
        return later.compareTo(next.rests() ? CLOCK_AT_REST : CLOCK) >= 0;
    }

    private static ProjectView at(ProjectView v, Instant at) {
        return new ProjectView(
                v.seq(),
                at,
                v.project(),
                v.folder(),
                v.up(),
                v.agents(),
                v.supervisors(),
                v.runs(),
                v.pools(),
                v.sagas(),
                v.budgets(),
                v.spend(),
                v.notices(),
                v.schedules(),
                v.lifecycle(),
                v.workflows(),
                v.asks());
    }

    /// JavaFX thread. Nothing arrives after it.
    @Override
    public void close() {
        closed = true;
        poller.interrupt();
        latest.setNow(null);
    }
}
