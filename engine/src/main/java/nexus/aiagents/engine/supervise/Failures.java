package nexus.aiagents.engine.supervise;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.ExitReason.Kind;
import nexus.aiagents.engine.project.SupervisorSpec;
import nexus.aiagents.engine.project.SupervisorSpec.BackoffSpec;
import nexus.aiagents.engine.project.SupervisorSpec.RestartType;
import nexus.aiagents.engine.supervise.AgentLauncher.Exit;
import nexus.aiagents.engine.supervise.Child.Goal;
import nexus.aiagents.engine.supervise.SupervisorEvent.TimerKind;
import nexus.aiagents.engine.supervise.SupervisorState.Ending;
import nexus.aiagents.engine.supervise.SupervisorState.Verb;

/// What a supervisor decides when a child is down.
final class Failures {
    private final Draft draft;

    Failures(Draft draft) {
        this.draft = draft;
    }

    /// Money and trust do not come back by starting over: a person has to act first.
    static boolean neverRetried(ExitReason reason) {
        return reason.kind() == Kind.BUDGET || reason.kind() == Kind.UNTRUSTED;
    }

    static String heldBy(ExitReason reason, String otherwise) {
        return neverRetried(reason) ? Draft.word(reason.kind()) : otherwise;
    }

    /// It was to be stopped, and is down.
    void stopped(Child child, Exit exit) {
        boolean withItsGroup =
                draft.isUp() && !child.want().byOperator() && (child.goal() == Goal.UP || child.goal() == Goal.GONE);
        if (withItsGroup) {
            count(exit);
        }
        draft.set(child.with(Child.Status.STOPPING)); // it may have ended before it was asked to
        Child down = draft.answer(
                draft.set(child.with(Child.Status.DOWN).mustStop(false)),
                Verb.STOP,
                true,
                "",
                child.name() + " is stopped");
        if (child.goal() == Goal.DELETED) {
            draft.remove(down);
        } else if (child.goal() == Goal.GONE) {
            draft.over(down, Goal.GONE);
        } else if (withItsGroup && exit.pausedForBudget() && child.goal() == Goal.UP) {
            draft.hold(down, "budget");
        }
    }

    void endedByItself(Child child, Exit exit) {
        BackoffSpec backoff = draft.spec.backoff();
        Child ended = child;
        if (backoff != null
                && draft.now - child.life().upSince() >= backoff.resetAfter().toNanos()) {
            ended = draft.set(child.failures(0));
        }
        if (child.temporary()) {
            draft.over(ended, Goal.GONE);
            autoShutdown(ended);
        } else if (neverRetried(exit.reason()) || exit.pausedForBudget()) {
            draft.hold(ended, heldBy(exit.reason(), "budget"));
        } else if (child.spec().restart() == RestartType.TRANSIENT
                && exit.reason().isNormal()) {
            draft.over(ended, Goal.DOWN);
            autoShutdown(ended);
        } else {
            incident(ended, exit);
        }
    }

    private void autoShutdown(Child ended) {
        if (!ended.spec().significant()) {
            return;
        }
        boolean now = switch (draft.spec.autoShutdown()) {
            case NEVER -> false;
            case ANY -> true;
            case ALL -> draft.children.isEmpty(Children.Set.SIGNIFICANT_LEFT);
        };
        if (now) {
            draft.end(new Ending(null, ExitReason.SHUTDOWN, "auto-shutdown", false));
        }
    }

    /// It has to be restarted, if that may still be.
    void incident(Child child, Exit exit) {
        SupervisorSpec spec = draft.spec;
        draft.restarts = draft.restarts.since(draft.now, spec.within()).plus(draft.now, 1);
        count(exit);
        draft.spent = draft.spent.since(draft.now, spec.within());
        Long dollars = spec.maxRestartMicroDollars();
        if (draft.restarts.size() > spec.maxRestarts()) {
            giveUp(child, exit, "restarts");
        } else if (dollars != null && draft.spent.sum() > dollars) {
            giveUp(child, exit, "dollars");
        } else {
            List<String> affected = markAffected(child);
            draft.note(new EngineEvent.SupervisorRestarted(
                    spec.name(),
                    child.name(),
                    exit.reason(),
                    affected,
                    draft.restarts.size(),
                    spec.maxRestarts(),
                    draft.untold));
            draft.untold = 0;
            backOff(child, affected);
        }
    }

    private void count(Exit exit) {
        if (exit.microDollars() > 0) {
            draft.spent = draft.spent.since(draft.now, draft.spec.within()).plus(draft.now, exit.microDollars());
            draft.untold += exit.microDollars();
        }
    }

    private void giveUp(Child child, Exit exit, String why) {
        draft.note(new EngineEvent.SupervisorGaveUp(draft.spec.name(), child.name(), exit.reason(), why));
        draft.end(new Ending(null, ExitReason.SHUTDOWN, "", false));
    }

    private List<String> markAffected(Child failed) {
        Iterable<Child> group = switch (draft.spec.strategy()) {
            case ONE_FOR_ONE -> List.of(failed);
            case ONE_FOR_ALL -> draft.children;
            case REST_FOR_ONE -> draft.children.from(failed);
        };
        List<String> affected = new ArrayList<>();
        for (Child child : group) {
            boolean itself = child.name().equals(failed.name());
            if (itself) {
                affected.add(child.name());
            } else if (child.temporary() && child.goal() == Goal.UP) {
                goesWithItsGroup(child);
            } else if (!child.temporary() && (child.goal() == Goal.UP || child.goal() == Goal.DOWN)) {
                draft.set(child.with(Goal.UP).mustStop(child.live()).deferred(null));
                affected.add(child.name());
            }
        }
        return affected;
    }

    /// A temporary one is stopped for good, but for one that a person asked for and that is still to be
    /// started: nothing of it is stopped, and its turn comes.
    private void goesWithItsGroup(Child child) {
        boolean onlyAskedFor = !child.live() && child.want().byOperator();
        if (!onlyAskedFor) {
            Child told = draft.answerStarters(
                    child, false, "not-up", child.name() + " was stopped with its group before it was up");
            draft.set(told.with(Goal.GONE).mustStop(child.live()).deferred(null));
        }
    }

    private void backOff(Child failed, List<String> affected) {
        BackoffSpec backoff = draft.spec.backoff();
        if (backoff == null) {
            return;
        }
        double nanos = backoff.initial().toNanos()
                * Math.pow(backoff.factor(), failed.life().failures());
        double whole = Math.min(nanos, backoff.max().toNanos());
        double random = backoff.jitter() == 0
                ? 0
                : backoff.jitter() * draft.moment.random().nextDouble();
        long wait = (long) (whole * (1 - random));
        Child counted = draft.set(failed.failures(failed.life().failures() + 1));
        if (wait <= 0) {
            return;
        }
        for (String name : affected) {
            Child child = draft.children.get(name);
            if (child != null) {
                draft.set(child.waitingUntil(draft.now + wait));
            }
        }
        draft.effects.add(new SupervisorEffect.BackOff(counted.name(), Duration.ofNanos(wait)));
        draft.timer(counted, TimerKind.BACKOFF, wait);
    }
}
