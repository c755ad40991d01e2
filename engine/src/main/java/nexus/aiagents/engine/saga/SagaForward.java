package nexus.aiagents.engine.saga;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.ExitReason.Kind;
import nexus.aiagents.engine.project.SagaSpec.ActionKind;
import nexus.aiagents.engine.project.SagaSpec.OnUnknown;
import nexus.aiagents.engine.project.SagaSpec.RetrySpec;
import nexus.aiagents.engine.project.SagaSpec.StepSpec;
import nexus.aiagents.engine.saga.SagaState.Failure;
import nexus.aiagents.engine.saga.SagaState.Phase;
import nexus.aiagents.engine.saga.SagaState.Status;
import org.jspecify.annotations.Nullable;

/// The way forward, up to where it turns.
final class SagaForward {
    private static final Set<Kind> UNKNOWABLE = Set.of(Kind.TIMEOUT, Kind.KILLED, Kind.STUCK, Kind.SHUTDOWN);

    /// The action came to its end, and only what it answered is wrong.
    private static final Set<String> WRONG_ANSWERS = Set.of("output-schema", "bad-output", "output-too-large");

    private static final ExitReason SIBLING = ExitReason.of(Kind.KILLED, "another step of the parallel group failed");

    private final SagaDraft draft;

    SagaForward(SagaDraft draft) {
        this.draft = draft;
    }

    // ---- news

    void inputReady(int i, String input) {
        if (isAt(i, Status.PENDING) && draft.phase == Phase.FORWARD) {
            draft.at(i).input = input;
        }
    }

    void inputBroken(int i, ExitReason reason) {
        if (isAt(i, Status.PENDING) && draft.phase == Phase.FORWARD) {
            draft.note(new EngineEvent.StepFailed(draft.run.runId(), draft.name(i), 1, reason, 0));
            failed(i, reason);
        }
    }

    void returned(int i, int attempt, String output) {
        if (!isRunning(i, attempt)) {
            return;
        }
        StepDraft step = draft.at(i);
        draft.note(new EngineEvent.StepDone(draft.run.runId(), draft.name(i), attempt, output));
        step.status = Status.DONE;
        step.output = output;
        step.reason = null;
        step.due = 0;
        step.happened = true;
        step.order = draft.nextOrder();
        if (draft.phase == Phase.STOPPING && draft.spec(i).pivot()) {
            // It came to pass before the wish to stop could be granted.
            draft.phase = Phase.FORWARD;
            draft.failure = null;
            draft.cancelled = false;
        }
    }

    void ended(int i, int attempt, ExitReason reason) {
        if (!isRunning(i, attempt)) {
            return;
        }
        StepSpec spec = draft.spec(i);
        StepDraft step = draft.at(i);
        if (spec.kind() == ActionKind.AGENT && UNKNOWABLE.contains(reason.kind())) {
            String why = reason.message().isEmpty() ? reason.code() : reason.message();
            unknown(i, why, reason, step.tries < Math.max(2, spec.retry().attempts()), true);
            return;
        }
        // A pool or a workflow may have had effects although it came to no result; a saga has undone
        // its own.
        if (spec.kind() == ActionKind.POOL
                || spec.kind() == ActionKind.WORKFLOW
                || WRONG_ANSWERS.contains(reason.code())) {
            happened(step);
        }
        surelyFailed(i, step.due < 0 ? late(spec) : reason);
    }

    private static ExitReason late(StepSpec spec) {
        return ExitReason.of(Kind.TIMEOUT, "step " + spec.name() + " took too long");
    }

    private void surelyFailed(int i, ExitReason reason) {
        StepDraft step = draft.at(i);
        RetrySpec retry = draft.spec(i).retry();
        long due = draft.again(retry, step.tries);
        boolean again = draft.phase == Phase.FORWARD && SagaDraft.mayRetry(retry, step.tries, reason) && inTime(i, due);
        draft.note(new EngineEvent.StepFailed(draft.run.runId(), draft.name(i), step.attempt, reason, again ? due : 0));
        step.reason = reason;
        if (again) {
            step.status = Status.WAITING;
            step.due = due;
        } else {
            failed(i, reason);
        }
    }

    /// The effect may be there or not. From now on it counts as having happened, whatever the next try
    /// brings.
    void unknown(int i, String why, ExitReason reason, boolean mayRetry, boolean wait) {
        StepSpec spec = draft.spec(i);
        StepDraft step = draft.at(i);
        draft.note(new EngineEvent.StepUnknown(draft.run.runId(), spec.name(), step.attempt, why));
        happened(step);
        step.status = Status.UNKNOWN;
        step.reason = reason;
        step.due = 0;
        if (draft.phase != Phase.FORWARD && !spec.pivot()) {
            return;
        }
        long due = wait ? draft.again(spec.retry(), step.tries) : draft.now;
        if (spec.idempotent() && mayRetry && inTime(i, due)) {
            step.status = Status.WAITING;
            step.due = due;
        } else if (spec.onUnknown() == OnUnknown.ASK || spec.pivot() || draft.isPastPivot()) {
            draft.park(i, "unknown");
        } else {
            stop(new Failure(spec.name(), reason), SIBLING);
        }
    }

    private void happened(StepDraft step) {
        step.happened = true;
        step.order = draft.nextOrder();
    }

    private void failed(int i, ExitReason reason) {
        StepDraft step = draft.at(i);
        step.status = Status.FAILED;
        step.reason = reason;
        step.due = 0;
        if (draft.isPastPivot()) {
            draft.park(i, "step-failed");
        } else if (draft.phase == Phase.FORWARD) {
            stop(new Failure(draft.name(i), reason), SIBLING);
        }
    }

    /// A person does not approve of it.
    void rejected(int i, ExitReason reason) {
        draft.note(new EngineEvent.StepFailed(draft.run.runId(), draft.name(i), 1, reason, 0));
        failed(i, reason);
    }

    // ---- the turn

    /// What is under way is told to end, and then all is undone. A pivot is let come to its end: cut
    /// short, nobody could say whether there is a way back.
    void stop(@Nullable Failure why, ExitReason forOthers) {
        if (draft.failure == null) {
            draft.failure = why;
        }
        draft.phase = Phase.STOPPING;
        draft.indices().forEach(i -> {
            StepDraft step = draft.at(i);
            step.parked = null;
            if (step.status == Status.RUNNING && !draft.spec(i).pivot()) {
                draft.effects.add(new SagaEffect.CancelCall(i, forOthers));
            }
        });
    }

    void outOfTime() {
        Duration timeout = draft.run.saga().timeout();
        if (timeout == null
                || draft.phase != Phase.FORWARD
                || draft.now < draft.since + timeout.toMillis()
                || draft.isPastPivot()
                || draft.parked() >= 0) {
            return;
        }
        String at = currentStage().stream()
                .filter(i -> !draft.at(i).isThrough())
                .map(draft::name)
                .findFirst()
                .orElse(null);
        stop(
                new Failure(at, ExitReason.of(Kind.TIMEOUT, "the saga took longer than " + words(timeout))),
                ExitReason.of(Kind.TIMEOUT, "the saga's time is over"));
    }

    /// Nested runs have no time-out of their own attempt, so it is minded here.
    void nestedOutOfTime() {
        draft.indices().filter(i -> draft.at(i).status == Status.RUNNING).forEach(i -> {
            StepDraft step = draft.at(i);
            if (step.due > 0 && draft.now >= step.due) {
                step.due = -1;
                draft.effects.add(new SagaEffect.CancelCall(i, late(draft.spec(i))));
            }
        });
    }

    // ---- what comes next

    /// @return whether there is more to see to at once
    boolean advance() {
        if (draft.phase == Phase.STOPPING) {
            if (draft.any(Status.RUNNING) || draft.parked() >= 0) {
                return false;
            }
            if (retryPivot()) {
                return false;
            }
            draft.phase = Phase.COMPENSATING;
            return true;
        }
        List<Integer> stage = currentStage();
        if (stage.isEmpty()) {
            end();
            return false;
        }
        for (int i : stage) {
            StepDraft step = draft.at(i);
            if (step.status == Status.WAITING && draft.now >= step.due) {
                begin(i);
            } else if (step.status == Status.PENDING && !ready(i)) {
                // One after the other: the answer comes back before anything else is told.
                return false;
            }
        }
        return false;
    }

    /// A pivot whose effect is not known, and that may be asked again, has to be, also on the way to a
    /// stop.
    private boolean retryPivot() {
        int pivot = draft.indices()
                .filter(i -> draft.spec(i).pivot() && draft.at(i).status == Status.WAITING && draft.at(i).happened)
                .findFirst()
                .orElse(-1);
        if (pivot >= 0 && draft.now >= draft.at(pivot).due) {
            begin(pivot);
        }
        return pivot >= 0;
    }

    private List<Integer> currentStage() {
        return draft.stages.stream()
                .filter(stage -> stage.stream().anyMatch(i -> !draft.at(i).isThrough()))
                .findFirst()
                .orElse(List.of());
    }

    /// @return false if its input has to be evaluated first
    private boolean ready(int i) {
        StepDraft step = draft.at(i);
        StepSpec spec = draft.spec(i);
        if (step.given != null) {
            step.input = step.given;
        } else if (step.input == null && spec.input() == null) {
            step.input = SagaJson.defaultInput(spec.name(), draft.run.inputJson(), previous(i));
        } else if (step.input == null) {
            draft.effects.add(new SagaEffect.ResolveInput(i));
            return false;
        }
        if (spec.approval() && !step.approved) {
            step.status = Status.APPROVAL;
            draft.note(new EngineEvent.ApprovalAsked(draft.run.runId(), spec.name(), String.valueOf(step.input)));
        } else {
            begin(i);
        }
        return true;
    }

    /// The output of the stage before: of a parallel group, an object with the outputs by name.
    private @Nullable String previous(int i) {
        List<Integer> before = null;
        for (List<Integer> stage : draft.stages) {
            if (stage.contains(i)) {
                break;
            }
            before = stage;
        }
        return before == null ? null : output(before);
    }

    private @Nullable String output(List<Integer> stage) {
        if (stage.size() == 1 && draft.spec(stage.getFirst()).group() == null) {
            return draft.at(stage.getFirst()).output;
        }
        return SagaJson.group(
                stage.stream().map(draft::name).toList(),
                stage.stream().map(i -> draft.at(i).output).toList());
    }

    private void begin(int i) {
        StepSpec spec = draft.spec(i);
        StepDraft step = draft.at(i);
        String input = String.valueOf(step.input);
        step.status = Status.RUNNING;
        step.attempt++;
        step.tries++;
        step.reason = null;
        step.since = step.since == 0 ? draft.now : step.since;
        Duration timeout = timeout(spec, step);
        step.due = draft.isNested(i) && timeout != null ? draft.now + timeout.toMillis() : 0;
        String key = draft.run.key(spec.name(), step.round, input);
        draft.note(new EngineEvent.StepStarted(
                draft.run.runId(), spec.name(), step.attempt, spec.action(), key, input, spec.compensation()));
        draft.effects.add(new SagaEffect.CallAction(i, step.attempt, key, input, timeout));
    }

    private @Nullable Duration timeout(StepSpec spec, StepDraft step) {
        Duration total = spec.stepTimeout();
        if (total == null) {
            return spec.timeout();
        }
        Duration left = total.minusMillis(draft.now - step.since);
        left = left.isPositive() ? left : Duration.ofMillis(1);
        return spec.timeout() == null || left.compareTo(spec.timeout()) < 0 ? left : spec.timeout();
    }

    /// Whether a try at that time is still within the time of the step.
    private boolean inTime(int i, long due) {
        Duration total = draft.spec(i).stepTimeout();
        return total == null || due < draft.at(i).since + total.toMillis();
    }

    private void end() {
        String output = draft.stages.isEmpty() ? "null" : output(draft.stages.getLast());
        draft.note(new EngineEvent.RunEnded(draft.run.runId(), "done", output == null ? "null" : output, null, null));
        draft.phase = Phase.ENDED;
        draft.effects.add(new SagaEffect.End());
    }

    // ---- small things

    private boolean isAt(int i, Status status) {
        return i >= 0 && i < draft.steps.size() && draft.at(i).status == status;
    }

    private boolean isRunning(int i, int attempt) {
        return isAt(i, Status.RUNNING) && draft.at(i).attempt == attempt;
    }

    /// As it is written in YAML: `90s` and not `PT1M30S`.
    private static String words(Duration time) {
        return time.toSeconds() > 0 ? time.toSeconds() + "s" : time.toMillis() + "ms";
    }
}
