package nexus.aiagents.engine.run;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import nexus.aiagents.engine.agent.AgentCalls;
import nexus.aiagents.engine.agent.AgentCalls.Result;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.project.WorkflowSpec.Called;
import nexus.aiagents.engine.project.WorkflowSpec.StepSpec;
import nexus.aiagents.engine.workflow.WorkflowEffect;
import nexus.aiagents.engine.workflow.WorkflowEvent;
import nexus.aiagents.engine.workflow.WorkflowMachine;
import nexus.aiagents.engine.workflow.WorkflowRun;
import nexus.aiagents.engine.workflow.WorkflowState;
import org.jspecify.annotations.Nullable;

/// Carries out what a workflow's machine decides.
final class WorkflowWorker extends RunWorker<WorkflowEvent> {

    /// A call under way.
    private record Slot(int step, int item) {}

    private final WorkflowRun run;
    private final WorkflowMachine machine;
    private final WorkflowInputs inputs;
    private WorkflowState state;
    private List<EngineEvent> first;

    /// @param state what is stored of it, or would be if it just began
    /// @param first journalled with the first transition; empty if it is stored
    WorkflowWorker(
            WorkflowRun run,
            WorkflowState state,
            RunContext context,
            @Nullable String definition,
            List<EngineEvent> first) {
        super(run.runId(), context, definition);
        this.run = run;
        this.machine = new WorkflowMachine(run);
        this.inputs = new WorkflowInputs(run, machine.graph(), context.env());
        this.state = state;
        this.first = first;
        this.isNew = definition != null;
    }

    /// Nothing is stored yet.
    private boolean isNew;

    @Override
    Turn decide(WorkflowEvent event, long now) {
        WorkflowState before = isNew ? WorkflowState.initial(run) : state;
        List<EngineEvent> events = new ArrayList<>(first);
        List<Runnable> after = new ArrayList<>();
        CommandResult.Refused refused = null;
        Deque<WorkflowEvent> open = new ArrayDeque<>(List.of(event));
        while (!open.isEmpty()) {
            WorkflowMachine.Decision decision =
                    machine.decide(state, open.remove(), now, context.random().nextDouble());
            state = decision.state();
            for (WorkflowEffect effect : decision.effects()) {
                switch (effect) {
                    case WorkflowEffect.Note e -> events.add(e.event());
                    case WorkflowEffect.ResolveStep e -> open.add(inputs.step(state, e));
                    case WorkflowEffect.ResolveItem e -> open.add(inputs.item(state, e));
                    case WorkflowEffect.ResolveOutput _ -> open.add(inputs.output(state));
                    case WorkflowEffect.Call e -> after.add(() -> call(e));
                    case WorkflowEffect.CancelCall e ->
                        after.add(() -> cancelCall(new Slot(e.step(), e.item()), e.reason()));
                    case WorkflowEffect.PauseNested e -> after.add(() -> pauseNested(e));
                    case WorkflowEffect.Refused e -> refused = new CommandResult.Refused(e.code(), e.message());
                    case WorkflowEffect.End _ -> {}
                }
            }
        }
        if (refused != null) {
            return new Turn(List.of(), Map.of(), false, List.of(), refused);
        }
        first = List.of();
        Map<String, @Nullable String> stored = WorkflowStore.changes(runId, before, state);
        if (isNew && state.phase() != WorkflowState.Phase.ENDED) {
            stored.put(StoredRun.STATE + runId, WorkflowStore.state(state));
        }
        isNew = false;
        return new Turn(events, stored, state.phase() == WorkflowState.Phase.ENDED, after, null);
    }

    // ---- calls

    private StepSpec spec(int step) {
        return run.workflow().steps().get(step);
    }

    private String slot(int step, int item) {
        return spec(step).name() + (item < 0 ? "" : "[" + item + "]");
    }

    private void call(WorkflowEffect.Call e) {
        StepSpec step = spec(e.step());
        String slot = slot(e.step(), e.item());
        Slot key = new Slot(e.step(), e.item());
        if (step.target().kind() == Called.AGENT) {
            AgentCalls.Request request = new AgentCalls.Request(
                    step.target().name(), e.inputJson(), runId, slot, e.attempt(), e.key(), budgets(), e.timeout());
            call(key, request, result -> outcome(e, step, result));
            return;
        }
        String id = nestedId(e.step(), e.item(), e.attempt());
        call(
                key,
                context.nested().run(id, () -> beginNested(id, step, slot, e.inputJson())),
                result -> outcome(e, step, result));
    }

    private NestedRuns.Started<?> beginNested(String id, StepSpec step, String slot, String input) {
        String name = step.target().name();
        NestedBegin begin = new NestedBegin(context, run.pinned(), budgets(), runId, slot);
        return switch (step.target().kind()) {
            case POOL -> begin.pool(id, name, input);
            case SAGA -> begin.saga(id, name, input);
            case WORKFLOW -> begin.workflow(id, name, input);
            case AGENT -> throw new IllegalStateException("an agent's call is no run");
        };
    }

    private String nestedId(int step, int item, int attempt) {
        return RunIds.nested(runId, step, item, state.steps().get(step).round(), attempt);
    }

    private void pauseNested(WorkflowEffect.PauseNested e) {
        WorkflowState.Step step = state.steps().get(e.step());
        WorkflowState.Fan fan = step.fan();
        int attempt = e.item() < 0 || fan == null
                ? step.task().attempt()
                : fan.tasks().get(e.item()).attempt();
        context.nested().pause(nestedId(e.step(), e.item(), attempt), e.paused());
    }

    /// Its own, and those of the runs that it is part of.
    private List<String> budgets() {
        List<String> budgets = new ArrayList<>(run.budgets());
        budgets.add("workflow/" + run.workflow().name());
        return budgets;
    }

    private WorkflowEvent outcome(WorkflowEffect.Call e, StepSpec step, Result result) {
        int most = step.target().kind() == Called.AGENT ? RunJson.MAX_BYTES : WorkflowMachine.MAX_LIST_BYTES;
        return switch (RunJson.checked(result, most)) {
            case Result.Ended r -> new WorkflowEvent.Ended(e.step(), e.item(), e.attempt(), r.reason());
            case Result.Returned r -> {
                String schema = step.outputSchema();
                String problem = schema == null ? null : Schemas.problem(schema, r.outputJson());
                yield problem == null
                        ? new WorkflowEvent.Returned(e.step(), e.item(), e.attempt(), r.outputJson())
                        : new WorkflowEvent.Ended(
                                e.step(),
                                e.item(),
                                e.attempt(),
                                ExitReason.error(
                                        "output-schema",
                                        "the output of step " + slot(e.step(), e.item()) + " breaks its schema: "
                                                + problem));
            }
        };
    }

    // ---- what the runner asks

    @Override
    WorkflowEvent event(Wish wish) {
        return switch (wish) {
            case Wish.Cancel _ -> new WorkflowEvent.Cancel();
            case Wish.Pause _ -> new WorkflowEvent.Pause();
            case Wish.Resume _ -> new WorkflowEvent.Resume();
            case Wish.Approve w -> new WorkflowEvent.Approve(w.step(), w.comment());
            case Wish.Reject w -> new WorkflowEvent.Reject(w.step(), w.comment());
            case Wish.RetryParked w -> new WorkflowEvent.RetryParked(w.step(), w.inputJson());
            case Wish.SkipParked w -> new WorkflowEvent.SkipParked(w.step(), w.resolved());
            case Wish.RetryFrom w -> new WorkflowEvent.RetryFrom(w.step(), w.inputJson());
        };
    }

    @Override
    long nextTick() {
        return machine.nextTick(state);
    }

    @Override
    WorkflowEvent tick() {
        return new WorkflowEvent.Tick();
    }

    @Override
    WorkflowEvent suspend() {
        return new WorkflowEvent.Suspend();
    }
}
