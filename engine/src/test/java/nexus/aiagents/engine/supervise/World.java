package nexus.aiagents.engine.supervise;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.project.Instances;
import nexus.aiagents.engine.project.SupervisorSpec;
import nexus.aiagents.engine.project.SupervisorSpec.ChildSpec;
import nexus.aiagents.engine.supervise.AgentLauncher.Exit;
import nexus.aiagents.engine.supervise.SupervisorMachine.Moment;
import nexus.aiagents.engine.supervise.SupervisorMachine.Moves;
import nexus.aiagents.engine.supervise.SupervisorState.Phase;
import nexus.aiagents.engine.supervise.SupervisorState.Verb;
import org.jspecify.annotations.Nullable;

/// A tree of supervisors in a world without threads. What they say to each other, and what agents say
/// to them, lies in one queue a speaker; which is heard next is the scheduler's choice: first come
/// first served, or what a seed says. So a life replays from its seed, and every order that threads
/// could bring about can come about.
final class World {
    private record Letter(String to, SupervisorEvent event) {}

    private record Alarm(long at, long number, Letter letter) {}

    private static final class Node {
        final SupervisorSpec spec;
        final @Nullable String parent;
        SupervisorState state;
        int generation;

        Node(SupervisorSpec spec, @Nullable String parent) {
            this.spec = spec;
            this.parent = parent;
            this.state = SupervisorState.of(spec);
        }
    }

    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<String, Deque<Letter>> mail = new LinkedHashMap<>();
    private final Deque<String> order = new ArrayDeque<>();
    private final PriorityQueue<Alarm> alarms =
            new PriorityQueue<>(Comparator.comparingLong(Alarm::at).thenComparingLong(Alarm::number));
    private final @Nullable Random chance;
    private final Moves moves;
    private final String root;
    private final Map<String, Integer> generations = new HashMap<>();
    private final Set<String> live = new HashSet<>();
    /// Their start is not through yet.
    private final Set<String> launching = new HashSet<>();
    private long alarmNumber;
    private long requests;

    /// What was done to agents, and what became of the root, in order.
    final List<String> trace = new ArrayList<>();
    final List<EngineEvent> notes = new ArrayList<>();
    final Map<Long, String> answers = new HashMap<>();
    final Map<String, Integer> failingStarts = new HashMap<>();
    final Set<String> slow = new HashSet<>();
    final Set<String> deaf = new HashSet<>();
    final Set<String> undead = new HashSet<>();
    final Map<String, Long> spends = new HashMap<>();
    long now = 1_000_000_000L;
    boolean rootGaveUp;

    /// The first is the root.
    ///
    /// @param chance null: first come, first served
    World(@Nullable Random chance, Moves moves, Specs... supervisors) {
        this.chance = chance;
        this.moves = moves;
        this.root = supervisors[0].name();
        Map<String, String> parents = new HashMap<>();
        for (Specs s : supervisors) {
            s.spec().everyChild().forEach(child -> parents.put(child.name(), s.name()));
        }
        for (Specs s : supervisors) {
            nodes.put(s.name(), new Node(s.spec(), parents.get(s.name())));
        }
    }

    // ---- what a test does

    void start() {
        write("world", root, new SupervisorEvent.Start());
    }

    void stop() {
        write("world", root, new SupervisorEvent.Stop());
    }

    void kill() {
        write("world", root, new SupervisorEvent.Kill());
    }

    long operator(Verb verb, String supervisor, String child) {
        long request = ++requests;
        write("world", supervisor, new SupervisorEvent.Operator(verb, child, request));
        return request;
    }

    long add(String supervisor, @Nullable ChildSpec child) {
        long request = ++requests;
        write("world", supervisor, new SupervisorEvent.Add(child, request));
        return request;
    }

    void respec(Specs changed) {
        write("world", changed.name(), new SupervisorEvent.Respec(changed.spec()));
    }

    /// It ends by itself.
    void exit(String agent, ExitReason reason) {
        if (live.remove(agent)) {
            long spent = spends.getOrDefault(agent, 0L);
            tellOf(agent, new Exit(reason, spent, false));
        }
    }

    void comesUp(String agent) {
        if (launching.remove(agent)) {
            live.add(agent);
            String supervisor = supervisorOf(agent);
            write(agent, supervisor, new SupervisorEvent.ChildUp(agent, generations.get(agent)));
        }
    }

    /// Delivers letters until none is left. Time stands still.
    void settle() {
        for (int i = 0; deliver(); i++) {
            if (i > 100_000) {
                throw new AssertionError("no end of it: " + trace.subList(trace.size() - 50, trace.size()));
            }
        }
    }

    /// @return false if there was none
    boolean deliver() {
        if (order.isEmpty()) {
            return false;
        }
        String speaker;
        if (chance == null) {
            speaker = order.removeFirst();
        } else {
            List<String> speakers = new ArrayList<>(order);
            speaker = speakers.get(chance.nextInt(speakers.size()));
            order.removeFirstOccurrence(speaker);
        }
        Deque<Letter> letters = mail.get(speaker);
        Letter letter = letters.removeFirst();
        Node node = nodes.get(letter.to());
        SupervisorMachine.Decision decision = SupervisorMachine.decide(
                node.state, letter.event(), new Moment(now, chance == null ? new Random(1) : chance, moves));
        node.state = decision.state();
        decision.effects().forEach(effect -> perform(node, effect));
        return true;
    }

    void pass(Duration time) {
        long until = now + time.toNanos();
        settle();
        while (!alarms.isEmpty() && alarms.peek().at() <= until) {
            Alarm alarm = alarms.poll();
            now = Math.max(now, alarm.at());
            write("clock", alarm.letter().to(), alarm.letter().event());
            settle();
        }
        now = until;
    }

    // ---- what a test sees

    boolean isLive(String agent) {
        return live.contains(agent);
    }

    Set<String> live() {
        return Set.copyOf(live);
    }

    Phase phase(String supervisor) {
        return nodes.get(supervisor).state.phase();
    }

    SupervisorState state(String supervisor) {
        return nodes.get(supervisor).state;
    }

    /// In order, those that are gone left out.
    List<String> which(String supervisor) {
        List<String> names = new ArrayList<>();
        for (Child child : state(supervisor).children()) {
            if (child.phase() != Child.Phase.GONE) {
                names.add(child.name());
            }
        }
        return names;
    }

    List<String> take() {
        List<String> taken = List.copyOf(trace);
        trace.clear();
        return taken;
    }

    /// Nothing is under way and no supervisor that is up waits for anything but slow agents.
    String unsettled() {
        for (Node node : nodes.values()) {
            Child wanted = node.state.children().first(Children.Set.WANTED);
            boolean running = node.state.phase() == Phase.RUNNING;
            if (running
                    && wanted != null
                    && wanted.status() != Child.Status.STARTING
                    && !wanted.want().waiting()) {
                return node.spec.name() + " wants " + wanted;
            }
            if (node.state.phase() == Phase.STOPPED && !node.state.children().isEmpty(Children.Set.LIVE)) {
                return node.spec.name() + " is down, its children are not";
            }
        }
        return "";
    }

    // ---- how it goes

    private String supervisorOf(String child) {
        for (Node node : nodes.values()) {
            if (node.state.children().get(child) != null) {
                return node.spec.name();
            }
        }
        String agent = Instances.agentOf(child);
        return nodes.values().stream()
                .filter(n -> n.spec.everyChild().anyMatch(c -> c.name().equals(agent)))
                .map(n -> n.spec.name())
                .findFirst()
                .orElse(root);
    }

    private void write(String from, String to, SupervisorEvent event) {
        mail.computeIfAbsent(from, _ -> new ArrayDeque<>()).addLast(new Letter(to, event));
        order.addLast(from);
    }

    private void tellOf(String agent, Exit exit) {
        write(agent, supervisorOf(agent), new SupervisorEvent.ChildEnded(agent, generations.get(agent), exit));
    }

    private void perform(Node node, SupervisorEffect effect) {
        String me = node.spec.name();
        switch (effect) {
            case SupervisorEffect.Note e -> notes.add(e.event());
            case SupervisorEffect.BackOff e -> trace.add("back off " + e.child());
            case SupervisorEffect.StartChild e -> {
                Node nested = nodes.get(e.child());
                if (nested != null) {
                    nested.generation = e.generation();
                    write(me, e.child(), new SupervisorEvent.Start());
                } else {
                    start(me, e.child(), e.generation());
                }
            }
            case SupervisorEffect.AskChild e -> {
                if (nodes.containsKey(e.child())) {
                    write(me, e.child(), new SupervisorEvent.Stop());
                } else {
                    trace.add("stop " + e.child());
                    if (!deaf.contains(e.child()) && !undead.contains(e.child())) {
                        die(e.child(), e.generation(), ExitReason.SHUTDOWN);
                    }
                }
            }
            case SupervisorEffect.KillChild e -> {
                if (nodes.containsKey(e.child())) {
                    write(me, e.child(), new SupervisorEvent.Kill());
                } else {
                    trace.add("kill " + e.child());
                    if (!undead.contains(e.child())) {
                        die(e.child(), e.generation(), AgentSlot.KILLED);
                    }
                }
            }
            case SupervisorEffect.AbandonChild e -> {
                live.remove(e.child());
                launching.remove(e.child());
            }
            case SupervisorEffect.ForgetChild _ -> {}
            case SupervisorEffect.StartTimer e ->
                alarms.add(new Alarm(
                        e.atNanos(),
                        alarmNumber++,
                        new Letter(me, new SupervisorEvent.TimeUp(e.child(), e.generation(), e.kind()))));
            case SupervisorEffect.Answer e -> answered(e.request(), e.done() ? "done" : e.code());
            case SupervisorEffect.Added e -> answered(e.request(), "added " + e.child());
            case SupervisorEffect.Up _ -> report(node, new SupervisorEvent.ChildUp(me, node.generation), "up");
            case SupervisorEffect.NotUp e ->
                report(
                        node,
                        new SupervisorEvent.ChildStartFailed(
                                me, node.generation, ExitReason.error("start-failed", e.child())),
                        "not up because of " + e.child());
            case SupervisorEffect.Ended e -> {
                rootGaveUp = node.parent == null ? e.gaveUp() : rootGaveUp;
                report(
                        node,
                        new SupervisorEvent.ChildEnded(
                                me, node.generation, new Exit(e.reason(), e.microDollars(), false)),
                        "ended " + e.reason().code());
            }
        }
    }

    private void answered(long request, String answer) {
        if (answers.put(request, answer) != null) {
            throw new AssertionError("request " + request + " is answered twice");
        }
    }

    private void report(Node node, SupervisorEvent toParent, String atTheTop) {
        if (node.parent == null) {
            trace.add(atTheTop);
        } else {
            write(node.spec.name(), node.parent, toParent);
        }
    }

    /// Also a launch that is not through yet can be ended.
    private void die(String agent, int generation, ExitReason reason) {
        boolean current = generations.get(agent) == generation;
        if (current && (live.remove(agent) || launching.remove(agent))) {
            write(
                    agent,
                    supervisorOf(agent),
                    new SupervisorEvent.ChildEnded(
                            agent, generation, new Exit(reason, spends.getOrDefault(agent, 0L), false)));
        }
    }

    private void start(String supervisor, String agent, int generation) {
        if (live.contains(agent)) {
            throw new AssertionError(agent + " is started twice: " + trace);
        }
        generations.put(agent, generation);
        if (slow.contains(agent)) {
            trace.add("starting " + agent);
            launching.add(agent);
            return;
        }
        int failures = failingStarts.getOrDefault(agent, 0);
        if (failures != 0) {
            failingStarts.put(agent, failures - 1);
            trace.add("fail " + agent);
            write(agent, supervisor, new SupervisorEvent.ChildStartFailed(agent, generation, Specs.CRASH));
        } else {
            trace.add("start " + agent);
            live.add(agent);
            write(agent, supervisor, new SupervisorEvent.ChildUp(agent, generation));
        }
    }
}
