package nexus.aiagents.engine;

import java.nio.file.Files;
import java.time.Clock;
import java.util.List;
import nexus.aiagents.engine.journal.AuditLog;
import nexus.aiagents.engine.journal.StoreException;
import nexus.aiagents.engine.journal.XodusJournal;
import nexus.aiagents.engine.replay.Recording;
import nexus.aiagents.engine.replay.RecordingFile;
import nexus.aiagents.engine.replay.Recordings;
import org.jspecify.annotations.Nullable;

/// The records of a project that is not open: they can be replayed whatever became of its YAML.
public final class ClosedRecords {
    private final ProjectFolder place;
    private final Recordings recordings;

    ClosedRecords(ProjectFolder place) {
        this.place = place;
        this.recordings = Recordings.of(place.records());
    }

    /// Newest first.
    public List<Recording> list(Recording.Query query) {
        return recordings.list(query);
    }

    /// Looks into the journal, for which it takes the lock of the store for a moment.
    ///
    /// @param id of the call
    /// @throws StoreException `not-recorded` if there is none, `store-locked` if another process has the
    /// store
    public RecordingFile file(String id) {
        RecordingFile file = Files.isDirectory(place.store()) ? checked(id) : unchecked(id, "there is no journal");
        if (file == null) {
            throw Recordings.unknown(id);
        }
        return file;
    }

    private @Nullable RecordingFile checked(String id) {
        try (AuditLog journal = XodusJournal.open(place.store(), Clock.systemUTC())) {
            return recordings.file(id, journal, "");
        } catch (StoreException e) {
            if (e.code().equals("store-locked")) {
                throw e; // whoever has it can be asked
            }
            return unchecked(id, String.valueOf(e.getMessage()));
        }
    }

    private @Nullable RecordingFile unchecked(String id, String why) {
        return recordings.file(id, null, why);
    }
}
