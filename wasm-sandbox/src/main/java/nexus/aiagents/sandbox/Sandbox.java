package nexus.aiagents.sandbox;

import java.nio.file.Path;

/// Checks, compiles and runs untrusted programs on Chicory (Endive). Thread-safe.
public final class Sandbox implements AutoCloseable {
    private final Path cacheFolder;

    private Sandbox(Path cacheFolder) {
        this.cacheFolder = cacheFolder;
    }

    /// @param cacheFolder where compiled code is kept between starts; made if it is missing
    public static Sandbox open(Path cacheFolder) {
        return new Sandbox(cacheFolder);
    }

    /// Scans and compiles a program, bounded in time and memory. The same bytes are compiled once.
    ///
    /// @throws ProgramRejected if it can not be run, with the place and the remedy
    public PreparedProgram prepare(Program program) throws ProgramRejected {
        throw new ProgramRejected("not-supported", program.name() + " can not be prepared in " + cacheFolder);
    }

    @Override
    public void close() {}
}
