package nexus.aiagents.engine.pool;

import nexus.aiagents.engine.journal.ExitReason;
import org.jspecify.annotations.Nullable;

/// What a queue hears. News of an older attempt of a job are ignored.
public sealed interface QueueEvent {

    /// Its workers may work. Jobs that were at work when the process ended are taken up again.
    record Open() implements QueueEvent {}

    /// No job starts any more; those at work go on.
    record Close() implements QueueEvent {}

    /// Those at work are cut short; what they did is not known.
    record Kill() implements QueueEvent {}

    /// The pool was changed in the YAML.
    record Reconfigured() implements QueueEvent {}

    /// Time has passed.
    record Tick() implements QueueEvent {}

    record Submit(String id, String inputJson, Bringer by) implements QueueEvent {}

    record Returned(int worker, String job, int attempt, String outputJson) implements QueueEvent {}

    record Ended(int worker, String job, int attempt, ExitReason reason) implements QueueEvent {}

    /// A job ended in a way that is the pool's own failure, on which a supervisor has to decide: it is
    /// closed.
    record Broke(Ended job) implements QueueEvent {}

    record CancelJob(String id) implements QueueEvent {}

    /// @param workers null: their number follows the queue again
    record Scale(@Nullable Integer workers) implements QueueEvent {}

    record Drain() implements QueueEvent {}

    record Resume() implements QueueEvent {}
}
