package nexus.aiagents.engine.workflow;

import java.time.Duration;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import org.jspecify.annotations.Nullable;

/// What a run wants done. `Resolve…` is answered at once, before the decision is made durable:
/// evaluating has no effect. All else is done, in this order, after the `Note`s and the new state are
/// durable.
public sealed interface WorkflowEffect {

    record Note(EngineEvent event) implements WorkflowEffect {}

    /// Evaluate the step's condition, then its items or its input. `given` stands for both, if it is there.
    record ResolveStep(int step, @Nullable String given) implements WorkflowEffect {}

    /// Evaluate the input of one item.
    record ResolveItem(int step, int item, String itemJson) implements WorkflowEffect {}

    /// Evaluate the output of the run.
    record ResolveOutput() implements WorkflowEffect {}

    /// The same step, item and attempt again means: attach to the nested run that is there already.
    ///
    /// @param item    -1: the step as a whole
    /// @param timeout of an agent's call beyond the agent's own, null: none
    record Call(
            int step,
            int item,
            int attempt,
            String key,
            String inputJson,
            @Nullable Duration timeout) implements WorkflowEffect {}

    record CancelCall(int step, int item, ExitReason reason) implements WorkflowEffect {}

    /// Pause, or let go on, the nested run under way.
    record PauseNested(int step, int item, boolean paused) implements WorkflowEffect {}

    /// For the person who asked: it cannot be done, nothing changed.
    record Refused(String code, String message) implements WorkflowEffect {}

    /// The run is over.
    record End() implements WorkflowEffect {}
}
