package nexus.aiagents.engine.workflow;

import java.util.List;
import java.util.Objects;
import nexus.aiagents.engine.project.Pinned;
import nexus.aiagents.engine.project.WorkflowSpec;
import nexus.aiagents.engine.saga.SagaRun;

/// What a run of a workflow is pinned to and never changes, whatever becomes of the YAML.
///
/// @param pinned    the sagas, pools and workflows its steps call
/// @param budgets   of the runs it is part of: its spending counts there too
/// @param startedAt milliseconds since 1970
public record WorkflowRun(
        String runId, WorkflowSpec workflow, String inputJson, Pinned pinned, List<String> budgets, long startedAt) {

    public WorkflowRun {
        pinned = Objects.requireNonNullElse(pinned, Pinned.NONE);
        budgets = budgets == null ? List.of() : List.copyOf(budgets);
    }

    /// The same run, step, item and input have the same key, so that an action can see that it is asked
    /// again. A step that was done and that a person lets run again has a new one.
    ///
    /// @param slot  the step's name, of an item with its index: `translate[3]`
    /// @param round how often the step was begun anew after it was done
    String key(String slot, int round, String input) {
        return SagaRun.digest(runId + '\n' + slot + (round == 0 ? "" : "\n" + round) + '\n' + input);
    }
}
