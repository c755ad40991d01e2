package nexus.aiagents.engine.journal;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A journal together with what is asked of it as a whole: its proof, its index, its copies and its
/// archives. Thread-safe.
public interface AuditLog extends Journal {

    /// Up to `max` entries with `seq > afterSeq`, ascending, as their hashes cover them.
    List<AuditLine> lines(long afterSeq, int max);

    /// Walks the whole chain.
    AuditReport audit();

    @Override
    default long verify() {
        return audit().firstBadSeq();
    }

    /// Runs of all time, newest first.
    List<RunRecord> runs(RunQuery query);

    /// What every agent did in all its life, sorted by name.
    List<AgentTotals> agentTotals();

    /// Why nothing can be written now, null if it can. A full disk is looked at again by itself.
    @Nullable
    StoreException problem();

    /// The copies of this store.
    Backups backups();

    /// Makes a copy of the store as it is now.
    ///
    /// @param kind one of those of {@link Backups}
    /// @throws StoreException if it can not be written; then what copies there were are still there
    Backups.Backup backUp(String kind);

    /// The entries up to this one are in archives, 0: none is.
    long compactedUpTo();

    /// Moves the entries up to `upTo` to a file. Others go on reading and writing meanwhile.
    ///
    /// @param archive is not there yet; a name that ends with `.gz` is written compressed
    /// @param with    state to write together with the entry that says what is removed
    /// @return what was removed, null if there is nothing up to there
    /// @throws StoreException if an entry does not fit the chain, or the archive can not be written
    EngineEvent.@Nullable JournalCompacted compact(long upTo, Path archive, Map<String, @Nullable String> with);
}
