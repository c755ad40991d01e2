package nexus.aiagents.engine.supervise;

import java.util.List;
import nexus.aiagents.engine.project.SupervisorSpec;
import nexus.aiagents.engine.project.SupervisorSpec.AutoShutdown;
import nexus.aiagents.engine.project.SupervisorSpec.ChildSpec;
import nexus.aiagents.engine.project.SupervisorSpec.RestartType;

/// A supervisor as in Erlang/OTP's `supervisor`, as a pure function: no thread, no clock, no input or output.
/// Nested supervisors are machines of their own; a machine looks to its parent just like an agent does.
final class SupervisorMachine {

    record Decision(SupervisorState state, List<SupervisorEffect> effects) {}

    private SupervisorMachine() {}

    /// @param now of a monotonic clock, in nanoseconds
    static Decision decide(SupervisorState state, SupervisorEvent event, long now) {
        SupervisorTurn turn = new SupervisorTurn(state, now);
        turn.handle(event);
        return turn.decision();
    }

    /// @throws IllegalArgumentException for what OTP refuses: a significant child that is permanent, or under a
    ///     supervisor that never shuts down by itself
    static void check(SupervisorSpec spec) {
        for (ChildSpec child : spec.children()) {
            if (!child.significant()) {
                continue;
            }
            if (child.restart() == RestartType.PERMANENT) {
                throw new IllegalArgumentException("supervisor " + spec.name() + ": child " + child.name()
                        + " is significant, so it must be transient or temporary, not permanent");
            }
            if (spec.autoShutdown() == AutoShutdown.NEVER) {
                throw new IllegalArgumentException("supervisor " + spec.name() + ": child " + child.name()
                        + " is significant, so autoShutdown must be any or all, not never");
            }
        }
    }
}
