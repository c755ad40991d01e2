package nexus.aiagents.app.desktop.parts;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import nexus.aiagents.app.desktop.fx.Background;
import nexus.aiagents.app.desktop.fx.Fx;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.journal.JournalEntry;
import org.jspecify.annotations.Nullable;

/// The end of the journal as a list that grows. It is read and followed off the JavaFX thread; what arrives
/// between two pulses is added at once, and the list never holds more than `kept` entries.
public final class JournalFeed implements AutoCloseable {
    private static final long LEAST_NANOS = 50_000_000;

    private final int kept;
    private final Background background;
    private final Predicate<JournalEntry> wanted;
    private final ObservableList<JournalEntry> entries = FXCollections.observableArrayList();
    private final Deque<JournalEntry> pending = new ArrayDeque<>();
    private volatile long lastTake = System.nanoTime() - LEAST_NANOS;
    private volatile boolean closed;
    private @Nullable Runnable subscription;

    /// @param wanted what to keep of what is followed; `query` says the same for what is there already
    public JournalFeed(
            Background background,
            EngineClient client,
            HistoryQuery query,
            Predicate<JournalEntry> wanted,
            Runnable onLoaded) {
        this.background = background;
        this.kept = query.max();
        this.wanted = wanted;
        background.quietly(
                _ -> {
                    long known = client.view().seq();
                    List<JournalEntry> before =
                            client.history(query).stream().filter(wanted).toList();
                    long after = before.isEmpty()
                            ? known
                            : Math.max(known, before.getLast().seq());
                    before.forEach(this::arrived);
                    subscribe(client, after);
                    return before.size();
                },
                _ -> onLoaded.run(),
                _ -> onLoaded.run());
    }

    /// Oldest first. JavaFX thread.
    public ObservableList<JournalEntry> entries() {
        return entries;
    }

    private void subscribe(EngineClient client, long after) {
        Runnable end = client.follow(after, entry -> {
            if (wanted.test(entry)) {
                arrived(entry);
            }
        });
        synchronized (pending) {
            if (!closed) {
                subscription = end;
                return;
            }
        }
        end.run();
    }

    private void arrived(JournalEntry entry) {
        boolean first;
        synchronized (pending) {
            if (closed) {
                return;
            }
            first = pending.isEmpty();
            pending.addLast(entry);
            if (pending.size() > kept) {
                pending.removeFirst();
            }
        }
        if (first) {
            takeSoon();
        }
    }

    /// At once if the last time is long ago, else so late that it happens twenty times a second at
    /// most: nobody reads faster, and each time the list in the window is laid out anew.
    private void takeSoon() {
        long wait = lastTake + LEAST_NANOS - System.nanoTime();
        if (wait <= 0) {
            Fx.later(this::take);
            return;
        }
        Thread.ofVirtual().start(() -> {
            LockSupport.parkNanos(wait);
            Fx.later(this::take);
        });
    }

    private void take() {
        List<JournalEntry> batch;
        synchronized (pending) {
            batch = new ArrayList<>(pending);
            pending.clear();
            lastTake = System.nanoTime();
        }
        if (closed || batch.isEmpty()) {
            return;
        }
        int excess = entries.size() + batch.size() - kept;
        if (excess > 0 && !entries.isEmpty()) {
            // A tenth more than needed, so that a full list does not move its entries at every pulse.
            entries.remove(0, Math.min(entries.size(), excess + kept / 10));
        }
        entries.addAll(batch);
    }

    @Override
    public void close() {
        Runnable end;
        synchronized (pending) {
            closed = true;
            pending.clear();
            end = subscription;
            subscription = null;
        }
        if (end != null) {
            background.quietly(
                    _ -> {
                        end.run();
                        return true;
                    },
                    _ -> {},
                    _ -> {});
        }
    }
}
