package nexus.aiagents.engine.supervise;

import java.time.Duration;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.ExitReason.Kind;
import nexus.aiagents.engine.project.SupervisorSpec.Strategy;
import nexus.aiagents.engine.project.SupervisorSpec.TemplateSpec;
import nexus.aiagents.engine.supervise.AgentLauncher.Exit;
import nexus.aiagents.engine.supervise.Child.Goal;
import nexus.aiagents.engine.supervise.Child.Status;
import nexus.aiagents.engine.supervise.SupervisorState.Ending;
import nexus.aiagents.engine.supervise.SupervisorState.Phase;
import nexus.aiagents.engine.supervise.SupervisorState.Verb;
import org.pcollections.TreePVector;

/// What a supervisor hears. An event only marks what is wanted of each child; {@link Settling} then does
/// whatever may be done next. So nothing that was asked for is lost to something already under way.
final class SupervisorTurn {

    /// How long a killed agent may take before it is given up; it is promised to take a tenth of a second.
    static final Duration GRACE = Duration.ofSeconds(2);

    private final Draft draft;
    private final Failures failures;

    SupervisorTurn(Draft draft) {
        this.draft = draft;
        this.failures = new Failures(draft);
    }

    void handle(SupervisorEvent event) {
        switch (event) {
            case SupervisorEvent.Start _ -> begin();
            case SupervisorEvent.Stop _ -> draft.end(new Ending(null, ExitReason.SHUTDOWN, "asked", false));
            case SupervisorEvent.Kill _ -> kill();
            case SupervisorEvent.ChildUp e -> childUp(e);
            case SupervisorEvent.ChildStartFailed e -> childStartFailed(e);
            case SupervisorEvent.ChildEnded e -> childEnded(e);
            case SupervisorEvent.TimeUp e -> timeUp(e);
            case SupervisorEvent.Operator e -> new Operators(draft).handle(e);
            case SupervisorEvent.Add e -> new Operators(draft).add(e);
            case SupervisorEvent.Respec e -> new Respecification(draft, e.held()).apply(e.spec());
        }
        new Settling(draft, failures).settle();
    }

    private void begin() {
        if (draft.phase() != Phase.STOPPED) {
            return;
        }
        draft.phase(Phase.STARTING);
        draft.ending = null;
        draft.restarts = Window.EMPTY;
        draft.spent = Window.EMPTY;
        draft.untold = 0;
        draft.spentEver = 0;
        draft.deferred = TreePVector.empty();
        draft.note(new EngineEvent.SupervisorStarted(draft.spec.name()));
        // What a person stopped stays down, also when the supervisor itself is started anew by its parent.
        for (Child child : draft.children) {
            draft.set(
                    child.down(child.goal() == Goal.HELD ? Goal.HELD : Goal.UP).failures(0));
        }
        TemplateSpec template = draft.spec.template();
        for (int i = 0; template != null && i < template.start(); i++) {
            draft.addInstance(template);
        }
    }

    private void kill() {
        draft.end(new Ending(null, ExitReason.of(Kind.KILLED, "its supervisor was killed"), "killed", true));
        if (draft.phase() != Phase.STOPPING) {
            return;
        }
        for (Child child : draft.children.all(Children.Set.LIVE)) {
            draft.kill(draft.set(child.with(Status.STOPPING).mustStop(true)));
        }
    }

    private void childUp(SupervisorEvent.ChildUp e) {
        Child child = draft.current(e.child(), e.generation());
        if (child == null || child.status() != Status.STARTING) {
            return;
        }
        Child up = draft.set(child.up(draft.now));
        draft.answer(up, Verb.RESTART, true, "", e.child() + " was restarted");
        Child left = draft.children.get(e.child());
        if (left != null) {
            draft.answerStarters(left, true, "", e.child() + " is up");
        }
    }

    private void childStartFailed(SupervisorEvent.ChildStartFailed e) {
        Child child = draft.current(e.child(), e.generation());
        if (child == null || !child.live()) {
            return;
        }
        if (draft.isToStop(child)) {
            failures.stopped(child, Exit.of(e.reason()));
            return;
        }
        boolean added = child.waiters().stream().anyMatch(w -> w.verb() == Verb.ADD);
        Child down = draft.set(child.with(Status.DOWN));
        if (Failures.neverRetried(e.reason()) || child.want().byOperator()) {
            String message = e.child() + " did not start: " + Draft.words(e.reason());
            Child answered = draft.answerStarters(down, false, "start-failed", message);
            if (added) {
                draft.remove(answered);
            } else {
                draft.hold(answered, Failures.heldBy(e.reason(), "start-failed"));
            }
        } else if (draft.phase() == Phase.STARTING) {
            draft.note(new EngineEvent.SupervisorGaveUp(draft.spec.name(), e.child(), e.reason(), "start"));
            draft.end(new Ending(e.child(), e.reason(), "", false));
        } else {
            failures.incident(down, Exit.of(e.reason()));
        }
    }

    private void childEnded(SupervisorEvent.ChildEnded e) {
        Child child = draft.current(e.child(), e.generation());
        if (child == null || !child.live()) {
            return;
        }
        Exit exit = e.exit();
        if (!draft.isToStop(child) && child.status() == Status.STARTING) {
            childStartFailed(new SupervisorEvent.ChildStartFailed(e.child(), e.generation(), exit.reason()));
            return;
        }
        draft.spentEver += exit.microDollars();
        if (draft.isToStop(child)) {
            failures.stopped(child, exit);
        } else if (draft.phase() == Phase.STARTING) {
            draft.set(child.with(Status.DOWN).deferred(exit));
            draft.deferred = draft.deferred.plus(child.name());
        } else {
            failures.endedByItself(draft.set(child.with(Status.DOWN)), exit);
        }
    }

    private void timeUp(SupervisorEvent.TimeUp e) {
        switch (e.kind()) {
            case SHUTDOWN -> {
                Child child = draft.current(e.child(), e.generation());
                if (child != null && child.status() == Status.STOPPING) {
                    draft.kill(child);
                }
            }
            case KILLED -> {
                Child child = draft.current(e.child(), e.generation());
                if (child != null && child.status() == Status.STOPPING) {
                    draft.effects.add(new SupervisorEffect.AbandonChild(child.name(), child.generation()));
                    failures.stopped(child, Exit.of(AgentSlot.KILLED));
                }
            }
            case BACKOFF -> backedOff(e.child());
        }
    }

    /// The whole group waits with the child that failed, and this is its only timer, also when a person has
    /// meanwhile deleted that child.
    private void backedOff(String name) {
        if (draft.spec.strategy() == Strategy.ONE_FOR_ONE) {
            Child child = draft.children.get(name);
            if (child != null) {
                goOn(child);
            }
        } else {
            draft.children.all(Children.Set.BACKING_OFF).forEach(this::goOn);
        }
    }

    private void goOn(Child child) {
        if (child.want().waiting() && draft.now - child.want().notBefore() >= 0) {
            draft.set(child.notWaiting());
        }
    }
}
