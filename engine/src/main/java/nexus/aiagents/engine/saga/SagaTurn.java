package nexus.aiagents.engine.saga;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.ExitReason.Kind;
import nexus.aiagents.engine.project.SagaSpec.OnUnknown;
import nexus.aiagents.engine.project.SagaSpec.RetrySpec;
import nexus.aiagents.engine.project.SagaSpec.StepSpec;
import nexus.aiagents.engine.saga.SagaState.Failure;
import nexus.aiagents.engine.saga.SagaState.Phase;
import nexus.aiagents.engine.saga.SagaState.Status;
import nexus.aiagents.engine.saga.SagaState.Step;
import nexus.aiagents.engine.saga.SagaState.Stopping;
import org.jspecify.annotations.Nullable;

/// The working copy of one decision.
final class SagaTurn {
    private static final Set<Kind> UNKNOWABLE = Set.of(Kind.TIMEOUT, Kind.KILLED, Kind.STUCK, Kind.SHUTDOWN);
    private static final Set<Kind> HOPELESS = Set.of(Kind.BUDGET, Kind.UNTRUSTED);

    /// The action came to its end, and only what it answered is wrong.
    private static final Set<String> WRONG_ANSWERS = Set.of("output-schema", "bad-output", "output-too-large");

    private final SagaRun run;
    private final long now;
    private final List<Step> steps;
    private final List<SagaEffect> effects = new ArrayList<>();
    private Phase phase;
    private int current;
    private @Nullable Stopping stopping;
    private @Nullable Failure failure;
    private boolean cancelled;
    private @Nullable String parked;
    private boolean suspended;

    SagaTurn(SagaRun run, SagaState state, long now) {
        this.run = run;
        this.now = now;
        this.steps = new ArrayList<>(state.steps());
        this.phase = state.phase();
        this.current = state.current();
        this.stopping = state.stopping();
        this.failure = state.failure();
        this.cancelled = state.cancelled();
        this.parked = state.parked();
        this.suspended = state.suspended();
    }

    SagaMachine.Decision decision() {
        return new SagaMachine.Decision(
                new SagaState(phase, current, List.copyOf(steps), stopping, failure, cancelled, parked, suspended),
                List.copyOf(effects));
    }

    void handle(SagaEvent event) {
        switch (event) {
            case SagaEvent.Begin _ -> {}
            case SagaEvent.Recover _ -> recover();
            case SagaEvent.Suspend _ -> suspended = true;
            case SagaEvent.Tick _ -> tick();
            case SagaEvent.InputReady e -> inputReady(e);
            case SagaEvent.InputBroken e -> inputBroken(e);
            case SagaEvent.Returned e -> returned(e);
            case SagaEvent.Ended e -> ended(e);
            case SagaEvent.Undone e -> undone(e);
            case SagaEvent.UndoFailed e -> undoFailed(e);
            case SagaEvent.Cancel _ -> cancel();
            case SagaEvent.RetryParked e -> retryParked(e.inputJson());
            case SagaEvent.SkipParked e -> skipParked(e.resolved());
        }
        advance();
    }

    // ---- forward

    private void inputReady(SagaEvent.InputReady e) {
        if (isAt(e.step(), Status.PENDING) && phase == Phase.FORWARD && !suspended) {
            begin(e.inputJson());
        }
    }

    private void inputBroken(SagaEvent.InputBroken e) {
        if (isAt(e.step(), Status.PENDING) && phase == Phase.FORWARD) {
            note(new EngineEvent.StepFailed(run.runId(), name(), 1, e.reason(), 0));
            set(step().with(Status.FAILED));
            rollBack(new Failure(name(), e.reason()));
        }
    }

    private void begin(String input) {
        StepSpec spec = run.step(current);
        String key = run.key(spec.name(), input);
        set(step().running(input));
        int attempt = step().attempt();
        note(new EngineEvent.StepStarted(
                run.runId(), spec.name(), attempt, spec.action(), key, input, spec.compensation()));
        effects.add(new SagaEffect.CallAction(current, attempt, key, input, spec.timeout()));
    }

    private void returned(SagaEvent.Returned e) {
        if (!isRunning(e.step(), e.attempt())) {
            return;
        }
        note(new EngineEvent.StepDone(run.runId(), name(), e.attempt(), e.outputJson()));
        set(step().done(e.outputJson()));
        if (stopping != null) {
            rollBack(stopped());
        } else {
            current++;
        }
    }

    private void ended(SagaEvent.Ended e) {
        if (!isRunning(e.step(), e.attempt())) {
            return;
        }
        ExitReason reason = e.reason();
        if (UNKNOWABLE.contains(reason.kind())) {
            RetrySpec retry = run.step(current).retry();
            unknown(
                    reason.message().isEmpty() ? reason.code() : reason.message(),
                    reason,
                    step().tries() < Math.max(2, retry.attempts()),
                    SagaMachine.delayMillis(retry, step().tries()));
            return;
        }
        if (WRONG_ANSWERS.contains(reason.code())) {
            set(step().markHappened());
        }
        RetrySpec retry = run.step(current).retry();
        boolean again = stopping == null && mayRetry(retry, step().tries(), reason);
        long retryAt = again ? now + SagaMachine.delayMillis(retry, step().tries()) : 0;
        note(new EngineEvent.StepFailed(run.runId(), name(), e.attempt(), reason, retryAt));
        if (again) {
            set(step().waiting(Status.WAITING, retryAt));
        } else {
            set(step().with(Status.FAILED));
            rollBack(stopping != null ? stopped() : new Failure(name(), reason));
        }
    }

    private static boolean mayRetry(RetrySpec retry, int tries, ExitReason reason) {
        return tries < retry.attempts() && !retry.notOn().contains(reason.code()) && !HOPELESS.contains(reason.kind());
    }

    /// The effect may be there or not. From now on it counts as having happened, whatever the next try brings.
    private void unknown(String why, ExitReason reason, boolean mayRetry, long delay) {
        StepSpec spec = run.step(current);
        note(new EngineEvent.StepUnknown(run.runId(), name(), step().attempt(), why));
        set(step().markHappened().with(Status.UNKNOWN));
        if (stopping != null) {
            rollBack(stopped());
        } else if (spec.idempotent() && mayRetry) {
            set(step().waiting(Status.WAITING, now + delay));
        } else if (spec.onUnknown() == OnUnknown.ASK) {
            failure = new Failure(name(), reason);
            park("unknown");
        } else {
            rollBack(new Failure(name(), reason));
        }
    }

    // ---- backward

    private void rollBack(Failure why) {
        if (failure == null) {
            failure = why;
        }
        stopping = null;
        phase = Phase.COMPENSATING;
        current = Math.min(current, steps.size() - 1);
    }

    private Failure stopped() {
        if (stopping == Stopping.TIMED_OUT) {
            return new Failure(
                    current < steps.size() ? name() : null,
                    ExitReason.of(
                            Kind.TIMEOUT,
                            "the saga took longer than " + words(run.saga().timeout())));
        }
        cancelled = true;
        return new Failure(null, ExitReason.of(Kind.KILLED, "cancelled"));
    }

    private void beginUndo() {
        StepSpec spec = run.step(current);
        String compensation = spec.compensation();
        if (compensation == null) {
            throw new IllegalStateException(spec.name() + " has no compensation");
        }
        String input = step().undoInput();
        if (input == null) {
            input = SagaJson.undoInput(spec.name(), step().input(), step().output(), failure);
        }
        set(step().undoing());
        String key = run.key(spec.name() + "\nundo", input);
        int attempt = step().undoAttempt();
        note(new EngineEvent.CompensationStarted(run.runId(), spec.name(), attempt, compensation, key));
        effects.add(new SagaEffect.CallUndo(current, attempt, key, input));
    }

    private void undone(SagaEvent.Undone e) {
        if (isUndoing(e.step(), e.attempt())) {
            note(new EngineEvent.CompensationDone(run.runId(), name(), e.outputJson()));
            set(step().with(Status.COMPENSATED));
        }
    }

    private void undoFailed(SagaEvent.UndoFailed e) {
        if (!isUndoing(e.step(), e.attempt())) {
            return;
        }
        RetrySpec retry = run.step(current).compensationRetry();
        boolean again = mayRetry(retry, step().undoTries(), e.reason());
        long retryAt = again ? now + SagaMachine.delayMillis(retry, step().undoTries()) : 0;
        note(new EngineEvent.CompensationFailed(run.runId(), name(), e.attempt(), e.reason(), retryAt));
        if (again) {
            set(step().waiting(Status.UNDO_WAITING, retryAt));
        } else {
            set(step().with(Status.COMPENSATION_FAILED));
            park("compensation-failed");
        }
    }

    // ---- people, time and the process

    private void park(String why) {
        phase = Phase.PARKED;
        parked = why;
        note(new EngineEvent.RunParked(run.runId(), name(), why));
    }

    private void cancel() {
        if (phase == Phase.FORWARD && stopping == null) {
            stop(Stopping.CANCELLED);
        } else if (phase == Phase.PARKED && "unknown".equals(parked)) {
            parked = null;
            stopping = Stopping.CANCELLED;
            failure = null;
            rollBack(stopped());
        } else {
            effects.add(new SagaEffect.Refused("already", "run " + run.runId() + " is rolling back already"));
        }
    }

    private void tick() {
        if (phase == Phase.FORWARD && stopping == null && now >= SagaMachine.deadline(run)) {
            stop(Stopping.TIMED_OUT);
        }
    }

    private void stop(Stopping why) {
        stopping = why;
        if (current < steps.size() && step().status() == Status.RUNNING) {
            effects.add(new SagaEffect.CancelCall(
                    why == Stopping.CANCELLED
                            ? ExitReason.of(Kind.KILLED, "the run was cancelled")
                            : ExitReason.of(Kind.TIMEOUT, "the saga's time is over")));
        } else {
            rollBack(stopped());
        }
    }

    private void retryParked(@Nullable String input) {
        if (phase != Phase.PARKED) {
            refuseNotParked();
            return;
        }
        set(step().afresh());
        if ("unknown".equals(parked)) {
            phase = Phase.FORWARD;
            failure = null;
            begin(input != null ? input : String.valueOf(step().input()));
        } else {
            phase = Phase.COMPENSATING;
            if (input != null) {
                set(step().undoneWith(input));
            }
            beginUndo();
        }
        parked = null;
    }

    private void skipParked(boolean resolved) {
        if (phase != Phase.PARKED) {
            refuseNotParked();
            return;
        }
        parked = null;
        phase = Phase.COMPENSATING;
        set(step().with(Status.SKIPPED));
        note(new EngineEvent.CompensationSkipped(
                run.runId(), name(), resolved ? "resolved-by-person" : "skipped-by-person"));
    }

    private void refuseNotParked() {
        effects.add(new SagaEffect.Refused("not-parked", "run " + run.runId() + " does not wait for a person"));
    }

    private void recover() {
        suspended = false;
        if (phase == Phase.PARKED || phase == Phase.ENDED) {
            return;
        }
        note(new EngineEvent.RunResumed(run.runId()));
        if (current >= steps.size()) {
            return;
        }
        if (step().status() == Status.RUNNING) {
            String why = "the process ended while the step was under way";
            unknown(why, ExitReason.error("unknown-effect", why), true, 0);
        } else if (step().status() == Status.COMPENSATING) {
            set(step().undoUncounted());
            beginUndo();
        }
    }

    // ---- what comes next

    private void advance() {
        if (suspended) {
            return;
        }
        if (phase == Phase.FORWARD) {
            forward();
        }
        while (phase == Phase.COMPENSATING && backward()) {
            current--;
        }
    }

    private void forward() {
        if (current == steps.size()) {
            String output = steps.isEmpty() ? "null" : steps.getLast().output();
            note(new EngineEvent.RunEnded(run.runId(), "done", output, null, null));
            phase = Phase.ENDED;
            effects.add(new SagaEffect.End());
            return;
        }
        if (step().status() == Status.WAITING && now >= step().retryAt()) {
            begin(String.valueOf(step().input()));
        } else if (step().status() == Status.PENDING) {
            if (run.step(current).input() == null) {
                String previous = current == 0 ? null : steps.get(current - 1).output();
                begin(SagaJson.defaultInput(run.step(current).name(), run.inputJson(), previous));
            } else {
                effects.add(new SagaEffect.ResolveInput(current));
            }
        }
    }

    /// @return whether this step is through and the one before it is next
    private boolean backward() {
        if (current < 0) {
            endFailed();
            return false;
        }
        switch (step().status()) {
            case COMPENSATING -> {
                return false;
            }
            case UNDO_WAITING -> {
                if (now >= step().retryAt()) {
                    beginUndo();
                }
                return false;
            }
            case DONE, UNKNOWN, FAILED, WAITING -> {
                if (!step().happened()) {
                    return true;
                }
                if (run.step(current).compensation() == null) {
                    note(new EngineEvent.CompensationSkipped(run.runId(), name(), "none-declared"));
                    set(step().with(Status.SKIPPED));
                    return true;
                }
                beginUndo();
                return false;
            }
            case PENDING, RUNNING, COMPENSATED, COMPENSATION_FAILED, SKIPPED -> {
                return true;
            }
        }
        throw new IllegalStateException("no such status");
    }

    private void endFailed() {
        Failure why = failure;
        note(new EngineEvent.RunEnded(
                run.runId(),
                cancelled ? "cancelled" : "failed",
                null,
                why == null ? null : why.step(),
                why == null ? null : why.reason()));
        phase = Phase.ENDED;
        effects.add(new SagaEffect.End());
    }

    // ---- small things

    private boolean isAt(int step, Status status) {
        return step == current && current < steps.size() && step().status() == status;
    }

    private boolean isRunning(int step, int attempt) {
        return phase == Phase.FORWARD && isAt(step, Status.RUNNING) && step().attempt() == attempt;
    }

    private boolean isUndoing(int step, int attempt) {
        return phase == Phase.COMPENSATING && isAt(step, Status.COMPENSATING) && step().undoAttempt() == attempt;
    }

    private Step step() {
        return steps.get(current);
    }

    private void set(Step step) {
        steps.set(current, step);
    }

    private String name() {
        return run.step(current).name();
    }

    private void note(EngineEvent event) {
        effects.add(new SagaEffect.Note(event));
    }

    /// As it is written in YAML: `90s` and not `PT1M30S`.
    private static String words(@Nullable Duration time) {
        return time == null ? "" : time.toSeconds() > 0 ? time.toSeconds() + "s" : time.toMillis() + "ms";
    }
}
