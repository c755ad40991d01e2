package nexus.aiagents.engine.journal;

import java.time.Instant;

/// One line of the journal.
///
/// @param seq  from 1, without holes
/// @param hash SHA-256 over the hash before and this entry, hex
public record JournalEntry(long seq, Instant at, EngineEvent event, String hash) {}
