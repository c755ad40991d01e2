package nexus.aiagents.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
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
