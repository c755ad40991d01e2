package nexus.aiagents.engine.supervise;

import java.util.ArrayList;
import java.util.List;
import nexus.aiagents.engine.project.SupervisorSpec.ChildSpec;
import nexus.aiagents.engine.project.SupervisorSpec.RestartType;
import nexus.aiagents.engine.supervise.AgentLauncher.Exit;
import nexus.aiagents.engine.supervise.SupervisorState.Verb;
import org.jspecify.annotations.Nullable;

/// One child of a supervisor between two events. Immutable.
///
/// @param place    children start in ascending and stop in descending order of it
/// @param instance one of many made from a template: it has no place to come back to once it is gone
/// @param deferred how it ended before the first start was complete, until that is dealt with
/// @param waiters  operators who wait for an answer about it, oldest first
record Child(
        ChildSpec spec,
        long place,
        boolean instance,
        Status status,
        Want want,
        Life life,
        @Nullable Exit deferred,
        List<Waiter> waiters) {

    /// What is so.
    enum Status {
        DOWN,
        STARTING,
        UP,
        STOPPING
    }

    /// What is wanted.
    enum Goal {
        UP,
        /// It ended by itself and only the restart of its group brings it back.
        DOWN,
        /// Only a person brings it back.
        HELD,
        /// It was temporary. Its place is kept for a person who asks for it.
        GONE,
        /// It is taken off the list as soon as it is down.
        DELETED
    }

    /// Both as one, as the reference page draws it. `DOWN` is between two: it is about to be started,
    /// or what becomes of it is about to be decided.
    enum Phase {
        DOWN,
        BACKING_OFF,
        STARTING,
        UP,
        STOPPING,
        FINISHED,
        HELD,
        GONE
    }

    /// @param mustStop   it is to be stopped, whether it was told yet or not
    /// @param byOperator its next start was asked for by a person; if it fails it is not tried again
    /// @param waiting    it is not started before `notBefore`
    record Want(Goal goal, boolean mustStop, boolean byOperator, boolean waiting, long notBefore) {
        static final Want UP = new Want(Goal.UP, false, false, false, 0);
        static final Want HELD = new Want(Goal.HELD, false, false, false, 0);
    }

    /// @param generation of its last start, so that news of an older one are known as such
    /// @param failures   restarts in a row without a healthy time between
    /// @param upSince    of a monotonic clock, in nanoseconds
    record Life(int generation, int failures, long upSince) {}

    record Waiter(long request, Verb verb) {}

    static Child of(ChildSpec spec, long place, boolean instance) {
        return new Child(spec, place, instance, Status.DOWN, Want.UP, new Life(0, 0, 0), null, List.of());
    }

    String name() {
        return spec.name();
    }

    int generation() {
        return life.generation();
    }

    Goal goal() {
        return want.goal();
    }

    boolean live() {
        return status != Status.DOWN;
    }

    boolean mustStop() {
        return want.mustStop();
    }

    boolean temporary() {
        return spec.restart() == RestartType.TEMPORARY;
    }

    Phase phase() {
        return switch (status) {
            case STARTING -> Phase.STARTING;
            case UP -> Phase.UP;
            case STOPPING -> Phase.STOPPING;
            case DOWN ->
                switch (want.goal()) {
                    case UP -> want.waiting() ? Phase.BACKING_OFF : Phase.DOWN;
                    case DOWN -> Phase.FINISHED;
                    case HELD -> Phase.HELD;
                    case GONE, DELETED -> Phase.GONE;
                };
        };
    }

    // ---- what sets of children are kept of

    /// To be started, or on the way up, or to come up again: the first start is complete without such.
    boolean wanted() {
        return goal() == Goal.UP && deferred == null && (status != Status.UP || mustStop());
    }

    boolean startable() {
        return goal() == Goal.UP && deferred == null && status == Status.DOWN && !want.waiting();
    }

    boolean toStop() {
        return live() && mustStop();
    }

    boolean toAsk() {
        return toStop() && status != Status.STOPPING;
    }

    boolean backingOff() {
        return want.waiting();
    }

    boolean awaited() {
        return !waiters.isEmpty();
    }

    boolean significantLeft() {
        return spec.significant() && (live() || goal() == Goal.UP);
    }

    // ---- changed copies

    Child with(ChildSpec newSpec) {
        return new Child(newSpec, place, instance, status, want, life, deferred, waiters);
    }

    Child at(long newPlace) {
        return new Child(spec, newPlace, instance, status, want, life, deferred, waiters);
    }

    Child with(Status now) {
        return new Child(spec, place, instance, now, want, life, deferred, waiters);
    }

    Child with(Want now) {
        return new Child(spec, place, instance, status, now, life, deferred, waiters);
    }

    Child with(Life now) {
        return new Child(spec, place, instance, status, want, now, deferred, waiters);
    }

    Child deferred(@Nullable Exit exit) {
        return new Child(spec, place, instance, status, want, life, exit, waiters);
    }

    Child with(Goal goal) {
        return with(new Want(goal, want.mustStop(), want.byOperator(), want.waiting(), want.notBefore()));
    }

    Child mustStop(boolean must) {
        return with(new Want(want.goal(), must, want.byOperator(), want.waiting(), want.notBefore()));
    }

    Child byOperator(boolean by) {
        return with(new Want(want.goal(), want.mustStop(), by, want.waiting(), want.notBefore()));
    }

    Child waitingUntil(long at) {
        return with(new Want(want.goal(), want.mustStop(), want.byOperator(), true, at));
    }

    Child notWaiting() {
        return with(new Want(want.goal(), want.mustStop(), want.byOperator(), false, 0));
    }

    Child failures(int n) {
        return with(new Life(life.generation(), n, life.upSince()));
    }

    /// @param generation given to no other start of this supervisor's children: one that was deleted
    ///     and added again is not taken for what it was
    Child starting(int generation) {
        return new Child(
                spec,
                place,
                instance,
                Status.STARTING,
                new Want(want.goal(), false, want.byOperator(), false, 0),
                new Life(generation, life.failures(), life.upSince()),
                null,
                waiters);
    }

    Child up(long now) {
        return new Child(
                spec,
                place,
                instance,
                Status.UP,
                new Want(want.goal(), want.mustStop(), false, false, 0),
                new Life(life.generation(), life.failures(), now),
                null,
                waiters);
    }

    /// It is down, for whatever reason, and nothing is asked of it any more.
    Child down(Goal goal) {
        return new Child(
                spec, place, instance, Status.DOWN, new Want(goal, false, false, false, 0), life, null, waiters);
    }

    Child awaitedBy(Waiter waiter) {
        List<Waiter> more = new ArrayList<>(waiters);
        more.add(waiter);
        return waiters(more);
    }

    Child waiters(List<Waiter> now) {
        return new Child(spec, place, instance, status, want, life, deferred, List.copyOf(now));
    }
}
