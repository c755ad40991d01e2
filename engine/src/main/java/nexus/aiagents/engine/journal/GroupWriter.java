package nexus.aiagents.engine.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread that writes. What waits meanwhile is committed as one group, and whoever waits hears
/// of it once it is on the disk. While the disk is full it tries again by itself, so that the journal
/// goes on as soon as there is room also when nobody asks it to.
final class GroupWriter {
    private static final Logger LOG = LoggerFactory.getLogger(GroupWriter.class);
    static final int GROUP = 512;
    private static final long LOOK_FOR_ROOM_MILLIS = 1_000;
    private static final long ROOM_BYTES = 1 << 20;
    /// So long what nobody waits for is held back, to share a write with what somebody does.
    static final Duration HELD_BACK = Duration.ofMillis(5);

    private static final Pending END = Pending.nothing();

    /// The newest durable entry.
    record Tail(long seq, byte[] hash) {}

    /// Why nothing can be written at the moment.
    private record Trouble(StoreException why, Instant since) {}

    private final Path folder;
    private final Clock clock;
    private final Storage storage;
    private final TailMarker marker;
    private final ThingIndex index;
    private final Consumer<List<JournalEntry>> listener;
    private final long heldBackNanos;
    private final BlockingQueue<Pending> queue = new ArrayBlockingQueue<>(8 * GROUP);
    private final Thread thread;
    /// What is in the queue or held back and nobody waits for yet.
    private final AtomicInteger notUrgent = new AtomicInteger();

    private volatile Tail tail;
    private volatile Checkpoint checkpoint;
    /// Of the writer alone.
    private StateSum sum;

    private volatile @Nullable Trouble trouble;

    /// @param heldBack so long at most what is not urgent waits for something that is
    /// @param listener hears of entries that became durable, on the writer's thread, and does not block
    GroupWriter(
            Path folder,
            Clock clock,
            Storage storage,
            TailMarker marker,
            Tail tail,
            Checkpoint checkpoint,
            StateSum sum,
            Duration heldBack,
            Consumer<List<JournalEntry>> listener) {
        this.folder = folder;
        this.clock = clock;
        this.storage = storage;
        this.marker = marker;
        this.tail = tail;
        this.checkpoint = checkpoint;
        this.sum = sum;
        this.listener = listener;
        this.heldBackNanos = heldBack.toNanos();
        this.index = new ThingIndex(storage::thing);
        this.thread = Thread.ofPlatform().daemon().name("nexus-journal-writer").unstarted(this::write);
    }

    void start() {
        thread.start();
    }

    Tail tail() {
        return tail;
    }

    Checkpoint checkpoint() {
        return checkpoint;
    }

    /// Why the last write failed, null if it did not.
    @Nullable
    StoreException problem() {
        Trouble now = trouble;
        return now == null ? null : now.why();
    }

    void put(Pending pending) throws InterruptedException {
        if (pending.urgent()) {
            queue.put(pending);
            return;
        }
        notUrgent.incrementAndGet();
        try {
            queue.put(pending);
        } catch (InterruptedException e) {
            notUrgent.decrementAndGet();
            throw e;
        }
    }

    /// Whether something waits to be written that is not urgent.
    boolean holdsBack() {
        return notUrgent.get() > 0;
    }

    /// Writes what is in the queue and ends.
    ///
    /// @return whether the caller was interrupted meanwhile
    boolean stop() {
        boolean interrupted = false;
        boolean told = false;
        while (!told || thread.isAlive()) {
            try {
                if (!told) {
                    queue.put(END);
                    told = true;
                }
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        return interrupted;
    }

    private void write() {
        List<Pending> group = new ArrayList<>(GROUP);
        boolean more = true;
        while (more) {
            group.clear();
            try {
                Pending first =
                        trouble == null ? queue.take() : queue.poll(LOOK_FOR_ROOM_MILLIS, TimeUnit.MILLISECONDS);
                if (first == null) {
                    sayItGoesOn();
                    continue;
                }
                group.add(first);
            } catch (InterruptedException e) {
                LOG.error("the journal's writer was interrupted and goes on", e);
                continue;
            }
            gather(group);
            more = !group.remove(END);
            notUrgent.addAndGet(-(int) group.stream().filter(p -> !p.urgent()).count());
            if (!group.isEmpty() && !tryWrite(group) && group.size() > 1) {
                group.forEach(p -> tryWrite(List.of(p)));
            }
        }
    }

    /// Takes what waits; as long as nothing of it is urgent, also what comes within a moment.
    private void gather(List<Pending> group) {
        long until = System.nanoTime() + heldBackNanos;
        int looked = 0;
        while (true) {
            queue.drainTo(group, GROUP - group.size());
            for (; looked < group.size(); looked++) {
                if (group.get(looked).urgent()) {
                    return;
                }
            }
            try {
                Pending next =
                        group.size() < GROUP ? queue.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS) : null;
                if (next == null) {
                    return;
                }
                group.add(next);
            } catch (InterruptedException e) {
                LOG.error("the journal's writer was interrupted and goes on", e);
                return;
            }
        }
    }

    /// A group as it will be in the store.
    ///
    /// @param entries of each batch
    private record Plan(
            Storage.Change change, List<List<JournalEntry>> entries, Tail tail, Checkpoint checkpoint, StateSum sum) {}

    private Plan plan(List<Pending> group) {
        long millis = clock.millis();
        Tail last = tail;
        Checkpoint begin = checkpoint;
        List<Storage.Row> rows = new ArrayList<>();
        List<Map<String, byte @Nullable []>> values = new ArrayList<>(group.size());
        List<List<JournalEntry>> entries = new ArrayList<>(group.size());
        for (Pending p : group) {
            List<JournalEntry> own = new ArrayList<>(p.events().size());
            for (int i = 0; i < p.events().size(); i++) {
                long seq = last.seq() + 1;
                byte[] json = p.json().get(i);
                byte[] hash = EntryCodec.hash(last.hash(), seq, millis, json);
                EntryCodec.Stored stored = new EntryCodec.Stored(seq, millis, hash, json);
                rows.add(new Storage.Row(seq, EntryCodec.encode(stored)));
                own.add(stored.entry(p.events().get(i)));
                index.apply(own.getLast());
                last = new Tail(seq, hash);
            }
            entries.add(List.copyOf(own));
            values.add(p.state());
            Checkpoint removal = p.removal();
            if (removal != null) {
                begin = removal;
                values.add(Map.of(Checkpoint.KEY, removal.encoded()));
            }
        }
        StateSum after = sum.after(values, storage, XodusJournal.STATE);
        if (!after.equals(sum)) {
            values.add(Map.of(StateSum.KEY, after.encoded()));
        }
        long removeUpTo = begin == checkpoint ? 0 : begin.removedUpTo();
        return new Plan(new Storage.Change(rows, values, index.take(), removeUpTo), entries, last, begin, after);
    }

    /// @return false if nothing was written; a batch that was alone has been told
    private boolean tryWrite(List<Pending> group) {
        if (group.stream().allMatch(Pending::isEmpty)) {
            group.forEach(p -> p.completed(List.of()));
            if (trouble != null) {
                sayItGoesOn();
            }
            return true;
        }
        Plan plan = null;
        try {
            plan = plan(group);
            storage.write(plan.change());
        } catch (RuntimeException | Error e) {
            index.forget();
            if (plan == null || !isThere(plan.change().rows())) {
                LOG.warn("a group of {} could not be written to {}", group.size(), folder, e);
                StoreException why = StoreErrors.of(e, folder);
                if (why.code().equals("store-full") && trouble == null) {
                    trouble = new Trouble(why, clock.instant());
                }
                if (group.size() == 1) {
                    group.getFirst().failed(why);
                }
                return false;
            }
        }
        tail = plan.tail();
        checkpoint = plan.checkpoint();
        sum = plan.sum();
        remember(plan.tail());
        // First those whose work waits for it, then those who look on.
        for (int i = 0; i < group.size(); i++) {
            group.get(i).completed(plan.entries().get(i));
        }
        if (!plan.change().rows().isEmpty()) {
            listener.accept(plan.entries().stream().flatMap(List::stream).toList());
        }
        if (trouble != null) {
            sayItGoesOn();
        }
        return true;
    }

    /// Also finds out whether it does.
    private void sayItGoesOn() {
        Trouble past = trouble;
        if (past == null || !hasRoom()) {
            return;
        }
        trouble = null;
        String text = "The disk was full since " + past.since() + " and what was asked for since then was refused;"
                + " there is room again and the project goes on.";
        Pending notice =
                Pending.of(Journal.Batch.of(new EngineEvent.Notice("warning", "store-goes-on", text)), "", false);
        if (!tryWrite(List.of(notice))) {
            trouble = past;
        }
    }

    /// A small write may fit into the last block of a full disk, and says nothing about the next one.
    private boolean hasRoom() {
        try {
            return Files.getFileStore(folder).getUsableSpace() >= ROOM_BYTES;
        } catch (IOException e) {
            LOG.debug("how much room there is in {} is not known", folder, e);
            return true;
        }
    }

    /// Whether rows whose write failed got there all the same: writing them again would number them twice.
    private boolean isThere(List<Storage.Row> rows) {
        try {
            Storage.Row last = rows.isEmpty() ? null : storage.lastRow();
            return last != null
                    && last.seq() == rows.getLast().seq()
                    && Arrays.equals(last.value(), rows.getLast().value());
        } catch (RuntimeException e) {
            LOG.warn("the end of the journal can not be read in {}", folder, e);
            return false;
        }
    }

    private void remember(Tail now) {
        try {
            marker.write(now.seq(), now.hash());
        } catch (IOException e) {
            LOG.warn("the end of the journal could not be noted in {}", folder, e);
        }
    }
}
