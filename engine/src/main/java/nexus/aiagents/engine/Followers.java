package nexus.aiagents.engine;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.journal.JournalEntry;

/// Everybody who follows the journal. Thread-safe.
final class Followers {
    private static final long END_WITHIN_MILLIS = 500;

    private final Journal journal;
    private final Set<Follower> followers = ConcurrentHashMap.newKeySet();

    Followers(Journal journal) {
        this.journal = journal;
    }

    /// @return ends it
    Runnable add(long afterSeq, Consumer<JournalEntry> listener) {
        Follower follower = new Follower(journal, afterSeq, listener);
        followers.add(follower);
        return () -> {
            followers.remove(follower);
            follower.stop();
        };
    }

    /// Tells everybody what is there and ends.
    void end() {
        for (Follower follower : followers) {
            try {
                follower.end(END_WITHIN_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
