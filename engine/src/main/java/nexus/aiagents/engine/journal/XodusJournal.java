package nexus.aiagents.engine.journal;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The journal in a Xodus environment. One thread writes; what waits meanwhile is committed as one group.
/// Thread-safe.
public final class XodusJournal implements Journal {
    private static final Logger LOG = LoggerFactory.getLogger(XodusJournal.class);
    private static final String STATE = "s/";
    private static final int GROUP = 512;
    private static final Pending END = Pending.nothing();

    /// The newest durable entry.
    private record Tail(long seq, byte[] hash) {}

    private final Path folder;
    private final Clock clock;
    private final Storage storage;
    private final TailMarker marker;
    private final List<String> repairs;
    private final BlockingQueue<Pending> queue = new ArrayBlockingQueue<>(8 * GROUP);
    private final ReadWriteLock open = new ReentrantReadWriteLock();
    private final Dispatcher dispatcher;
    private final Thread writer;
    private volatile Tail tail;
    private boolean closed;

    /// Opens the store in this folder, and makes it if there is none.
    ///
    /// @throws StoreException if it is locked, read-only, full or broken
    public static XodusJournal open(Path storeFolder, Clock clock) {
        Path folder = storeFolder.toAbsolutePath().normalize();
        Path database = folder.resolve("xodus");
        try {
            Files.createDirectories(folder, ownerOnly());
            if (!Files.isWritable(folder)) {
                throw StoreErrors.readOnly(folder, new IOException("not writable"));
            }
            Files.createDirectories(database, ownerOnly());
            return open(folder, XodusStorage.open(database), clock);
        } catch (IOException | RuntimeException e) {
            throw StoreErrors.of(e, folder);
        }
    }

    /// Takes the storage over: closes it, also when this fails.
    static XodusJournal open(Path folder, Storage storage, Clock clock) throws IOException {
        TailMarker marker = null;
        try {
            marker = new TailMarker(folder.resolve("tail"));
            OpeningChecks.format(storage, folder);
            Storage.Row last = storage.lastRow();
            EntryCodec.Stored entry = last == null ? null : EntryCodec.decode(last.seq(), last.value());
            TailMarker.Tail noted = marker.read();
            long seq = last == null ? 0 : last.seq();
            byte[] hash = entry != null
                    ? entry.hash()
                    : noted != null && noted.seq() == seq ? noted.hash() : EntryCodec.NO_HASH;
            List<String> repairs = OpeningChecks.lostTail(storage, seq, noted);
            XodusJournal journal = new XodusJournal(folder, clock, storage, marker, repairs, new Tail(seq, hash));
            journal.start();
            return journal;
        } catch (IOException | RuntimeException e) {
            if (marker != null) {
                marker.close();
            }
            storage.close();
            throw e;
        }
    }

    private XodusJournal(
            Path folder, Clock clock, Storage storage, TailMarker marker, List<String> repairs, Tail tail) {
        this.folder = folder;
        this.clock = clock;
        this.storage = storage;
        this.marker = marker;
        this.repairs = repairs;
        this.tail = tail;
        this.dispatcher = new Dispatcher(() -> this.tail.seq(), after -> entries(after, GROUP));
        this.writer = Thread.ofPlatform().daemon().name("nexus-journal-writer").unstarted(this::write);
    }

    private void start() {
        writer.start();
        dispatcher.start();
        for (String repair : repairs) {
            LOG.warn(repair);
            commitAndWait(Batch.of(new EngineEvent.Notice("warning", "store-repaired", repair)));
        }
    }

    /// What was found lost or damaged when the store was opened, one sentence each. It is in the journal
    /// too.
    public List<String> repairs() {
        return repairs;
    }

    @Override
    public CompletionStage<List<JournalEntry>> commit(Batch batch) {
        return enqueue(batch, true);
    }

    /// Waits without giving up: an interrupt is kept for the caller.
    @Override
    public List<JournalEntry> commitAndWait(Batch batch) {
        try {
            return enqueue(batch, false).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof StoreException s
                    ? new StoreException(s.code(), Objects.requireNonNullElse(s.getMessage(), s.code()), s)
                    : e;
        }
    }

    @Override
    public List<JournalEntry> read(long afterSeq, int max) {
        return whileOpen(() -> entries(afterSeq, max));
    }

    @Override
    public long lastSeq() {
        return tail.seq();
    }

    @Override
    public @Nullable String state(String key) {
        return whileOpen(() -> {
            byte[] value = storage.value(STATE + key);
            return value == null ? null : EntryCodec.decodeState(key, value);
        });
    }

    @Override
    public Map<String, String> states(String prefix) {
        return whileOpen(() -> {
            Map<String, String> found = new LinkedHashMap<>();
            storage.values(STATE + prefix).forEach((stored, value) -> {
                String key = stored.substring(STATE.length());
                found.put(key, EntryCodec.decodeState(key, value));
            });
            return found;
        });
    }

    @Override
    public Runnable subscribe(Consumer<JournalEntry> listener) {
        return dispatcher.subscribe(listener);
    }

    @Override
    public long verify() {
        long upTo = tail.seq();
        byte[] hash = EntryCodec.NO_HASH;
        long seq = 0;
        while (seq < upTo) {
            long from = seq + 1;
            List<Storage.Row> rows;
            try {
                rows = whileOpen(() -> storage.rows(from, GROUP));
            } catch (StoreException e) {
                if (e.code().equals("store-closed")) {
                    throw e;
                }
                return from;
            }
            for (Storage.Row row : rows) {
                EntryCodec.Stored entry = EntryCodec.decode(row.seq(), row.value());
                if (row.seq() != seq + 1 || entry == null || !entry.follows(hash)) {
                    return seq + 1;
                }
                hash = entry.hash();
                seq = row.seq();
            }
            if (rows.isEmpty()) {
                return seq + 1;
            }
        }
        return 0;
    }

    @Override
    public void close() {
        open.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            open.writeLock().unlock();
        }
        boolean interrupted = putAndJoin();
        dispatcher.stop();
        try {
            marker.close();
            storage.close();
        } catch (IOException | RuntimeException e) {
            LOG.warn("the store in {} did not close well", folder, e);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean putAndJoin() {
        boolean interrupted = false;
        boolean told = false;
        while (!told || writer.isAlive()) {
            try {
                if (!told) {
                    queue.put(END);
                    told = true;
                }
                writer.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        return interrupted;
    }

    private CompletableFuture<List<JournalEntry>> enqueue(Batch batch, boolean async) {
        Pending pending;
        try {
            pending = Pending.of(batch, STATE, async);
        } catch (StoreException e) {
            return CompletableFuture.failedFuture(e);
        }
        boolean interrupted = false;
        open.readLock().lock();
        try {
            if (closed) {
                pending.done().completeExceptionally(StoreErrors.closed());
                return pending.done();
            }
            while (true) {
                try {
                    queue.put(pending);
                    return pending.done();
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
        } finally {
            open.readLock().unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// The writer's life.
    private void write() {
        List<Pending> group = new ArrayList<>(GROUP);
        boolean more = true;
        while (more) {
            group.clear();
            try {
                group.add(queue.take());
            } catch (InterruptedException e) {
                LOG.error("the journal's writer was interrupted and goes on", e);
                continue;
            }
            queue.drainTo(group, GROUP - 1);
            more = !group.remove(END);
            if (!group.isEmpty() && !tryWrite(group) && group.size() > 1) {
                group.forEach(p -> tryWrite(List.of(p)));
            }
        }
    }

    /// A group as it will be in the store.
    ///
    /// @param entries of each batch
    private record Plan(List<Storage.Row> rows, List<List<JournalEntry>> entries, Tail tail) {}

    private Plan plan(List<Pending> group) {
        long millis = clock.millis();
        Tail last = tail;
        List<Storage.Row> rows = new ArrayList<>();
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
                last = new Tail(seq, hash);
            }
            entries.add(List.copyOf(own));
        }
        return new Plan(rows, entries, last);
    }

    /// @return false if nothing was written; a batch that was alone has been told
    private boolean tryWrite(List<Pending> group) {
        Plan plan = plan(group);
        try {
            storage.write(plan.rows(), group.stream().map(Pending::state).toList());
        } catch (RuntimeException | Error e) {
            if (!isThere(plan.rows())) {
                LOG.warn("a group of {} could not be written to {}", group.size(), folder, e);
                if (group.size() == 1) {
                    group.getFirst().failed(StoreErrors.of(e, folder));
                }
                return false;
            }
        }
        tail = plan.tail();
        remember(plan.tail());
        if (!plan.rows().isEmpty()) {
            dispatcher.offer(plan.entries().stream().flatMap(List::stream).toList());
        }
        for (int i = 0; i < group.size(); i++) {
            group.get(i).completed(plan.entries().get(i));
        }
        return true;
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

    private List<JournalEntry> entries(long afterSeq, int max) {
        return storage.rows(afterSeq + 1, max).stream()
                .map(row -> {
                    EntryCodec.Stored stored = EntryCodec.decode(row.seq(), row.value());
                    return stored == null ? EntryCodec.damaged(row.seq()) : stored.entry();
                })
                .toList();
    }

    private <T extends @Nullable Object> T whileOpen(Supplier<T> read) {
        open.readLock().lock();
        try {
            if (closed) {
                throw StoreErrors.closed();
            }
            return read.get();
        } catch (RuntimeException e) {
            throw StoreErrors.of(e, folder);
        } finally {
            open.readLock().unlock();
        }
    }

    private static FileAttribute<?>[] ownerOnly() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }
}
