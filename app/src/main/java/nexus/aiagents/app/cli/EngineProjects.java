package nexus.aiagents.app.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import nexus.aiagents.engine.ClosedProject;
import nexus.aiagents.engine.Engine;
import nexus.aiagents.engine.control.ControlClient;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.journal.Backups;
import nexus.aiagents.engine.journal.StoreException;
import nexus.aiagents.engine.project.Analysis;
import nexus.aiagents.engine.replay.Recording;
import nexus.aiagents.engine.replay.RecordingFile;
import org.jspecify.annotations.Nullable;

/// The real ones.
final class EngineProjects implements Projects {
    /// Another command may hold the store for as long as it looks, or be about to listen.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Duration patience;

    EngineProjects() {
        this(PATIENCE);
    }

    /// @param patience how long to wait for a store that another process holds
    EngineProjects(Duration patience) {
        this.patience = patience;
    }

    @Override
    public Optional<EngineClient> running(Path folder) {
        return ControlClient.connect(folder.resolve(".nexus"));
    }

    @Override
    public void refuseWhileHeld(Path folder) {
        new ClosedProject(folder).backups().refuseWhileHeld();
    }

    @Override
    public EngineClient open(Path folder, boolean work) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            Optional<EngineClient> other = running(folder);
            if (other.isPresent()) {
                return other.get();
            }
            try {
                LogFile.in(folder);
                return Engine.open(folder, work ? Engine.Options.RUN : Engine.Options.LOOK);
            } catch (Engine.ProjectHasErrors e) {
                throw Failure.project(e.diagnostics());
            } catch (StoreException e) {
                waitIfLocked(e, deadline);
            }
        }
    }

    private static void waitIfLocked(StoreException e, long deadline) {
        if (!e.code().equals("store-locked") || System.nanoTime() > deadline) {
            throw e;
        }
        LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
    }

    @Override
    public Records records(Path folder) {
        return new Records() {
            @Override
            public List<Recording> list(Recording.Query query) {
                return new ClosedProject(folder).records().list(query);
            }

            @Override
            public RecordingFile file(String id) {
                long deadline = System.nanoTime() + patience.toNanos();
                while (true) {
                    Optional<EngineClient> open = running(folder);
                    if (open.isPresent()) {
                        try (EngineClient client = open.get()) {
                            return client.recording(id);
                        }
                    }
                    try {
                        return new ClosedProject(folder).records().file(id);
                    } catch (StoreException e) {
                        waitIfLocked(e, deadline);
                    }
                }
            }
        };
    }

    @Override
    public Analysis analyze(Path folder) {
        return new ClosedProject(folder).check();
    }

    @Override
    public List<Backups.Backup> backups(Path folder) {
        return new ClosedProject(folder).backups().list();
    }

    @Override
    public @Nullable Path restore(Path folder, String backup) {
        return new ClosedProject(folder).backups().restore(backup);
    }
}
