package nexus.aiagents.engine.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
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

    /// So long at most closing waits for threads that tell to begin.
    private static final Duration TELLING = Duration.ofSeconds(10);

    private final OpenedStore store;
    private final Storage storage;
    private final ReadWriteLock open = new ReentrantReadWriteLock();
    private final ReentrantLock upkeep = new ReentrantLock();
    private final Dispatcher dispatcher;
    private final GroupWriter writer;
    /// Batches whose callers have not been told yet.
    private final Set<CompletableFuture<?>> untold = ConcurrentHashMap.newKeySet();

    private boolean closed;
    private volatile boolean closing;

    /// Opens the store in this folder, and makes it if there is none. An older format is brought to the
    /// newest, a torn end is cut off; both after a copy was made.
    ///
    /// @throws StoreException if it is locked, read-only, full or broken
    public static XodusJournal open(Path storeFolder, Clock clock) {
        Path folder = storeFolder.toAbsolutePath().normalize();
        try {
            return begin(OpenedStore.open(folder, clock), GroupWriter.HELD_BACK);
        } catch (IOException | RuntimeException e) {
            throw StoreErrors.of(e, folder);
        }
    }

    /// Takes the storage over: closes it, also when this fails.
    static XodusJournal open(Path folder, Storage storage, Clock clock, Duration heldBack) throws IOException {
        return begin(OpenedStore.of(folder, storage, clock, List.of()), heldBack);
    }

    private static XodusJournal begin(OpenedStore store, Duration heldBack) throws IOException {
        try {
            XodusJournal journal = new XodusJournal(store, heldBack);
            journal.start();
            return journal;
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private XodusJournal(OpenedStore store, Duration heldBack) {
        this.store = store;
        this.storage = store.storage();
        this.dispatcher = new Dispatcher(
                this::lastSeq,
                after -> entries(after, GroupWriter.GROUP),
                store.tail().seq());
        this.writer = new GroupWriter(
                store.folder(),
                store.clock(),
                storage,
                store.marker(),
                store.tail(),
                store.checkpoint(),
                store.sum(),
                heldBack,
                dispatcher::offer);
    }

    private void start() {
        writer.start();
        dispatcher.start();
        for (EngineEvent.Notice news : store.news()) {
            LOG.warn(news.message());
            commitAndWait(Batch.of(news));
        }
    }

    /// What was found lost or damaged when the store was opened, one sentence each. It is in the journal
    /// too.
    public List<String> repairs() {
        return store.repairs();
    }

    @Override
    public @Nullable StoreException problem() {
        return writer.problem();
    }

    @Override
    public Backups backups() {
        return new Backups(store.folder(), store.clock());
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
        if (report.isWhole() && store.lostFrom() > 0) {
            return new AuditReport(
                    report.firstSeq(),
                    report.lastSeq(),
                    report.compactedUpTo(),
                    new AuditReport.Finding(
                            AuditReport.Kind.TRUNCATED, store.lostFrom(), String.join(" ", store.repairs())),
                    report.notes());
        }
        return report;
    }

    @Override
    public List<RunRecord> runs(RunQuery query) {
        List<RunRecord> found = new ArrayList<>();
        whileOpen(() -> {
            storage.things(query.search(), record -> {
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
        awaitTold();
        try {
            store.close();
        } catch (IOException | RuntimeException e) {
            LOG.warn("the store in {} did not close well", store.folder(), e);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Who waits for a batch is told on threads of their own, which may still have to begin.
    private void awaitTold() {
        CompletableFuture.allOf(untold.toArray(CompletableFuture[]::new))
                .completeOnTimeout(null, TELLING.toSeconds(), TimeUnit.SECONDS)
                .handle((_, _) -> null)
                .join();
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
            if (pending.async()) {
                untold.add(pending.done());
                var _ = pending.done().whenComplete((_, _) -> untold.remove(pending.done()));
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
            throw StoreErrors.of(e, store.folder());
        } finally {
            open.readLock().unlock();
        }
    }
}
