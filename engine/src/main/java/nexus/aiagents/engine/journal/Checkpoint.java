package nexus.aiagents.engine.journal;

import org.jspecify.annotations.Nullable;

/// Where the journal begins since older entries were moved to an archive: the chain goes on from this hash.
/// Written in the transaction that removes them.
///
/// @param removedUpTo the last entry that is not here any more, 0: none
/// @param hash        of that entry, hex
record Checkpoint(long removedUpTo, String hash) {
    static final String KEY = "checkpoint";
    static final Checkpoint NONE = new Checkpoint(0, EntryCodec.hex(EntryCodec.NO_HASH));

    static Checkpoint read(Storage storage) {
        byte @Nullable [] stored = storage.value(KEY);
        return stored == null
                ? NONE
                : EventJson.mapper().readValue(EntryCodec.decodeState(KEY, stored), Checkpoint.class);
    }

    byte[] encoded() {
        return EntryCodec.encodeState(KEY, EventJson.mapper().writeValueAsString(this));
    }
}
