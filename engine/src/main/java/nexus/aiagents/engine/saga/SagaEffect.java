package nexus.aiagents.engine.saga;

import java.time.Duration;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import org.jspecify.annotations.Nullable;

/// What a run wants done, in this order, after its `Note`s and its new state are durable. At most one call is
/// under way at any time.
public sealed interface SagaEffect {

    record Note(EngineEvent event) implements SagaEffect {}

    /// Evaluate the step's input expressions and answer before anything else is told.
    record ResolveInput(int step) implements SagaEffect {}

    /// @param step    index
    /// @param timeout null: none beyond the agent's own
    record CallAction(
            int step,
            int attempt,
            String key,
            String inputJson,
            @Nullable Duration timeout) implements SagaEffect {}

    record CallUndo(int step, int attempt, String key, String inputJson) implements SagaEffect {}

    /// End the call under way.
    record CancelCall(ExitReason reason) implements SagaEffect {}

    /// For the person who asked: it cannot be done, nothing changed.
    record Refused(String code, String message) implements SagaEffect {}

    /// The run is over.
    record End() implements SagaEffect {}
}
