package nexus.aiagents.engine.journal;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is looked at before a store is used.
final class OpeningChecks {
    static final String WRONG_VALUES =
            "a value beside the journal (a budget, a pause, a key of an agent, a run under way) was"
                    + " lost or changed on the disk. naos backup list shows copies that can be put back; without that, look at"
                    + " budgets and runs under way by hand.";

    private OpeningChecks() {}

    /// Compares the store's last entry with what was noted outside it.
    static List<String> lostTail(Storage storage, long seq, TailMarker.@Nullable Tail noted) {
        if (noted == null) {
            return List.of();
        }
        if (noted.seq() > seq) {
            String which =
                    seq + 1 == noted.seq() ? "entry, " + noted.seq() : "entries, " + (seq + 1) + " to " + noted.seq();
            return List.of("the store lost its newest " + which
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
