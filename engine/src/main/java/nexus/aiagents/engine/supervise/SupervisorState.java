package nexus.aiagents.engine.supervise;

import java.util.List;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.project.SupervisorSpec;
import nexus.aiagents.engine.project.SupervisorSpec.ChildSpec;
import org.jspecify.annotations.Nullable;

/// One supervisor between two events. Immutable. Times are of a monotonic clock, in nanoseconds.
///
/// @param restarts times of the restarts that still count
/// @param deferred children that ended before the first start was complete, in order
/// @param waiters  operators who wait for an answer
/// @param ending   what is told to the parent once every child is down
record SupervisorState(
        SupervisorSpec spec,
        Phase phase,
        List<Child> children,
        List<Long> restarts,
        List<Deferred> deferred,
        List<Waiter> waiters,
        @Nullable Ending ending) {

    enum Phase {
        STOPPED,
        STARTING,
        RUNNING,
        STOPPING
    }

    enum Status {
        DOWN,
        STARTING,
        UP,
        STOPPING
    }

    /// What is wanted of a child. `DOWN`: it ended by itself and only the restart of its group brings it back.
    /// `HELD`: only a person brings it back. `GONE`: temporary, its place is kept for a person who asks for it.
    enum Goal {
        UP,
        DOWN,
        HELD,
        GONE
    }

    /// @param mustStop   it is to be stopped, whether it was told yet or not
    /// @param waiting    it is not started before `notBefore`
    /// @param byOperator its next start was asked for by a person; if it fails it is not tried again
    /// @param generation counts its starts, so that news of an older one are known as such
    /// @param failures   restarts in a row without a healthy time between
    record Child(
            ChildSpec spec,
            Status status,
            Goal goal,
            boolean mustStop,
            boolean waiting,
            boolean byOperator,
            long notBefore,
            int generation,
            int failures,
            long upSince) {

        static Child of(ChildSpec spec) {
            return new Child(spec, Status.DOWN, Goal.UP, false, false, false, 0, 0, 0, 0);
        }

        String name() {
            return spec.name();
        }

        boolean live() {
            return status != Status.DOWN;
        }

        Child with(Status newStatus) {
            return new Child(
                    spec, newStatus, goal, mustStop, waiting, byOperator, notBefore, generation, failures, upSince);
        }

        Child with(Goal newGoal) {
            return new Child(
                    spec, status, newGoal, mustStop, waiting, byOperator, notBefore, generation, failures, upSince);
        }

        Child mustStop(boolean must) {
            return new Child(spec, status, goal, must, waiting, byOperator, notBefore, generation, failures, upSince);
        }

        Child byOperator(boolean by) {
            return new Child(spec, status, goal, mustStop, waiting, by, notBefore, generation, failures, upSince);
        }

        Child waitingUntil(long at) {
            return new Child(spec, status, goal, mustStop, true, byOperator, at, generation, failures, upSince);
        }

        Child notWaiting() {
            return new Child(spec, status, goal, mustStop, false, byOperator, 0, generation, failures, upSince);
        }

        Child failures(int n) {
            return new Child(spec, status, goal, mustStop, waiting, byOperator, notBefore, generation, n, upSince);
        }

        Child starting() {
            return new Child(
                    spec, Status.STARTING, goal, false, false, byOperator, 0, generation + 1, failures, upSince);
        }

        Child up(long now) {
            return new Child(spec, Status.UP, goal, mustStop, false, false, 0, generation, failures, now);
        }
    }

    record Deferred(String child, ExitReason reason) {}

    enum Verb {
        START,
        STOP,
        RESTART
    }

    record Waiter(long request, String child, Verb verb) {}

    /// Exactly one of `failedChild` (its start failed) and `note`/nothing (it had been up) is told.
    ///
    /// @param failedChild the child whose start failed, null if the supervisor itself had started
    /// @param announce    journal that it stopped; false where giving up was journalled already
    /// @param killed      children are killed at once, in no order
    record Ending(@Nullable String failedChild, ExitReason reason, boolean announce, boolean killed) {}

    /// As it was before it ever started, but for the generations: news of older ones may still arrive.
    SupervisorState fresh() {
        List<Child> forgotten = children.stream()
                .map(c -> new Child(c.spec(), Status.DOWN, Goal.UP, false, false, false, 0, c.generation(), 0, 0))
                .toList();
        return new SupervisorState(spec, Phase.STOPPED, forgotten, List.of(), List.of(), List.of(), null);
    }

    static SupervisorState of(SupervisorSpec spec) {
        SupervisorMachine.check(spec);
        return new SupervisorState(
                spec,
                Phase.STOPPED,
                spec.children().stream().map(Child::of).toList(),
                List.of(),
                List.of(),
                List.of(),
                null);
    }
}
