package nexus.aiagents.engine.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import java.util.concurrent.Executor;
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
    /// The newest format of a store that this version reads and writes.
    static final int FORMAT = 1;

    static final int MAX_VALUE_BYTES = 4 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(XodusJournal.class);
    private static final String FORMAT_KEY = "format";
    private static final String STATE = "s/";
    private static final int GROUP = 512;
    private static final Executor VIRTUAL = task -> {
        var _ = Thread.startVirtualThread(task);
    };

    /// @param async whether strangers hang on to `done`: their code must not run on the writer
    private record Pending(
            List<EngineEvent> events,
            List<byte[]> json,
            Map<String, byte @Nullable []> state,
            CompletableFuture<List<JournalEntry>> done,
            boolean async) {

        void completed(List<JournalEntry> entries) {
            if (async) {
                VIRTUAL.execute(() -> done.complete(entries));
            } else {
                done.complete(entries);
            }
        }

        void failed(StoreException why) {
            if (async) {
                VIRTUAL.execute(() -> done.completeExceptionally(why));
            } else {
                done.completeExceptionally(why);
            }
        }
    }

    private static final Pending END = new Pending(List.of(), List.of(), Map.of(), new CompletableFuture<>(), false);

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
            checkFormat(storage, folder);
            Storage.Row last = storage.lastRow();
            EntryCodec.Stored entry = last == null ? null : EntryCodec.decode(last.seq(), last.value());
            TailMarker.Tail noted = marker.read();
            long seq = last == null ? 0 : last.seq();
            byte[] hash = entry != null
                    ? entry.hash()
                    : noted != null && noted.seq() == seq ? noted.hash() : EntryCodec.NO_HASH;
            List<String> repairs = lostTail(storage, seq, noted);
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
            pending = encode(batch, async);
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

    private static Pending encode(Batch batch, boolean async) {
        List<EngineEvent> events = List.copyOf(batch.events());
        CompletableFuture<List<JournalEntry>> done = new CompletableFuture<>();
        List<byte[]> json =
                events.stream().map(e -> EventJson.write(e).getBytes(UTF_8)).toList();
        Map<String, byte @Nullable []> state = new LinkedHashMap<>();
        batch.state()
                .forEach(
                        (key, text) -> state.put(STATE + key, text == null ? null : EntryCodec.encodeState(key, text)));
        int largest = Math.max(
                json.stream().mapToInt(b -> b.length).max().orElse(0),
                state.values().stream()
                        .mapToInt(b -> b == null ? 0 : b.length)
                        .max()
                        .orElse(0));
        if (largest > MAX_VALUE_BYTES) {
            throw new StoreException(
                    "store-too-large",
                    "one value of " + largest + " bytes is more than the store takes at once (" + MAX_VALUE_BYTES
                            + "): keep large data in a file");
        }
        return new Pending(events, json, state, done, async);
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

    /// @return false if nothing was written; a batch that was alone has been told
    private boolean tryWrite(List<Pending> group) {
        long millis = clock.millis();
        Tail now = tail;
        List<List<JournalEntry>> answers = new ArrayList<>(group.size());
        List<JournalEntry> entries = new ArrayList<>();
        List<Storage.Row> rows = new ArrayList<>();
        for (Pending p : group) {
            List<JournalEntry> own = new ArrayList<>(p.events().size());
            for (int i = 0; i < p.events().size(); i++) {
                long seq = now.seq() + 1;
                byte[] json = p.json().get(i);
                byte[] hash = EntryCodec.hash(now.hash(), seq, millis, json);
                EntryCodec.Stored stored = new EntryCodec.Stored(seq, millis, hash, json);
                rows.add(new Storage.Row(seq, EntryCodec.encode(stored)));
                own.add(stored.entry(p.events().get(i)));
                now = new Tail(seq, hash);
            }
            entries.addAll(own);
            answers.add(List.copyOf(own));
        }
        try {
            storage.write(rows, group.stream().map(Pending::state).toList());
        } catch (RuntimeException | Error e) {
            if (!isThere(rows)) {
                LOG.warn("a group of {} could not be written to {}", group.size(), folder, e);
                if (group.size() == 1) {
                    group.getFirst().failed(StoreErrors.of(e, folder));
                }
                return false;
            }
        }
        tail = now;
        remember(now);
        if (!entries.isEmpty()) {
            dispatcher.offer(entries);
        }
        for (int i = 0; i < group.size(); i++) {
            group.get(i).completed(answers.get(i));
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

    private static void checkFormat(Storage storage, Path folder) {
        byte[] stored = storage.value(FORMAT_KEY);
        if (stored == null) {
            byte[] format = EntryCodec.encodeState(FORMAT_KEY, String.valueOf(FORMAT));
            storage.write(List.of(), List.of(Map.of(FORMAT_KEY, format)));
            return;
        }
        int format = Integer.parseInt(EntryCodec.decodeState(FORMAT_KEY, stored));
        if (format > FORMAT) {
            throw new StoreException(
                    "store-newer",
                    "the store in " + folder + " was written by a newer version of Nexus OS (format " + format
                            + ", this one knows " + FORMAT + "): install that version");
        }
    }

    /// Compares the store's last entry with what was noted outside it.
    private static List<String> lostTail(Storage storage, long seq, TailMarker.@Nullable Tail noted) {
        if (noted == null) {
            return List.of();
        }
        if (noted.seq() > seq) {
            return List.of("the store lost its newest entries, " + (seq + 1) + " to " + noted.seq()
                    + ": its last file was cut short. What is before them is there; look at runs and spending of"
                    + " that time by hand.");
        }
        List<Storage.Row> rows = noted.seq() == 0 ? List.of() : storage.rows(noted.seq(), 1);
        if (rows.isEmpty()) {
            return List.of();
        }
        EntryCodec.Stored entry =
                EntryCodec.decode(rows.getFirst().seq(), rows.getFirst().value());
        if (entry == null || entry.seq() != noted.seq() || !Arrays.equals(entry.hash(), noted.hash())) {
            return List.of("entry " + noted.seq() + " of the journal is not the one that was written: the store was"
                    + " damaged or replaced by another one. naos audit verify finds the first entry that does not"
                    + " fit.");
        }
        return List.of();
    }

    private static FileAttribute<?>[] ownerOnly() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }
}
