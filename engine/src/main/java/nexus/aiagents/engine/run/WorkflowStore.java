package nexus.aiagents.engine.run;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.workflow.WorkflowRun;
import nexus.aiagents.engine.workflow.WorkflowState;
import nexus.aiagents.engine.workflow.WorkflowState.Fan;
import nexus.aiagents.engine.workflow.WorkflowState.Step;
import nexus.aiagents.engine.workflow.WorkflowState.Task;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// How the progress of a workflow is stored: the run under `run/ID`, each step under
/// `run-step/ID/INDEX`, its list of items under `run-items/ID/INDEX`, and each item under
/// `run-item/ID/INDEX/ITEM`. So a transition writes what it changed, however much there is.
final class WorkflowStore {
    private static final String ITEMS = "run-items/";
    private static final String ITEM = "run-item/";

    private WorkflowStore() {}

    /// A step without its items.
    private record Row(
            Task task,
            long since,
            int round,
            @Nullable String given,
            boolean approved,
            boolean cut,
            boolean items,
            @Nullable String skipped) {
        static Row of(Step step) {
            // The list of all outputs follows from the items.
            Task task = step.task();
            boolean items = step.fan() != null;
            Task kept = items
                    ? new Task(
                            task.status(), task.attempt(), task.tries(), null, null, task.due(), task.reason(), false)
                    : task;
            return new Row(
                    kept, step.since(), step.round(), step.given(), step.approved(), step.cut(), items, step.skipped());
        }
    }

    /// @return what to write; what is null goes
    static Map<String, @Nullable String> changes(String runId, WorkflowState before, WorkflowState next) {
        Map<String, @Nullable String> changes = new HashMap<>();
        if (next.phase() == WorkflowState.Phase.ENDED) {
            for (int i = 0; i < before.steps().size(); i++) {
                changes.put(step(runId, i), null);
                forget(runId, i, before.steps().get(i).fan(), changes);
                forget(runId, i, next.steps().get(i).fan(), changes);
            }
            return changes;
        }
        for (int i = 0; i < next.steps().size(); i++) {
            if (next.steps().get(i) != before.steps().get(i)) {
                change(runId, i, before.steps().get(i), next.steps().get(i), changes);
            }
        }
        if (!next.withSteps(List.of()).equals(before.withSteps(List.of()))) {
            changes.put(StoredRun.STATE + runId, state(next));
        }
        return changes;
    }

    static String state(WorkflowState state) {
        return RunJson.write(state.withSteps(List.of()));
    }

    private static void change(String runId, int i, Step before, Step next, Map<String, @Nullable String> changes) {
        Row row = Row.of(next);
        if (!row.equals(Row.of(before))) {
            changes.put(step(runId, i), RunJson.write(row));
        }
        Fan old = before.fan();
        Fan fan = next.fan();
        if (old != null && (fan == null || fan.items() != old.items())) {
            forget(runId, i, old, changes);
            old = null;
        }
        if (fan != null && old == null) {
            changes.put(ITEMS + runId + "/" + i, "[" + String.join(",", fan.items()) + "]");
            old = Fan.of(fan.items());
        }
        if (fan != null && old != null) {
            fan.tasks().changes(old.tasks(), (task, item) -> {
                if (!task.asked()) {
                    changes.put(item(runId, i, item), RunJson.write(task));
                }
            });
        }
    }

    private static void forget(String runId, int i, @Nullable Fan fan, Map<String, @Nullable String> changes) {
        if (fan != null) {
            changes.put(ITEMS + runId + "/" + i, null);
            for (int item = 0; item < fan.items().size(); item++) {
                changes.put(item(runId, i, item), null);
            }
        }
    }

    private static String step(String runId, int i) {
        return StoredRun.STEP + runId + "/" + i;
    }

    private static String item(String runId, int i, int item) {
        return ITEM + runId + "/" + i + "/" + item;
    }

    /// @param state what is stored of the run itself
    static WorkflowState read(WorkflowRun run, String state, Journal journal) {
        WorkflowState initial = WorkflowState.initial(run);
        List<Step> steps = new ArrayList<>(initial.steps());
        for (int i = 0; i < steps.size(); i++) {
            String step = journal.state(step(run.runId(), i));
            if (step != null) {
                Row row = RunJson.JSON.readValue(step, Row.class);
                steps.set(i, step(run.runId(), i, row, journal));
            }
        }
        return RunJson.JSON.readValue(state, WorkflowState.class).withSteps(List.copyOf(steps));
    }

    private static Step step(String runId, int i, Row row, Journal journal) {
        Fan fan = row.items() ? fan(runId, i, journal) : null;
        Task task = row.task();
        if (fan != null && task.status() == WorkflowState.Status.DONE) {
            task = task.withOutput(fan.output());
        }
        return new Step(task, fan, row.since(), row.round(), row.given(), row.approved(), row.cut(), row.skipped());
    }

    private static Fan fan(String runId, int i, Journal journal) {
        List<String> items = new ArrayList<>();
        String list = journal.state(ITEMS + runId + "/" + i);
        for (JsonNode item : RunJson.JSON.readTree(list == null ? "[]" : list)) {
            items.add(item.toString());
        }
        Map<String, String> stored = journal.states(ITEM + runId + "/" + i + "/");
        List<Task> tasks = new ArrayList<>();
        for (int item = 0; item < items.size(); item++) {
            String task = stored.get(item(runId, i, item));
            tasks.add(task == null ? Task.PENDING : RunJson.JSON.readValue(task, Task.class));
        }
        return Fan.of(items, tasks);
    }
}
