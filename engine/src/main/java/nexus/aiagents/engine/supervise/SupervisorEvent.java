package nexus.aiagents.engine.supervise;

import nexus.aiagents.engine.journal.ExitReason;

/// What a supervisor hears: from above (`Start`, `Stop`, `Kill`), from below (`Child…`), from time and people.
sealed interface SupervisorEvent {

    record Start() implements SupervisorEvent {}

    /// Stop all children in reverse, however long it takes.
    record Stop() implements SupervisorEvent {}

    /// End all children now.
    record Kill() implements SupervisorEvent {}

    record ChildUp(String child, int generation) implements SupervisorEvent {}

    record ChildStartFailed(String child, int generation, ExitReason reason) implements SupervisorEvent {}

    record ChildEnded(String child, int generation, ExitReason reason) implements SupervisorEvent {}

    record TimeUp(String child, int generation, TimerKind kind) implements SupervisorEvent {}

    record Operator(SupervisorState.Verb verb, String child, long request) implements SupervisorEvent {}

    enum TimerKind {
        /// It was asked to stop and may take no longer.
        SHUTDOWN,
        /// It was killed and is still there: it is given up.
        KILLED,
        BACKOFF
    }
}
