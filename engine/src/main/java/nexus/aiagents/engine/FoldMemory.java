package nexus.aiagents.engine;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import nexus.aiagents.engine.journal.AuditLine;
import nexus.aiagents.engine.journal.AuditLog;
import nexus.aiagents.engine.journal.EventJson;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the folds knew at some entry. A file, written now and then: it can be lost at any time and is
/// believed only if the journal has that very entry. And once entries were compacted away, also beside
/// the journal, because nothing can be folded from entries that are not there any more.
final class FoldMemory {
    private static final Logger LOG = LoggerFactory.getLogger(FoldMemory.class);
    private static final String BASE = "folds/";
    /// A value of the store must not be too large.
    private static final int CHUNK = 500_000;

    /// @param seq  the newest entry that is in it
    /// @param hash of that entry
    /// @param folds see {@link Folds#remember()}
    record Remembered(String version, long seq, String hash, byte[] folds) {}

    private final AuditLog journal;
    private final Path file;
    private long newest;

    FoldMemory(AuditLog journal, Path file) {
        this.journal = journal;
        this.file = file;
    }

    /// Fills folds that know nothing with the newest that fits.
    ///
    /// @return the newest entry that they know then
    long recall(Folds folds) {
        byte[] nothing = folds.remember().get();
        Remembered kept = read();
        if (kept != null && kept.version().equals(Folds.VERSION) && isOfThisJournal(kept)) {
            if (folds.recall(kept.folds())) {
                return kept.seq();
            }
            folds.recall(nothing);
        }
        long begin = journal.compactedUpTo();
        if (begin == 0) {
            return 0;
        }
        Remembered base = base();
        // Of another version it is still better than nothing: what it knows is in no entry any more.
        if (base != null && base.seq() >= begin && base.seq() <= journal.lastSeq()) {
            if (folds.recall(base.folds())) {
                return base.seq();
            }
            folds.recall(nothing);
        }
        LOG.warn("what is shown begins behind entry {}: what was before was compacted away", begin);
        return begin;
    }

    private boolean isOfThisJournal(Remembered kept) {
        if (kept.seq() < journal.compactedUpTo() || kept.seq() > journal.lastSeq()) {
            return false;
        }
        List<AuditLine> own = journal.lines(kept.seq() - 1, 1);
        return !own.isEmpty()
                && own.getFirst().seq() == kept.seq()
                && own.getFirst().hash().equals(kept.hash());
    }

    // ---- the file

    /// Like {@link #write}, but nothing if what was taken down later is in the file already. Thread-safe.
    void writeNewest(Supplier<Remembered> taken) {
        Remembered remembered = taken.get();
        synchronized (this) {
            if (remembered.seq() >= newest) {
                newest = remembered.seq();
                write(remembered);
            }
        }
    }

    /// Replaces the file in one step. It is not forced to the disk: a torn one is noticed and passed over.
    void write(Remembered remembered) {
        Path fresh = file.resolveSibling(file.getFileName() + ".tmp");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            try (DataOutputStream out = new DataOutputStream(
                    new GZIPOutputStream(new BufferedOutputStream(Files.newOutputStream(fresh), 1 << 16), 1 << 16))) {
                out.writeUTF(remembered.version());
                out.writeLong(remembered.seq());
                out.writeUTF(remembered.hash());
                out.writeInt(remembered.folds().length);
                out.write(remembered.folds());
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.warn("what the views know could not be kept; the next opening takes longer", e);
        }
    }

    private @Nullable Remembered read() {
        if (Files.notExists(file)) {
            return null;
        }
        try (DataInputStream in = new DataInputStream(
                new GZIPInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16), 1 << 16))) {
            String version = in.readUTF();
            long seq = in.readLong();
            String hash = in.readUTF();
            byte[] folds = in.readNBytes(in.readInt());
            // Reading to the end makes it compare its checksum.
            return in.read() < 0 ? new Remembered(version, seq, hash, folds) : null;
        } catch (IOException | RuntimeException e) {
            LOG.warn("what the views knew can not be read and is made anew", e);
            return null;
        }
    }

    // ---- beside the journal

    private record Head(String version, long seq, String hash, int chunks) {}

    /// As state to be written together with a compaction.
    Map<String, @Nullable String> asState(Remembered remembered) {
        Map<String, @Nullable String> state = new LinkedHashMap<>();
        journal.states(BASE).keySet().forEach(key -> state.put(key, null));
        String text = new String(remembered.folds(), StandardCharsets.UTF_8);
        int chunks = 0;
        for (int from = 0; from < text.length(); from += CHUNK) {
            state.put(chunk(chunks++), text.substring(from, Math.min(text.length(), from + CHUNK)));
        }
        Head head = new Head(remembered.version(), remembered.seq(), remembered.hash(), chunks);
        state.put(BASE + "head", EventJson.mapper().writeValueAsString(head));
        return state;
    }

    private @Nullable Remembered base() {
        String stored = journal.state(BASE + "head");
        if (stored == null) {
            return null;
        }
        Head head = EventJson.mapper().readValue(stored, Head.class);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < head.chunks(); i++) {
            text.append(journal.state(chunk(i)));
        }
        return new Remembered(
                head.version(), head.seq(), head.hash(), text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String chunk(int number) {
        return BASE + String.format("%06d", number);
    }
}
