package nexus.aiagents.engine.saga;

import java.util.Collections;
import java.util.List;
import nexus.aiagents.engine.journal.ExitReason;
import org.jspecify.annotations.Nullable;

/// A run of a saga between two events; stored with every transition. Immutable.
///
/// @param failure   the original error; nothing that goes wrong later replaces it
/// @param cancelled a person, or the run this one is part of, wanted it to end
/// @param rewinding goes forward again once the steps that are begun anew are undone
/// @param since     milliseconds since 1970 from when on the saga's time-out counts
/// @param pausedAt  milliseconds since 1970; 0: it is not paused
/// @param suspended the process is about to end: outcomes are kept, nothing is begun
public record SagaState(
        Phase phase,
        List<Step> steps,
        @Nullable Failure failure,
        boolean cancelled,
        boolean rewinding,
        long since,
        long pausedAt,
        boolean suspended) {

    public enum Phase {
        FORWARD,
        /// It shall roll back as soon as the actions under way have ended.
        STOPPING,
        COMPENSATING,
        ENDED
    }

    public enum Status {
        PENDING,
        /// Its input is known; it begins when a person approves of it.
        APPROVAL,
        RUNNING,
        /// Failed, and tried again when it is due.
        WAITING,
        DONE,
        FAILED,
        UNKNOWN,
        COMPENSATING,
        /// Its compensation failed, and is tried again when it is due.
        UNDO_WAITING,
        COMPENSATED,
        COMPENSATION_FAILED,
        SKIPPED
    }

    public record Failure(@Nullable String step, ExitReason reason) {}

    /// @param attempt  all attempts; the number of the one under way
    /// @param tries    attempts that count against the retry policy
    /// @param round    how often it was begun anew after it had been undone
    /// @param happened its effect is or may be there, so it is undone if the saga fails
    /// @param order    1 for the step that came to its end first; it is undone last
    /// @param input    what the action got, or will get once it is approved of
    /// @param given    what a person gave the action instead of the usual input
    /// @param reason   why it failed, or is unknown
    /// @param since    milliseconds since 1970 when the first try began, 0: not begun
    /// @param due      milliseconds since 1970 of the next try, or when a nested run has to be through;
    ///     0: nothing is due; -1: a nested run was told to end because its time was over
    /// @param again    it is begun anew once the way back is through
    /// @param parked   what it waits for a person with: `compensation-failed`, `unknown` or `step-failed`
    public record Step(
            Status status,
            int attempt,
            int tries,
            int round,
            boolean happened,
            int order,
            @Nullable String input,
            @Nullable String given,
            @Nullable String output,
            @Nullable ExitReason reason,
            long since,
            long due,
            boolean approved,
            boolean again,
            @Nullable String parked,
            int undoAttempt,
            int undoTries,
            @Nullable String undoInput) {

        static final Step PENDING = new Step(
                Status.PENDING, 0, 0, 0, false, 0, null, null, null, null, 0, 0, false, false, null, 0, 0, null);

        /// A step of a fork whose output is taken from the run it was forked from. Its effect is that
        /// run's.
        static Step takenOver(String output) {
            return new Step(
                    Status.DONE, 0, 0, 0, false, 0, null, null, output, null, 0, 0, false, false, null, 0, 0, null);
        }
    }

    /// Whether nothing goes on until a person decides.
    public boolean isParked() {
        return phase != Phase.ENDED
                && steps.stream().anyMatch(step -> step.parked() != null)
                && steps.stream().noneMatch(step -> step.status() == Status.RUNNING);
    }

    public SagaState withSteps(List<Step> newSteps) {
        return new SagaState(phase, newSteps, failure, cancelled, rewinding, since, pausedAt, suspended);
    }

    public static SagaState initial(SagaRun run) {
        return new SagaState(
                Phase.FORWARD,
                Collections.nCopies(run.saga().steps().size(), Step.PENDING),
                null,
                false,
                false,
                run.startedAt(),
                0,
                false);
    }
}
