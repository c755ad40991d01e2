package nexus.aiagents.engine.replay;

import nexus.aiagents.engine.replay.RecordedRun.End;
import nexus.aiagents.sandbox.Outcome;
import org.jspecify.annotations.Nullable;

/// Outcomes as records keep them.
final class Ends {
    private Ends() {}

    static End of(Outcome outcome, Redactor redactor) {
        return switch (outcome) {
            case Outcome.Returned(String output, Outcome.Usage usage) ->
                end("returned", redactor.json(output), "", "", "", usage);
            case Outcome.Failed(String code, String message, String place, Outcome.Usage usage) ->
                end("failed", null, code, redactor.text(message), place, usage);
            case Outcome.Trapped(String message, Outcome.Usage usage) ->
                end("trapped", null, "", redactor.text(message), "", usage);
            case Outcome.OutOfFuel(Outcome.Usage usage) -> end("out-of-fuel", null, "", "", "", usage);
            case Outcome.OutOfMemory(Outcome.Usage usage) -> end("out-of-memory", null, "", "", "", usage);
            case Outcome.TimedOut(Outcome.Clock _, Outcome.Usage usage) -> end("timed-out", null, "", "", "", usage);
            case Outcome.WorkerDied(String message, Outcome.Usage usage) ->
                end("worker-died", null, "", message, "", usage);
            case Outcome.Cancelled(Outcome.Usage usage) -> end("cancelled", null, "", "", "", usage);
        };
    }

    /// See {@link End#isStopped()}.
    static boolean isStopped(Outcome outcome) {
        return outcome instanceof Outcome.TimedOut
                || outcome instanceof Outcome.Cancelled
                || outcome instanceof Outcome.WorkerDied;
    }

    private static End end(
            String outcome, @Nullable String output, String code, String message, String place, Outcome.Usage usage) {
        return new End(
                outcome,
                output,
                code,
                message,
                place,
                usage.fuel(),
                usage.memoryBytes(),
                usage.millis(),
                usage.hostCalls(),
                "",
                "");
    }
}
