package nexus.aiagents.engine.saga;

import java.time.Duration;
import java.util.List;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.ExitReason.Kind;
import nexus.aiagents.engine.saga.SagaState.Phase;
import nexus.aiagents.engine.saga.SagaState.Status;
import nexus.aiagents.engine.saga.SagaState.Step;

/// A saga as a pure function. Times are milliseconds since 1970.
public final class SagaMachine {

    public record Decision(SagaState state, List<SagaEffect> effects) {}

    private SagaMachine() {}

    /// @param roll by chance, from 0 up to 1; what is decided with it is part of the new state
    public static Decision decide(SagaRun run, SagaState state, SagaEvent event, long now, double roll) {
        SagaDraft draft = new SagaDraft(run, state, now, roll);
        SagaForward forward = new SagaForward(draft);
        SagaBackward backward = new SagaBackward(draft);
        SagaPeople people = new SagaPeople(draft, forward);
        switch (event) {
            case SagaEvent.Begin _ -> {}
            case SagaEvent.Recover _ -> recover(draft, forward, backward);
            case SagaEvent.Suspend _ -> draft.suspended = true;
            case SagaEvent.Tick _ -> {
                forward.outOfTime();
                forward.nestedOutOfTime();
            }
            case SagaEvent.InputReady e -> forward.inputReady(e.step(), e.inputJson());
            case SagaEvent.InputBroken e -> forward.inputBroken(e.step(), e.reason());
            case SagaEvent.Returned e -> forward.returned(e.step(), e.attempt(), e.outputJson());
            case SagaEvent.Ended e -> forward.ended(e.step(), e.attempt(), e.reason());
            case SagaEvent.Undone e -> backward.undone(e.step(), e.attempt(), e.outputJson());
            case SagaEvent.UndoFailed e -> backward.undoFailed(e.step(), e.attempt(), e.reason());
            case SagaEvent.Cancel _ -> people.cancel();
            case SagaEvent.Pause _ -> people.pause();
            case SagaEvent.Resume _ -> people.resume();
            case SagaEvent.Approve e -> people.approve(e.step(), e.comment());
            case SagaEvent.Reject e -> people.reject(e.step(), e.comment());
            case SagaEvent.RetryParked e -> people.retryParked(e.step(), e.inputJson());
            case SagaEvent.SkipParked e -> people.skipParked(e.step(), e.resolved());
            case SagaEvent.RetryFrom e -> people.retryFrom(e.step(), e.inputJson());
            case SagaEvent.Undo _ -> people.undo();
        }
        if (draft.effects.stream().anyMatch(SagaEffect.Refused.class::isInstance)) {
            return new Decision(state, List.copyOf(draft.effects));
        }
        boolean more = true;
        while (more && !draft.mayNotBegin()) {
            more = switch (draft.phase) {
                case FORWARD, STOPPING -> forward.advance();
                case COMPENSATING -> backward.advance();
                case ENDED -> false;
            };
        }
        return draft.decision();
    }

    private static void recover(SagaDraft draft, SagaForward forward, SagaBackward backward) {
        boolean parked = draft.parked() >= 0 && !draft.any(Status.RUNNING);
        draft.suspended = false;
        if (draft.phase == Phase.ENDED || parked) {
            return;
        }
        draft.note(new EngineEvent.RunResumed(draft.run.runId()));
        draft.indices().forEach(i -> {
            StepDraft step = draft.at(i);
            if (step.status == Status.COMPENSATING) {
                backward.repeat(i);
            } else if (step.status == Status.RUNNING && draft.isNested(i)) {
                attach(draft, i);
            } else if (step.status == Status.RUNNING) {
                String why = "the process ended while the step was under way";
                forward.unknown(i, why, ExitReason.error("unknown-effect", why), true, false);
            }
        });
    }

    /// A nested run goes on by itself; its end is waited for again.
    private static void attach(SagaDraft draft, int i) {
        StepDraft step = draft.at(i);
        String input = String.valueOf(step.input);
        draft.effects.add(new SagaEffect.CallAction(
                i, step.attempt, draft.run.key(draft.name(i), step.round, input), input, null));
        if (draft.phase == Phase.STOPPING && !draft.spec(i).pivot() || step.due < 0) {
            draft.effects.add(
                    new SagaEffect.CancelCall(i, ExitReason.of(Kind.KILLED, "the run it is part of rolls back")));
        }
        if (draft.pausedAt > 0) {
            draft.effects.add(new SagaEffect.PauseNested(i, true));
        }
    }

    /// When a {@link SagaEvent.Tick} is due, `Long.MAX_VALUE` if never.
    public static long nextTick(SagaRun run, SagaState state) {
        if (state.phase() == Phase.ENDED || state.suspended() || state.pausedAt() > 0) {
            return Long.MAX_VALUE;
        }
        long next = Long.MAX_VALUE;
        Duration timeout = run.saga().timeout();
        boolean parked = state.steps().stream().anyMatch(step -> step.parked() != null);
        if (timeout != null && state.phase() == Phase.FORWARD && !parked && !isPastPivot(run, state)) {
            next = state.since() + timeout.toMillis();
        }
        for (int i = 0; i < state.steps().size(); i++) {
            next = Math.min(next, due(run, state, i));
        }
        return next;
    }

    private static long due(SagaRun run, SagaState state, int i) {
        Step step = state.steps().get(i);
        boolean minded = switch (step.status()) {
            case UNDO_WAITING -> true;
            case WAITING -> state.phase() == Phase.FORWARD || run.step(i).pivot();
            case RUNNING -> step.due() > 0;
            default -> false;
        };
        return minded && state.phase() != Phase.ENDED ? step.due() : Long.MAX_VALUE;
    }

    private static boolean isPastPivot(SagaRun run, SagaState state) {
        for (int i = 0; i < state.steps().size(); i++) {
            Status status = state.steps().get(i).status();
            if (run.step(i).pivot() && (status == Status.DONE || status == Status.SKIPPED)) {
                return true;
            }
        }
        return false;
    }
}
