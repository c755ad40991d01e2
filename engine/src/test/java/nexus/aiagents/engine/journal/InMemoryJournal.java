package nexus.aiagents.engine.journal;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A journal for tests: keeps everything in memory, can refuse writes from a given one on as if the
/// power had gone, and can be copied as what a next process would find.
public final class InMemoryJournal implements Journal {
    private final Clock clock;
    private final List<JournalEntry> entries = new ArrayList<>();
    private final TreeMap<String, String> state = new TreeMap<>();
    private final List<Consumer<JournalEntry>> listeners = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> hanging = new CompletableFuture<>();
    private volatile Class<? extends EngineEvent> slow;
    private int writes;
    private boolean refused;
    private int writesLeft = Integer.MAX_VALUE;

    public InMemoryJournal() {
        this(Clock.systemUTC());
    }

    public InMemoryJournal(Clock clock) {
        this.clock = clock;
    }

    /// Refuses every write after `n` more.
    public synchronized InMemoryJournal refuseAfter(int n) {
        writesLeft = n;
        return this;
    }

    /// A disk that takes for ever to acknowledge this; what is behind it is not held up.
    public InMemoryJournal hangAt(Class<? extends EngineEvent> event) {
        slow = event;
        return this;
    }

    /// Completes when something waits for that disk.
    public CompletableFuture<Void> hanging() {
        return hanging;
    }

    /// What a process that opens the same store finds.
    public synchronized InMemoryJournal reopened() {
        InMemoryJournal next = new InMemoryJournal(clock);
        next.entries.addAll(entries);
        next.state.putAll(state);
        return next;
    }

    public synchronized int writes() {
        return writes;
    }

    @Override
    public CompletionStage<List<JournalEntry>> commit(Batch batch) {
        try {
            List<JournalEntry> written = commitAndWait(batch);
            Class<? extends EngineEvent> at = slow;
            if (at != null && batch.events().stream().anyMatch(at::isInstance)) {
                hanging.complete(null);
                return new CompletableFuture<>();
            }
            return CompletableFuture.completedFuture(written);
        } catch (StoreException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public synchronized List<JournalEntry> commitAndWait(Batch batch) {
        if (writesLeft <= 0) {
            refused = true;
            notifyAll();
            throw new StoreException("store-closed", "the store takes no more writes");
        }
        writesLeft--;
        writes++;
        List<JournalEntry> written = new ArrayList<>();
        for (EngineEvent event : batch.events()) {
            written.add(new JournalEntry(entries.size() + 1L, clock.instant(), event, "-"));
            entries.add(written.getLast());
        }
        for (Map.Entry<String, @Nullable String> change : batch.state().entrySet()) {
            if (change.getValue() == null) {
                state.remove(change.getKey());
            } else {
                state.put(change.getKey(), change.getValue());
            }
        }
        written.forEach(entry -> listeners.forEach(listener -> listener.accept(entry)));
        notifyAll();
        return written;
    }

    @Override
    public synchronized List<JournalEntry> read(long afterSeq, int max) {
        return entries.stream()
                .filter(entry -> entry.seq() > afterSeq)
                .limit(max)
                .toList();
    }

    public synchronized List<EngineEvent> events() {
        return entries.stream().map(JournalEntry::event).toList();
    }

    public <T extends EngineEvent> List<T> events(Class<T> type) {
        return events().stream().filter(type::isInstance).map(type::cast).toList();
    }

    /// Waits until an event of this type fits.
    public synchronized <T extends EngineEvent> T await(Class<T> type, Predicate<T> fits)
            throws InterruptedException, TimeoutException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (true) {
            for (T event : events(type)) {
                if (fits.test(event)) {
                    return event;
                }
            }
            long left = end - System.nanoTime();
            if (left <= 0) {
                throw new TimeoutException("no such " + type.getSimpleName() + " in " + events());
            }
            wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
        }
    }

    /// Whether a write was refused.
    public synchronized boolean isRefusing() {
        return refused;
    }

    /// Waits until this is so; asked again after every write, taken or refused.
    public synchronized void awaitWritten(BooleanSupplier so) throws InterruptedException, TimeoutException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!so.getAsBoolean()) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                throw new TimeoutException("only " + events());
            }
            wait(left);
        }
    }

    @Override
    public synchronized @Nullable RunRecord run(String runId) {
        ThingIndex index = new ThingIndex((_, _) -> null);
        entries.forEach(index::apply);
        return index.take().stream()
                .filter(thing ->
                        thing.type().equals(ThingIndex.RUN) && thing.id().equals(runId))
                .map(thing -> ThingIndex.read(thing.record(), ThingIndex.Run.class))
                .map(ThingIndex.Run::record)
                .findFirst()
                .orElse(null);
    }

    @Override
    public synchronized long lastSeq() {
        return entries.size();
    }

    @Override
    public synchronized @Nullable String state(String key) {
        return state.get(key);
    }

    @Override
    public synchronized Map<String, String> states(String prefix) {
        return new TreeMap<>(state.subMap(prefix, prefix + Character.MAX_VALUE));
    }

    @Override
    public Runnable subscribe(Consumer<JournalEntry> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public long verify() {
        return 0;
    }

    @Override
    public void close() {}
}
