package nexus.aiagents.engine.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import nexus.aiagents.engine.agent.AgentCalls;
import nexus.aiagents.engine.agent.AgentCalls.Result;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
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
        boolean over = state.phase() == SagaState.Phase.ENDED;
        return new Turn(events, over ? null : RunJson.write(state), after, refused);
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
        call(CALL, request(agent, step.name(), e.inputJson(), e.attempt(), e.key(), null), result -> switch (checked(
                result)) {
            case Result.Returned r -> new SagaEvent.Undone(e.step(), e.attempt(), r.outputJson());
            case Result.Ended r -> new SagaEvent.UndoFailed(e.step(), e.attempt(), r.reason());
        });
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
        return switch (checked(result)) {
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

    private static Result checked(Result result) {
        if (result instanceof Result.Returned r) {
            String problem = RunJson.problem(r.outputJson());
            if (problem != null) {
                return new Result.Ended(ExitReason.error("bad-output", "its output is no JSON: " + problem));
            }
        }
        return result;
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
