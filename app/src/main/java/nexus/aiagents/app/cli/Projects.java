package nexus.aiagents.app.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.journal.Backups;
import nexus.aiagents.engine.project.Analysis;
import org.jspecify.annotations.Nullable;

/// How commands get at projects; tests have their own.
interface Projects {

    /// The process that has the project open, if there is one.
    Optional<EngineClient> running(Path folder);

    /// Of one that no process answers for.
    ///
    /// @throws nexus.aiagents.engine.journal.StoreException `store-locked` if one has it open all the same
    void refuseWhileHeld(Path folder);

    /// In the process that has it open, else in this one.
    ///
    /// @param work go on with runs that were interrupted and let other commands in; not for a mere look
    /// @throws Failure if it has errors
    EngineClient open(Path folder, boolean work);

    /// Its records, in the process that has it open, else from the disk; its YAML need not be sound.
    Records records(Path folder);

    Analysis analyze(Path folder);

    /// The copies of its store, newest first; the store need not be sound.
    List<Backups.Backup> backups(Path folder);

    /// Puts a copy in the place of its store.
    ///
    /// @return where the store is now as it was before, null if there was none
    @Nullable
    Path restore(Path folder, String backup);
}
