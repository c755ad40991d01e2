package nexus.aiagents.engine.saga;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.ExitReason.Kind;
import nexus.aiagents.engine.project.SagaSpec.StepSpec;
import nexus.aiagents.engine.project.Similar;
import nexus.aiagents.engine.saga.SagaState.Failure;
import nexus.aiagents.engine.saga.SagaState.Phase;
import nexus.aiagents.engine.saga.SagaState.Status;
import org.jspecify.annotations.Nullable;

/// What people ask of a run.
final class SagaPeople {
    private static final ExitReason CANCELLED = ExitReason.of(Kind.KILLED, "cancelled");

    private final SagaDraft draft;
    private final SagaForward forward;

    SagaPeople(SagaDraft draft, SagaForward forward) {
        this.draft = draft;
        this.forward = forward;
    }

    void cancel() {
        if (draft.phase == Phase.FORWARD && draft.isPastPivot()) {
            draft.refuse(
                    "pivot", "run " + id() + " is past its pivot step: it only goes forward and can not be cancelled");
        } else if (draft.phase == Phase.FORWARD) {
            goOn();
            draft.cancelled = true;
            forward.stop(new Failure(null, CANCELLED), ExitReason.of(Kind.KILLED, "the run was cancelled"));
        } else if (draft.rewinding) {
            goOn();
            draft.rewinding = false;
            draft.cancelled = true;
            draft.failure = new Failure(null, CANCELLED);
            draft.steps.forEach(step -> step.again = false);
        } else {
            draft.refuse("already", "run " + id() + " is rolling back already");
        }
    }

    /// It was a part of a run that rolls back now.
    void undo() {
        if (draft.phase == Phase.ENDED && draft.failure == null) {
            draft.note(new EngineEvent.RunReopened(id(), draft.name(0)));
            draft.cancelled = true;
            draft.failure = new Failure(null, ExitReason.of(Kind.KILLED, "the run it is part of rolls back"));
            draft.phase = Phase.COMPENSATING;
        } else {
            draft.refuse("already", "run " + id() + " is undone already");
        }
    }

    // ---- pause

    void pause() {
        if (draft.pausedAt > 0) {
            draft.refuse("already", "run " + id() + " is paused already");
            return;
        }
        draft.pausedAt = draft.now;
        draft.note(new EngineEvent.RunPaused(id()));
        tellNested(true);
    }

    void resume() {
        if (draft.pausedAt == 0) {
            draft.refuse("already", "run " + id() + " is not paused");
            return;
        }
        goOn();
    }

    /// The time of the pause does not count against the saga's time-out.
    private void goOn() {
        if (draft.pausedAt > 0) {
            draft.since += draft.now - draft.pausedAt;
            draft.pausedAt = 0;
            draft.note(new EngineEvent.RunUnpaused(id()));
            tellNested(false);
        }
    }

    void tellNested(boolean paused) {
        draft.indices()
                .filter(i -> draft.isNested(i))
                .filter(i -> draft.at(i).status == Status.RUNNING || draft.at(i).status == Status.COMPENSATING)
                .forEach(i -> draft.effects.add(new SagaEffect.PauseNested(i, paused)));
    }

    // ---- approval

    void approve(String name, @Nullable String comment) {
        int i = draft.run.index(name);
        if (!asksForApproval(i, name)) {
            return;
        }
        draft.note(new EngineEvent.StepApproved(id(), name, comment));
        draft.at(i).approved = true;
        draft.at(i).status = Status.PENDING;
    }

    void reject(String name, @Nullable String comment) {
        int i = draft.run.index(name);
        if (!asksForApproval(i, name)) {
            return;
        }
        draft.note(new EngineEvent.StepRejected(id(), name, comment));
        String why = comment == null || comment.isBlank() ? "a person does not approve of it" : comment;
        forward.rejected(i, ExitReason.error("rejected", why));
    }

    private boolean asksForApproval(int i, String name) {
        if (i < 0) {
            draft.refuse("unknown-name", noStep(name));
            return false;
        }
        if (draft.at(i).status != Status.APPROVAL || draft.phase != Phase.FORWARD) {
            draft.refuse("not-waiting", "step '" + name + "' of run " + id() + " does not wait for approval");
            return false;
        }
        return true;
    }

    // ---- parked

    void retryParked(@Nullable String name, @Nullable String input) {
        int i = parkedOrRefused(name);
        if (i < 0) {
            return;
        }
        StepDraft step = draft.at(i);
        step.parked = null;
        step.due = 0;
        if (step.status == Status.COMPENSATION_FAILED) {
            step.status = Status.UNDO_WAITING;
            step.undoTries = 0;
            step.undoInput = input == null ? step.undoInput : input;
        } else {
            step.status = Status.WAITING;
            step.tries = 0;
            step.since = 0;
            step.input = input == null ? step.input : input;
        }
    }

    void skipParked(@Nullable String name, boolean resolved) {
        int i = parkedOrRefused(name);
        if (i < 0) {
            return;
        }
        StepDraft step = draft.at(i);
        StepSpec spec = draft.spec(i);
        String why = resolved ? "resolved-by-person" : "skipped-by-person";
        step.parked = null;
        if (step.status == Status.COMPENSATION_FAILED) {
            leaveOut(i, why, resolved);
        } else if (draft.isPastPivot() || spec.pivot() && resolved) {
            draft.note(new EngineEvent.StepSkipped(id(), spec.name(), why));
            step.status = Status.SKIPPED;
            if (draft.phase == Phase.STOPPING) {
                draft.phase = Phase.FORWARD;
                draft.failure = null;
                draft.cancelled = false;
            }
        } else {
            ExitReason reason = step.reason;
            draft.note(new EngineEvent.CompensationSkipped(id(), spec.name(), why));
            step.happened = false;
            if (draft.phase == Phase.FORWARD && reason != null) {
                forward.stop(new Failure(spec.name(), reason), reason);
            }
        }
    }

    private void leaveOut(int i, String why, boolean resolved) {
        draft.note(new EngineEvent.CompensationSkipped(id(), draft.name(i), why));
        draft.at(i).status = resolved ? Status.COMPENSATED : Status.SKIPPED;
    }

    /// @param name of a step, null: the first that waits
    /// @return -1 if it does not wait
    private int parkedOrRefused(@Nullable String name) {
        int first = draft.parked();
        if (first < 0) {
            draft.refuse("not-parked", "run " + id() + " does not wait for a person");
            return -1;
        }
        if (name == null) {
            return first;
        }
        int i = draft.run.index(name);
        if (i < 0) {
            draft.refuse("unknown-name", noStep(name));
            return -1;
        }
        if (draft.at(i).parked == null) {
            String waiting = draft.indices()
                    .filter(k -> draft.at(k).parked != null)
                    .mapToObj(draft::name)
                    .collect(Collectors.joining(", "));
            draft.refuse(
                    "not-parked", "step '" + name + "' of run " + id() + " does not wait for a person, but " + waiting);
            return -1;
        }
        return i;
    }

    // ---- going back

    void retryFrom(String name, @Nullable String input) {
        int from = draft.run.index(name);
        if (from < 0) {
            draft.refuse("unknown-name", noStep(name));
            return;
        }
        if (draft.phase != Phase.ENDED && (draft.parked() < 0 || draft.any(Status.RUNNING))) {
            draft.refuse("under-way", "run " + id() + " is under way: wait for its end, or cancel it");
            return;
        }
        List<Integer> again = draft.run.begunAnew(from, this::isKept);
        if (isRefused(from, again)) {
            return;
        }
        draft.note(new EngineEvent.RunReopened(id(), name));
        boolean pastPivot = draft.isPastPivot();
        draft.steps.forEach(step -> step.again = false);
        for (int i : again) {
            StepDraft step = draft.at(i);
            step.again = true;
            step.happened &= !pastPivot;
            step.parked = null;
            if (step.status == Status.COMPENSATION_FAILED) {
                leaveOut(i, "retried-by-person", true);
            }
        }
        draft.at(from).given = input;
        draft.indices().filter(i -> !again.contains(i)).forEach(i -> draft.at(i).status = Status.DONE);
        draft.rewinding = true;
        draft.phase = Phase.COMPENSATING;
        draft.since = draft.now;
        draft.pausedAt = 0;
    }

    private boolean isKept(int i) {
        return draft.at(i).isKept(draft.isPastPivot());
    }

    private boolean isRefused(int from, List<Integer> again) {
        int notDone = draft.indices()
                .filter(i -> !again.contains(i) && !isKept(i))
                .findFirst()
                .orElse(-1);
        if (notDone >= 0) {
            String state =
                    draft.at(notDone).status.name().toLowerCase(Locale.ROOT).replace('_', '-');
            draft.refuse(
                    "undone",
                    "step '" + draft.name(notDone) + "' before '" + draft.name(from) + "' is " + state
                            + ", so its effect is not there: retry from '" + draft.name(notDone)
                            + "', or fork the run from '" + draft.name(from) + "'");
            return true;
        }
        boolean overPivot = again.stream()
                .anyMatch(i -> draft.spec(i).pivot() && draft.at(i).isThrough());
        if (overPivot) {
            draft.refuse(
                    "pivot",
                    "run " + id() + " is past its pivot step: it can only be retried from a step after it, or forked");
        }
        return overPivot;
    }

    private String noStep(String name) {
        List<String> names =
                draft.run.saga().steps().stream().map(StepSpec::name).toList();
        return Similar.lacks("run " + id(), "step", name, names);
    }

    private String id() {
        return draft.run.runId();
    }
}
