package nexus.aiagents.engine.journal;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens the database, and where its end is torn cuts it back to the last commit that is whole. The
/// database itself does so for a file that is cut short; it does not for one whose end is there but is
/// not what was written. What is cut off is kept beside it.
final class TailRepair {
    private static final Logger LOG = LoggerFactory.getLogger(TailRepair.class);
    private static final String KEPT = "torn-end-of-";
    /// So many entries at the end have to be sound.
    private static final int LOOKED_AT = 64;
    private static final int SMALLEST_CUT = 512;

    private TailRepair() {}

    /// @param repair what was cut off, as a sentence; which entries that were is found out by whoever
    ///     knows how many there should be
    record Opened(Storage storage, Optional<String> repair) {}

    static Opened open(Path database) throws IOException {
        RuntimeException failure;
        try {
            XodusStorage storage = XodusStorage.open(database);
            String problem = problem(storage);
            if (problem == null) {
                return new Opened(storage, Optional.empty());
            }
            storage.close();
            failure = new StoreException("store-broken", problem);
        } catch (RuntimeException e) {
            failure = e;
        }
        if (!StoreErrors.of(failure, database).code().equals("store-broken")) {
            throw failure;
        }
        Opened repaired = cutBack(database);
        if (repaired == null) {
            throw failure;
        }
        return repaired;
    }

    /// @return what is wrong at the end, null if nothing is
    private static @Nullable String problem(Storage storage) {
        try {
            Storage.Row last = storage.lastRow();
            if (last == null) {
                return null;
            }
            List<Storage.Row> end = storage.rows(Math.max(1, last.seq() - LOOKED_AT + 1), LOOKED_AT);
            Storage.Row newest = end.getLast();
            return newest.seq() == last.seq() && EntryCodec.decode(last.seq(), last.value()) != null
                    ? null
                    : "the newest entry, " + last.seq() + ", is not as it was written";
        } catch (RuntimeException e) {
            return "the end of the journal can not be read: " + e.getMessage();
        }
    }

    /// Shorter and shorter, at first by little, until what is left is sound. If nothing helps, the
    /// damage is not at the end: then everything is put back as it was.
    private static @Nullable Opened cutBack(Path database) throws IOException {
        Path file = lastFile(database);
        if (file == null) {
            return null;
        }
        Path whole = database.resolveSibling(KEPT + file.getFileName() + "-" + Files.size(file));
        Files.copy(file, whole, StandardCopyOption.REPLACE_EXISTING);
        long length = Files.size(file);
        for (long cut = SMALLEST_CUT; cut < length; cut = cut < 1 << 16 ? cut + SMALLEST_CUT : cut * 2) {
            Files.copy(whole, file, StandardCopyOption.REPLACE_EXISTING);
            try (RandomAccessFile shorter = new RandomAccessFile(file.toFile(), "rw")) {
                shorter.setLength(length - cut);
            }
            XodusStorage storage = tryOpen(database);
            if (storage != null) {
                return new Opened(
                        storage,
                        Optional.of("the end of the store was torn and was cut back to the last commit that is whole;"
                                + " the file as it was is kept as " + whole.getFileName() + "."));
            }
        }
        Files.copy(whole, file, StandardCopyOption.REPLACE_EXISTING);
        Files.deleteIfExists(whole);
        return null;
    }

    private static @Nullable XodusStorage tryOpen(Path database) {
        XodusStorage storage = null;
        try {
            storage = XodusStorage.open(database);
            if (problem(storage) == null && storage.lastRow() != null) {
                return storage;
            }
        } catch (RuntimeException e) {
            LOG.debug("not sound yet", e);
        }
        if (storage != null) {
            storage.close();
        }
        return null;
    }

    private static @Nullable Path lastFile(Path database) throws IOException {
        try (Stream<Path> files = Files.list(database)) {
            return files.filter(f ->
                            f.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(".xd"))
                    .sorted()
                    .reduce((_, later) -> later)
                    .orElse(null);
        }
    }
}
