package nexus.aiagents.app.cli;

import java.nio.file.Path;
import java.util.Optional;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.project.Analysis;

/// How commands get at projects; tests have their own.
interface Projects {

    /// The process that has the project open, if there is one.
    Optional<EngineClient> running(Path folder);

    /// In the process that has it open, else in this one.
    ///
    /// @param work go on with runs that were interrupted and let other commands in; not for a mere look
    /// @throws Failure if it has errors
    EngineClient open(Path folder, boolean work);

    Analysis analyze(Path folder);
}
