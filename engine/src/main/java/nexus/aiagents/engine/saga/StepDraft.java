package nexus.aiagents.engine.saga;

import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.saga.SagaState.Status;
import nexus.aiagents.engine.saga.SagaState.Step;
import org.jspecify.annotations.Nullable;

/// A step while one decision is made. Its fields are those of {@link Step}.
final class StepDraft {
    Status status;
    int attempt;
    int tries;
    int round;
    boolean happened;
    int order;

    @Nullable
    String input;

    @Nullable
    String given;

    @Nullable
    String output;

    @Nullable
    ExitReason reason;

    long since;
    long due;
    boolean approved;
    boolean again;

    @Nullable
    String parked;

    int undoAttempt;
    int undoTries;

    @Nullable
    String undoInput;

    StepDraft(Step step) {
        status = step.status();
        attempt = step.attempt();
        tries = step.tries();
        round = step.round();
        happened = step.happened();
        order = step.order();
        input = step.input();
        given = step.given();
        output = step.output();
        reason = step.reason();
        since = step.since();
        due = step.due();
        approved = step.approved();
        again = step.again();
        parked = step.parked();
        undoAttempt = step.undoAttempt();
        undoTries = step.undoTries();
        undoInput = step.undoInput();
    }

    Step freeze() {
        return new Step(
                status,
                attempt,
                tries,
                round,
                happened,
                order,
                input,
                given,
                output,
                reason,
                since,
                due,
                approved,
                again,
                parked,
                undoAttempt,
                undoTries,
                undoInput);
    }

    /// As if it had never begun. Attempts are counted on, so that late news of an earlier one are known as
    /// such.
    void reset() {
        status = Status.PENDING;
        tries = 0;
        round = round + (attempt > 0 ? 1 : 0);
        happened = false;
        order = 0;
        input = null;
        output = null;
        reason = null;
        since = 0;
        due = 0;
        approved = false;
        again = false;
        parked = null;
        undoTries = 0;
        undoInput = null;
    }

    /// Whether it needs not be done again when the run goes on from a later step: what was only left out
    /// on the way back is still there, unless nobody knows whether it ever was.
    boolean isKept(boolean pastPivot) {
        return status == Status.DONE || status == Status.SKIPPED && (output != null || pastPivot);
    }

    /// Whether the saga goes on after it.
    boolean isThrough() {
        return status == Status.DONE || status == Status.SKIPPED;
    }
}
