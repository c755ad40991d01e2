package nexus.aiagents.engine.supervise;

import java.util.Set;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.project.SupervisorSpec;
import nexus.aiagents.engine.project.SupervisorSpec.ChildSpec;
import nexus.aiagents.engine.supervise.AgentLauncher.Exit;
import org.jspecify.annotations.Nullable;

/// What a supervisor hears: from above (`Start`, `Stop`, `Kill`), from below (`Child…`), from time and
/// people.
sealed interface SupervisorEvent {

    record Start() implements SupervisorEvent {}

    /// Stop all children in reverse, however long it takes.
    record Stop() implements SupervisorEvent {}

    /// End all children now.
    record Kill() implements SupervisorEvent {}

    record ChildUp(String child, int generation) implements SupervisorEvent {}

    record ChildStartFailed(String child, int generation, ExitReason reason) implements SupervisorEvent {}

    record ChildEnded(String child, int generation, Exit exit) implements SupervisorEvent {
        ChildEnded(String child, int generation, ExitReason reason) {
            this(child, generation, Exit.of(reason));
        }
    }

    record TimeUp(String child, int generation, TimerKind kind) implements SupervisorEvent {}

    /// Any verb but `ADD`.
    record Operator(SupervisorState.Verb verb, String child, long request) implements SupervisorEvent {}

    /// A person adds this child behind all others; null: another instance of the template.
    record Add(@Nullable ChildSpec child, long request) implements SupervisorEvent {}

    /// Its definition changed. What runs and is still a child runs on; who is new is started, who is no
    /// child any more is stopped.
    ///
    /// @param held names of new children that stay down until a person starts them
    record Respec(SupervisorSpec spec, Set<String> held) implements SupervisorEvent {
        Respec(SupervisorSpec spec) {
            this(spec, Set.of());
        }
    }

    enum TimerKind {
        /// It was asked to stop and may take no longer.
        SHUTDOWN,
        /// It was killed and is still there: it is given up.
        KILLED,
        BACKOFF
    }
}
