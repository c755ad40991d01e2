package nexus.aiagents.engine.replay;

import org.jspecify.annotations.Nullable;

/// A record and its program as they lie on the disk, and whether they are what the journal knows of.
///
/// @param record  empty if it is not there
/// @param program null if it is not there any more
public record RecordingFile(String id, byte[] record, byte @Nullable [] program, Check check, String remark) {

    public enum Check {
        /// The journal names its hash.
        INTACT,
        /// The journal names another one: somebody changed it.
        ALTERED,
        /// The entry that names it is in an archive, or the journal can not be read.
        UNVERIFIED
    }
}
