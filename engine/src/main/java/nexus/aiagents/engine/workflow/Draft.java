package nexus.aiagents.engine.workflow;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ObjIntConsumer;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.project.WorkflowSpec.Called;
import nexus.aiagents.engine.project.WorkflowSpec.StepSpec;
import nexus.aiagents.engine.workflow.WorkflowState.Failure;
import nexus.aiagents.engine.workflow.WorkflowState.Fan;
import nexus.aiagents.engine.workflow.WorkflowState.Phase;
import nexus.aiagents.engine.workflow.WorkflowState.Status;
import nexus.aiagents.engine.workflow.WorkflowState.Step;
import nexus.aiagents.engine.workflow.WorkflowState.Task;
import org.jspecify.annotations.Nullable;

/// The working copy of one decision.
final class Draft {
    /// The step as a whole, and no item of it.
    static final int WHOLE = -1;

    final WorkflowRun run;
    final WorkflowGraph graph;
    final long now;
    final double roll;
    final List<WorkflowEffect> effects = new ArrayList<>();
    private final List<Step> steps;
    Phase phase;
    long since;
    long pausedAt;

    @Nullable
    Failure failure;

    boolean cancelled;
    boolean suspended;

    Draft(WorkflowRun run, WorkflowGraph graph, WorkflowState state, long now, double roll) {
        this.run = run;
        this.graph = graph;
        this.now = now;
        this.roll = roll;
        this.steps = new ArrayList<>(state.steps());
        this.phase = state.phase();
        this.since = state.since();
        this.pausedAt = state.pausedAt();
        this.failure = state.failure();
        this.cancelled = state.cancelled();
        this.suspended = state.suspended();
    }

    WorkflowState state() {
        return new WorkflowState(phase, List.copyOf(steps), since, pausedAt, failure, cancelled, suspended);
    }

    int size() {
        return steps.size();
    }

    StepSpec spec(int i) {
        return run.workflow().steps().get(i);
    }

    Step at(int i) {
        return steps.get(i);
    }

    void set(int i, Step step) {
        steps.set(i, step);
    }

    Status status(int i) {
        return at(i).status();
    }

    boolean isNested(int i) {
        return spec(i).target().kind() != Called.AGENT;
    }

    /// The run goes from one phase to another.
    void enter(Phase next, String why) {
        RunTransition.check(phase, next, why);
        phase = next;
    }

    boolean mayBegin() {
        return phase == Phase.RUNNING && pausedAt == 0 && !suspended;
    }

    // ---- steps and items alike

    /// @return null if there is no such item
    @Nullable
    Task task(int i, int item) {
        if (item == WHOLE) {
            return at(i).task();
        }
        Fan fan = at(i).fan();
        return fan == null || item >= fan.items().size() ? null : fan.tasks().get(item);
    }

    void put(int i, int item, Task task) {
        Step step = at(i);
        if (item == WHOLE) {
            set(i, step.with(task));
        } else {
            set(i, step.with(fan(i).with(item, task)));
        }
    }

    Fan fan(int i) {
        Fan fan = at(i).fan();
        if (fan == null) {
            throw new IllegalStateException("step " + i + " has no items");
        }
        return fan;
    }

    void move(int i, int item, Task to, String why) {
        Task from = task(i, item);
        if (from == null) {
            throw new IllegalStateException("step " + i + " has no item " + item);
        }
        StepTransition.check(from.status(), to.status(), why);
        put(i, item, to);
    }

    /// `translate`, or `translate[3]`.
    String slot(int i, int item) {
        String name = spec(i).name();
        return item == WHOLE ? name : name + "[" + item + "]";
    }

    /// An item gives up its place.
    void leave(int i, int item) {
        List<Integer> active = new ArrayList<>(fan(i).active());
        active.remove((Integer) item);
        set(i, at(i).with(fan(i).withActive(active)));
    }

    /// Tells of every call under way: the step's index, and its item or `WHOLE`.
    void underWay(ObjIntConsumer<Integer> each) {
        for (int i = 0; i < size(); i++) {
            Fan fan = at(i).fan();
            if (fan != null) {
                for (int item : fan.active()) {
                    if (fan.tasks().get(item).status() == Status.RUNNING) {
                        each.accept(i, item);
                    }
                }
            } else if (status(i) == Status.RUNNING) {
                each.accept(i, WHOLE);
            }
        }
    }

    boolean isUnderWay() {
        boolean[] any = new boolean[1];
        underWay((_, _) -> any[0] = true);
        return any[0];
    }

    // ---- what is said

    void note(EngineEvent event) {
        effects.add(new WorkflowEffect.Note(event));
    }

    void noteFailed(int i, int item, int attempt, ExitReason reason, long retryAt) {
        note(new EngineEvent.StepFailed(run.runId(), slot(i, item), Math.max(1, attempt), reason, retryAt));
    }

    void refuse(String code, String message) {
        effects.add(new WorkflowEffect.Refused(code, message));
    }

    boolean isRefused() {
        return effects.stream().anyMatch(WorkflowEffect.Refused.class::isInstance);
    }
}
