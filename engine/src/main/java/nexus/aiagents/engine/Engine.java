package nexus.aiagents.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.project.Diagnostic;
import nexus.aiagents.engine.view.ProjectView;

/// An open project. Holds the lock of its store until it is closed. Thread-safe.
public final class Engine implements EngineClient {

    /// @param resumeRuns  go on with runs that were under way when the process ended; a command that only looks
    ///     says no
    /// @param serveControl listen on loopback so that other processes can send commands
    public record Options(boolean resumeRuns, boolean serveControl) {
        public static final Options RUN = new Options(true, true);
        public static final Options LOOK = new Options(false, false);
    }

    /// The project has errors and was not opened.
    public static final class ProjectHasErrors extends Exception {
        private final List<Diagnostic> diagnostics;

        public ProjectHasErrors(List<Diagnostic> diagnostics) {
            super("the project has errors");
            this.diagnostics = List.copyOf(diagnostics);
        }

        public List<Diagnostic> diagnostics() {
            return diagnostics;
        }
    }

    /// Reads, checks and opens the project in `folder`. State is kept in `folder/.nexus`.
    ///
    /// @throws ProjectHasErrors if its YAML has errors
    /// @throws nexus.aiagents.engine.journal.StoreException if the store is locked, read-only or broken
    public static Engine open(Path folder, Options options) throws ProjectHasErrors {
        throw new IllegalStateException(folder + " " + options);
    }

    @Override
    public ProjectView view() {
        throw new IllegalStateException("not open");
    }

    @Override
    public CompletionStage<CommandResult> submit(Command command, String by) {
        return CompletableFuture.completedFuture(new CommandResult.Refused("not-up", by));
    }

    @Override
    public List<JournalEntry> history(HistoryQuery query) {
        return List.of();
    }

    @Override
    public Runnable follow(long afterSeq, Consumer<JournalEntry> listener) {
        return () -> {};
    }

    @Override
    public long verifyAudit() {
        return 0;
    }

    @Override
    public boolean isRemote() {
        return false;
    }

    @Override
    public void close() {}
}
