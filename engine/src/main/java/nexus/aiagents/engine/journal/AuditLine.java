package nexus.aiagents.engine.journal;

import java.time.Instant;

/// An entry as its hash covers it, so that whoever gets it can compute the hash again.
///
/// @param previous hash of the entry before, hex; 64 zeros for the first of all
/// @param hash     SHA-256 over `previous`, number, time in ms and the UTF-8 bytes of `eventJson`, hex;
///     empty if the entry is damaged on the disk
/// @param eventJson the very text that was written
public record AuditLine(long seq, Instant at, String previous, String hash, String eventJson) {

    /// The entry; a notice stands for an event that this version does not know, and for one that is
    /// damaged.
    public JournalEntry entry() {
        return hash.isEmpty() ? EntryCodec.damaged(seq) : EntryCodec.entry(seq, at, eventJson, hash);
    }
}
