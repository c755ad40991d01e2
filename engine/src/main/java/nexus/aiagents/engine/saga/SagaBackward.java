package nexus.aiagents.engine.saga;

import java.util.Comparator;
import java.util.Set;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.project.SagaSpec.ActionKind;
import nexus.aiagents.engine.project.SagaSpec.RetrySpec;
import nexus.aiagents.engine.project.SagaSpec.StepSpec;
import nexus.aiagents.engine.saga.SagaState.Failure;
import nexus.aiagents.engine.saga.SagaState.Phase;
import nexus.aiagents.engine.saga.SagaState.Status;

/// The way back: one compensation after the other, the step that came to its end last first.
final class SagaBackward {
    private static final Set<Status> UNDOABLE =
            Set.of(Status.DONE, Status.UNKNOWN, Status.FAILED, Status.WAITING, Status.PENDING, Status.APPROVAL);

    private final SagaDraft draft;

    SagaBackward(SagaDraft draft) {
        this.draft = draft;
    }

    void undone(int i, int attempt, String output) {
        if (isUndoing(i, attempt)) {
            draft.note(new EngineEvent.CompensationDone(draft.run.runId(), draft.name(i), output));
            draft.at(i).status = Status.COMPENSATED;
        }
    }

    void undoFailed(int i, int attempt, ExitReason reason) {
        if (!isUndoing(i, attempt)) {
            return;
        }
        StepDraft step = draft.at(i);
        RetrySpec retry = draft.spec(i).compensationRetry();
        boolean again = SagaDraft.mayRetry(retry, step.undoTries, reason);
        step.due = again ? draft.again(retry, step.undoTries) : 0;
        draft.note(new EngineEvent.CompensationFailed(draft.run.runId(), draft.name(i), attempt, reason, step.due));
        if (again) {
            step.status = Status.UNDO_WAITING;
        } else {
            step.status = Status.COMPENSATION_FAILED;
            draft.park(i, "compensation-failed");
        }
    }

    /// The process had ended in the middle: repeated with the same key, and it costs no try.
    void repeat(int i) {
        StepDraft step = draft.at(i);
        step.undoTries--;
        step.status = Status.UNDO_WAITING;
        step.due = 0;
    }

    /// @return whether there is more to see to at once
    boolean advance() {
        if (draft.any(Status.COMPENSATING) || draft.any(Status.COMPENSATION_FAILED)) {
            return false;
        }
        int waiting = draft.indices()
                .filter(i -> draft.at(i).status == Status.UNDO_WAITING)
                .findFirst()
                .orElse(-1);
        if (waiting >= 0) {
            if (draft.now >= draft.at(waiting).due) {
                begin(waiting);
            }
            return false;
        }
        int last = draft.indices()
                .filter(this::isToBeUndone)
                .boxed()
                .max(Comparator.comparingInt(i -> draft.at(i).order))
                .orElse(-1);
        if (last < 0) {
            return turnOrEnd();
        }
        if (draft.spec(last).compensation() == null && draft.spec(last).kind() != ActionKind.SAGA) {
            draft.note(new EngineEvent.CompensationSkipped(draft.run.runId(), draft.name(last), "none-declared"));
            draft.at(last).status = Status.SKIPPED;
            return true;
        }
        begin(last);
        return false;
    }

    private boolean isToBeUndone(int i) {
        StepDraft step = draft.at(i);
        return step.happened && UNDOABLE.contains(step.status) && (step.again || !draft.rewinding);
    }

    private void begin(int i) {
        StepSpec spec = draft.spec(i);
        StepDraft step = draft.at(i);
        String input = step.undoInput;
        if (input == null) {
            input = SagaJson.undoInput(spec.name(), step.input, step.output, draft.failure);
        }
        step.status = Status.COMPENSATING;
        step.due = 0;
        step.undoAttempt++;
        step.undoTries++;
        String key = draft.run.key(spec.name() + "\nundo", step.round, input);
        String by = spec.compensation() == null ? spec.action() : spec.compensation();
        draft.note(new EngineEvent.CompensationStarted(draft.run.runId(), spec.name(), step.undoAttempt, by, key));
        draft.effects.add(
                new SagaEffect.CallUndo(i, step.undoAttempt, step.attempt, key, input, spec.compensationTimeout()));
    }

    private boolean turnOrEnd() {
        if (!draft.rewinding) {
            end();
            return false;
        }
        draft.steps.stream().filter(step -> step.again).forEach(StepDraft::reset);
        draft.rewinding = false;
        draft.failure = null;
        draft.cancelled = false;
        draft.phase = Phase.FORWARD;
        return true;
    }

    private void end() {
        Failure why = draft.failure;
        draft.note(new EngineEvent.RunEnded(
                draft.run.runId(),
                draft.cancelled ? "cancelled" : "failed",
                null,
                why == null ? null : why.step(),
                why == null ? null : why.reason()));
        draft.phase = Phase.ENDED;
        draft.effects.add(new SagaEffect.End());
    }

    private boolean isUndoing(int i, int attempt) {
        return draft.phase == Phase.COMPENSATING
                && i >= 0
                && i < draft.steps.size()
                && draft.at(i).status == Status.COMPENSATING
                && draft.at(i).undoAttempt == attempt;
    }
}
