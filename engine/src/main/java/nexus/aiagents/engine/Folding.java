package nexus.aiagents.engine;

import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.journal.StoreException;

/// Feeds the journal to what is made from it, and knows how far that has come.
/// Thread-safe.
final class Folding {
    private static final int PAGE = 512;

    private record Waiter(long seq, CompletableFuture<Void> done) {}

    private final Journal journal;
    private final PriorityQueue<Waiter> waiters = new PriorityQueue<>((a, b) -> Long.compare(a.seq(), b.seq()));
    /// Held while an entry is applied.
    private final Object feeding = new Object();

    private long applied;

    Folding(Journal journal) {
        this.journal = journal;
    }

    /// Applies what is there behind `after`, and then what comes. Nothing else may write meanwhile.
    ///
    /// @param past hears of what is there
    /// @param live hears of what comes
    void start(long after, Consumer<JournalEntry> past, Consumer<JournalEntry> live) {
        applied = after;
        for (var page = journal.read(after, PAGE); !page.isEmpty(); page = journal.read(applied, PAGE)) {
            page.forEach(entry -> apply(entry, past));
        }
        journal.subscribe(entry -> apply(entry, live));
    }

    private void apply(JournalEntry entry, Consumer<JournalEntry> consumer) {
        synchronized (feeding) {
            feed(entry, consumer);
        }
    }

    private void feed(JournalEntry entry, Consumer<JournalEntry> consumer) {
        consumer.accept(entry);
        synchronized (this) {
            applied = entry.seq();
            for (Waiter next = waiters.peek(); next != null && next.seq() <= applied; next = waiters.peek()) {
                waiters.remove();
                next.done().completeAsync(() -> null, Thread::startVirtualThread);
            }
        }
    }

    /// Catches up and then holds the folding thread for as long as `look` takes.
    ///
    /// @param look gets the newest entry that was applied
    <T> T atRest(LongFunction<T> look) {
        caughtUp().join();
        synchronized (feeding) {
            long now;
            synchronized (this) {
                now = applied;
            }
            return look.apply(now);
        }
    }

    /// Completes when everything has been applied that was given to the journal before.
    CompletableFuture<Void> caughtUp() {
        try {
            journal.commitAndWait(new Journal.Batch(List.of(), Map.of())); // behind what is still in its queue
        } catch (StoreException _) {
            // Whoever needed the store has been told; what got into it is applied.
        }
        long target = journal.lastSeq();
        CompletableFuture<Void> done = new CompletableFuture<>();
        synchronized (this) {
            if (applied >= target) {
                done.complete(null);
            } else {
                waiters.add(new Waiter(target, done));
            }
        }
        return done;
    }
}
