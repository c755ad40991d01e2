package nexus.aiagents.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.journal.JournalEntry;

/// Finds entries in a journal, from either end.
record History(Journal journal) {
    private static final int PAGE = 512;

    List<JournalEntry> find(HistoryQuery query) {
        return query.tail() ? last(query) : first(query);
    }

    private List<JournalEntry> first(HistoryQuery query) {
        List<JournalEntry> found = new ArrayList<>();
        long after = query.afterSeq();
        while (found.size() < query.max()) {
            List<JournalEntry> page = journal.read(after, PAGE);
            if (page.isEmpty()) {
                return found;
            }
            for (JournalEntry entry : page) {
                if (found.size() < query.max() && fits(entry.event(), query)) {
                    found.add(entry);
                }
            }
            after = page.getLast().seq();
        }
        return found;
    }

    private List<JournalEntry> last(HistoryQuery query) {
        Deque<JournalEntry> found = new ArrayDeque<>();
        long end = journal.lastSeq();
        while (end > query.afterSeq() && found.size() < query.max()) {
            long begin = Math.max(query.afterSeq(), end - PAGE);
            for (JournalEntry entry : journal.read(begin, (int) (end - begin)).reversed()) {
                if (found.size() < query.max() && fits(entry.event(), query)) {
                    found.addFirst(entry);
                }
            }
            end = begin;
        }
        return List.copyOf(found);
    }

    private static boolean fits(EngineEvent event, HistoryQuery query) {
        return (query.types().isEmpty()
                        || query.types().contains(event.getClass().getSimpleName()))
                && (query.agent() == null || query.agent().equals(event.agent()))
                && (query.runId() == null || query.runId().equals(event.runId()));
    }
}
