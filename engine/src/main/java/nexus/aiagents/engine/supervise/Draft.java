package nexus.aiagents.engine.supervise;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.project.SupervisorSpec;
import nexus.aiagents.engine.project.SupervisorSpec.ChildKind;
import nexus.aiagents.engine.project.SupervisorSpec.ChildSpec;
import nexus.aiagents.engine.project.SupervisorSpec.Strategy;
import nexus.aiagents.engine.supervise.Child.Waiter;
import nexus.aiagents.engine.supervise.SupervisorMachine.Decision;
import nexus.aiagents.engine.supervise.SupervisorMachine.Moment;
import nexus.aiagents.engine.supervise.SupervisorState.Ending;
import nexus.aiagents.engine.supervise.SupervisorState.Phase;
import nexus.aiagents.engine.supervise.SupervisorState.Verb;
import org.jspecify.annotations.Nullable;
import org.pcollections.PVector;

/// The working copy of one decision: what the parts of a decision read and change. Confined to it.
final class Draft {
    final Moment moment;
    final long now;
    final List<SupervisorEffect> effects = new ArrayList<>();
    SupervisorSpec spec;
    Children children;
    Window restarts;
    Window spent;
    long untold;
    long spentEver;
    PVector<String> deferred;
    long instances;
    int starts;

    @Nullable
    Ending ending;

    private Phase phase;

    Draft(SupervisorState state, Moment moment) {
        this.moment = moment;
        this.now = moment.nanos();
        this.spec = state.spec();
        this.children = state.children();
        this.restarts = state.restarts();
        this.spent = state.spent();
        this.untold = state.untold();
        this.spentEver = state.spentEver();
        this.deferred = state.deferred();
        this.instances = state.instances();
        this.starts = state.starts();
        this.ending = state.ending();
        this.phase = state.phase();
    }

    Decision decision() {
        return new Decision(
                new SupervisorState(
                        spec, phase, children, restarts, spent, untold, spentEver, deferred, instances, starts, ending),
                answersLast());
    }

    /// Who asked hears of it when all that belongs to it has been done.
    private List<SupervisorEffect> answersLast() {
        return effects.stream()
                .sorted(Comparator.comparing(
                        e -> e instanceof SupervisorEffect.Answer || e instanceof SupervisorEffect.Added))
                .toList();
    }

    // ---- the supervisor

    Phase phase() {
        return phase;
    }

    boolean isUp() {
        return phase == Phase.STARTING || phase == Phase.RUNNING;
    }

    void phase(Phase to) {
        assert Transitions.allows(phase, to) : phase + " to " + to;
        moment.moves().supervisor(phase, to);
        phase = to;
    }

    /// Children are stopped and started one after the other. The instances of a template, and
    /// one-for-one children while the supervisor runs, do not wait for each other.
    boolean ordered() {
        return spec.template() == null && (phase != Phase.RUNNING || spec.strategy() != Strategy.ONE_FOR_ONE);
    }

    void end(Ending how) {
        if (!isUp()) {
            return;
        }
        phase(Phase.STOPPING);
        ending = how;
        if (!ordered()) {
            children.all(Children.Set.LIVE).forEach(child -> set(child.mustStop(true)));
        }
    }

    boolean isToStop(Child child) {
        return child.mustStop() || phase == Phase.STOPPING;
    }

    void note(EngineEvent event) {
        effects.add(new SupervisorEffect.Note(event));
    }

    // ---- a child

    @Nullable
    Child current(String name, int generation) {
        Child child = children.get(name);
        return child != null && child.generation() == generation ? child : null;
    }

    /// Of all children.
    List<String> names() {
        List<String> names = new ArrayList<>();
        children.forEach(child -> names.add(child.name()));
        return names;
    }

    /// @return what it is given
    Child set(Child child) {
        Child before = children.get(child.name());
        children = children.with(child);
        if (before != null) {
            moved(before, child.phase());
        }
        return child;
    }

    private void moved(Child before, Child.Phase to) {
        Child.Phase from = before.phase();
        if (from != to) {
            assert Transitions.allows(from, to) : before + " to " + to;
            moment.moves().child(from, to);
        }
    }

    Child add(ChildSpec child, boolean instance) {
        note(new EngineEvent.ChildAdded(
                spec.name(), child.name(), word(child.kind()), word(child.restart()), instance));
        return set(Child.of(child, children.nextPlace(), instance));
    }

    Child addInstance(SupervisorSpec.TemplateSpec template) {
        instances++;
        return add(template.instance(instances), true);
    }

    void remove(Child child) {
        moved(child, Child.Phase.GONE);
        children = children.without(child);
        note(new EngineEvent.ChildDeleted(spec.name(), child.name()));
        effects.add(new SupervisorEffect.ForgetChild(child.name()));
    }

    /// It is over with it, for as long as nobody asks for it again.
    void over(Child child, Child.Goal goal) {
        if (child.instance()) {
            remove(child);
            return;
        }
        set(child.down(goal));
        if (goal == Child.Goal.GONE) {
            note(new EngineEvent.ChildHeld(spec.name(), child.name(), "temporary"));
        }
    }

    /// It stays down until a person starts it.
    Child hold(Child child, String why) {
        note(new EngineEvent.ChildHeld(spec.name(), child.name(), why));
        return set(child.down(Child.Goal.HELD));
    }

    void kill(Child child) {
        effects.add(new SupervisorEffect.KillChild(child.name(), child.generation()));
        if (child.spec().kind() != ChildKind.SUPERVISOR) {
            timer(child, SupervisorEvent.TimerKind.KILLED, SupervisorTurn.GRACE.toNanos());
        }
    }

    void timer(Child child, SupervisorEvent.TimerKind kind, long waitNanos) {
        effects.add(new SupervisorEffect.StartTimer(child.name(), child.generation(), kind, now + waitNanos));
    }

    // ---- operators

    void answer(long request, boolean done, String code, String message) {
        effects.add(new SupervisorEffect.Answer(request, done, code, message));
    }

    /// Answers all who wait for this verb.
    Child answer(Child child, Verb verb, boolean done, String code, String message) {
        if (child.waiters().isEmpty()) {
            return child;
        }
        List<Waiter> left = new ArrayList<>();
        for (Waiter waiter : child.waiters()) {
            if (waiter.verb() == verb && verb == Verb.ADD && done) {
                effects.add(new SupervisorEffect.Added(waiter.request(), child.name()));
            } else if (waiter.verb() == verb) {
                answer(waiter.request(), done, code, message);
            } else {
                left.add(waiter);
            }
        }
        return set(child.waiters(left));
    }

    /// Answers all who wait for it to come up.
    Child answerStarters(Child child, boolean done, String code, String message) {
        Child now = child;
        for (Verb verb : List.of(Verb.ADD, Verb.START, Verb.RESTART)) {
            now = answer(now, verb, done, code, message);
        }
        return now;
    }

    static String words(ExitReason reason) {
        return reason.message().isEmpty() ? reason.code() : reason.message();
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
