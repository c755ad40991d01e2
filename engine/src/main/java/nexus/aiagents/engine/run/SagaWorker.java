package nexus.aiagents.engine.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nexus.aiagents.engine.agent.AgentCalls;
import nexus.aiagents.engine.agent.AgentCalls.Result;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.project.SagaSpec.ActionKind;
import nexus.aiagents.engine.project.SagaSpec.StepSpec;
import nexus.aiagents.engine.saga.SagaEffect;
import nexus.aiagents.engine.saga.SagaEvent;
import nexus.aiagents.engine.saga.SagaMachine;
import nexus.aiagents.engine.saga.SagaRun;
import nexus.aiagents.engine.saga.SagaState;
import org.jspecify.annotations.Nullable;

/// Carries out what a saga's machine decides.
final class SagaWorker extends RunWorker<SagaEvent> {
    private final SagaRun run;
    private SagaState state;
    private List<EngineEvent> first;

    /// @param state what is stored of it, or would be if it just began
    /// @param first journalled with the first transition
    SagaWorker(SagaRun run, SagaState state, RunContext context, @Nullable String definition, List<EngineEvent> first) {
        super(run.runId(), context, definition);
        this.run = run;
        this.state = state;
        this.first = first;
    }

    @Override
    Turn decide(SagaEvent event, long now) {
        SagaMachine.Decision decision =
                SagaMachine.decide(run, state, event, now, context.random().nextDouble());
        Map<String, @Nullable String> stored = changes(state, decision.state());
        state = decision.state();
        List<EngineEvent> events = new ArrayList<>(first);
        first = List.of();
        List<Runnable> after = new ArrayList<>();
        CommandResult.Refused refused = null;
        for (SagaEffect effect : decision.effects()) {
            switch (effect) {
                case SagaEffect.Note e -> events.add(e.event());
                case SagaEffect.ResolveInput e -> after.add(() -> next(resolve(e.step())));
                case SagaEffect.CallAction e -> after.add(() -> callAction(e));
                case SagaEffect.CallUndo e -> after.add(() -> callUndo(e));
                case SagaEffect.CancelCall e -> after.add(() -> cancelCall(e.step(), e.reason()));
                case SagaEffect.PauseNested e ->
                    after.add(() -> context.nested().pause(nestedId(e.step()), e.paused()));
                case SagaEffect.Refused e -> refused = new CommandResult.Refused(e.code(), e.message());
                case SagaEffect.End _ -> {}
            }
        }
        return new Turn(events, stored, state.phase() == SagaState.Phase.ENDED, after, refused);
    }

    /// Each step is stored by itself, so that a transition writes what it changed and not all outputs
    /// so far.
    private Map<String, @Nullable String> changes(SagaState before, SagaState next) {
        Map<String, @Nullable String> changes = new HashMap<>();
        if (next.phase() == SagaState.Phase.ENDED && !RunIds.isNested(runId)) {
            for (int i = 0; i < next.steps().size(); i++) {
                changes.put(stepKey(runId, i), null);
            }
            return changes;
        }
        for (int i = 0; i < next.steps().size(); i++) {
            if (!next.steps().get(i).equals(before.steps().get(i))) {
                changes.put(stepKey(runId, i), RunJson.write(next.steps().get(i)));
            }
        }
        changes.put(StoredRun.STATE + runId, RunJson.write(next.withSteps(List.of())));
        return changes;
    }

    private static String stepKey(String runId, int step) {
        return StoredRun.STEP + runId + "/" + step;
    }

    /// @param state what is stored of the run itself
    static SagaState read(SagaRun run, String state, Journal journal) {
        SagaState initial = SagaState.initial(run);
        List<SagaState.Step> steps = new ArrayList<>(initial.steps());
        for (int i = 0; i < steps.size(); i++) {
            String step = journal.state(stepKey(run.runId(), i));
            if (step != null) {
                steps.set(i, RunJson.JSON.readValue(step, SagaState.Step.class));
            }
        }
        return RunJson.JSON.readValue(state, SagaState.class).withSteps(steps);
    }

    private SagaEvent resolve(int step) {
        String template = run.saga().steps().get(step).input();
        if (template == null) {
            throw new IllegalStateException("step " + step + " has no input of its own");
        }
        return switch (Expressions.evaluate(template, run, outputsBefore(step), context.env())) {
            case Expressions.Result.Value v
            when RunJson.bytes(v.json()) > RunJson.MAX_BYTES ->
                new SagaEvent.InputBroken(
                        step,
                        ExitReason.error(
                                "bad-expression", "the step's input is larger than " + RunJson.MAX_BYTES + " bytes"));
            case Expressions.Result.Value v -> new SagaEvent.InputReady(step, v.json());
            case Expressions.Result.Broken b ->
                new SagaEvent.InputBroken(step, ExitReason.error("bad-expression", b.message()));
        };
    }

    /// Of the stages before: what runs beside a step is not there yet, or is by chance.
    private Map<String, @Nullable String> outputsBefore(int step) {
        Map<String, @Nullable String> outputs = new LinkedHashMap<>();
        for (List<Integer> stage : run.saga().stages()) {
            if (stage.contains(step)) {
                break;
            }
            stage.forEach(i -> outputs.put(
                    run.saga().steps().get(i).name(), state.steps().get(i).output()));
        }
        return outputs;
    }

    private void callAction(SagaEffect.CallAction e) {
        StepSpec step = run.saga().steps().get(e.step());
        if (step.kind() == ActionKind.AGENT) {
            call(
                    e.step(),
                    request(step.action(), step.name(), e.inputJson(), e.attempt(), e.key(), e.timeout(), false),
                    result -> outcome(e.step(), e.attempt(), step, result));
            return;
        }
        String id = RunIds.nested(runId, e.step(), e.attempt());
        call(
                e.step(),
                context.nested().run(id, () -> beginNested(id, step, e.inputJson())),
                result -> outcome(e.step(), e.attempt(), step, result));
    }

    private NestedRuns.Started<?> beginNested(String id, StepSpec step, String input) {
        NestedBegin begin = new NestedBegin(context, run.pinned(), budgets(), runId, step.name());
        return switch (step.kind()) {
            case POOL -> begin.pool(id, step.action(), input);
            case SAGA -> begin.saga(id, step.action(), input);
            case WORKFLOW -> begin.workflow(id, step.action(), input);
            case AGENT -> throw new IllegalStateException("an agent's call is no run");
        };
    }

    private String nestedId(int step) {
        return RunIds.nested(runId, step, state.steps().get(step).attempt());
    }

    private void callUndo(SagaEffect.CallUndo e) {
        StepSpec step = run.saga().steps().get(e.step());
        String agent = step.compensation();
        if (agent == null) {
            call(
                    e.step(),
                    context.nested().undo(RunIds.nested(runId, e.step(), e.action())),
                    result -> undoOutcome(e, result));
            return;
        }
        call(
                e.step(),
                request(agent, step.name(), e.inputJson(), e.attempt(), e.key(), e.timeout(), true),
                result -> undoOutcome(e, result));
    }

    private static SagaEvent undoOutcome(SagaEffect.CallUndo e, Result result) {
        return switch (RunJson.checked(result, RunJson.MAX_BYTES)) {
            case Result.Returned r -> new SagaEvent.Undone(e.step(), e.attempt(), r.outputJson());
            case Result.Ended r -> new SagaEvent.UndoFailed(e.step(), e.attempt(), r.reason());
        };
    }

    private AgentCalls.Request request(
            String agent,
            String step,
            String input,
            int attempt,
            String key,
            @Nullable Duration timeout,
            boolean compensating) {
        return new AgentCalls.Request(agent, input, runId, step, attempt, key, budgets(), timeout, compensating);
    }

    /// Its own, and those of the runs that it is part of.
    private List<String> budgets() {
        List<String> budgets = new ArrayList<>(run.budgets());
        budgets.add("saga/" + run.saga().name());
        return budgets;
    }

    private static SagaEvent outcome(int index, int attempt, StepSpec step, Result result) {
        return switch (RunJson.checked(result, RunJson.MAX_BYTES)) {
            case Result.Ended r -> new SagaEvent.Ended(index, attempt, r.reason());
            case Result.Returned r -> {
                String schema = step.outputSchema();
                String problem = schema == null ? null : Schemas.problem(schema, r.outputJson());
                yield problem == null
                        ? new SagaEvent.Returned(index, attempt, r.outputJson())
                        : new SagaEvent.Ended(
                                index,
                                attempt,
                                ExitReason.error(
                                        "output-schema",
                                        "the output of step " + step.name() + " breaks its schema: " + problem));
            }
        };
    }

    @Override
    SagaEvent event(Wish wish) {
        return switch (wish) {
            case Wish.Cancel _ -> new SagaEvent.Cancel();
            case Wish.Pause _ -> new SagaEvent.Pause();
            case Wish.Resume _ -> new SagaEvent.Resume();
            case Wish.Approve w -> new SagaEvent.Approve(w.step(), w.comment());
            case Wish.Reject w -> new SagaEvent.Reject(w.step(), w.comment());
            case Wish.RetryParked w -> new SagaEvent.RetryParked(w.step(), w.inputJson());
            case Wish.SkipParked w -> new SagaEvent.SkipParked(w.step(), w.resolved());
            case Wish.RetryFrom w -> new SagaEvent.RetryFrom(w.step(), w.inputJson());
        };
    }

    @Override
    boolean isKeptWhenNested() {
        return true;
    }

    @Override
    long nextTick() {
        return SagaMachine.nextTick(run, state);
    }

    @Override
    SagaEvent tick() {
        return new SagaEvent.Tick();
    }

    @Override
    SagaEvent suspend() {
        return new SagaEvent.Suspend();
    }
}
