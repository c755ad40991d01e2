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
import nexus.aiagents.engine.project.SagaSpec.StepSpec;
import nexus.aiagents.engine.saga.SagaEffect;
import nexus.aiagents.engine.saga.SagaEvent;
import nexus.aiagents.engine.saga.SagaMachine;
import nexus.aiagents.engine.saga.SagaRun;
import nexus.aiagents.engine.saga.SagaState;
import org.jspecify.annotations.Nullable;

/// Carries out what a saga's machine decides.
final class SagaWorker extends RunWorker<SagaEvent> {
    /// At most one call of a saga is under way.
    private static final String CALL = "call";

    private final SagaRun run;
    private SagaState state;
    private @Nullable EngineEvent started;

    /// @param started journalled with the first transition, null if it was before
    SagaWorker(
            SagaRun run,
            SagaState state,
            RunContext context,
            @Nullable String definition,
            @Nullable EngineEvent started) {
        super(run.runId(), context, definition);
        this.run = run;
        this.state = state;
        this.started = started;
    }

    @Override
    Turn decide(SagaEvent event, long now) {
        SagaMachine.Decision decision = SagaMachine.decide(run, state, event, now);
        Map<String, @Nullable String> stored = changes(state, decision.state());
        state = decision.state();
        List<EngineEvent> events = new ArrayList<>();
        if (started != null) {
            events.add(started);
            started = null;
        }
        List<Runnable> after = new ArrayList<>();
        CommandResult.Refused refused = null;
        for (SagaEffect effect : decision.effects()) {
            switch (effect) {
                case SagaEffect.Note e -> events.add(e.event());
                case SagaEffect.ResolveInput e -> after.add(() -> next(resolve(e.step())));
                case SagaEffect.CallAction e -> after.add(() -> callAction(e));
                case SagaEffect.CallUndo e -> after.add(() -> callUndo(e));
                case SagaEffect.CancelCall e -> after.add(() -> cancelCall(CALL, e.reason()));
                case SagaEffect.Refused e -> refused = new CommandResult.Refused(e.code(), e.message());
                case SagaEffect.End _ -> {}
            }
        }
        return new Turn(events, stored, state.phase() == SagaState.Phase.ENDED, after, refused);
    }

    /// Each step is stored by itself, so that a transition writes what it changed and not all outputs so far.
    private Map<String, @Nullable String> changes(SagaState before, SagaState next) {
        Map<String, @Nullable String> changes = new HashMap<>();
        if (next.phase() == SagaState.Phase.ENDED) {
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
        Map<String, @Nullable String> outputs = new LinkedHashMap<>();
        for (int i = 0; i < step; i++) {
            outputs.put(run.saga().steps().get(i).name(), state.steps().get(i).output());
        }
        return switch (Expressions.evaluate(template, run, outputs)) {
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

    private void callAction(SagaEffect.CallAction e) {
        StepSpec step = run.saga().steps().get(e.step());
        call(
                CALL,
                request(step.action(), step.name(), e.inputJson(), e.attempt(), e.key(), e.timeout()),
                result -> outcome(e.step(), e.attempt(), step, result));
    }

    private void callUndo(SagaEffect.CallUndo e) {
        StepSpec step = run.saga().steps().get(e.step());
        String agent = step.compensation();
        if (agent == null) {
            throw new IllegalStateException(step.name() + " has no compensation");
        }
        call(
                CALL,
                request(agent, step.name(), e.inputJson(), e.attempt(), e.key(), null),
                result -> undoOutcome(e, result));
    }

    private static SagaEvent undoOutcome(SagaEffect.CallUndo e, Result result) {
        return switch (RunJson.checked(result, RunJson.MAX_BYTES)) {
            case Result.Returned r -> new SagaEvent.Undone(e.step(), e.attempt(), r.outputJson());
            case Result.Ended r -> new SagaEvent.UndoFailed(e.step(), e.attempt(), r.reason());
        };
    }

    private AgentCalls.Request request(
            String agent, String step, String input, int attempt, String key, @Nullable Duration timeout) {
        return new AgentCalls.Request(
                agent,
                input,
                runId,
                step,
                attempt,
                key,
                List.of("saga/" + run.saga().name()),
                timeout);
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
