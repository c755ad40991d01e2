package nexus.aiagents.engine.workflow;

import static nexus.aiagents.engine.workflow.Draft.WHOLE;

import java.time.Duration;
import java.util.List;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.ExitReason.Kind;
import nexus.aiagents.engine.project.WorkflowSpec.StepSpec;
import nexus.aiagents.engine.workflow.WorkflowState.Failure;
import nexus.aiagents.engine.workflow.WorkflowState.Fan;
import nexus.aiagents.engine.workflow.WorkflowState.Phase;
import nexus.aiagents.engine.workflow.WorkflowState.Status;
import nexus.aiagents.engine.workflow.WorkflowState.Step;
import nexus.aiagents.engine.workflow.WorkflowState.Task;
import org.jspecify.annotations.Nullable;

/// A workflow as a pure function of one run. Times are milliseconds since 1970. Immutable.
public final class WorkflowMachine {
    /// The most bytes of an input of a step, and of all outputs of its items together.
    public static final int MAX_LIST_BYTES = 1024 * 1024;

    static final String CONDITION = "condition";
    static final String NEEDS_SKIPPED = "needs-skipped";

    public record Decision(WorkflowState state, List<WorkflowEffect> effects) {}

    private final WorkflowRun run;
    private final WorkflowGraph graph;

    public WorkflowMachine(WorkflowRun run) {
        this.run = run;
        this.graph = new WorkflowGraph(run.workflow());
    }

    public WorkflowGraph graph() {
        return graph;
    }

    /// @param roll by chance, from 0 up to 1; what is decided with it is part of the new state
    public Decision decide(WorkflowState state, WorkflowEvent event, long now, double roll) {
        Draft draft = new Draft(run, graph, state, now, roll);
        Forward forward = new Forward(draft);
        People people = new People(draft, forward);
        switch (event) {
            case WorkflowEvent.Begin _ -> {}
            case WorkflowEvent.Recover _ -> recover(draft, forward);
            case WorkflowEvent.Suspend _ -> draft.suspended = true;
            case WorkflowEvent.Tick _ -> tick(draft, forward);
            case WorkflowEvent.InputReady e -> forward.inputReady(e.step(), e.item(), e.inputJson());
            case WorkflowEvent.ItemsReady e -> forward.itemsReady(e.step(), e.items());
            case WorkflowEvent.ConditionFalse e -> forward.conditionFalse(e.step());
            case WorkflowEvent.Broken e -> forward.broken(e.step(), e.item(), e.reason());
            case WorkflowEvent.OutputReady e -> forward.ends.outputReady(e.outputJson());
            case WorkflowEvent.OutputBroken e -> forward.ends.outputBroken(e.reason());
            case WorkflowEvent.Returned e -> forward.returned(e.step(), e.item(), e.attempt(), e.outputJson());
            case WorkflowEvent.Ended e -> forward.ended(e.step(), e.item(), e.attempt(), e.reason());
            case WorkflowEvent.Cancel _ -> people.cancel();
            case WorkflowEvent.Pause _ -> people.pause();
            case WorkflowEvent.Resume _ -> people.resume();
            case WorkflowEvent.Approve e -> people.approve(e.step(), e.comment());
            case WorkflowEvent.Reject e -> people.reject(e.step(), e.comment());
            case WorkflowEvent.RetryParked e -> people.retryParked(e.step(), e.inputJson());
            case WorkflowEvent.SkipParked e -> people.skipParked(e.step(), e.resolved());
            case WorkflowEvent.RetryFrom e -> people.retryFrom(e.step(), e.inputJson());
        }
        if (draft.isRefused()) {
            return new Decision(state, List.copyOf(draft.effects));
        }
        forward.advance();
        return new Decision(draft.state(), List.copyOf(draft.effects));
    }

    // ---- the end of the process

    private static void recover(Draft draft, Forward forward) {
        draft.suspended = false;
        if (draft.phase == Phase.ENDED) {
            return;
        }
        boolean waits = isWaiting(draft);
        if (!waits) {
            draft.note(new EngineEvent.RunResumed(draft.run.runId()));
        }
        draft.underWay((i, item) -> {
            if (draft.isNested(i)) {
                attach(draft, i, item);
            } else {
                String why = "the process ended while the step was under way";
                forward.unknown(i, item, why, ExitReason.error("unknown-effect", why), true);
            }
        });
    }

    private static boolean isWaiting(Draft draft) {
        boolean waits = draft.pausedAt > 0 || new People(draft, new Forward(draft)).isParked();
        for (int i = 0; i < draft.size(); i++) {
            waits |= draft.status(i) == Status.APPROVAL;
        }
        return waits && !draft.isUnderWay();
    }

    /// A nested run goes on by itself; its end is waited for again.
    private static void attach(Draft draft, int i, int item) {
        Task task = draft.task(i, item);
        if (task == null) {
            return;
        }
        String input = String.valueOf(task.input());
        String key = draft.run.key(draft.slot(i, item), draft.at(i).round(), input);
        draft.effects.add(new WorkflowEffect.Call(i, item, task.attempt(), key, input, null));
        if (draft.cancelled || draft.at(i).cut() || task.due() < 0) {
            draft.effects.add(
                    new WorkflowEffect.CancelCall(i, item, ExitReason.of(Kind.KILLED, "the run it is part of stops")));
        }
        if (draft.pausedAt > 0) {
            draft.effects.add(new WorkflowEffect.PauseNested(i, item, true));
        }
    }

    // ---- time

    private void tick(Draft draft, Forward forward) {
        if (draft.pausedAt > 0 || draft.phase == Phase.ENDED) {
            return;
        }
        Duration timeout = run.workflow().timeout();
        if (timeout != null && draft.phase == Phase.RUNNING && draft.now >= draft.since + millis(timeout)) {
            ExitReason reason = ExitReason.of(Kind.TIMEOUT, "the workflow took longer than " + words(timeout));
            forward.ends.stop(new Failure(null, reason), RunTransition.OUT_OF_TIME);
            draft.underWay((i, item) -> draft.effects.add(new WorkflowEffect.CancelCall(i, item, reason)));
            return;
        }
        for (int i = 0; i < draft.size(); i++) {
            if (draft.now >= cutAt(draft.spec(i), draft.at(i))) {
                cutOff(draft, forward, i);
            }
        }
        draft.underWay((i, item) -> {
            Task task = draft.task(i, item);
            if (task != null && task.due() > 0 && draft.now >= task.due()) {
                draft.put(i, item, task.due(-1));
                draft.effects.add(new WorkflowEffect.CancelCall(
                        i, item, ExitReason.of(Kind.TIMEOUT, "the step's attempt took too long")));
            }
        });
    }

    private static long cutAt(StepSpec spec, Step step) {
        boolean counts = spec.totalTimeout() != null
                && step.since() > 0
                && !step.cut()
                && (step.status() == Status.RUNNING || step.status() == Status.WAITING);
        return counts ? step.since() + millis(spec.totalTimeout()) : Long.MAX_VALUE;
    }

    private static void cutOff(Draft draft, Forward forward, int i) {
        ExitReason reason = ExitReason.of(
                Kind.TIMEOUT, "the step took longer than " + words(draft.spec(i).totalTimeout()));
        draft.set(i, draft.at(i).withCut());
        Fan fan = draft.at(i).fan();
        if (fan == null) {
            cutOff(draft, forward, i, WHOLE, reason);
            return;
        }
        draft.set(i, draft.at(i).with(fan.withBroken(reason)));
        fan.active().forEach(item -> cutOff(draft, forward, i, item, reason));
    }

    private static void cutOff(Draft draft, Forward forward, int i, int item, ExitReason reason) {
        Task task = draft.task(i, item);
        if (task != null && task.status() == Status.RUNNING) {
            draft.effects.add(new WorkflowEffect.CancelCall(i, item, reason));
        } else if (task != null && task.status() == Status.WAITING) {
            draft.noteFailed(i, item, task.attempt(), reason, 0);
            forward.over(i, item, reason, StepTransition.OUT_OF_TIME);
        }
    }

    /// When a {@link WorkflowEvent.Tick} is due, `Long.MAX_VALUE` if never.
    public long nextTick(WorkflowState state) {
        if (state.phase() == Phase.ENDED || state.suspended() || state.pausedAt() > 0) {
            return Long.MAX_VALUE;
        }
        long next = Long.MAX_VALUE;
        boolean running = state.phase() == Phase.RUNNING;
        if (run.workflow().timeout() != null && running) {
            next = state.since() + millis(run.workflow().timeout());
        }
        for (int i = 0; i < state.steps().size(); i++) {
            Step step = state.steps().get(i);
            next = Math.min(next, cutAt(run.workflow().steps().get(i), step));
            Fan fan = step.fan();
            if (fan == null) {
                next = Math.min(next, due(step.task(), running));
            } else if (step.status() == Status.RUNNING) {
                for (int item : fan.active()) {
                    next = Math.min(next, due(fan.tasks().get(item), running && fan.broken() == null));
                }
            }
        }
        return next;
    }

    private static long due(Task task, boolean running) {
        return switch (task.status()) {
            case WAITING -> running ? task.due() : Long.MAX_VALUE;
            case RUNNING -> task.due() > 0 ? task.due() : Long.MAX_VALUE;
            default -> Long.MAX_VALUE;
        };
    }

    // ---- small things

    static long millis(@Nullable Duration time) {
        return time == null ? 0 : time.toMillis();
    }

    /// As it is written in YAML: `90s` and not `PT1M30S`.
    static String words(@Nullable Duration time) {
        return time == null ? "" : time.toSeconds() > 0 ? time.toSeconds() + "s" : time.toMillis() + "ms";
    }

    /// A JSON list of JSON values.
    static String list(List<String> values) {
        return "[" + String.join(",", values) + "]";
    }
}
