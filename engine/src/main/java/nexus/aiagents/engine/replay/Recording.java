package nexus.aiagents.engine.replay;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A record as it is listed.
///
/// @param id       of the call, `c…`; what `naos replay` takes too
/// @param agent    the name of the instance where it is one
/// @param runId    the run it was part of, null: a round of the agent's own loop
/// @param step     of that run, null if it has none
/// @param outcome  of the program: `returned`, `failed`, `trapped`, `out-of-fuel`, `out-of-memory`,
///     `timed-out`,
///     `cancelled`, `worker-died`
/// @param exit     what became of the agent: `normal`, `shutdown`, or the code of its exit reason
/// @param calls    calls to the host that are in the record
/// @param cut      whether the run went on where the record ends
/// @param redacted names of what was replaced because it is secret
/// @param bytes    on the disk
public record Recording(
        String id,
        String agent,
        @Nullable String runId,
        @Nullable String step,
        int attempt,
        Instant startedAt,
        String outcome,
        String exit,
        String exitMessage,
        int calls,
        boolean cut,
        List<String> redacted,
        long fuel,
        long millis,
        String programName,
        String programHash,
        long bytes) {

    public Recording {
        redacted = List.copyOf(redacted);
    }

    static Recording of(RecordedRun run) {
        return new Recording(
                run.id(),
                run.agent(),
                run.runId(),
                run.step(),
                run.attempt(),
                run.startedAt(),
                run.end().outcome(),
                run.end().exit(),
                run.end().exitMessage(),
                run.calls().size(),
                run.cut() != null,
                run.redacted(),
                run.end().fuel(),
                run.end().millis(),
                run.programName(),
                run.programHash(),
                0);
    }

    Recording ofSize(long size) {
        return new Recording(
                id,
                agent,
                runId,
                step,
                attempt,
                startedAt,
                outcome,
                exit,
                exitMessage,
                calls,
                cut,
                redacted,
                fuel,
                millis,
                programName,
                programHash,
                size);
    }

    /// Which ones; what is null does not matter.
    ///
    /// @param id    of a run or of the call itself
    /// @param agent its name, which covers all instances of it, or that of one instance
    /// @param max the newest of them
    public record Query(
            @Nullable String id,
            @Nullable String agent,
            @Nullable String step,
            int max) {
        public static Query ofRun(String runId) {
            return new Query(runId, null, null, Integer.MAX_VALUE);
        }

        boolean fits(Recording recording) {
            return (id == null || id.equals(recording.runId()) || id.equals(recording.id()))
                    && (agent == null
                            || agent.equals(recording.agent())
                            || recording.agent().startsWith(agent + "#"))
                    && (step == null || step.equals(recording.step()));
        }
    }
}
