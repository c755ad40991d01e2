package nexus.aiagents.engine.agent.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How much one run may put into its folders, and that it leaves room on the disk for everybody else.
/// Thread-safe.
public final class Quota {
    public static final long MAX_FILE_BYTES = 256L << 20;
    public static final long MAX_GROWTH = 1L << 30;
    public static final int MAX_NEW_NAMES = 10_000;
    public static final long LEFT_FREE = 256L << 20;

    /// The disk is asked once in so many bytes.
    private static final long STEP = 8L << 20;

    private final Room room;
    private long growth;
    private long lookAt;
    private int names;

    @FunctionalInterface
    public interface Room {
        /// @return what can still be written to the disk that the folder lies on
        long bytes(Path folder) throws IOException;
    }

    /// Of one run.
    public static Quota ofThisSystem() {
        return new Quota(Quota::usableBytes);
    }

    public Quota(Room room) {
        this.room = room;
    }

    private static long usableBytes(Path folder) throws IOException {
        return Files.getFileStore(folder).getUsableSpace();
    }

    /// Before a file grows.
    synchronized void grow(Path folder, long before, long after) throws IOException, DiskFailure {
        if (after < 0 || after > MAX_FILE_BYTES) {
            throw new DiskFailure("too-large", "a file may have " + MAX_FILE_BYTES + " bytes");
        }
        long more = Math.max(0, after - before);
        if (growth + more > MAX_GROWTH) {
            throw new DiskFailure("quota", "one run may add " + MAX_GROWTH + " bytes to its files");
        }
        if (more > 0 && growth + more > lookAt) {
            if (room.bytes(folder) - more < LEFT_FREE) {
                throw new DiskFailure("no-space", "the disk is nearly full");
            }
            lookAt = growth + more + STEP;
        }
        growth += more;
    }

    /// Before a file, a folder or a link is made.
    synchronized void name() throws DiskFailure {
        if (names == MAX_NEW_NAMES) {
            throw new DiskFailure("quota", "one run may make " + MAX_NEW_NAMES + " files and folders");
        }
        names++;
    }
}
