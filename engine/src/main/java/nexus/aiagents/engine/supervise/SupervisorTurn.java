package nexus.aiagents.engine.supervise;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.ExitReason.Kind;
import nexus.aiagents.engine.project.SupervisorSpec;
import nexus.aiagents.engine.project.SupervisorSpec.BackoffSpec;
import nexus.aiagents.engine.project.SupervisorSpec.ChildKind;
import nexus.aiagents.engine.project.SupervisorSpec.RestartType;
import nexus.aiagents.engine.project.SupervisorSpec.Strategy;
import nexus.aiagents.engine.supervise.SupervisorEvent.TimerKind;
import nexus.aiagents.engine.supervise.SupervisorState.Child;
import nexus.aiagents.engine.supervise.SupervisorState.Deferred;
import nexus.aiagents.engine.supervise.SupervisorState.Ending;
import nexus.aiagents.engine.supervise.SupervisorState.Goal;
import nexus.aiagents.engine.supervise.SupervisorState.Phase;
import nexus.aiagents.engine.supervise.SupervisorState.Status;
import nexus.aiagents.engine.supervise.SupervisorState.Verb;
import nexus.aiagents.engine.supervise.SupervisorState.Waiter;
import org.jspecify.annotations.Nullable;

/// The working copy of one decision. An event only marks what is wanted of each child; `settle` then does
/// whatever may be done next. So nothing that was asked for is lost to something already under way.
final class SupervisorTurn {

    /// How long a killed agent may take before it is given up; it is promised to take a tenth of a second.
    static final Duration GRACE = Duration.ofSeconds(2);

    private final SupervisorSpec spec;
    private final long now;
    private final List<Child> children;
    private final List<SupervisorEffect> effects = new ArrayList<>();
    private final List<Deferred> deferred;
    private final List<Waiter> waiters;
    private List<Long> restarts;
    private Phase phase;
    private @Nullable Ending ending;

    SupervisorTurn(SupervisorState state, long now) {
        this.spec = state.spec();
        this.now = now;
        this.children = new ArrayList<>(state.children());
        this.deferred = new ArrayList<>(state.deferred());
        this.waiters = new ArrayList<>(state.waiters());
        this.restarts = state.restarts();
        this.phase = state.phase();
        this.ending = state.ending();
    }

    SupervisorMachine.Decision decision() {
        return new SupervisorMachine.Decision(
                new SupervisorState(
                        spec,
                        phase,
                        List.copyOf(children),
                        restarts,
                        List.copyOf(deferred),
                        List.copyOf(waiters),
                        ending),
                List.copyOf(effects));
    }

    void handle(SupervisorEvent event) {
        switch (event) {
            case SupervisorEvent.Start _ -> begin();
            case SupervisorEvent.Stop _ -> end(new Ending(null, ExitReason.SHUTDOWN, true, false));
            case SupervisorEvent.Kill _ -> kill();
            case SupervisorEvent.ChildUp e -> childUp(e);
            case SupervisorEvent.ChildStartFailed e -> childStartFailed(e);
            case SupervisorEvent.ChildEnded e -> childEnded(e);
            case SupervisorEvent.TimeUp e -> timeUp(e);
            case SupervisorEvent.Operator e -> operator(e);
        }
        settle();
    }

    // ---- what is heard

    private void begin() {
        if (phase != Phase.STOPPED) {
            return;
        }
        phase = Phase.STARTING;
        ending = null;
        restarts = List.of();
        deferred.clear();
        // What a person stopped stays down, also when the supervisor itself is started anew by its parent.
        children.replaceAll(c -> new Child(
                c.spec(),
                Status.DOWN,
                c.goal() == Goal.HELD ? Goal.HELD : Goal.UP,
                false,
                false,
                false,
                0,
                c.generation(),
                0,
                0));
        note(new EngineEvent.SupervisorStarted(spec.name()));
    }

    private void end(Ending how) {
        if (phase == Phase.STARTING || phase == Phase.RUNNING) {
            phase = Phase.STOPPING;
            ending = how;
        }
    }

    private void kill() {
        end(new Ending(null, ExitReason.of(Kind.KILLED, "its supervisor was killed"), true, true));
        if (phase != Phase.STOPPING) {
            return;
        }
        for (int i = 0; i < children.size(); i++) {
            if (children.get(i).live()) {
                set(i, c -> c.with(Status.STOPPING).mustStop(true));
                killChild(children.get(i));
            }
        }
    }

    private void childUp(SupervisorEvent.ChildUp e) {
        int i = current(e.child(), e.generation());
        if (i < 0 || children.get(i).status() != Status.STARTING) {
            return;
        }
        set(i, c -> c.up(now));
        answer(e.child(), Verb.START, true, "", e.child() + " is up");
        answer(e.child(), Verb.RESTART, true, "", e.child() + " was restarted");
    }

    private void childStartFailed(SupervisorEvent.ChildStartFailed e) {
        int i = current(e.child(), e.generation());
        if (i < 0 || !children.get(i).live()) {
            return;
        }
        Child child = children.get(i);
        if (child.mustStop()) {
            stopped(i);
            return;
        }
        set(i, c -> c.with(Status.DOWN));
        if (neverRetried(e.reason()) || child.byOperator()) {
            set(i, c -> c.with(Goal.HELD).byOperator(false));
            String message = e.child() + " did not start: " + words(e.reason());
            answer(e.child(), Verb.START, false, "start-failed", message);
            answer(e.child(), Verb.RESTART, false, "start-failed", message);
        } else if (phase == Phase.STARTING) {
            note(new EngineEvent.SupervisorGaveUp(spec.name(), e.child(), e.reason()));
            end(new Ending(e.child(), e.reason(), false, false));
        } else {
            incident(i, e.reason());
        }
    }

    private void childEnded(SupervisorEvent.ChildEnded e) {
        int i = current(e.child(), e.generation());
        if (i < 0 || !children.get(i).live()) {
            return;
        }
        if (children.get(i).mustStop()) {
            stopped(i);
        } else if (children.get(i).status() == Status.STARTING) {
            childStartFailed(new SupervisorEvent.ChildStartFailed(e.child(), e.generation(), e.reason()));
        } else {
            set(i, c -> c.with(Status.DOWN));
            if (phase == Phase.STARTING) {
                deferred.add(new Deferred(e.child(), e.reason()));
            } else {
                endedByItself(i, e.reason());
            }
        }
    }

    private void timeUp(SupervisorEvent.TimeUp e) {
        int i = current(e.child(), e.generation());
        if (i < 0) {
            return;
        }
        Child child = children.get(i);
        switch (e.kind()) {
            case SHUTDOWN -> {
                if (child.status() == Status.STOPPING) {
                    killChild(child);
                }
            }
            case KILLED -> {
                if (child.status() == Status.STOPPING) {
                    effects.add(new SupervisorEffect.AbandonChild(child.name(), child.generation()));
                    stopped(i);
                }
            }
            case BACKOFF -> {
                // The whole group waits with the child that failed, and this is its only timer.
                children.replaceAll(c -> c.waiting() && now >= c.notBefore() ? c.notWaiting() : c);
            }
        }
    }

    private void operator(SupervisorEvent.Operator e) {
        int i = indexOf(e.child());
        if (phase != Phase.STARTING && phase != Phase.RUNNING) {
            effects.add(new SupervisorEffect.Answer(
                    e.request(), false, "not-up", "supervisor " + spec.name() + " is not up"));
            return;
        }
        Child child = children.get(i);
        switch (e.verb()) {
            case START -> {
                if (child.status() == Status.UP && !child.mustStop()) {
                    effects.add(new SupervisorEffect.Answer(
                            e.request(), false, "already", child.name() + " is up already"));
                    return;
                }
                dontWait(i);
                set(i, c -> c.with(Goal.UP).byOperator(true));
            }
            case STOP -> {
                if (!child.live() && (child.goal() == Goal.HELD || child.goal() == Goal.GONE)) {
                    effects.add(new SupervisorEffect.Answer(
                            e.request(), false, "already", child.name() + " is stopped already"));
                    return;
                }
                String superseded = child.name() + " was stopped before it was up";
                answer(child.name(), Verb.START, false, "not-up", superseded);
                answer(child.name(), Verb.RESTART, false, "not-up", superseded);
                set(i, c -> c.with(Goal.HELD).notWaiting().byOperator(false).mustStop(c.live()));
            }
            case RESTART -> {
                dontWait(i);
                set(i, c -> c.with(Goal.UP).byOperator(true).mustStop(c.live()));
            }
        }
        deferred.removeIf(d -> d.child().equals(child.name()));
        waiters.add(new Waiter(e.request(), child.name(), e.verb()));
        if (!children.get(i).live()) {
            answer(child.name(), Verb.STOP, true, "", child.name() + " is stopped");
        }
    }

    /// A person who starts one of a group does not want to wait for those before it either.
    private void dontWait(int i) {
        if (spec.strategy() == Strategy.ONE_FOR_ONE) {
            set(i, Child::notWaiting);
        } else {
            children.replaceAll(Child::notWaiting);
        }
    }

    // ---- what is decided

    private void endedByItself(int i, ExitReason reason) {
        Child child = children.get(i);
        BackoffSpec backoff = spec.backoff();
        if (backoff != null && now - child.upSince() >= backoff.resetAfter().toNanos()) {
            set(i, c -> c.failures(0));
        }
        RestartType type = child.spec().restart();
        if (type == RestartType.TEMPORARY) {
            set(i, c -> c.with(Goal.GONE));
            autoShutdown(child);
        } else if (neverRetried(reason)) {
            set(i, c -> c.with(Goal.HELD));
        } else if (type == RestartType.TRANSIENT && reason.isNormal()) {
            set(i, c -> c.with(Goal.DOWN));
            autoShutdown(child);
        } else {
            incident(i, reason);
        }
    }

    /// Money and trust do not come back by starting over: a person has to act first.
    private static boolean neverRetried(ExitReason reason) {
        return reason.kind() == Kind.BUDGET || reason.kind() == Kind.UNTRUSTED;
    }

    private void autoShutdown(Child ended) {
        if (!ended.spec().significant()) {
            return;
        }
        boolean left = children.stream()
                .anyMatch(c ->
                        c.spec().significant() && !c.name().equals(ended.name()) && (c.live() || c.goal() == Goal.UP));
        switch (spec.autoShutdown()) {
            case NEVER -> {}
            case ANY -> end(new Ending(null, ExitReason.SHUTDOWN, true, false));
            case ALL -> {
                if (!left) {
                    end(new Ending(null, ExitReason.SHUTDOWN, true, false));
                }
            }
        }
    }

    private void incident(int i, ExitReason reason) {
        Child child = children.get(i);
        long since = now - spec.within().toNanos();
        List<Long> counted =
                new ArrayList<>(restarts.stream().filter(t -> t - since >= 0).toList());
        counted.add(now);
        restarts = List.copyOf(counted);
        if (restarts.size() > spec.maxRestarts()) {
            note(new EngineEvent.SupervisorGaveUp(spec.name(), child.name(), reason));
            end(new Ending(null, ExitReason.SHUTDOWN, false, false));
            return;
        }
        List<String> affected = markAffected(i);
        note(new EngineEvent.SupervisorRestarted(
                spec.name(), child.name(), reason, affected, restarts.size(), spec.maxRestarts()));
        backOff(i, affected);
    }

    private List<String> markAffected(int failed) {
        Strategy strategy = spec.strategy();
        int from = strategy == Strategy.ONE_FOR_ALL ? 0 : failed;
        int to = strategy == Strategy.ONE_FOR_ONE ? failed + 1 : children.size();
        List<String> affected = new ArrayList<>();
        for (int i = from; i < to; i++) {
            Child child = children.get(i);
            if (child.goal() == Goal.HELD || child.goal() == Goal.GONE) {
                continue;
            }
            if (i != failed) {
                boolean temporary = child.spec().restart() == RestartType.TEMPORARY;
                set(i, c -> c.with(temporary ? Goal.GONE : Goal.UP).mustStop(c.live()));
                if (temporary) {
                    continue;
                }
            }
            affected.add(child.name());
        }
        return affected;
    }

    private void backOff(int i, List<String> affected) {
        BackoffSpec backoff = spec.backoff();
        if (backoff == null) {
            return;
        }
        Child child = children.get(i);
        double nanos = backoff.initial().toNanos() * Math.pow(backoff.factor(), child.failures());
        long wait = (long) Math.min(nanos, backoff.max().toNanos());
        set(i, c -> c.failures(c.failures() + 1));
        if (wait > 0) {
            children.replaceAll(c -> affected.contains(c.name()) ? c.waitingUntil(now + wait) : c);
            effects.add(new SupervisorEffect.BackOff(child.name(), Duration.ofNanos(wait)));
            effects.add(
                    new SupervisorEffect.StartTimer(child.name(), child.generation(), TimerKind.BACKOFF, now + wait));
        }
    }

    private void stopped(int i) {
        set(i, c -> c.with(Status.DOWN).mustStop(false));
        String name = children.get(i).name();
        answer(name, Verb.STOP, true, "", name + " is stopped");
    }

    // ---- what may be done next

    private void settle() {
        if (phase == Phase.STOPPING) {
            children.replaceAll(c -> c.live() ? c.mustStop(true) : c);
            stopNext();
            if (children.stream().noneMatch(Child::live)) {
                finish();
            }
        } else if (phase != Phase.STOPPED) {
            stopNext();
            startNext();
            if (phase == Phase.STARTING && allUp()) {
                complete();
            }
        }
    }

    private boolean allUp() {
        return children.stream()
                .allMatch(c -> c.goal() != Goal.UP || isDeferred(c) || (c.status() == Status.UP && !c.mustStop()));
    }

    private void complete() {
        phase = Phase.RUNNING;
        effects.add(new SupervisorEffect.Up());
        List<Deferred> exits = List.copyOf(deferred);
        deferred.clear();
        for (Deferred exit : exits) {
            int i = indexOf(exit.child());
            if (phase == Phase.RUNNING && !children.get(i).live()) {
                endedByItself(i, exit.reason());
            }
        }
        settle();
    }

    private boolean isDeferred(Child child) {
        return deferred.stream().anyMatch(d -> d.child().equals(child.name()));
    }

    /// Strictly in reverse where the order matters: the next is told when the one after it is down.
    private void stopNext() {
        boolean ordered = phase == Phase.STOPPING || spec.strategy() != Strategy.ONE_FOR_ONE;
        for (int i = children.size() - 1; i >= 0; i--) {
            Child child = children.get(i);
            if (!child.live() || !child.mustStop()) {
                continue;
            }
            if (child.status() != Status.STOPPING) {
                askChild(i);
            }
            if (ordered) {
                return;
            }
        }
    }

    private void askChild(int i) {
        Child child = children.get(i);
        Duration shutdown = child.spec().shutdown();
        // An agent that is not up yet has nothing to finish, and its launch may never return.
        boolean unborn = child.status() == Status.STARTING && child.spec().kind() == ChildKind.AGENT;
        set(i, c -> c.with(Status.STOPPING));
        if (unborn || (shutdown != null && shutdown.isZero())) {
            killChild(child);
            return;
        }
        effects.add(new SupervisorEffect.AskChild(child.name(), child.generation()));
        if (shutdown != null) {
            timer(child, TimerKind.SHUTDOWN, shutdown);
        }
    }

    private void killChild(Child child) {
        effects.add(new SupervisorEffect.KillChild(child.name(), child.generation()));
        if (child.spec().kind() == ChildKind.AGENT) {
            timer(child, TimerKind.KILLED, GRACE);
        }
    }

    private void timer(Child child, TimerKind kind, Duration wait) {
        effects.add(new SupervisorEffect.StartTimer(child.name(), child.generation(), kind, now + wait.toNanos()));
    }

    private void startNext() {
        boolean ordered = phase == Phase.STARTING || spec.strategy() != Strategy.ONE_FOR_ONE;
        if (ordered && children.stream().anyMatch(c -> c.live() && c.mustStop())) {
            return;
        }
        for (int i = 0; i < children.size(); i++) {
            Child child = children.get(i);
            if (child.goal() != Goal.UP || isDeferred(child)) {
                continue;
            }
            if (child.status() == Status.DOWN && !child.waiting()) {
                set(i, Child::starting);
                effects.add(new SupervisorEffect.StartChild(child.name(), child.generation() + 1));
            }
            if (ordered && children.get(i).status() != Status.UP) {
                return;
            }
        }
    }

    private void finish() {
        Ending how = ending;
        phase = Phase.STOPPED;
        for (Waiter waiter : List.copyOf(waiters)) {
            answer(waiter.child(), waiter.verb(), false, "not-up", "supervisor " + spec.name() + " stopped");
        }
        if (how == null) {
            return;
        }
        if (how.announce()) {
            note(new EngineEvent.SupervisorStopped(spec.name()));
        }
        effects.add(
                how.failedChild() == null
                        ? new SupervisorEffect.Ended(how.reason())
                        : new SupervisorEffect.NotUp(how.failedChild(), how.reason()));
    }

    // ---- small things

    private void note(EngineEvent event) {
        effects.add(new SupervisorEffect.Note(event));
    }

    private void answer(String child, Verb verb, boolean done, String code, String message) {
        for (Waiter waiter : List.copyOf(waiters)) {
            if (waiter.verb() == verb && waiter.child().equals(child)) {
                waiters.remove(waiter);
                effects.add(new SupervisorEffect.Answer(waiter.request(), done, code, message));
            }
        }
    }

    private void set(int i, UnaryOperator<Child> change) {
        children.set(i, change.apply(children.get(i)));
    }

    private int current(String child, int generation) {
        int i = indexOf(child);
        return children.get(i).generation() == generation ? i : -1;
    }

    private int indexOf(String child) {
        for (int i = 0; i < children.size(); i++) {
            if (children.get(i).name().equals(child)) {
                return i;
            }
        }
        throw new IllegalArgumentException(spec.name() + " has no child " + child);
    }

    static String words(ExitReason reason) {
        return reason.message().isEmpty() ? reason.code() : reason.message();
    }
}
