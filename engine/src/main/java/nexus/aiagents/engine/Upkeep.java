package nexus.aiagents.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.CommandResult.Done;
import nexus.aiagents.engine.control.CommandResult.Refused;
import nexus.aiagents.engine.journal.AuditLine;
import nexus.aiagents.engine.journal.AuditLog;
import nexus.aiagents.engine.journal.AuditReport;
import nexus.aiagents.engine.journal.Backups;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.RunQuery;
import nexus.aiagents.engine.journal.RunRecord;
import nexus.aiagents.engine.journal.StoreException;
import nexus.aiagents.engine.project.JournalSpec;
import nexus.aiagents.engine.project.WriteTrouble;
import nexus.aiagents.engine.replay.Recordings;
import nexus.aiagents.engine.view.RunView;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the store in order while the project is open: copies of it, old entries to archives. On a
/// thread of its own, which nobody waits for. Thread-safe.
final class Upkeep implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
    private static final Duration BACKUP_EVERY = Duration.ofDays(1);
    private static final long BACKUP_ENTRIES = 100_000;
    private static final long BACKUP_AT_CLOSE_ENTRIES = 500;
    /// A copy of more takes too long to wait for: the next opening makes it, beside its work.
    private static final long BACKUP_AT_CLOSE_BYTES = 64 << 20;
    private static final int PAGE = 512;

    private final AuditLog journal;
    private final Pace pace;
    private final Path archives;
    private final Supplier<JournalSpec> rules;
    private final Supplier<Instant> moneyNeedsSince;
    private final Supplier<Map<String, @Nullable String>> folds;
    private final Recordings recordings;
    private final ReentrantLock compacting = new ReentrantLock();
    private final CountDownLatch closed = new CountDownLatch(1);

    /// When it looks, and from what on it acts.
    ///
    /// @param clock          by which entries and copies are old
    /// @param first          how long after the opening it looks
    /// @param every          how long from one look to the next
    /// @param archiveEntries fewer old entries are not worth an archive of their own
    record Pace(Clock clock, Duration first, Duration every, long archiveEntries) {
        static final Pace USUAL = new Pace(Clock.systemUTC(), Duration.ofSeconds(10), Duration.ofMinutes(10), 1_000);
    }

    /// @param rules           what the project says
    /// @param moneyNeedsSince entries since then are needed for the budgets of now
    /// @param folds           what is folded from the journal so far, as state to be kept beside it
    /// @param recordings      go with the entries of their runs
    Upkeep(
            AuditLog journal,
            Pace pace,
            Path archives,
            Supplier<JournalSpec> rules,
            Supplier<Instant> moneyNeedsSince,
            Supplier<Map<String, @Nullable String>> folds,
            Recordings recordings) {
        this.journal = journal;
        this.pace = pace;
        this.archives = archives;
        this.rules = rules;
        this.moneyNeedsSince = moneyNeedsSince;
        this.folds = folds;
        this.recordings = recordings;
    }

    void start() {
        Thread.ofVirtual().name("upkeep").start(this::loop);
    }

    private void loop() {
        try {
            Duration wait = pace.first();
            while (!closed.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                look();
                wait = pace.every();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Does what is due.
    void look() {
        try {
            if (isBackupDue(BACKUP_ENTRIES)) {
                backUpWhatIsWhole();
            }
            if (!rules.get().keepsAll()) {
                retain();
            }
            recordings.trim(rules.get().keep());
        } catch (StoreException e) {
            if (!e.code().equals("store-closed")) {
                LOG.warn("the upkeep of the store failed and is tried again later: {}", e.getMessage());
            }
        } catch (RuntimeException e) {
            LOG.error("the upkeep of the store failed and is tried again later", e);
        }
    }

    // ---- copies

    private boolean isBackupDue(long entries) {
        long last = journal.lastSeq();
        Backups.Backup newest = journal.backups().list().stream()
                .filter(b -> b.kind().equals(Backups.AUTOMATIC))
                .findFirst()
                .orElse(null);
        if (newest == null) {
            return last > 0;
        }
        boolean old = newest.at().plus(BACKUP_EVERY).isBefore(pace.clock().instant());
        // A restored store is shorter than copies made before that.
        return last != newest.lastSeq() && (old || Math.abs(last - newest.lastSeq()) >= entries);
    }

    /// A damaged store takes no place among the copies: it would in time push out the last good one.
    private void backUpWhatIsWhole() {
        AuditReport report = journal.audit();
        AuditReport.Finding finding = report.finding();
        if (finding != null && finding.kind() != AuditReport.Kind.TRUNCATED) {
            LOG.warn("no copy of the store is made: {}", finding.message());
            return;
        }
        Backups.Backup made = journal.backUp(Backups.AUTOMATIC);
        LOG.info("a copy of the store was made: {}", made.name());
    }

    CommandResult backUp() {
        Backups.Backup made = journal.backUp(Backups.MANUAL);
        return new Done("backup " + made.name() + " of " + made.lastSeq() + " entries is in "
                + journal.backups().place());
    }

    // ---- old entries

    private void retain() {
        compacting.lock();
        try {
            long upTo = Math.min(allowed(), askedByRules());
            if (upTo - journal.compactedUpTo() >= pace.archiveEntries()) {
                compact(upTo, null);
            }
        } finally {
            compacting.unlock();
        }
    }

    /// @param before  ISO 8601, null: what the project says
    /// @param archive a file that is not there yet, null: one of our own
    CommandResult compact(@Nullable String before, @Nullable String archive) {
        if (before == null && rules.get().keepsAll()) {
            return new Refused(
                    "bad-input",
                    "say which entries: give a date, or write journal: {keep: 90d} into the project's block");
        }
        compacting.lock();
        try {
            long asked = before == null ? askedByRules() : lastBefore(Instant.parse(before));
            long allowed = allowed();
            EngineEvent.JournalCompacted done =
                    compact(Math.min(asked, allowed), archive == null ? null : Path.of(archive));
            String held = allowed < asked
                    ? "; entries from " + (allowed + 1) + " on stay, because unfinished runs, calls under way or"
                            + " budgets' windows are made of them"
                    : "";
            return done == null
                    ? new Done("no entry is older" + held)
                    : new Done("entries " + done.firstSeq() + " to " + done.lastSeq() + " are in " + done.archive()
                            + " now" + held);
        } catch (DateTimeException e) {
            return new Refused("bad-input", "'" + before + "' is no time such as 2026-11-23T10:00:00Z");
        } finally {
            compacting.unlock();
        }
    }

    private EngineEvent.@Nullable JournalCompacted compact(long upTo, @Nullable Path asked) {
        long first = journal.compactedUpTo() + 1;
        if (upTo < first) {
            return null;
        }
        Path archive = asked == null ? archives.resolve("journal-" + first + "-" + upTo + ".jsonl.gz") : asked;
        try {
            Files.createDirectories(archive.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw new StoreException("archive", "the archive " + WriteTrouble.of(archive, e), e);
        }
        return journal.compact(upTo, archive, folds.get());
    }

    private long askedByRules() {
        JournalSpec now = rules.get();
        long last = journal.lastSeq();
        long byNumber = now.maxEntries() == null ? 0 : last - now.maxEntries();
        long byAge = now.keep() == null ? 0 : lastBefore(pace.clock().instant().minus(now.keep()));
        return Math.max(byNumber, byAge);
    }

    /// What is left after this entry is everything that something unfinished is made of.
    private long allowed() {
        long money = lastBefore(moneyNeedsSince.get());
        long runs = unfinished().stream()
                .map(RunRecord::firstSeq)
                .min(Comparator.naturalOrder())
                .map(first -> first - 1)
                .orElse(Long.MAX_VALUE);
        return Math.min(money, runs);
    }

    private List<RunRecord> unfinished() {
        return Arrays.stream(RunView.State.values())
                .filter(state -> !state.isFinal())
                .map(state -> state.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .flatMap(state ->
                        journal
                                .runs(new RunQuery(Set.of(state), Set.of(), null, null, null, Integer.MAX_VALUE))
                                .stream())
                .toList();
    }

    /// The last entry of all those in a row from the beginning that were written before then.
    private long lastBefore(Instant then) {
        long found = journal.compactedUpTo();
        while (true) {
            List<AuditLine> page = journal.lines(found, PAGE);
            for (AuditLine line : page) {
                if (!line.at().isBefore(then)) {
                    return found;
                }
                found = line.seq();
            }
            if (page.isEmpty()) {
                return found;
            }
        }
    }

    /// Ends the thread, and makes the copy that is due if it is a small one.
    @Override
    public void close() {
        closed.countDown();
        try {
            if (isBackupDue(BACKUP_ENTRIES)
                    && journal.lastSeq() >= BACKUP_AT_CLOSE_ENTRIES
                    && journal.backups().databaseBytes() <= BACKUP_AT_CLOSE_BYTES) {
                journal.backUp(Backups.AUTOMATIC);
            }
        } catch (StoreException e) {
            LOG.warn("no copy of the store was made: {}", e.getMessage());
        }
    }
}
