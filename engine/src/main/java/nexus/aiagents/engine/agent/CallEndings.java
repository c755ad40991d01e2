package nexus.aiagents.engine.agent;

import java.time.Duration;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.sandbox.Outcome;
import nexus.aiagents.sandbox.ProgramRejected;
import org.jspecify.annotations.Nullable;

/// What is said of how a call of an agent ended. Knows no clock.
///
/// @param timeout beyond the agent's own, null: none
record CallEndings(AgentSpec spec, @Nullable Duration timeout) {
    /// An error answers the caller; what breaks the program itself breaks the agent.
    static boolean takesDown(ExitReason reason) {
        return switch (reason.kind()) {
            case TRAP, OUT_OF_FUEL, OUT_OF_MEMORY, STUCK, BUDGET, KILLED -> true;
            case NORMAL, SHUTDOWN, ERROR, TIMEOUT, UNTRUSTED -> false;
        };
    }

    static ExitReason rejected(ProgramRejected e) {
        String place = e.file().isEmpty() || e.line() == 0 ? e.file() : e.file() + ":" + e.line();
        return ExitReason.error(e.code(), at(String.valueOf(e.getMessage()), place));
    }

    static ExitReason cancelled(@Nullable ExitReason by) {
        return by == null ? ExitReason.of(ExitReason.Kind.KILLED, "it was cancelled") : by;
    }

    /// @param cancelled why it was cancelled, null if it was not
    /// @param host      why the host ended it, null if it did not
    ExitReason of(Outcome outcome, @Nullable ExitReason cancelled, @Nullable ExitReason host) {
        return switch (outcome) {
            case Outcome.Returned _ -> ExitReason.NORMAL;
            case Outcome.Failed failed -> host == null ? failure(failed) : host;
            case Outcome.Trapped(String message, Outcome.Usage _) -> ExitReason.of(ExitReason.Kind.TRAP, message);
            case Outcome.OutOfFuel _ ->
                ExitReason.of(
                        ExitReason.Kind.OUT_OF_FUEL,
                        "it used up its " + spec.limits().fuel() + " ticks; raise `limits: {fuel: …}`");
            case Outcome.OutOfMemory _ ->
                ExitReason.of(
                        ExitReason.Kind.OUT_OF_MEMORY,
                        "it wanted more than its " + (spec.limits().memoryBytes() >> 20)
                                + " MB; raise `limits: {memory: …}`");
            case Outcome.TimedOut(Outcome.Clock clock, Outcome.Usage _) ->
                switch (clock) {
                    case WALL -> timedOut("it was still running");
                    case CPU -> outOfCpuTime();
                };
            case Outcome.Cancelled _ -> cancelled(cancelled);
            case Outcome.WorkerDied(String message, Outcome.Usage _) ->
                new ExitReason(ExitReason.Kind.TRAP, ExitReason.WORKER_DIED, message);
        };
    }

    private static ExitReason failure(Outcome.Failed failed) {
        return ExitReason.error(failed.code(), at(failed.message(), failed.place()));
    }

    /// A message with the place in the program's source that it comes from, inside the message's sentence.
    ///
    /// @param place `agents/writer.js:12`, empty if nobody knows
    static String at(String message, String place) {
        if (place.isEmpty()) {
            return message;
        }
        boolean sentence = message.endsWith(".") && !message.endsWith("..");
        String open = sentence ? message.substring(0, message.length() - 1) : message;
        return open + " (" + place + ")" + (sentence ? "." : "");
    }

    ExitReason timedOut(String what) {
        Duration own = spec.limits().timeout();
        Duration limit = timeout != null && timeout.compareTo(own) < 0 ? timeout : own;
        return ExitReason.of(ExitReason.Kind.TIMEOUT, "after " + limit.toMillis() + " ms " + what);
    }

    private ExitReason outOfCpuTime() {
        return ExitReason.of(
                ExitReason.Kind.TIMEOUT,
                "it used up its " + spec.limits().cpuTime().toMillis()
                        + " ms of the processor; raise `limits: {cpuTime: …}`");
    }
}
