package nexus.aiagents.app.cli;

import java.util.List;
import nexus.aiagents.engine.replay.Recording;
import nexus.aiagents.engine.replay.RecordingFile;

/// The records of a project, whether it is open somewhere or not.
interface Records {

    /// Newest first.
    List<Recording> list(Recording.Query query);

    /// @param id of the call
    /// @throws nexus.aiagents.engine.journal.StoreException `not-recorded` if there is none
    RecordingFile file(String id);
}
