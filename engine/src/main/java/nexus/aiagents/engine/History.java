package nexus.aiagents.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.journal.AuditLine;
import nexus.aiagents.engine.journal.AuditLog;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.journal.RunRecord;

/// Finds entries in a journal, from either end.
record History(AuditLog journal) {
    private static final int PAGE = 512;

    @FunctionalInterface
    private interface Pages<T> {
        List<T> read(long after, int max);
    }

    List<JournalEntry> find(HistoryQuery query) {
        return find(query, journal::read, entry -> entry);
    }

    List<AuditLine> lines(HistoryQuery query) {
        return find(query, journal::lines, AuditLine::entry);
    }

    /// Tells everything between the beginning of a run and its end, what others did meanwhile too.
    ///
    /// @param upTo at most to this entry
    void tell(String runId, long upTo, Consumer<JournalEntry> to) {
        RunRecord run = journal.run(runId);
        if (run == null || isArchived(run)) {
            return;
        }
        // Of one that was taken up again long after, what others did between is not read.
        boolean rested = run.restedSeq() > 0 && run.restedSeq() <= upTo && upTo < run.lastSeq();
        long end = rested ? run.restedSeq() : Math.min(upTo, journal.lastEntryOf(run));
        long after = run.firstSeq() - 1;
        while (after < end) {
            List<JournalEntry> page = journal.read(after, (int) Math.min(PAGE, end - after));
            if (page.isEmpty()) {
                return;
            }
            page.forEach(to);
            after = page.getLast().seq();
        }
    }

    boolean isArchived(RunRecord run) {
        return run.firstSeq() <= journal.compactedUpTo();
    }

    private <T> List<T> find(HistoryQuery query, Pages<T> pages, Function<T, JournalEntry> entry) {
        long begin = begin(query);
        return query.tail() ? last(query, begin, pages, entry) : first(query, begin, pages, entry);
    }

    /// A run has no entries before the one that began it.
    private long begin(HistoryQuery query) {
        String runId = query.runId();
        RunRecord run = runId == null ? null : journal.run(runId);
        long begin = Math.max(query.afterSeq(), journal.compactedUpTo());
        return run == null ? begin : Math.max(begin, run.firstSeq() - 1);
    }

    private <T> List<T> first(HistoryQuery query, long begin, Pages<T> pages, Function<T, JournalEntry> entry) {
        List<T> found = new ArrayList<>();
        long after = begin;
        while (found.size() < query.max()) {
            List<T> page = pages.read(after, PAGE);
            if (page.isEmpty()) {
                return found;
            }
            for (T one : page) {
                JournalEntry known = entry.apply(one);
                if (found.size() < query.max() && query.fits(known)) {
                    found.add(one);
                }
                after = known.seq();
            }
        }
        return found;
    }

    private <T> List<T> last(HistoryQuery query, long begin, Pages<T> pages, Function<T, JournalEntry> entry) {
        Deque<T> found = new ArrayDeque<>();
        long end = journal.lastSeq();
        while (end > begin && found.size() < query.max()) {
            long from = Math.max(begin, end - PAGE);
            for (T one : pages.read(from, (int) (end - from)).reversed()) {
                if (found.size() < query.max() && query.fits(entry.apply(one))) {
                    found.addFirst(one);
                }
            }
            end = from;
        }
        return List.copyOf(found);
    }
}
