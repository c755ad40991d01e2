package nexus.aiagents.engine.supervise;

import java.util.List;
import java.util.random.RandomGenerator;
import nexus.aiagents.engine.project.SupervisorSpec;
import nexus.aiagents.engine.project.SupervisorSpec.AutoShutdown;
import nexus.aiagents.engine.project.SupervisorSpec.ChildSpec;
import nexus.aiagents.engine.project.SupervisorSpec.RestartType;
import nexus.aiagents.engine.project.SupervisorSpec.Strategy;
import org.jspecify.annotations.Nullable;

/// A supervisor as in Erlang/OTP's `supervisor`, as a pure function: no thread, no clock, no input or
/// output. Nested supervisors are machines of their own; a machine looks to its parent just like an
/// agent does.
///
/// A decision about one child costs O(log n) among n children; what concerns a group costs as many as
/// it has.
final class SupervisorMachine {

    record Decision(SupervisorState state, List<SupervisorEffect> effects) {}

    /// When a decision is made, and what chance says to it.
    ///
    /// @param nanos  of a monotonic clock
    /// @param random for the jitter of back-off
    /// @param moves  hears of every change of state on the way
    record Moment(long nanos, RandomGenerator random, Moves moves) {}

    /// Hears of every transition of a supervisor and of its children.
    interface Moves {
        Moves UNHEARD = new Moves() {
            @Override
            public void supervisor(SupervisorState.Phase from, SupervisorState.Phase to) {}

            @Override
            public void child(Child.Phase from, Child.Phase to) {}
        };

        void supervisor(SupervisorState.Phase from, SupervisorState.Phase to);

        void child(Child.Phase from, Child.Phase to);
    }

    private SupervisorMachine() {}

    static Decision decide(SupervisorState state, SupervisorEvent event, Moment moment) {
        Draft draft = new Draft(state, moment);
        new SupervisorTurn(draft).handle(event);
        return draft.decision();
    }

    /// @throws IllegalArgumentException for what OTP refuses: a significant child that is permanent, or
    ///     under a supervisor that never shuts down by itself; a template and named children, or
    ///     another strategy
    static void check(SupervisorSpec spec) {
        spec.everyChild().forEach(child -> {
            String problem = problem(spec, child);
            if (problem != null) {
                throw new IllegalArgumentException("supervisor " + spec.name() + ": " + problem);
            }
        });
        if (spec.template() != null && (!spec.children().isEmpty() || spec.strategy() != Strategy.ONE_FOR_ONE)) {
            throw new IllegalArgumentException(
                    "supervisor " + spec.name() + ": a template stands alone and is one-for-one");
        }
    }

    /// What is wrong with a child of this supervisor, null if nothing is.
    static @Nullable String problem(SupervisorSpec spec, ChildSpec child) {
        if (!child.significant()) {
            return null;
        }
        if (child.restart() == RestartType.PERMANENT) {
            return "child " + child.name() + " is significant, so it must be transient or temporary, not permanent";
        }
        if (spec.autoShutdown() == AutoShutdown.NEVER) {
            return "child " + child.name() + " is significant, so autoShutdown must be any or all, not never";
        }
        return null;
    }
}
