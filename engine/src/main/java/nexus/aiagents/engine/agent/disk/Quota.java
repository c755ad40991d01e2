package nexus.aiagents.engine.agent.disk;

/// How much one run may put into its folders. For one thread.
final class Quota {
    static final long MAX_FILE_BYTES = 256L << 20;
    static final long MAX_GROWTH = 1L << 30;
    static final int MAX_NEW_NAMES = 10_000;

    private long growth;
    private int names;

    /// Before a file grows.
    void grow(long before, long after) throws DiskFailure {
        if (after < 0 || after > MAX_FILE_BYTES) {
            throw new DiskFailure("too-large", "a file may have " + MAX_FILE_BYTES + " bytes");
        }
        long more = Math.max(0, after - before);
        if (growth + more > MAX_GROWTH) {
            throw new DiskFailure("quota", "one run may add " + MAX_GROWTH + " bytes to its files");
        }
        growth += more;
    }

    /// Before a file, a folder or a link is made.
    void name() throws DiskFailure {
        if (names == MAX_NEW_NAMES) {
            throw new DiskFailure("quota", "one run may make " + MAX_NEW_NAMES + " files and folders");
        }
        names++;
    }
}
