package nexus.aiagents.engine.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells listeners of durable entries, in order, on a thread of its own. The writer never waits for it:
/// what does not fit into the queue is read again from the store.
final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    private record Subscription(long after, Consumer<JournalEntry> listener) {}

    private final BlockingQueue<List<JournalEntry>> queue = new ArrayBlockingQueue<>(1024);
    private final List<Subscription> subscriptions = new ArrayList<>();
    private final LongSupplier lastSeq;
    private final LongFunction<List<JournalEntry>> readAfter;
    private final Thread thread;
    private long delivered;
    private volatile boolean stopping;

    /// @param lastSeq the newest durable entry
    /// @param readAfter some entries after this one, from the store
    /// @param delivered the last entry that nobody needs to hear of
    Dispatcher(LongSupplier lastSeq, LongFunction<List<JournalEntry>> readAfter, long delivered) {
        this.lastSeq = lastSeq;
        this.readAfter = readAfter;
        this.delivered = delivered;
        this.thread = Thread.ofPlatform().daemon().name("nexus-journal-events").unstarted(this::loop);
    }

    void start() {
        thread.start();
    }

    /// Hears of every entry that becomes durable after this call.
    Runnable subscribe(Consumer<JournalEntry> listener) {
        synchronized (subscriptions) {
            Subscription subscription = new Subscription(lastSeq.getAsLong(), listener);
            subscriptions.add(subscription);
            return () -> {
                synchronized (subscriptions) {
                    subscriptions.removeIf(s -> s == subscription);
                }
            };
        }
    }

    /// Called by the writer after `lastSeq` says so too.
    void offer(List<JournalEntry> entries) {
        if (!queue.offer(entries)) {
            LOG.debug("listeners are behind, they read from the store");
        }
    }

    /// Delivers what is durable and ends.
    void stop() {
        stopping = true;
        offer(List.of());
        if (Thread.currentThread() == thread) {
            return;
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void loop() {
        while (true) {
            List<JournalEntry> next = queue.poll();
            if (next == null) {
                catchUp(lastSeq.getAsLong());
                if (stopping) {
                    return;
                }
                next = take();
            }
            if (!next.isEmpty()) {
                catchUp(next.getFirst().seq() - 1);
                next.forEach(this::deliver);
            }
        }
    }

    private List<JournalEntry> take() {
        try {
            return queue.take();
        } catch (InterruptedException _) {
            return List.of();
        }
    }

    private void catchUp(long upTo) {
        while (delivered < upTo) {
            long before = delivered;
            try {
                readAfter.apply(delivered).stream().filter(e -> e.seq() <= upTo).forEach(this::deliver);
            } catch (RuntimeException e) {
                LOG.error("entries after {} can not be read, listeners go on behind {}", before, upTo, e);
                delivered = upTo;
            }
            if (delivered == before) {
                delivered = upTo;
            }
        }
    }

    private void deliver(JournalEntry entry) {
        if (entry.seq() <= delivered) {
            return;
        }
        List<Subscription> current;
        synchronized (subscriptions) {
            delivered = entry.seq();
            current = List.copyOf(subscriptions);
        }
        for (Subscription s : current) {
            if (entry.seq() > s.after()) {
                tell(s, entry);
            }
        }
    }

    private static void tell(Subscription subscription, JournalEntry entry) {
        try {
            subscription.listener().accept(entry);
        } catch (RuntimeException e) {
            LOG.error("a listener failed on entry {} ({})", entry.seq(), entry.event(), e);
        }
    }
}
