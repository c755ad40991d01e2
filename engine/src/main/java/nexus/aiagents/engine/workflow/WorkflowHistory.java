package nexus.aiagents.engine.workflow;

import static nexus.aiagents.engine.workflow.Draft.WHOLE;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.workflow.WorkflowState.Failure;
import nexus.aiagents.engine.workflow.WorkflowState.Fan;
import nexus.aiagents.engine.workflow.WorkflowState.Phase;
import nexus.aiagents.engine.workflow.WorkflowState.Status;
import nexus.aiagents.engine.workflow.WorkflowState.Step;
import nexus.aiagents.engine.workflow.WorkflowState.Task;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the journal's entries of a run say about its state: for a run that ended, and so has no stored one.
public final class WorkflowHistory {
    /// So many lists in a row that were given and not begun are looked for.
    private static final int MOST_LISTS = 1_000;
    private static final Pattern ITEM = Pattern.compile("(.*)\\[(\\d+)]");

    private final Draft draft;

    private WorkflowHistory(WorkflowRun run, WorkflowGraph graph) {
        this.draft = new Draft(run, graph, WorkflowState.initial(run), run.startedAt(), 0);
    }

    /// @param events those of this run, oldest first
    public static WorkflowState fold(WorkflowRun run, WorkflowGraph graph, List<EngineEvent> events) {
        WorkflowHistory history = new WorkflowHistory(run, graph);
        events.forEach(history::apply);
        history.deriveItems();
        return history.draft.state();
    }

    /// The state in which a fork of a run begins: the step and all that use its output are to be done,
    /// and of the others those that were not done.
    ///
    /// @param of    the run that is forked
    /// @param input for the step to go on from, null: the usual one
    /// @return null if a step that it needs has no output to take over
    public static @Nullable WorkflowState fork(
            WorkflowRun run, WorkflowGraph graph, WorkflowState of, int from, @Nullable String input) {
        BitSet needed = graph.ancestors(from);
        BitSet after = graph.descendants(from);
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < of.steps().size(); i++) {
            Step old = of.steps().get(i);
            if (needed.get(i) && !old.status().isOver()) {
                return null;
            }
            if (i == from) {
                steps.add(Step.PENDING.withGiven(input));
            } else if (after.get(i) || !old.status().isOver()) {
                steps.add(Step.PENDING);
            } else {
                steps.add(new Step(takenOver(old), null, 0, 0, null, false, false, old.skipped()));
            }
        }
        return WorkflowState.initial(run).withSteps(steps);
    }

    private static Task takenOver(Step old) {
        return new Task(old.status(), 0, 0, null, old.output(), 0, old.task().reason(), false);
    }

    /// What a fork's journal begins with.
    public static List<EngineEvent> taken(WorkflowRun run, WorkflowState fork) {
        List<EngineEvent> first = new ArrayList<>();
        for (int i = 0; i < fork.steps().size(); i++) {
            Step step = fork.steps().get(i);
            String name = run.workflow().steps().get(i).name();
            if (step.status() == Status.DONE) {
                first.add(new EngineEvent.StepDone(run.runId(), name, 0, String.valueOf(step.output())));
            } else if (step.status() == Status.SKIPPED) {
                first.add(new EngineEvent.StepSkipped(run.runId(), name, String.valueOf(step.skipped())));
            }
        }
        return first;
    }

    private void apply(EngineEvent event) {
        switch (event) {
            case EngineEvent.StepStarted e -> started(e);
            case EngineEvent.StepDone e -> change(e.step(), task -> done(task, e));
            case EngineEvent.StepFailed e -> change(e.step(), task -> failed(task, e));
            case EngineEvent.StepUnknown e -> change(e.step(), task -> unknown(task, e.why()));
            case EngineEvent.StepSkipped e -> skipped(e);
            case EngineEvent.RunParked e -> change(e.step(), task -> to(task, Status.ASKING));
            case EngineEvent.ApprovalAsked e -> asked(e);
            case EngineEvent.StepApproved e -> approved(e);
            case EngineEvent.RunReopened e -> reopened(e);
            case EngineEvent.RunEnded e -> {
                ExitReason reason = e.reason();
                draft.phase = Phase.ENDED;
                draft.cancelled = e.state().equals("cancelled");
                draft.failure = reason == null ? null : new Failure(e.failedStep(), reason);
            }
            default -> {}
        }
    }

    private void started(EngineEvent.StepStarted e) {
        int i = draft.graph.index(e.step());
        if (i < 0 || draft.spec(i).forEach() == null) {
            change(e.step(), task -> started(task, e));
            return;
        }
        List<String> items = items(e.inputJson());
        Step step = draft.at(i);
        if (step.fan() == null) {
            draft.set(i, step.with(Fan.of(items)));
        }
        int round = round(e, step, WorkflowMachine.list(items));
        if (round != step.round()) {
            // A person gave it a list, which is always one of its own.
            draft.set(i, step.with(Fan.of(items)).withRound(round));
        }
        draft.put(i, WHOLE, new Task(Status.RUNNING, e.attempt(), 0, null, null, 0, null, false));
    }

    /// Which of its lists it is, told from the key: not every list that a person gave it was begun.
    private int round(EngineEvent.StepStarted e, Step step, String list) {
        for (int round = 0; round <= step.round() + MOST_LISTS; round++) {
            if (draft.run.key(e.step(), round, list).equals(e.idempotencyKey())) {
                return round;
            }
        }
        return step.round() + 1;
    }

    private void asked(EngineEvent.ApprovalAsked e) {
        int i = draft.graph.index(e.step());
        if (i >= 0 && draft.spec(i).forEach() != null) {
            List<String> items = items(e.inputJson());
            Step step = draft.at(i);
            if (step.fan() == null) {
                draft.set(i, step.with(Fan.of(items)));
            } else if (!step.fan().items().equals(items)) {
                draft.set(i, step.with(Fan.of(items)).withRound(step.round() + 1));
            }
        }
        change(e.step(), task -> to(task, Status.APPROVAL).withInput(e.inputJson()));
    }

    private static List<String> items(String json) {
        List<String> items = new ArrayList<>();
        for (JsonNode item : JsonMapper.shared().readTree(json)) {
            items.add(item.toString());
        }
        return items;
    }

    private static Task started(Task task, EngineEvent.StepStarted e) {
        return new Task(Status.RUNNING, e.attempt(), task.tries() + 1, e.inputJson(), null, 0, null, false);
    }

    private static Task done(Task task, EngineEvent.StepDone e) {
        return new Task(Status.DONE, e.attempt(), task.tries(), task.input(), e.outputJson(), 0, null, false);
    }

    private static Task failed(Task task, EngineEvent.StepFailed e) {
        Status status = e.retryAtEpochMillis() > 0 ? Status.WAITING : Status.FAILED;
        return task.failed(status, e.reason(), e.retryAtEpochMillis());
    }

    private static Task unknown(Task task, String why) {
        return task.failed(Status.UNKNOWN, ExitReason.error("unknown-effect", why), 0);
    }

    private static Task to(Task task, Status status) {
        return new Task(status, task.attempt(), task.tries(), task.input(), task.output(), 0, task.reason(), false);
    }

    private void skipped(EngineEvent.StepSkipped e) {
        change(e.step(), task -> to(task, Status.SKIPPED));
        int i = draft.graph.index(e.step());
        if (i >= 0) {
            draft.set(i, draft.at(i).withSkipped(e.why()));
        }
    }

    private void approved(EngineEvent.StepApproved e) {
        change(e.step(), task -> to(task, Status.PENDING));
        int i = draft.graph.index(e.step());
        if (i >= 0) {
            draft.set(i, draft.at(i).withApproved());
        }
    }

    private void reopened(EngineEvent.RunReopened e) {
        int from = draft.graph.index(e.step());
        if (from >= 0) {
            deriveItems();
            new People(draft, new Forward(draft)).reopen(from, null);
        }
    }

    private void change(String slot, UnaryOperator<Task> change) {
        Matcher item = ITEM.matcher(slot);
        boolean whole = !item.matches();
        int i = draft.graph.index(whole ? slot : item.group(1));
        int number = whole ? WHOLE : Integer.parseInt(item.group(2));
        Task task = i < 0 ? null : draft.task(i, number);
        if (task != null) {
            draft.put(i, number, change.apply(task));
        }
    }

    /// Which items are next and which take up a place follows from what became of them.
    private void deriveItems() {
        for (int i = 0; i < draft.size(); i++) {
            Fan fan = draft.at(i).fan();
            if (fan != null) {
                List<Task> tasks = new ArrayList<>();
                for (int item = 0; item < fan.items().size(); item++) {
                    tasks.add(fan.tasks().get(item));
                }
                draft.set(i, draft.at(i).with(Fan.of(fan.items(), tasks)));
            }
        }
    }
}
