package nexus.aiagents.engine.replay;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Everything that one run of a program depended on, and what came of it. What was secret in it is replaced
/// by a text of the same length.
///
/// @param id          of the call, as in the journal: `c…`
/// @param runId       the run it was part of, null: a round of the agent's own loop
/// @param programHash SHA-256 of the program, hex
/// @param isolation   where it ran: `thread` or `process`; so does its replay
/// @param sandbox     what ran it; where another one replays it, fuel may differ
/// @param limitsJson  the limits of the sandbox
/// @param journalSeq  the last entry of the journal when the run began
/// @param redacted    names of what was replaced, sorted
/// @param cut         null: all of the run is here
public record RecordedRun(
        String id,
        String agent,
        @Nullable String runId,
        @Nullable String step,
        int attempt,
        Instant startedAt,
        String programName,
        String programHash,
        String isolation,
        String sandbox,
        String inputJson,
        String contextJson,
        Map<String, String> env,
        String limitsJson,
        long journalSeq,
        List<String> redacted,
        @Nullable Cut cut,
        End end,
        List<RecordedCall> calls) {

    public RecordedRun {
        env = Map.copyOf(env);
        redacted = List.copyOf(redacted);
        calls = List.copyOf(calls);
    }

    /// Nothing was written down of the calls after so many.
    public record Cut(int afterCalls, String why) {}

    /// How it ended.
    ///
    /// @param outcome    of the program: `returned`, `failed`, `trapped`, `out-of-fuel`, `out-of-memory`,
    ///     `timed-out`,
    ///     `cancelled`, `worker-died`
    /// @param outputJson what it returned, null if it did not
    /// @param code       of a failure, else empty
    /// @param message    of a failure or a trap, else empty
    /// @param place      `file:line` of a failure where known, else empty
    /// @param hostCalls  calls to the host, also those that are cut
    /// @param exit       what became of the agent: `normal`, or the code of its exit reason
    /// @param exitMessage in words, empty if there are none
    public record End(
            String outcome,
            @Nullable String outputJson,
            String code,
            String message,
            String place,
            long fuel,
            long memoryBytes,
            long millis,
            long hostCalls,
            String exit,
            String exitMessage) {

        /// Somebody, or time, ended it in the middle; the program itself would have gone on.
        public boolean isStopped() {
            return outcome.equals("timed-out") || outcome.equals("cancelled") || outcome.equals("worker-died");
        }

        End withExit(String newExit, String newMessage) {
            return new End(
                    outcome,
                    outputJson,
                    code,
                    message,
                    place,
                    fuel,
                    memoryBytes,
                    millis,
                    hostCalls,
                    newExit,
                    newMessage);
        }
    }

    RecordedRun withCalls(List<RecordedCall> others) {
        return new RecordedRun(
                id,
                agent,
                runId,
                step,
                attempt,
                startedAt,
                programName,
                programHash,
                isolation,
                sandbox,
                inputJson,
                contextJson,
                env,
                limitsJson,
                journalSeq,
                redacted,
                cut,
                end,
                others);
    }
}
