package nexus.aiagents.engine.replay;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a replay came to.
///
/// @param recorded how the run ended then
/// @param replayed how it ended this time, null: it was not run to its end
/// @param calls    those that were seen, in order
/// @param notes    what a person should know to judge it, in sentences
public record ReplayReport(
        Result result,
        Recording recording,
        RecordedRun.End recorded,
        RecordedRun.@Nullable End replayed,
        @Nullable Divergence divergence,
        int forkedAt,
        List<ReplayedCall> calls,
        List<String> notes,
        long millis) {

    public ReplayReport {
        calls = List.copyOf(calls);
        notes = List.copyOf(notes);
    }

    public enum Result {
        /// The same calls, the same end, the same fuel.
        SAME,
        /// See {@link ReplayReport#divergence()}.
        DIVERGED,
        /// It was to go no further.
        STOPPED,
        /// It was the same as far as the record goes, but the record was cut.
        RECORD_ENDS,
        /// With changed answers it came to an end of its own.
        FORKED,
        /// With changed answers it made a call that the record has no answer for.
        NOT_RECORDED
    }
}
