package nexus.aiagents.engine.journal;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import nexus.aiagents.engine.journal.EngineEvent.Notice;
import org.jspecify.annotations.Nullable;

/// A store that was opened, brought to the newest format and looked through: where its journal ends, and
/// what is to be said of it.
///
/// @param tail     the newest entry
/// @param news     what was done with the store, one sentence each
/// @param lostFrom the first of the newest entries that are lost, 0: none is
record OpenedStore(
        Path folder,
        Clock clock,
        Storage storage,
        TailMarker marker,
        GroupWriter.Tail tail,
        Checkpoint checkpoint,
        StateSum sum,
        List<Notice> news,
        long lostFrom) {
    private static final String REPAIRED = "store-repaired";

    /// Of a folder that need not be there yet.
    static OpenedStore open(Path folder, Clock clock) throws IOException {
        Files.createDirectories(folder, ownerOnly());
        if (!Files.isWritable(folder)) {
            throw StoreErrors.readOnly(folder, new IOException("not writable"));
        }
        Backups backups = new Backups(folder, clock);
        String restored = backups.finishRestore();
        Path database = folder.resolve(Backups.DATABASE);
        Files.createDirectories(database, ownerOnly());
        TailRepair.Opened opened = TailRepair.open(database);
        List<Notice> news = new ArrayList<>();
        if (restored != null) {
            news.add(new Notice("warning", "store-restored", restored));
        }
        opened.repair().ifPresent(text -> news.add(new Notice("warning", REPAIRED, text)));
        return of(folder, opened.storage(), clock, news);
    }

    private static FileAttribute<?>[] ownerOnly() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }

    /// Takes the storage over: closes it when this fails.
    ///
    /// @param before what is to be said of what was done already
    static OpenedStore of(Path folder, Storage storage, Clock clock, List<Notice> before) throws IOException {
        TailMarker marker = null;
        try {
            marker = new TailMarker(folder.resolve(Backups.TAIL));
            List<Notice> news = new ArrayList<>(before);
            Migrations.run(
                            storage,
                            folder,
                            () -> new Backups(folder, clock).create(storage, Backups.MIGRATION, () -> false))
                    .forEach(text -> news.add(new Notice("info", "store-migrated", text)));
            TailMarker.Tail noted = marker.read();
            Checkpoint checkpoint = Checkpoint.read(storage);
            GroupWriter.Tail tail = tail(storage, checkpoint, noted);
            List<String> repairs = new ArrayList<>(OpeningChecks.lostTail(storage, tail.seq(), noted));
            StateSum found = StateSum.of(storage.values(XodusJournal.STATE));
            if (!found.equals(StateSum.read(storage))) {
                repairs.add(OpeningChecks.WRONG_VALUES);
            }
            repairs.forEach(text -> news.add(new Notice("warning", REPAIRED, text)));
            long lostFrom = noted != null && noted.seq() > tail.seq() ? tail.seq() + 1 : 0;
            return new OpenedStore(
                    folder, clock, storage, marker, tail, checkpoint, found, List.copyOf(news), lostFrom);
        } catch (IOException | RuntimeException e) {
            if (marker != null) {
                marker.close();
            }
            storage.close();
            throw e;
        }
    }

    private static GroupWriter.Tail tail(Storage storage, Checkpoint checkpoint, TailMarker.@Nullable Tail noted) {
        Storage.Row last = storage.lastRow();
        if (last == null) {
            return new GroupWriter.Tail(checkpoint.removedUpTo(), EntryCodec.unhex(checkpoint.hash()));
        }
        EntryCodec.Stored entry = EntryCodec.decode(last.seq(), last.value());
        if (entry != null) {
            return new GroupWriter.Tail(last.seq(), entry.hash());
        }
        byte[] hash = noted != null && noted.seq() == last.seq() ? noted.hash() : EntryCodec.NO_HASH;
        return new GroupWriter.Tail(last.seq(), hash);
    }

    /// What was found lost or damaged, one sentence each.
    List<String> repairs() {
        return news.stream()
                .filter(notice -> notice.code().equals(REPAIRED))
                .map(Notice::message)
                .toList();
    }

    void close() throws IOException {
        marker.close();
        storage.close();
    }
}
