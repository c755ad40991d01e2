package nexus.aiagents.engine.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static nexus.aiagents.engine.journal.AuditReport.Kind.CHANGED;
import static nexus.aiagents.engine.journal.AuditReport.Kind.MISSING;
import static nexus.aiagents.engine.journal.AuditReport.Kind.REORDERED;
import static nexus.aiagents.engine.journal.AuditReport.Kind.TRUNCATED;
import static nexus.aiagents.engine.journal.AuditReport.Kind.UNEXPLAINED_BEGINNING;
import static nexus.aiagents.engine.journal.AuditReport.Kind.UNREADABLE;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;
import nexus.aiagents.engine.journal.AuditReport.Finding;
import nexus.aiagents.engine.journal.AuditReport.Kind;
import org.jspecify.annotations.Nullable;

/// Walks the chain from where the journal begins to its end.
final class Verifier {
    /// An entry that was moved is looked for this far around where it stands.
    private static final int NEAR = 4_096;

    private static final byte[] COMPACTED = "{\"type\":\"JournalCompacted\"".getBytes(US_ASCII);
    private static final byte[] NOTICE = "{\"type\":\"Notice\"".getBytes(US_ASCII);

    private final LongFunction<List<Storage.Row>> rowsFrom;
    private final Checkpoint checkpoint;
    private final long upTo;
    private final List<String> notes = new ArrayList<>();
    private byte[] hash;
    private long seq;
    private EngineEvent.@Nullable JournalCompacted compacted;

    /// @param rowsFrom some rows with this number or a higher one
    /// @param upTo     the newest durable entry
    Verifier(LongFunction<List<Storage.Row>> rowsFrom, Checkpoint checkpoint, long upTo) {
        this.rowsFrom = rowsFrom;
        this.checkpoint = checkpoint;
        this.upTo = upTo;
        this.seq = checkpoint.removedUpTo();
        this.hash = EntryCodec.unhex(checkpoint.hash());
    }

    AuditReport report() {
        Finding finding = walk();
        return new AuditReport(
                checkpoint.removedUpTo() + 1,
                upTo,
                checkpoint.removedUpTo(),
                finding == null ? beginning() : finding,
                notes);
    }

    private @Nullable Finding walk() {
        while (seq < upTo) {
            List<Storage.Row> rows;
            try {
                rows = rowsFrom.apply(seq + 1);
            } catch (StoreException e) {
                if (e.code().equals("store-closed")) {
                    throw e;
                }
                return found(UNREADABLE, seq + 1, "can not be read: " + e.getMessage());
            }
            if (rows.isEmpty()) {
                return new Finding(
                        TRUNCATED,
                        seq + 1,
                        "Entries " + (seq + 1) + " to " + upTo + " are not there: the end of the journal was cut off.");
            }
            for (Storage.Row row : rows) {
                Finding finding = next(row);
                if (finding != null) {
                    return finding;
                }
            }
        }
        return null;
    }

    private @Nullable Finding next(Storage.Row row) {
        if (row.seq() != seq + 1) {
            return new Finding(
                    MISSING,
                    seq + 1,
                    row.seq() == seq + 2
                            ? "Entry " + (seq + 1) + " is not there."
                            : "Entries " + (seq + 1) + " to " + (row.seq() - 1) + " are not there.");
        }
        EntryCodec.Stored entry = EntryCodec.decode(row.seq(), row.value());
        if (entry == null) {
            long own = ownPlace(row);
            return own == 0
                    ? found(CHANGED, row.seq(), "was changed: its bytes are not those that were written.")
                    : found(REORDERED, row.seq(), "stands at the wrong place: it was written as entry " + own + ".");
        }
        if (!entry.follows(hash)) {
            return found(
                    CHANGED,
                    row.seq(),
                    "does not fit the one before it: it was changed or exchanged, or one before it was.");
        }
        hash = entry.hash();
        seq = row.seq();
        if (!startsWith(entry.json(), COMPACTED) && !startsWith(entry.json(), NOTICE)) {
            return null; // reading every event would take most of the time
        }
        switch (entry.entry().event()) {
            case EngineEvent.JournalCompacted e -> {
                compacted = e;
                notes.add("Entries " + e.firstSeq() + " to " + e.lastSeq() + " were moved to " + e.archive() + ".");
            }
            case EngineEvent.Notice e
            when e.code().equals("store-repaired") || e.code().equals("store-restored") -> notes.add(e.message());
            default -> {}
        }
        return null;
    }

    private static boolean startsWith(byte[] json, byte[] begin) {
        return json.length >= begin.length && Arrays.equals(json, 0, begin.length, begin, 0, begin.length);
    }

    private static Finding found(Kind kind, long seq, String what) {
        return new Finding(kind, seq, "Entry " + seq + " " + what);
    }

    private static long ownPlace(Storage.Row row) {
        for (long near = 1; near <= NEAR; near++) {
            for (long other : new long[] {row.seq() - near, row.seq() + near}) {
                if (other > 0 && EntryCodec.decode(other, row.value()) != null) {
                    return other;
                }
            }
        }
        return 0;
    }

    /// A compaction says in the journal what it will remove before it removes it.
    private @Nullable Finding beginning() {
        if (checkpoint.removedUpTo() == 0) {
            return null;
        }
        EngineEvent.JournalCompacted said = compacted;
        boolean explained = said != null
                && (said.lastSeq() > checkpoint.removedUpTo()
                        || said.lastSeq() == checkpoint.removedUpTo()
                                && said.lastHash().equals(checkpoint.hash()));
        return explained
                ? null
                : new Finding(
                        UNEXPLAINED_BEGINNING,
                        checkpoint.removedUpTo(),
                        "Entries up to " + checkpoint.removedUpTo()
                                + " were removed, and no compaction in the journal says so.");
    }
}
