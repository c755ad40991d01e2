package nexus.aiagents.engine.project;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What an agent's program is on the disk just now, whatever it was when the project was read. Thread-safe.
public final class ProgramHash {
    private final SourceHashes hashes = new SourceHashes();

    /// @return SHA-256 of the program and of all modules it imports, hex; empty for an agent without a
    ///     program; null if it can not be read
    public @Nullable String of(Path folder, AgentSpec agent) {
        String source = agent.source();
        if (source == null) {
            return "";
        }
        Path file = folder.resolve(source).normalize();
        try {
            return agent.runtime() == AgentSpec.Runtime.JAVASCRIPT ? hashes.script(folder, file) : hashes.file(file);
        } catch (IOException _) {
            return null;
        }
    }
}
