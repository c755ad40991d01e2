package nexus.aiagents.engine;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.journal.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells one listener every entry of the journal, in order, on a thread of its own. What it has not
/// told yet is kept only up to a bound and read from the journal beyond that, so a slow listener costs
/// little memory and holds nobody up.
final class Follower {
    private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
    private static final int PAGE = 256;
    private static final int RECENT = 1_024;

    private final Journal journal;
    private final Consumer<JournalEntry> listener;
    /// What became durable last, with holes where there was no room.
    private final Queue<JournalEntry> recent = new ArrayBlockingQueue<>(RECENT);

    private final Semaphore news = new Semaphore(1);
    private final Runnable unsubscribe;
    private final Thread thread;
    private volatile boolean stopped;
    private volatile boolean ending;

    Follower(Journal journal, long afterSeq, Consumer<JournalEntry> listener) {
        this.journal = journal;
        this.listener = listener;
        this.unsubscribe = journal.subscribe(entry -> {
            var _ = recent.offer(entry);
            news.release();
        });
        this.thread = Thread.ofVirtual().name("follower").start(() -> follow(afterSeq));
    }

    private void follow(long afterSeq) {
        long after = afterSeq;
        try {
            while (!stopped) {
                boolean last = ending;
                List<JournalEntry> some = behind(after);
                for (JournalEntry entry : some) {
                    if (stopped) {
                        return;
                    }
                    listener.accept(entry);
                    after = entry.seq();
                }
                if (some.isEmpty()) {
                    if (last) {
                        return;
                    }
                    news.acquire();
                    news.drainPermits();
                }
            }
        } catch (InterruptedException | StoreException _) {
            // It was told to stop, or the project was closed under it: there is nothing more to tell.
        } catch (RuntimeException e) {
            LOG.error("a listener of the journal failed and hears no more", e);
        } finally {
            unsubscribe.run();
        }
    }

    /// Some entries that follow this one: the next of the recent ones if it is there, else from the
    /// journal.
    private List<JournalEntry> behind(long after) {
        JournalEntry next = recent.peek();
        while (next != null && next.seq() <= after) {
            recent.remove();
            next = recent.peek();
        }
        if (next != null && next.seq() == after + 1) {
            recent.remove();
            return List.of(next);
        }
        return journal.lastSeq() > after ? journal.read(after, PAGE) : List.of();
    }

    /// No more entries from now on, but for one that may be being told.
    void stop() {
        stopped = true;
        thread.interrupt();
    }

    /// Tells what is there and ends; waits for that a bounded time.
    void end(long millis) throws InterruptedException {
        ending = true;
        news.release();
        if (thread != Thread.currentThread() && !thread.join(java.time.Duration.ofMillis(millis))) {
            stop();
        }
    }
}
