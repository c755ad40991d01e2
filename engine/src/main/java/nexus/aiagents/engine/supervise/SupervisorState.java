package nexus.aiagents.engine.supervise;

import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.project.SupervisorSpec;
import nexus.aiagents.engine.project.SupervisorSpec.ChildSpec;
import org.jspecify.annotations.Nullable;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/// One supervisor between two events. Immutable. Times are of a monotonic clock, in nanoseconds.
///
/// @param spec      what it goes by; who its children are, `children` says
/// @param restarts  the restarts that still count
/// @param spent     micro-dollars of the incarnations whose end was a failure, or that a sibling's failure
///     stopped, as far as they still count
/// @param untold    how much of `spent` the journal has not been told yet
/// @param spentEver micro-dollars of all incarnations that ended since it started
/// @param deferred  names of children that ended before the first start was complete, in that order
/// @param instances how many instances of its template were ever made; the next one is called after it
/// @param starts    how many children it ever started
/// @param ending    what is told to the parent once every child is down
record SupervisorState(
        SupervisorSpec spec,
        Phase phase,
        Children children,
        Window restarts,
        Window spent,
        long untold,
        long spentEver,
        PVector<String> deferred,
        long instances,
        int starts,
        @Nullable Ending ending) {

    enum Phase {
        STOPPED,
        STARTING,
        RUNNING,
        STOPPING
    }

    enum Verb {
        ADD,
        START,
        STOP,
        RESTART,
        DELETE
    }

    /// Exactly one of `failedChild` (its start failed) or that it had been up is told.
    ///
    /// @param failedChild the child whose start failed, null if the supervisor itself had started
    /// @param why         journalled when it has stopped; empty where giving up was journalled already
    /// @param killed      children are killed at once, in no order
    record Ending(@Nullable String failedChild, ExitReason reason, String why, boolean killed) {}

    static SupervisorState of(SupervisorSpec spec) {
        SupervisorMachine.check(spec);
        Children children = Children.NONE;
        for (ChildSpec child : spec.children()) {
            children = children.with(Child.of(child, children.nextPlace(), false));
        }
        return new SupervisorState(
                spec, Phase.STOPPED, children, Window.EMPTY, Window.EMPTY, 0, 0, TreePVector.empty(), 0, 0, null);
    }

    /// As it was before it ever started, but for the generations: news of older ones may still arrive.
    SupervisorState fresh() {
        Children forgotten = children;
        for (Child child : children) {
            forgotten = child.instance()
                    ? forgotten.without(child)
                    : forgotten.with(child.down(Child.Goal.UP).failures(0));
        }
        return new SupervisorState(
                spec,
                Phase.STOPPED,
                forgotten,
                Window.EMPTY,
                Window.EMPTY,
                0,
                0,
                TreePVector.empty(),
                instances,
                starts,
                null);
    }
}
