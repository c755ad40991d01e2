package nexus.aiagents.engine.saga;

import java.util.Collections;
import java.util.List;
import nexus.aiagents.engine.journal.ExitReason;
import org.jspecify.annotations.Nullable;

/// A run of a saga between two events; stored with every transition. Immutable.
///
/// @param current   the step that is done or undone now
/// @param stopping  it shall roll back as soon as the action under way has ended
/// @param failure   the original error; nothing that goes wrong later replaces it
/// @param parked    what it waits for a person with: `compensation-failed` or `unknown`
/// @param suspended the process is about to end: outcomes are kept, nothing is begun
public record SagaState(
        Phase phase,
        int current,
        List<Step> steps,
        @Nullable Stopping stopping,
        @Nullable Failure failure,
        boolean cancelled,
        @Nullable String parked,
        boolean suspended) {

    public enum Phase {
        FORWARD,
        COMPENSATING,
        PARKED,
        ENDED
    }

    public enum Status {
        PENDING,
        RUNNING,
        /// Failed, and tried again at `retryAt`.
        WAITING,
        DONE,
        FAILED,
        UNKNOWN,
        COMPENSATING,
        /// Its compensation failed, and is tried again at `retryAt`.
        UNDO_WAITING,
        COMPENSATED,
        COMPENSATION_FAILED,
        SKIPPED
    }

    public enum Stopping {
        CANCELLED,
        TIMED_OUT
    }

    public record Failure(@Nullable String step, ExitReason reason) {}

    /// @param attempt  all attempts; the number of the one under way
    /// @param tries    attempts that count against the retry policy
    /// @param happened its effect is or may be there, so it is undone if the saga fails
    /// @param retryAt  milliseconds since 1970
    /// @param undoInput what a person gave its compensation instead of the usual input
    public record Step(
            Status status,
            int attempt,
            int tries,
            boolean happened,
            @Nullable String input,
            @Nullable String output,
            long retryAt,
            int undoAttempt,
            int undoTries,
            @Nullable String undoInput) {

        static final Step PENDING = new Step(Status.PENDING, 0, 0, false, null, null, 0, 0, 0, null);

        Step with(Status newStatus) {
            return new Step(newStatus, attempt, tries, happened, input, output, 0, undoAttempt, undoTries, undoInput);
        }

        Step running(String newInput) {
            return new Step(
                    Status.RUNNING,
                    attempt + 1,
                    tries + 1,
                    happened,
                    newInput,
                    output,
                    0,
                    undoAttempt,
                    undoTries,
                    undoInput);
        }

        Step done(String newOutput) {
            return new Step(Status.DONE, attempt, tries, true, input, newOutput, 0, undoAttempt, undoTries, undoInput);
        }

        Step markHappened() {
            return new Step(status, attempt, tries, true, input, output, retryAt, undoAttempt, undoTries, undoInput);
        }

        Step waiting(Status newStatus, long until) {
            return new Step(
                    newStatus, attempt, tries, happened, input, output, until, undoAttempt, undoTries, undoInput);
        }

        Step undoing() {
            return new Step(
                    Status.COMPENSATING,
                    attempt,
                    tries,
                    happened,
                    input,
                    output,
                    0,
                    undoAttempt + 1,
                    undoTries + 1,
                    undoInput);
        }

        Step undoneWith(String newInput) {
            return new Step(status, attempt, tries, happened, input, output, retryAt, undoAttempt, undoTries, newInput);
        }

        /// The retry policies begin anew.
        Step afresh() {
            return new Step(status, attempt, 0, happened, input, output, 0, undoAttempt, 0, undoInput);
        }

        /// An attempt that the end of the process cut short does not count.
        Step undoUncounted() {
            return new Step(
                    status, attempt, tries, happened, input, output, retryAt, undoAttempt, undoTries - 1, undoInput);
        }
    }

    public SagaState withSteps(List<Step> newSteps) {
        return new SagaState(phase, current, newSteps, stopping, failure, cancelled, parked, suspended);
    }

    public static SagaState initial(SagaRun run) {
        return new SagaState(
                Phase.FORWARD,
                0,
                Collections.nCopies(run.saga().steps().size(), Step.PENDING),
                null,
                null,
                false,
                null,
                false);
    }
}
