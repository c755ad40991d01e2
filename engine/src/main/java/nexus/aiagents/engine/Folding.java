package nexus.aiagents.engine;

import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.journal.StoreException;

/// Feeds the journal, from its first entry on, to what is made from it, and knows how far that has come.
/// Thread-safe.
final class Folding {
    private static final int PAGE = 512;

    private record Waiter(long seq, CompletableFuture<Void> done) {}

    private final Journal journal;
    private final PriorityQueue<Waiter> waiters = new PriorityQueue<>((a, b) -> Long.compare(a.seq(), b.seq()));
    private long applied;

    Folding(Journal journal) {
        this.journal = journal;
    }

    /// Applies what is there and then subscribes. Nothing else may write meanwhile.
    void start(Consumer<JournalEntry> consumer) {
        for (var page = journal.read(0, PAGE); !page.isEmpty(); page = journal.read(applied, PAGE)) {
            page.forEach(entry -> apply(entry, consumer));
        }
        journal.subscribe(entry -> apply(entry, consumer));
    }

    private void apply(JournalEntry entry, Consumer<JournalEntry> consumer) {
        consumer.accept(entry);
        synchronized (this) {
            applied = entry.seq();
            for (Waiter next = waiters.peek(); next != null && next.seq() <= applied; next = waiters.peek()) {
                waiters.remove();
                next.done().completeAsync(() -> null, Thread::startVirtualThread);
            }
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
