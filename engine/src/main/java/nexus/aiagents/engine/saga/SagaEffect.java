package nexus.aiagents.engine.saga;

import java.time.Duration;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import org.jspecify.annotations.Nullable;

/// What a run wants done, in this order, after its `Note`s and its new state are durable. Steps are
/// named by their index. At most one compensation is under way at any time, and never together with an
/// action.
public sealed interface SagaEffect {

    record Note(EngineEvent event) implements SagaEffect {}

    /// Evaluate the step's input expressions and answer before anything else is told.
    record ResolveInput(int step) implements SagaEffect {}

    /// The same step and attempt again means: attach to the nested run that is there already.
    ///
    /// @param timeout null: none beyond the agent's own
    record CallAction(
            int step,
            int attempt,
            String key,
            String inputJson,
            @Nullable Duration timeout) implements SagaEffect {}

    /// @param action the attempt of the action that is undone
    record CallUndo(
            int step,
            int attempt,
            int action,
            String key,
            String inputJson,
            @Nullable Duration timeout) implements SagaEffect {}

    /// End the step's call under way.
    record CancelCall(int step, ExitReason reason) implements SagaEffect {}

    /// Pause, or let go on, the nested run under way at this step, if there is one.
    record PauseNested(int step, boolean paused) implements SagaEffect {}

    /// For the person who asked: it cannot be done, nothing changed.
    record Refused(String code, String message) implements SagaEffect {}

    /// The run is over.
    record End() implements SagaEffect {}
}
