package nexus.aiagents.engine.replay;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a replay came to.
///
/// @param recorded how the run ended then
/// @param replayed how it ended this time, null: it was not run to its end
/// @param edited   it ran with another source than the one that was kept
/// @param forkedAt the first call whose answer was changed, or that an edited source made otherwise, or the
///     one after the last where only the end is another; 0: none
/// @param calls    those that were seen, in order
/// @param notes    what a person should know to judge it, in sentences
public record ReplayReport(
        Result result,
        Recording recording,
        RecordedRun.End recorded,
        RecordedRun.@Nullable End replayed,
        @Nullable Divergence divergence,
        boolean edited,
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
        /// With changed answers, or an edited source, it came to an end of its own.
        FORKED,
        /// With changed answers, or an edited source, it made a call that the record has no answer for.
        NOT_RECORDED
    }
}
