package nexus.aiagents.engine.pool;

import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;

/// What a queue wants done, in this order. `Note`, `Keep` and `Forget` are made durable together,
/// before any of the others.
public sealed interface QueueEffect {

    record Note(EngineEvent event) implements QueueEffect {}

    /// The job as it is now.
    record Keep(QueueState.Job job) implements QueueEffect {}

    record Forget(String job) implements QueueEffect {}

    record Start(int worker, String agent, QueueState.Job job) implements QueueEffect {}

    record CancelCall(String job, int attempt, ExitReason reason) implements QueueEffect {}

    /// Tells who brought it.
    record Accepted(String job) implements QueueEffect {}

    /// @param code `queue-full` or `draining`
    record Refused(String job, String code, String message) implements QueueEffect {}
}
