package nexus.aiagents.engine.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import nexus.aiagents.engine.project.WriteTrouble;
import org.jspecify.annotations.Nullable;

/// Moves the oldest entries to a file. The file is whole and on the disk before the journal says so,
/// and the journal says so before an entry is removed: whenever this is interrupted, every entry is in
/// one of the two, and the chain can be followed from one into the other.
final class Compactor {
    /// So many are removed in one transaction, so that others are not held up.
    private static final int SLICE = 2_000;

    private final XodusJournal journal;
    private final Consumer<Checkpoint> remove;

    /// @param remove removes entries up to there, in a transaction of its own
    Compactor(XodusJournal journal, Consumer<Checkpoint> remove) {
        this.journal = journal;
        this.remove = remove;
    }

    /// @param with state that is written together with the entry that says what is removed
    /// @return what was removed, null if there was nothing to remove
    /// @throws StoreException if an entry does not fit, or the archive is there already or can not be
    ///     written
    EngineEvent.@Nullable JournalCompacted compact(
            long first, long upTo, Path archive, Map<String, @Nullable String> with) {
        if (upTo < first) {
            return null;
        }
        List<Checkpoint> slices;
        try {
            slices = archive(first, upTo, archive);
        } catch (IOException e) {
            throw new StoreException("archive", "the archive " + WriteTrouble.of(archive, e), e);
        }
        EngineEvent.JournalCompacted done =
                new EngineEvent.JournalCompacted(first, upTo, slices.getLast().hash(), archive.toString());
        journal.commitAndWait(new Journal.Batch(List.of(done), with));
        slices.forEach(remove);
        return done;
    }

    private List<Checkpoint> archive(long first, long upTo, Path archive) throws IOException {
        if (Files.exists(archive)) {
            throw new StoreException(
                    "archive", "there is a file " + archive + " already: say another name for the archive");
        }
        List<Checkpoint> slices = new ArrayList<>();
        Path fresh = archive.resolveSibling(archive.getFileName() + ".tmp");
        try {
            try (AuditFile.Writer out =
                    AuditFile.create(fresh, archive.toString().endsWith(".gz"))) {
                long seq = first - 1;
                while (seq < upTo) {
                    List<AuditLine> page = journal.lines(seq, (int) Math.min(GroupWriter.GROUP, upTo - seq));
                    if (page.isEmpty()) {
                        throw gone(seq + 1);
                    }
                    for (AuditLine line : page) {
                        fits(line, seq);
                        out.write(line);
                        seq = line.seq();
                        if (seq == upTo || (seq - first + 1) % SLICE == 0) {
                            slices.add(new Checkpoint(seq, line.hash()));
                        }
                    }
                }
            }
            Files.move(fresh, archive, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
            return slices;
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static void fits(AuditLine line, long before) {
        if (line.seq() != before + 1 || !AuditFile.fits(line)) {
            throw gone(before + 1);
        }
    }

    private static StoreException gone(long seq) {
        return new StoreException(
                "store-broken",
                "entry " + seq + " does not fit the chain, so nothing is removed: naos audit verify says more");
    }
}
