package nexus.aiagents.engine.workflow;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.project.WorkflowSpec;
import nexus.aiagents.engine.workflow.WorkflowEffect.Call;
import nexus.aiagents.engine.workflow.WorkflowEffect.Refused;

/// A machine with a world around it that a test moves: calls end when it says so, and time passes when
/// it says so.
final class FlowDriver {
    final WorkflowRun run;
    final WorkflowMachine machine;
    WorkflowState state;
    static final long START = 1_000_000;

    long now = START;
    double roll;
    final List<EngineEvent> notes = new ArrayList<>();
    /// By the name of the step or item.
    final Map<String, Call> underWay = new LinkedHashMap<>();
    final List<Call> calls = new ArrayList<>();
    final List<String> cancelled = new ArrayList<>();
    final List<Refused> refused = new ArrayList<>();
    /// What an expression gives: steps' conditions, and the items of a `forEach`.
    final Map<String, Boolean> conditions = new HashMap<>();
    final Map<String, List<String>> items = new HashMap<>();
    Function<String, String> inputs = name -> "\"" + name + "\"";

    FlowDriver(WorkflowSpec flow) {
        this(Flows.run(flow));
    }

    FlowDriver(WorkflowRun run) {
        this.run = run;
        this.machine = new WorkflowMachine(run);
        this.state = WorkflowState.initial(run);
    }

    FlowDriver begin() {
        tell(new WorkflowEvent.Begin());
        return this;
    }

    void tell(WorkflowEvent event) {
        Deque<WorkflowEvent> open = new ArrayDeque<>(List.of(event));
        List<WorkflowEffect> later = new ArrayList<>();
        while (!open.isEmpty()) {
            WorkflowMachine.Decision decision = machine.decide(state, open.poll(), now, roll);
            state = decision.state();
            for (WorkflowEffect effect : decision.effects()) {
                switch (effect) {
                    case WorkflowEffect.ResolveStep e -> open.add(resolve(e));
                    case WorkflowEffect.ResolveItem e ->
                        open.add(new WorkflowEvent.InputReady(e.step(), e.item(), e.itemJson()));
                    case WorkflowEffect.ResolveOutput _ -> open.add(new WorkflowEvent.OutputReady("\"out\""));
                    default -> later.add(effect);
                }
            }
        }
        later.forEach(this::carryOut);
    }

    private WorkflowEvent resolve(WorkflowEffect.ResolveStep e) {
        WorkflowSpec.StepSpec spec = run.workflow().steps().get(e.step());
        if (e.given() != null) {
            return spec.forEach() == null
                    ? new WorkflowEvent.InputReady(e.step(), -1, e.given())
                    : new WorkflowEvent.ItemsReady(e.step(), List.of(e.given()));
        }
        if (spec.when() != null && !conditions.getOrDefault(spec.name(), true)) {
            return new WorkflowEvent.ConditionFalse(e.step());
        }
        return spec.forEach() == null
                ? new WorkflowEvent.InputReady(e.step(), -1, inputs.apply(spec.name()))
                : new WorkflowEvent.ItemsReady(e.step(), items.getOrDefault(spec.name(), List.of("1", "2", "3")));
    }

    private void carryOut(WorkflowEffect effect) {
        switch (effect) {
            case WorkflowEffect.Note e -> notes.add(e.event());
            case Call e -> {
                Call before = underWay.put(name(e), e);
                if (before != null && before.attempt() != e.attempt()) {
                    throw new AssertionError(name(e) + " is called twice at once");
                }
                calls.add(e);
            }
            case WorkflowEffect.CancelCall e -> cancelled.add(name(e.step(), e.item()));
            case Refused e -> refused.add(e);
            default -> {}
        }
    }

    String name(Call call) {
        return name(call.step(), call.item());
    }

    private String name(int step, int item) {
        String name = run.workflow().steps().get(step).name();
        return item < 0 ? name : name + "[" + item + "]";
    }

    void returns(String name, String output) {
        Call call = taken(name);
        tell(new WorkflowEvent.Returned(call.step(), call.item(), call.attempt(), output));
    }

    /// Each returns its own name.
    void done(String... names) {
        for (String name : names) {
            returns(name, "\"" + name + "\"");
        }
    }

    /// Milliseconds from the beginning to the next tick.
    long due() {
        long next = machine.nextTick(state);
        return next == Long.MAX_VALUE ? -1 : next - START;
    }

    void fails(String name) {
        ends(name, ExitReason.error("no", "it says no"));
    }

    void ends(String name, ExitReason reason) {
        Call call = taken(name);
        tell(new WorkflowEvent.Ended(call.step(), call.item(), call.attempt(), reason));
    }

    private Call taken(String name) {
        Call call = underWay.remove(name);
        if (call == null) {
            throw new AssertionError(name + " is not under way, but " + underWay.keySet());
        }
        return call;
    }

    /// What was under way is lost with the process; nested runs go on by themselves.
    void crash() {
        underWay.clear();
        tell(new WorkflowEvent.Recover());
    }

    void pass(long millis) {
        now += millis;
        tell(new WorkflowEvent.Tick());
    }

    String status(String name) {
        return state.steps().get(machine.graph().index(name)).status().name().toLowerCase(java.util.Locale.ROOT);
    }

    <T extends EngineEvent> List<T> notes(Class<T> type) {
        return notes.stream().filter(type::isInstance).map(type::cast).toList();
    }

    EngineEvent.RunEnded end() {
        List<EngineEvent.RunEnded> ends = notes(EngineEvent.RunEnded.class);
        if (ends.isEmpty()) {
            throw new AssertionError("not ended: " + state);
        }
        return ends.getLast();
    }
}
