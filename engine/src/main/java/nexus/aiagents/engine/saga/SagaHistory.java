package nexus.aiagents.engine.saga;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.saga.SagaState.Failure;
import nexus.aiagents.engine.saga.SagaState.Phase;
import nexus.aiagents.engine.saga.SagaState.Status;
import org.jspecify.annotations.Nullable;

/// What the journal's entries of a run say about its state: for a run that ended, and so has no stored one.
public final class SagaHistory {
    private final SagaRun run;
    private final List<StepDraft> steps = new ArrayList<>();
    private Phase phase = Phase.FORWARD;
    private @Nullable Failure failure;
    private boolean cancelled;
    private int order;

    private SagaHistory(SagaRun run) {
        this.run = run;
        SagaState.initial(run).steps().forEach(step -> steps.add(new StepDraft(step)));
    }

    /// @param events those of this run, oldest first
    public static SagaState fold(SagaRun run, List<EngineEvent> events) {
        SagaHistory history = new SagaHistory(run);
        events.forEach(history::apply);
        history.steps.forEach(step -> step.again = false);
        return new SagaState(
                history.phase,
                history.steps.stream().map(StepDraft::freeze).toList(),
                history.failure,
                history.cancelled,
                false,
                run.startedAt(),
                0,
                false);
    }

    /// The state in which a fork of a run begins.
    ///
    /// @param of    the run that is forked
    /// @param input for the step to go on from, null: the usual one
    /// @return null if a step before has no output to take over
    public static @Nullable SagaState fork(SagaRun run, SagaState of, int from, @Nullable String input) {
        List<SagaState.Step> taken = new ArrayList<>(SagaState.initial(run).steps());
        for (List<Integer> stage : run.saga().stages()) {
            if (stage.contains(from)) {
                StepDraft step = new StepDraft(taken.get(from));
                step.given = input;
                taken.set(from, step.freeze());
                return SagaState.initial(run).withSteps(taken);
            }
            for (int i : stage) {
                String output = of.steps().get(i).output();
                if (output == null) {
                    return null;
                }
                taken.set(i, SagaState.Step.takenOver(output));
            }
        }
        return null;
    }

    private void apply(EngineEvent event) {
        switch (event) {
            case EngineEvent.StepStarted e -> at(e.step(), step -> started(step, e));
            case EngineEvent.StepDone e -> at(e.step(), step -> done(step, e));
            case EngineEvent.StepFailed e -> at(e.step(), step -> failed(step, e));
            case EngineEvent.ApprovalAsked e -> at(e.step(), this::begunAnew);
            case EngineEvent.StepUnknown e ->
                at(e.step(), step -> {
                    step.status = Status.UNKNOWN;
                    step.reason = ExitReason.error("unknown-effect", e.why());
                    happened(step);
                });
            case EngineEvent.StepSkipped e -> at(e.step(), step -> step.status = Status.SKIPPED);
            case EngineEvent.CompensationStarted e ->
                at(e.step(), step -> {
                    step.status = Status.COMPENSATING;
                    step.undoAttempt = e.attempt();
                });
            case EngineEvent.CompensationDone e -> at(e.step(), step -> step.status = Status.COMPENSATED);
            case EngineEvent.CompensationFailed e -> at(e.step(), step -> step.status = Status.COMPENSATION_FAILED);
            case EngineEvent.CompensationSkipped e -> at(e.step(), step -> leftOut(step, e.why()));
            case EngineEvent.RunEnded e -> {
                phase = Phase.ENDED;
                cancelled = e.state().equals("cancelled");
                ExitReason reason = e.reason();
                failure = reason == null ? null : new Failure(e.failedStep(), reason);
            }
            case EngineEvent.RunReopened e -> {
                reopened(run.index(e.step()));
                phase = Phase.FORWARD;
                failure = null;
                cancelled = false;
            }
            default -> {}
        }
    }

    private void at(String name, Consumer<StepDraft> change) {
        int i = run.index(name);
        if (i >= 0) {
            change.accept(steps.get(i));
        }
    }

    private static void leftOut(StepDraft step, String why) {
        if (step.status == Status.UNKNOWN && !why.equals("none-declared")) {
            step.happened = false;
        } else {
            step.status = why.equals("resolved-by-person") || why.equals("retried-by-person")
                    ? Status.COMPENSATED
                    : Status.SKIPPED;
        }
    }

    private void reopened(int from) {
        boolean pastPivot = false;
        for (int i = 0; i < steps.size(); i++) {
            pastPivot |= run.step(i).pivot() && steps.get(i).isThrough();
        }
        boolean past = pastPivot;
        List<Integer> anew = run.begunAnew(from, i -> steps.get(i).isKept(past));
        for (int i = 0; i < steps.size(); i++) {
            StepDraft step = steps.get(i);
            step.again = anew.contains(i);
            step.status = !step.again && step.status == Status.SKIPPED ? Status.DONE : step.status;
        }
    }

    /// The first sign of a step that is begun anew: the way back is through.
    private void begunAnew(StepDraft step) {
        if (step.again) {
            steps.stream().filter(other -> other.again).forEach(StepDraft::reset);
        }
    }

    private void started(StepDraft step, EngineEvent.StepStarted e) {
        begunAnew(step);
        step.status = Status.RUNNING;
        step.attempt = e.attempt();
        step.input = e.inputJson();
    }

    private void done(StepDraft step, EngineEvent.StepDone e) {
        step.status = Status.DONE;
        step.output = e.outputJson();
        if (e.attempt() > 0) {
            happened(step);
        }
    }

    private void failed(StepDraft step, EngineEvent.StepFailed e) {
        begunAnew(step);
        step.status = e.retryAtEpochMillis() > 0 ? Status.WAITING : Status.FAILED;
        step.reason = e.reason();
    }

    private void happened(StepDraft step) {
        step.happened = true;
        step.order = ++order;
    }
}
