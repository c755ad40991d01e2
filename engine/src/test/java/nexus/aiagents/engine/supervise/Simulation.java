package nexus.aiagents.engine.supervise;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.project.SupervisorSpec.ChildSpec;
import nexus.aiagents.engine.supervise.SupervisorMachine.Moment;
import nexus.aiagents.engine.supervise.SupervisorMachine.Moves;
import nexus.aiagents.engine.supervise.SupervisorState.Verb;
import org.jspecify.annotations.Nullable;

/// One supervisor in a world without threads: children obey at once unless told otherwise, and time
/// passes only when the test says so.
final class Simulation {
    SupervisorState state;
    long now = 1_000_000_000L;
    /// What was done to children, and what became of the supervisor, in order.
    final List<String> trace = new ArrayList<>();
    final List<EngineEvent> notes = new ArrayList<>();
    final Map<Long, SupervisorEffect.Answer> answers = new HashMap<>();
    /// By request: the child that was added.
    final Map<Long, String> added = new HashMap<>();
    /// A child whose starts fail, with how many of the next do; negative: all.
    final Map<String, Integer> failingStarts = new HashMap<>();
    /// Their starts are not answered.
    final Set<String> slow = new HashSet<>();
    /// They do not stop when asked.
    final Set<String> deaf = new HashSet<>();
    /// They do not even stop when killed.
    final Set<String> undead = new HashSet<>();

    private final Set<String> live = new HashSet<>();
    private final Map<String, Integer> generations = new HashMap<>();
    private final Deque<SupervisorEvent> pending = new ArrayDeque<>();
    private final PriorityQueue<SupervisorEffect.StartTimer> timers =
            new PriorityQueue<>(Comparator.comparingLong(SupervisorEffect.StartTimer::atNanos));
    /// For the jitter of back-off.
    RandomGenerator random = new Random(1);

    private final Moves moves;
    private long requests;

    Simulation(Specs specs) {
        this(specs, Moves.UNHEARD);
    }

    Simulation(Specs specs, Moves moves) {
        this.moves = moves;
        state = SupervisorState.of(specs.spec());
    }

    static Simulation started(Specs specs) {
        Simulation simulation = new Simulation(specs);
        simulation.tell(new SupervisorEvent.Start());
        simulation.trace.clear();
        simulation.notes.clear();
        return simulation;
    }

    void tell(SupervisorEvent event) {
        pending.add(event);
        while (!pending.isEmpty()) {
            SupervisorMachine.Decision decision =
                    SupervisorMachine.decide(state, pending.poll(), new Moment(now, random, moves));
            state = decision.state();
            decision.effects().forEach(this::perform);
        }
    }

    void exit(String child, ExitReason reason) {
        live.remove(child);
        tell(new SupervisorEvent.ChildEnded(child, generations.get(child), reason));
    }

    void exit(String child, AgentLauncher.Exit exit) {
        live.remove(child);
        tell(new SupervisorEvent.ChildEnded(child, generations.get(child), exit));
    }

    void crash(String... children) {
        for (String child : children) {
            live.remove(child);
            pending.add(new SupervisorEvent.ChildEnded(child, generations.get(child), Specs.CRASH));
        }
        tell(pending.removeLast());
    }

    /// A slow child comes up now.
    void comesUp(String child) {
        live.add(child);
        tell(new SupervisorEvent.ChildUp(child, generations.get(child)));
    }

    long operator(Verb verb, String child) {
        long request = ++requests;
        tell(new SupervisorEvent.Operator(verb, child, request));
        return request;
    }

    long add(@Nullable ChildSpec child) {
        long request = ++requests;
        tell(new SupervisorEvent.Add(child, request));
        return request;
    }

    /// Another instance of the template.
    long add() {
        return add(null);
    }

    void pass(Duration time) {
        long until = now + time.toNanos();
        while (!timers.isEmpty() && timers.peek().atNanos() <= until) {
            SupervisorEffect.StartTimer timer = timers.poll();
            now = Math.max(now, timer.atNanos());
            tell(new SupervisorEvent.TimeUp(timer.child(), timer.generation(), timer.kind()));
        }
        now = until;
    }

    boolean isLive(String child) {
        return live.contains(child);
    }

    boolean isStarting(String child) {
        Child known = state.children().get(child);
        return known != null && known.status() == Child.Status.STARTING;
    }

    List<String> take() {
        List<String> taken = List.copyOf(trace);
        trace.clear();
        return taken;
    }

    <T extends EngineEvent> List<T> notes(Class<T> type) {
        return notes.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private void perform(SupervisorEffect effect) {
        switch (effect) {
            case SupervisorEffect.Note e -> notes.add(e.event());
            case SupervisorEffect.BackOff e ->
                trace.add("back off " + e.child() + " " + e.pause().toMillis());
            case SupervisorEffect.StartChild e -> start(e.child(), e.generation());
            case SupervisorEffect.AskChild e -> {
                trace.add("stop " + e.child());
                if (!deaf.contains(e.child()) && !undead.contains(e.child())) {
                    live.remove(e.child());
                    pending.add(new SupervisorEvent.ChildEnded(e.child(), e.generation(), ExitReason.SHUTDOWN));
                }
            }
            case SupervisorEffect.KillChild e -> {
                trace.add("kill " + e.child());
                if (!undead.contains(e.child())) {
                    live.remove(e.child());
                    pending.add(new SupervisorEvent.ChildEnded(e.child(), e.generation(), AgentSlot.KILLED));
                }
            }
            case SupervisorEffect.AbandonChild e -> {
                trace.add("abandon " + e.child());
                live.remove(e.child());
            }
            case SupervisorEffect.ForgetChild e -> trace.add("forget " + e.child());
            case SupervisorEffect.StartTimer e -> timers.add(e);
            case SupervisorEffect.Answer e -> answers.put(e.request(), e);
            case SupervisorEffect.Added e -> added.put(e.request(), e.child());
            case SupervisorEffect.Up _ -> trace.add("up");
            case SupervisorEffect.NotUp e -> trace.add("not up because of " + e.child());
            case SupervisorEffect.Ended e -> trace.add("ended " + e.reason().code());
        }
    }

    private void start(String child, int generation) {
        if (live.contains(child)) {
            throw new AssertionError(child + " is started twice");
        }
        generations.put(child, generation);
        if (slow.contains(child)) {
            trace.add("starting " + child);
            return;
        }
        int failures = failingStarts.getOrDefault(child, 0);
        if (failures != 0) {
            failingStarts.put(child, failures - 1);
            trace.add("fail " + child);
            pending.add(new SupervisorEvent.ChildStartFailed(child, generation, Specs.CRASH));
        } else {
            trace.add("start " + child);
            live.add(child);
            pending.add(new SupervisorEvent.ChildUp(child, generation));
        }
    }
}
