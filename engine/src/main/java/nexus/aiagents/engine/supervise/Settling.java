package nexus.aiagents.engine.supervise;

import java.time.Duration;
import java.util.List;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.project.SupervisorSpec.ChildKind;
import nexus.aiagents.engine.supervise.AgentLauncher.Exit;
import nexus.aiagents.engine.supervise.Child.Status;
import nexus.aiagents.engine.supervise.Child.Waiter;
import nexus.aiagents.engine.supervise.Children.Set;
import nexus.aiagents.engine.supervise.SupervisorEvent.TimerKind;
import nexus.aiagents.engine.supervise.SupervisorState.Ending;
import nexus.aiagents.engine.supervise.SupervisorState.Phase;
import org.pcollections.PVector;
import org.pcollections.TreePVector;

/// Does whatever may be done next to bring every child where it is wanted.
final class Settling {
    private final Draft draft;
    private final Failures failures;

    Settling(Draft draft, Failures failures) {
        this.draft = draft;
        this.failures = failures;
    }

    void settle() {
        switch (draft.phase()) {
            case STOPPED -> {}
            case STOPPING -> {
                stopNext();
                if (draft.children.isEmpty(Set.LIVE)) {
                    finish();
                }
            }
            case STARTING, RUNNING -> {
                stopNext();
                startNext();
                if (draft.phase() == Phase.STARTING && draft.children.isEmpty(Set.WANTED)) {
                    complete();
                }
            }
        }
    }

    private void complete() {
        draft.phase(Phase.RUNNING);
        draft.effects.add(new SupervisorEffect.Up());
        PVector<String> ended = draft.deferred;
        draft.deferred = TreePVector.empty();
        for (String name : ended) {
            Child child = draft.children.get(name);
            Exit exit = child == null ? null : child.deferred();
            if (child != null && exit != null && draft.phase() == Phase.RUNNING) {
                failures.endedByItself(draft.set(child.deferred(null)), exit);
            }
        }
        settle();
    }

    /// Strictly in reverse where the order matters: the next is told when the one after it is down.
    private void stopNext() {
        if (!draft.ordered()) {
            draft.children.reversed(Set.TO_ASK).forEach(this::ask);
            return;
        }
        Child last = draft.children.last(draft.phase() == Phase.STOPPING ? Set.LIVE : Set.TO_STOP);
        if (last != null && last.status() != Status.STOPPING) {
            ask(last);
        }
    }

    private void ask(Child child) {
        Duration shutdown = child.spec().shutdown();
        // An agent that is not up yet has nothing to finish, and its launch may never return.
        boolean unborn = child.status() == Status.STARTING && child.spec().kind() != ChildKind.SUPERVISOR;
        Child asked = draft.set(child.with(Status.STOPPING));
        if (unborn || (shutdown != null && shutdown.isZero())) {
            draft.kill(asked);
            return;
        }
        draft.effects.add(new SupervisorEffect.AskChild(asked.name(), asked.generation()));
        if (shutdown != null) {
            draft.timer(asked, TimerKind.SHUTDOWN, shutdown.toNanos());
        }
    }

    private void startNext() {
        if (!draft.ordered()) {
            draft.children.all(Set.STARTABLE).forEach(this::start);
            return;
        }
        Child first = draft.children.isEmpty(Set.TO_STOP) ? draft.children.first(Set.WANTED) : null;
        if (first != null && first.startable()) {
            start(first);
        }
    }

    private void start(Child child) {
        Child starting = draft.set(child.starting(++draft.starts));
        draft.effects.add(new SupervisorEffect.StartChild(starting.name(), starting.generation()));
    }

    private void finish() {
        draft.phase(Phase.STOPPED);
        String name = draft.spec.name();
        for (Child child : draft.children.all(Set.AWAITED)) {
            for (Waiter waiter : child.waiters()) {
                draft.answer(waiter.request(), false, "not-up", "supervisor " + name + " stopped");
            }
            draft.set(child.waiters(List.of()));
        }
        for (Child child : draft.children.all(Set.INSTANCES)) {
            draft.children = draft.children.without(child);
        }
        Ending how = draft.ending;
        if (how == null) {
            return;
        }
        if (!how.why().isEmpty()) {
            draft.note(new EngineEvent.SupervisorStopped(name, how.why()));
        }
        draft.effects.add(
                how.failedChild() == null
                        ? new SupervisorEffect.Ended(how.reason(), how.why().isEmpty(), draft.spentEver)
                        : new SupervisorEffect.NotUp(how.failedChild(), how.reason()));
    }
}
