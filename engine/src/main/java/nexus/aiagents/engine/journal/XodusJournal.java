package nexus.aiagents.engine.journal;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The journal in a Xodus environment: what is read, and who may read it. {@link GroupWriter} writes.
/// Thread-safe.
public final class XodusJournal implements AuditLog {
    private static final Logger LOG = LoggerFactory.getLogger(XodusJournal.class);
    static final String STATE = "s/";

    private final Path folder;
    private final Clock clock;
    private final Storage storage;
    private final TailMarker marker;
    private final Opening opening;
    private final ReadWriteLock open = new ReentrantReadWriteLock();
    private final ReentrantLock upkeep = new ReentrantLock();
    private final Dispatcher dispatcher;
    private final GroupWriter writer;
    private boolean closed;
    private volatile boolean closing;

    /// What opening the store found out.
    ///
    /// @param repairs   what was lost or damaged, one sentence each
    /// @param news      what was done with the store, one sentence each
    /// @param lostFrom  the first of the newest entries that are lost, 0: none is
    private record Opening(List<String> repairs, List<EngineEvent.Notice> news, long lostFrom) {}

    /// Opens the store in this folder, and makes it if there is none. An older format is brought to the
    /// newest, a torn end is cut off; both after a copy was made.
    ///
    /// @throws StoreException if it is locked, read-only, full or broken
    public static XodusJournal open(Path storeFolder, Clock clock) {
        Path folder = storeFolder.toAbsolutePath().normalize();
        try {
            Files.createDirectories(folder, ownerOnly());
            if (!Files.isWritable(folder)) {
                throw StoreErrors.readOnly(folder, new IOException("not writable"));
            }
            Backups backups = new Backups(folder, clock);
            String restored = backups.finishRestore();
            Path database = folder.resolve(Backups.DATABASE);
            Files.createDirectories(database, ownerOnly());
            TailRepair.Opened opened = TailRepair.open(database);
            List<EngineEvent.Notice> news = new ArrayList<>();
            if (restored != null) {
                news.add(new EngineEvent.Notice("warning", "store-restored", restored));
            }
            opened.repair().ifPresent(text -> news.add(new EngineEvent.Notice("warning", "store-repaired", text)));
            return open(folder, opened.storage(), clock, GroupWriter.HELD_BACK, news);
        } catch (IOException | RuntimeException e) {
            throw StoreErrors.of(e, folder);
        }
    }

    /// Takes the storage over: closes it, also when this fails.
    static XodusJournal open(Path folder, Storage storage, Clock clock, Duration heldBack) throws IOException {
        return open(folder, storage, clock, heldBack, List.of());
    }

    private static XodusJournal open(
            Path folder, Storage storage, Clock clock, Duration heldBack, List<EngineEvent.Notice> before)
            throws IOException {
        TailMarker marker = null;
        try {
            marker = new TailMarker(folder.resolve(Backups.TAIL));
            List<EngineEvent.Notice> news = new ArrayList<>(before);
            Migrations.run(
                            storage,
                            folder,
                            () -> new Backups(folder, clock).create(storage, Backups.MIGRATION, () -> false))
                    .forEach(text -> news.add(new EngineEvent.Notice("info", "store-migrated", text)));
            Storage.Row last = storage.lastRow();
            EntryCodec.Stored entry = last == null ? null : EntryCodec.decode(last.seq(), last.value());
            TailMarker.Tail noted = marker.read();
            Checkpoint checkpoint = Checkpoint.read(storage);
            long seq = last == null ? checkpoint.removedUpTo() : last.seq();
            byte[] hash = entry != null
                    ? entry.hash()
                    : last == null
                            ? EntryCodec.unhex(checkpoint.hash())
                            : noted != null && noted.seq() == seq ? noted.hash() : EntryCodec.NO_HASH;
            List<String> repairs = new ArrayList<>(OpeningChecks.lostTail(storage, seq, noted));
            StateSum written = StateSum.read(storage);
            StateSum found = StateSum.of(storage.values(STATE));
            if (!found.equals(written)) {
                repairs.add(OpeningChecks.WRONG_VALUES);
            }
            repairs.forEach(text -> news.add(new EngineEvent.Notice("warning", "store-repaired", text)));
            long lostFrom = noted != null && noted.seq() > seq ? seq + 1 : 0;
            XodusJournal journal = new XodusJournal(
                    folder,
                    clock,
                    storage,
                    marker,
                    new Opening(
                            news.stream()
                                    .filter(n -> n.code().equals("store-repaired"))
                                    .map(EngineEvent.Notice::message)
                                    .toList(),
                            news,
                            lostFrom),
                    new GroupWriter.Tail(seq, hash),
                    checkpoint,
                    found,
                    heldBack);
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
            Path folder,
            Clock clock,
            Storage storage,
            TailMarker marker,
            Opening opening,
            GroupWriter.Tail tail,
            Checkpoint checkpoint,
            StateSum sum,
            Duration heldBack) {
        this.folder = folder;
        this.clock = clock;
        this.storage = storage;
        this.marker = marker;
        this.opening = opening;
        this.dispatcher = new Dispatcher(this::lastSeq, after -> entries(after, GroupWriter.GROUP), tail.seq());
        this.writer =
                new GroupWriter(folder, clock, storage, marker, tail, checkpoint, sum, heldBack, dispatcher::offer);
    }

    private void start() {
        writer.start();
        dispatcher.start();
        for (EngineEvent.Notice news : opening.news()) {
            LOG.warn(news.message());
            commitAndWait(Batch.of(news));
        }
    }

    /// What was found lost or damaged when the store was opened, one sentence each. It is in the journal
    /// too.
    public List<String> repairs() {
        return opening.repairs();
    }

    @Override
    public @Nullable StoreException problem() {
        return writer.problem();
    }

    @Override
    public Backups backups() {
        return new Backups(folder, clock);
    }

    @Override
    public Backups.Backup backUp(String kind) {
        upkeep.lock();
        try {
            return whileOpen(() -> backups().create(storage, kind, () -> closing));
        } finally {
            upkeep.unlock();
        }
    }

    @Override
    public long compactedUpTo() {
        return writer.checkpoint().removedUpTo();
    }

    @Override
    public EngineEvent.@Nullable JournalCompacted compact(long upTo, Path archive, Map<String, @Nullable String> with) {
        upkeep.lock();
        try {
            long last = Math.min(upTo, lastSeq());
            return new Compactor(this, this::remove).compact(compactedUpTo() + 1, last, archive, with);
        } finally {
            upkeep.unlock();
        }
    }

    private void remove(Checkpoint upTo) {
        join(enqueue(Pending.removal(upTo)));
    }

    @Override
    public CompletionStage<List<JournalEntry>> commit(Batch batch) {
        return enqueue(batch, true);
    }

    @Override
    public CompletionStage<List<JournalEntry>> commitSoon(Batch batch) {
        try {
            return enqueue(Pending.of(batch, STATE, true).notUrgent());
        } catch (StoreException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public void hurry() {
        if (writer.holdsBack()) {
            var _ = enqueue(Pending.nothing());
        }
    }

    /// Waits without giving up: an interrupt is kept for the caller.
    @Override
    public List<JournalEntry> commitAndWait(Batch batch) {
        return join(enqueue(batch, false));
    }

    private static List<JournalEntry> join(CompletableFuture<List<JournalEntry>> written) {
        try {
            return written.join();
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
        return writer.tail().seq();
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
    public List<AuditLine> lines(long afterSeq, int max) {
        return whileOpen(() -> {
            Checkpoint begin = writer.checkpoint();
            long from = Math.max(afterSeq, begin.removedUpTo());
            List<AuditLine> lines = new ArrayList<>(Math.clamp(max, 0, 1024));
            byte[] before = EntryCodec.unhex(begin.hash());
            for (Storage.Row row : storage.rows(from == begin.removedUpTo() ? from + 1 : from, max + 1)) {
                EntryCodec.Stored stored = EntryCodec.decode(row.seq(), row.value());
                if (row.seq() > from && lines.size() < max) {
                    lines.add(stored == null ? damagedLine(row.seq(), before) : stored.line(before));
                }
                before = stored == null ? EntryCodec.NO_HASH : stored.hash();
            }
            return lines;
        });
    }

    private static AuditLine damagedLine(long seq, byte[] before) {
        return new AuditLine(seq, Instant.EPOCH, EntryCodec.hex(before), "", "{}");
    }

    @Override
    public AuditReport audit() {
        AuditReport report = new Verifier(
                        from -> whileOpen(() -> storage.rows(from, GroupWriter.GROUP)), writer.checkpoint(), lastSeq())
                .report();
        if (report.isWhole() && opening.lostFrom() > 0) {
            return new AuditReport(
                    report.firstSeq(),
                    report.lastSeq(),
                    report.compactedUpTo(),
                    new AuditReport.Finding(
                            AuditReport.Kind.TRUNCATED, opening.lostFrom(), String.join(" ", opening.repairs())),
                    report.notes());
        }
        return report;
    }

    @Override
    public List<RunRecord> runs(RunQuery query) {
        List<RunRecord> found = new ArrayList<>();
        Storage.Search search = query.name() != null
                ? new Storage.Search(ThingIndex.RUN, "name", query.name())
                : query.states().size() == 1
                        ? new Storage.Search(
                                ThingIndex.RUN,
                                "state",
                                query.states().iterator().next())
                        : query.kinds().size() == 1
                                ? new Storage.Search(
                                        ThingIndex.RUN,
                                        "kind",
                                        query.kinds().iterator().next())
                                : new Storage.Search(ThingIndex.RUN, null, null);
        whileOpen(() -> {
            storage.things(search, record -> {
                ThingIndex.Run run = ThingIndex.read(record, ThingIndex.Run.class);
                if (run != null && query.fits(run.record())) {
                    found.add(run.record());
                }
                return found.size() < query.limit();
            });
            return null;
        });
        return found;
    }

    @Override
    public @Nullable RunRecord run(String runId) {
        return whileOpen(() -> {
            ThingIndex.Run run = ThingIndex.read(storage.thing(ThingIndex.RUN, runId), ThingIndex.Run.class);
            return run == null ? null : run.record();
        });
    }

    @Override
    public List<AgentTotals> agentTotals() {
        List<AgentTotals> found = new ArrayList<>();
        whileOpen(() -> {
            storage.things(new Storage.Search(ThingIndex.AGENT, null, null), record -> {
                AgentTotals totals = ThingIndex.read(record, AgentTotals.class);
                return totals == null || found.add(totals);
            });
            return null;
        });
        found.sort(Comparator.comparing(AgentTotals::agent));
        return found;
    }

    @Override
    public void close() {
        closing = true; // a copy that is being made gives way
        open.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
        } finally {
            open.writeLock().unlock();
        }
        boolean interrupted = writer.stop();
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

    private CompletableFuture<List<JournalEntry>> enqueue(Batch batch, boolean async) {
        try {
            return enqueue(Pending.of(batch, STATE, async));
        } catch (StoreException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<List<JournalEntry>> enqueue(Pending pending) {
        boolean interrupted = false;
        open.readLock().lock();
        try {
            if (closed) {
                pending.done().completeExceptionally(StoreErrors.closed());
                return pending.done();
            }
            while (true) {
                try {
                    writer.put(pending);
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

    /// What can not be read any more stands as a damaged entry for itself, and reading goes on behind it.
    private List<JournalEntry> entries(long afterSeq, int max) {
        List<Storage.Row> rows;
        try {
            rows = storage.rows(afterSeq + 1, max);
        } catch (RuntimeException e) {
            long seq = Math.max(afterSeq, writer.checkpoint().removedUpTo()) + 1;
            if (seq > lastSeq() || max < 1) {
                throw e;
            }
            LOG.warn("entry {} can not be read", seq, e);
            return List.of(EntryCodec.damaged(seq));
        }
        return rows.stream()
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
