package nexus.aiagents.engine;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import nexus.aiagents.engine.journal.AuditLine;
import nexus.aiagents.engine.journal.AuditLog;
import nexus.aiagents.engine.journal.JournalEntry;
import org.jspecify.annotations.Nullable;

/// Keeps what is folded from the journal now and then, so that the next opening folds only what came
/// after. Thread-safe.
final class KeptFolds {
    /// Entries after which what is folded from them is kept, so that an opening folds no more than these.
    private static final long EVERY = 20_000;

    private static final long AT_CLOSE = 200;

    private final AuditLog journal;
    private final Folds folds;
    private final Folding folding;
    private final FoldMemory memory;
    private volatile long kept;

    KeptFolds(AuditLog journal, Folds folds, Folding folding, FoldMemory memory) {
        this.journal = journal;
        this.folds = folds;
        this.folding = folding;
        this.memory = memory;
    }

    /// Fills folds that know nothing.
    ///
    /// @return the newest entry that they know then
    long recall() {
        kept = memory.recall(folds);
        return kept;
    }

    /// @param entry was folded just now
    void folded(JournalEntry entry) {
        if (entry.seq() - kept >= EVERY) {
            Supplier<FoldMemory.Remembered> now = keep(entry.seq(), entry.hash());
            Thread.ofVirtual().name("remember").start(() -> memory.writeNewest(now));
        }
    }

    /// What the next opening is glad of.
    void beforeClose() {
        if (journal.lastSeq() - kept >= AT_CLOSE) {
            memory.writeNewest(folding.atRest(applied -> keep(applied, hashOf(applied))));
        }
    }

    /// Of a moment at which the folds have caught up.
    Map<String, @Nullable String> asState() {
        return memory.asState(
                folding.atRest(applied -> written(applied, hashOf(applied))).get());
    }

    /// Takes down what is known now; it is written out when it is asked for.
    private Supplier<FoldMemory.Remembered> keep(long seq, String entryHash) {
        kept = seq;
        return written(seq, entryHash);
    }

    private Supplier<FoldMemory.Remembered> written(long seq, String entryHash) {
        Supplier<byte[]> now = folds.remember();
        return () -> new FoldMemory.Remembered(Folds.VERSION, seq, entryHash, now.get());
    }

    private String hashOf(long seq) {
        List<AuditLine> line = seq == 0 ? List.of() : journal.lines(seq - 1, 1);
        return line.isEmpty() ? "" : line.getFirst().hash();
    }
}
