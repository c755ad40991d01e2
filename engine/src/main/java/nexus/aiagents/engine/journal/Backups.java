package nexus.aiagents.engine.journal;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import nexus.aiagents.engine.project.Similar;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Copies of a store, one zip file each in its folder `backups`, readable by their owner alone. A copy is
/// written under another name and gets its own when it is whole, so that a crash leaves what was there.
public final class Backups {
    /// Made by itself: of these only the newest are kept.
    public static final String AUTOMATIC = "auto";
    /// Made before the store was brought to a newer format.
    public static final String MIGRATION = "migration";
    /// Asked for by a person, and kept until a person deletes it.
    public static final String MANUAL = "manual";

    static final String DATABASE = "xodus";
    private static final String LOCK = "xd.lck";
    static final String TAIL = "tail";
    static final int AUTOMATIC_KEPT = 5;
    private static final int MIGRATIONS_KEPT = 2;
    private static final String RESTORING = "restoring";
    private static final String READY = "ready";
    private static final Logger LOG = LoggerFactory.getLogger(Backups.class);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);
    private static final Pattern NAME = Pattern.compile("(\\d{8}-\\d{6}-\\d{3})-([a-z]+)-(\\d{1,18})\\.zip");

    private final Path folder;
    private final Clock clock;

    /// @param store the folder of the store
    public Backups(Path store, Clock clock) {
        this.folder = store.toAbsolutePath().normalize();
        this.clock = clock;
    }

    /// @param name    of its file
    /// @param kind    {@link #AUTOMATIC}, {@link #MIGRATION} or {@link #MANUAL}
    /// @param lastSeq the newest entry in it
    public record Backup(String name, Instant at, String kind, long lastSeq, long bytes) {}

    /// Where they are.
    public Path place() {
        return folder.resolve("backups");
    }

    /// Newest first.
    ///
    /// @throws StoreException if the folder can not be read
    public List<Backup> list() {
        if (Files.notExists(place())) {
            return List.of();
        }
        List<Backup> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(place())) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Matcher name = NAME.matcher(file.getFileName().toString());
                if (name.matches()) {
                    Instant at = STAMP.parse(name.group(1), Instant::from);
                    found.add(new Backup(
                            name.group(), at, name.group(2), Long.parseLong(name.group(3)), Files.size(file)));
                }
            }
        } catch (IOException | UncheckedIOException e) {
            throw StoreErrors.of(e, folder);
        }
        found.sort(Comparator.comparing(Backup::name).reversed());
        return found;
    }

    /// How large a copy would be at most, in bytes.
    ///
    /// @throws StoreException if the folder can not be read
    public long databaseBytes() {
        try (Stream<Path> files = Files.list(folder.resolve(DATABASE))) {
            long bytes = 0;
            for (Path file : (Iterable<Path>) files::iterator) {
                bytes += Files.size(file);
            }
            return bytes;
        } catch (IOException | UncheckedIOException e) {
            throw StoreErrors.of(e, folder);
        }
    }

    /// @param closing says, while it is made, that nobody waits for it any longer
    /// @throws StoreException if it can not be written, or was not finished because of closing
    Backup create(Storage storage, String kind, BooleanSupplier closing) {
        Storage.Row last = storage.lastRow();
        long seq = last == null ? 0 : last.seq();
        Instant now = clock.instant();
        String name = STAMP.format(now) + "-" + kind + "-" + seq + ".zip";
        Path fresh = place().resolve(name + ".tmp");
        try {
            Files.createDirectories(place());
            ownerOnly(place(), "rwx------");
            write(storage, fresh, closing);
            Path done = place().resolve(name);
            Files.move(fresh, done, StandardCopyOption.ATOMIC_MOVE);
            rotate();
            return new Backup(name, now, kind, seq, Files.size(done));
        } catch (IOException | RuntimeException e) {
            throw StoreErrors.of(e, folder);
        } finally {
            discard(fresh);
        }
    }

    private static void write(Storage storage, Path file, BooleanSupplier closing) throws IOException {
        try (FileOutputStream disk = new FileOutputStream(file.toFile());
                ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(disk, 1 << 16))) {
            ownerOnly(file, "rw-------");
            zip.setLevel(Deflater.BEST_SPEED);
            storage.copyTo((name, content) -> {
                zip.putNextEntry(new ZipEntry(DATABASE + "/" + name));
                copy(content, zip, closing);
                zip.closeEntry();
            });
            zip.finish();
            zip.flush();
            disk.getFD().sync();
        }
    }

    private static void copy(InputStream from, OutputStream to, BooleanSupplier closing) throws IOException {
        byte[] some = new byte[1 << 16];
        for (int read = from.read(some); read >= 0; read = from.read(some)) {
            if (closing.getAsBoolean()) {
                throw StoreErrors.closed();
            }
            to.write(some, 0, read);
        }
    }

    private void rotate() {
        int automatic = 0;
        int migrations = 0;
        for (Backup backup : list()) {
            boolean tooOld = switch (backup.kind()) {
                case AUTOMATIC -> ++automatic > AUTOMATIC_KEPT;
                case MIGRATION -> ++migrations > MIGRATIONS_KEPT;
                default -> false;
            };
            if (tooOld) {
                discard(place().resolve(backup.name()));
            }
        }
    }

    /// Puts a copy in the place of the store. What the store was is kept beside it.
    ///
    /// @param name of one of {@link #list}
    /// @return where the store as it was is now, null if there was none
    /// @throws StoreException if the project is open, or the copy is not there or not whole
    public @Nullable Path restore(String name) {
        List<Backup> all = list();
        Backup backup = all.stream()
                .filter(b -> b.name().equals(name) || b.name().equals(name + ".zip"))
                .findFirst()
                .orElseThrow(() -> new StoreException(
                        "unknown-name",
                        Similar.unknown(
                                "backup", name, all.stream().map(Backup::name).toList())));
        refuseWhileOpen();
        Path fresh = folder.resolve(RESTORING);
        try {
            deleteAll(fresh);
            unzip(place().resolve(backup.name()), fresh);
            check(fresh.resolve(DATABASE));
            Files.writeString(
                    fresh.resolve(READY),
                    "the store was put back from the backup " + backup.name() + ", which ends with entry "
                            + backup.lastSeq() + "; what was after it is kept in a folder before-restore.");
            finishRestore();
            try (Stream<Path> files = Files.list(folder)) {
                return files.filter(f -> f.getFileName().toString().startsWith("before-restore-"))
                        .max(Comparator.naturalOrder())
                        .orElse(null);
            }
        } catch (IOException | RuntimeException e) {
            throw StoreErrors.of(e, folder);
        }
    }

    /// Also does what is left of a restore that was interrupted.
    ///
    /// @return a sentence about the restore that the store is from, once; null if there was none
    @Nullable
    String finishRestore() throws IOException {
        Path fresh = folder.resolve(RESTORING);
        Path ready = fresh.resolve(READY);
        Path said = folder.resolve("restored");
        if (Files.exists(ready)) {
            Path database = folder.resolve(DATABASE);
            if (Files.exists(fresh.resolve(DATABASE))) {
                if (Files.exists(database)) {
                    Files.move(
                            database,
                            folder.resolve("before-restore-" + STAMP.format(clock.instant())),
                            StandardCopyOption.ATOMIC_MOVE);
                }
                Files.move(fresh.resolve(DATABASE), database, StandardCopyOption.ATOMIC_MOVE);
            }
            // What was noted of the store before does not belong to this one.
            Files.deleteIfExists(folder.resolve(TAIL));
            Files.move(ready, said, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return null;
        }
        deleteAll(fresh);
        if (Files.notExists(said)) {
            return null;
        }
        String text = Files.readString(said);
        Files.delete(said);
        return text;
    }

    /// @throws StoreException `store-locked` if a process has the project open, also one that answers
    ///     nobody
    public void refuseWhileHeld() {
        if (isHeld()) {
            throw new StoreException("store-locked", StoreErrors.heldBy(lockText(), folder));
        }
    }

    /// Names the process.
    private String lockText() {
        try {
            return Files.readString(folder.resolve(DATABASE).resolve(LOCK));
        } catch (IOException _) {
            return ""; // on Windows nobody else may read what is locked
        }
    }

    private void refuseWhileOpen() {
        if (isHeld()) {
            throw open();
        }
    }

    private boolean isHeld() {
        Path lock = folder.resolve(DATABASE).resolve(LOCK);
        if (Files.notExists(lock)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            FileLock mine = channel.tryLock();
            if (mine != null) {
                mine.release();
            }
            return mine == null;
        } catch (OverlappingFileLockException _) {
            return true;
        } catch (IOException e) {
            throw StoreErrors.of(e, folder);
        }
    }

    private StoreException open() {
        return new StoreException(
                "store-locked",
                "the project is open, so its store can not be exchanged: close it in the process that has it open; the"
                        + " store is " + folder);
    }

    private static void check(Path database) {
        try (XodusStorage storage = XodusStorage.open(database)) {
            Storage.Row last = storage.lastRow();
            if (last != null && EntryCodec.decode(last.seq(), last.value()) == null) {
                throw new StoreException(
                        "store-broken", "the newest entry of this backup is damaged: take another one");
            }
        }
    }

    private static void unzip(Path zip, Path target) throws IOException {
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                Path file = target.resolve(entry.getName()).normalize();
                if (!file.startsWith(target)) {
                    throw new IOException("the backup has a file outside of it: " + entry.getName());
                }
                Files.createDirectories(file.getParent());
                try (FileOutputStream out = new FileOutputStream(file.toFile())) {
                    transfer(in, out);
                    out.getFD().sync();
                }
            }
        }
    }

    private static void transfer(InputStream in, FileOutputStream out) throws IOException {
        in.transferTo(out);
    }

    private static void ownerOnly(Path path, String permissions) throws IOException {
        PosixFileAttributeView posix = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        if (posix != null) {
            posix.setPermissions(PosixFilePermissions.fromString(permissions));
        }
    }

    private static void deleteAll(Path folder) throws IOException {
        if (Files.notExists(folder)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(path);
            }
        }
    }

    private static void discard(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("{} could not be deleted", file, e);
        }
    }
}
