package nexus.aiagents.engine.saga;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.project.SagaSpec.ActionKind;
import nexus.aiagents.engine.project.SagaSpec.RetrySpec;
import nexus.aiagents.engine.project.SagaSpec.StepSpec;
import nexus.aiagents.engine.saga.SagaState.Failure;
import nexus.aiagents.engine.saga.SagaState.Phase;
import nexus.aiagents.engine.saga.SagaState.Status;
import org.jspecify.annotations.Nullable;

/// The working copy of one decision.
final class SagaDraft {
    final SagaRun run;
    final long now;
    final double roll;
    final List<List<Integer>> stages;
    final List<StepDraft> steps;
    final List<SagaEffect> effects = new ArrayList<>();
    Phase phase;

    @Nullable
    Failure failure;

    boolean cancelled;
    boolean rewinding;
    long since;
    long pausedAt;
    boolean suspended;

    SagaDraft(SagaRun run, SagaState state, long now, double roll) {
        this.run = run;
        this.now = now;
        this.roll = roll;
        this.stages = run.saga().stages();
        this.steps = new ArrayList<>(state.steps().stream().map(StepDraft::new).toList());
        this.phase = state.phase();
        this.failure = state.failure();
        this.cancelled = state.cancelled();
        this.rewinding = state.rewinding();
        this.since = state.since();
        this.pausedAt = state.pausedAt();
        this.suspended = state.suspended();
    }

    SagaMachine.Decision decision() {
        return new SagaMachine.Decision(
                new SagaState(
                        phase,
                        steps.stream().map(StepDraft::freeze).toList(),
                        failure,
                        cancelled,
                        rewinding,
                        since,
                        pausedAt,
                        suspended),
                List.copyOf(effects));
    }

    StepDraft at(int i) {
        return steps.get(i);
    }

    StepSpec spec(int i) {
        return run.step(i);
    }

    String name(int i) {
        return spec(i).name();
    }

    boolean isNested(int i) {
        return spec(i).kind() != ActionKind.AGENT;
    }

    void note(EngineEvent event) {
        effects.add(new SagaEffect.Note(event));
    }

    void refuse(String code, String message) {
        effects.add(new SagaEffect.Refused(code, message));
    }

    /// Nothing new may be begun now.
    boolean mayNotBegin() {
        return suspended || pausedAt > 0;
    }

    IntStream indices() {
        return IntStream.range(0, steps.size());
    }

    boolean any(Status status) {
        return steps.stream().anyMatch(step -> step.status == status);
    }

    /// @return the index of the first step that waits for a person, -1 if none does
    int parked() {
        return indices().filter(i -> at(i).parked != null).findFirst().orElse(-1);
    }

    /// There is no way back any more.
    boolean isPastPivot() {
        return indices().anyMatch(i -> spec(i).pivot() && at(i).isThrough());
    }

    int nextOrder() {
        return 1 + steps.stream().mapToInt(step -> step.order).max().orElse(0);
    }

    void park(int i, String why) {
        at(i).parked = why;
        note(new EngineEvent.RunParked(run.runId(), name(i), why));
    }

    /// @return milliseconds since 1970 of the next try
    long again(RetrySpec retry, int tries) {
        return now + retry.waitMillis(tries, roll);
    }

    static boolean mayRetry(RetrySpec retry, int tries, ExitReason reason) {
        return tries < retry.attempts()
                && !retry.notOn().contains(reason.code())
                && reason.kind() != ExitReason.Kind.BUDGET
                && reason.kind() != ExitReason.Kind.UNTRUSTED;
    }
}
