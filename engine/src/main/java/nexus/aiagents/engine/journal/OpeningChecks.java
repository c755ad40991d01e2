package nexus.aiagents.engine.journal;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is looked at before a store is used.
final class OpeningChecks {
    /// The newest format of a store that this version reads and writes.
    static final int FORMAT = 1;

    private static final String FORMAT_KEY = "format";

    private OpeningChecks() {}

    /// @throws StoreException if a newer version wrote it
    static void format(Storage storage, Path folder) {
        byte[] stored = storage.value(FORMAT_KEY);
        if (stored == null) {
            byte[] format = EntryCodec.encodeState(FORMAT_KEY, String.valueOf(FORMAT));
            storage.write(List.of(), List.of(Map.of(FORMAT_KEY, format)));
            return;
        }
        int format = Integer.parseInt(EntryCodec.decodeState(FORMAT_KEY, stored));
        if (format > FORMAT) {
            throw new StoreException(
                    "store-newer",
                    "the store in " + folder + " was written by a newer version of Nexus OS (format " + format
                            + ", this one knows " + FORMAT + "): install that version");
        }
    }

    /// Compares the store's last entry with what was noted outside it.
    static List<String> lostTail(Storage storage, long seq, TailMarker.@Nullable Tail noted) {
        if (noted == null) {
            return List.of();
        }
        if (noted.seq() > seq) {
            return List.of("the store lost its newest entries, " + (seq + 1) + " to " + noted.seq()
                    + ": its last file was cut short. What is before them is there; look at runs and spending of"
                    + " that time by hand.");
        }
        List<Storage.Row> rows = noted.seq() == 0 ? List.of() : storage.rows(noted.seq(), 1);
        if (rows.isEmpty()) {
            return List.of();
        }
        EntryCodec.Stored entry =
                EntryCodec.decode(rows.getFirst().seq(), rows.getFirst().value());
        if (entry == null || entry.seq() != noted.seq() || !Arrays.equals(entry.hash(), noted.hash())) {
            return List.of("entry " + noted.seq() + " of the journal is not the one that was written: the store was"
                    + " damaged or replaced by another one. naos audit verify finds the first entry that does not"
                    + " fit.");
        }
        return List.of();
    }
}
