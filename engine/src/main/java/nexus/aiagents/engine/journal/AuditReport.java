package nexus.aiagents.engine.journal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a walk over the chain found.
///
/// @param firstSeq  the first entry that was looked at
/// @param lastSeq   the last one there is
/// @param compactedUpTo the entries up to this one were moved to archives, 0: none was
/// @param finding   the first thing that is wrong, null if all fits
/// @param notes     what a person should know although the chain fits: repairs and compactions, as
///     sentences
public record AuditReport(
        long firstSeq,
        long lastSeq,
        long compactedUpTo,
        @Nullable Finding finding,
        List<String> notes) {

    /// @param seq the entry, or the first of those, that it is about
    /// @param message one sentence for a person
    public record Finding(Kind kind, long seq, String message) {}

    public enum Kind {
        /// Its bytes, its time or its place in the chain are not those that were written.
        CHANGED,
        /// Entries in the middle are not there.
        MISSING,
        /// It is an entry of this journal, at a place that is not its own.
        REORDERED,
        /// Entries at the end are not there.
        TRUNCATED,
        /// The beginning was cut off, and no compaction says so.
        UNEXPLAINED_BEGINNING,
        /// The database can not read it.
        UNREADABLE
    }

    public AuditReport {
        notes = List.copyOf(notes);
    }

    public boolean isWhole() {
        return finding == null;
    }

    /// 0 if all fits.
    public long firstBadSeq() {
        return finding == null ? 0 : finding.seq();
    }

    /// How many entries were looked at.
    public long entries() {
        return Math.max(0, lastSeq - firstSeq + 1);
    }
}
