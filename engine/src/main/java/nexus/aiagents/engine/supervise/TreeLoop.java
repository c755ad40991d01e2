package nexus.aiagents.engine.supervise;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.journal.StoreException;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.project.SupervisorSpec;
import nexus.aiagents.engine.project.SupervisorSpec.ChildKind;
import nexus.aiagents.engine.project.SupervisorSpec.ChildSpec;
import nexus.aiagents.engine.supervise.SupervisorState.Phase;
import nexus.aiagents.engine.supervise.SupervisorState.Verb;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread on which the machines of a project decide. Everything below is touched by it alone, but the
/// queue and what is marked volatile.
final class TreeLoop {
    private static final Logger LOG = LoggerFactory.getLogger(TreeLoop.class);

    sealed interface Message {
        record ToSupervisor(String supervisor, SupervisorEvent event) implements Message {}

        record Launched(AgentSlot slot, AgentLauncher.LiveAgent live) implements Message {}

        record LaunchFailed(AgentSlot slot, ExitReason reason) implements Message {}

        record AgentEnded(AgentSlot slot, ExitReason reason) implements Message {}

        record StartTree(CompletableFuture<CommandResult> answer) implements Message {}

        record StopTree(CompletableFuture<CommandResult> answer) implements Message {}

        record Verbs(Verb verb, String agent, CompletableFuture<CommandResult> answer) implements Message {}

        record KillTree() implements Message {}

        record Quit() implements Message {}
    }

    private record Timer(long atNanos, Message due) {}

    /// One supervisor: its machine and the generation its parent knows it by.
    private static final class Node {
        SupervisorState state;
        final @Nullable String parent;
        int generation;
        final Map<String, AgentSlot> slots = new HashMap<>();

        Node(SupervisorState state, @Nullable String parent) {
            this.state = state;
            this.parent = parent;
        }
    }

    private final AgentLauncher launcher;
    private final Journal journal;
    private final Clock clock;
    private final LongSupplier nanos;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<String, String> supervisorOf = new HashMap<>();
    private final Roots roots;

    private final LinkedBlockingQueue<Message> queue = new LinkedBlockingQueue<>();
    private final Deque<Message> inner = new ArrayDeque<>();
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>((a, b) -> Long.compare(a.atNanos() - b.atNanos(), 0));
    private final Map<Long, CompletableFuture<CommandResult>> requests = new HashMap<>();
    private long lastRequest;
    private volatile boolean ended;
    private final Thread thread;

    TreeLoop(Project project, AgentLauncher launcher, Journal journal, Clock clock, LongSupplier nanos) {
        this.launcher = launcher;
        this.journal = journal;
        this.clock = clock;
        this.nanos = nanos;
        Map<String, String> parents = new HashMap<>();
        for (SupervisorSpec spec : project.supervisors().values()) {
            for (ChildSpec child : spec.children()) {
                (child.kind() == ChildKind.AGENT ? supervisorOf : parents).putIfAbsent(child.name(), spec.name());
            }
        }
        for (SupervisorSpec spec : project.supervisors().values()) {
            nodes.put(spec.name(), new Node(SupervisorState.of(spec), parents.get(spec.name())));
        }
        this.roots = new Roots(
                project.roots().stream().map(SupervisorSpec::name).toList(),
                (root, event) -> inner.add(new Message.ToSupervisor(root, event)));
        this.thread = Thread.ofVirtual().name("supervision-" + project.name()).unstarted(this::run);
    }

    void begin() {
        thread.start();
    }

    @Nullable
    String supervisorOf(String agent) {
        return supervisorOf.get(agent);
    }

    boolean isUp() {
        return roots.isUp();
    }

    CompletableFuture<CommandResult> ask(Function<CompletableFuture<CommandResult>, Message> message) {
        CompletableFuture<CommandResult> answer = new CompletableFuture<>();
        post(message.apply(answer));
        return answer;
    }

    void killAll() {
        post(new Message.KillTree());
    }

    void end() {
        post(new Message.Quit());
    }

    private void post(Message message) {
        queue.add(message);
        if (ended) {
            refuseRest();
        }
    }

    private void refuseRest() {
        for (Message late = queue.poll(); late != null; late = queue.poll()) {
            refuse(late);
        }
    }

    private void run() {
        boolean interrupted = false;
        while (!ended) {
            try {
                Message message = next();
                if (message != null) {
                    handle(message);
                }
            } catch (InterruptedException _) {
                interrupted = true;
            } catch (RuntimeException e) {
                // A defect in one decision must not leave all the other agents without a supervisor.
                LOG.error("a supervisor's decision failed", e);
            }
        }
        refuseRest();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable Message next() throws InterruptedException {
        Message first = inner.poll();
        if (first != null) {
            return first;
        }
        Timer timer = timers.peek();
        if (timer == null) {
            return queue.take();
        }
        long wait = timer.atNanos() - nanos.getAsLong();
        if (wait > 0) {
            return queue.poll(wait, TimeUnit.NANOSECONDS);
        }
        timers.remove();
        return timer.due();
    }

    private void handle(Message message) {
        switch (message) {
            case Message.ToSupervisor m -> decide(m.supervisor(), m.event());
            case Message.Launched m -> launched(m.slot(), m.live());
            case Message.LaunchFailed m -> {
                if (!m.slot().abandoned) {
                    decide(
                            m.slot().supervisor,
                            new SupervisorEvent.ChildStartFailed(m.slot().agent, m.slot().generation, m.reason()));
                }
            }
            case Message.AgentEnded m -> agentEnded(m.slot(), m.reason());
            case Message.StartTree m -> {
                forgetOperators();
                roots.start(m.answer());
            }
            case Message.StopTree m -> roots.stop(m.answer());
            case Message.Verbs m -> verb(m);
            case Message.KillTree _ -> roots.kill();
            case Message.Quit _ -> ended = true;
        }
    }

    private static void refuse(Message message) {
        CommandResult closed = new CommandResult.Refused("not-up", "the project is closed");
        switch (message) {
            case Message.StartTree m -> m.answer().complete(closed);
            case Message.StopTree m -> m.answer().complete(closed);
            case Message.Verbs m -> m.answer().complete(closed);
            // Its launch took longer than closing did.
            case Message.Launched m -> m.live().kill(AgentSlot.KILLED);
            default -> {}
        }
    }

    /// A team that is started anew starts whole: what was stopped by hand before does not stay down.
    private void forgetOperators() {
        for (Node node : nodes.values()) {
            if (node.state.phase() == Phase.STOPPED) {
                node.state = node.state.fresh();
            }
        }
    }

    private void verb(Message.Verbs m) {
        String supervisor = supervisorOf.get(m.agent());
        if (supervisor == null) {
            Roots.answer(
                    m.answer(),
                    new CommandResult.Refused(
                            "unknown-name",
                            "no supervisor has an agent \"" + m.agent()
                                    + "\" as a child; agents under no supervisor run only when they are called"));
            return;
        }
        long request = ++lastRequest;
        requests.put(request, m.answer());
        decide(supervisor, new SupervisorEvent.Operator(m.verb(), m.agent(), request));
    }

    private void decide(String supervisor, SupervisorEvent event) {
        Node node = node(supervisor);
        SupervisorMachine.Decision decision = SupervisorMachine.decide(node.state, event, nanos.getAsLong());
        journal(supervisor, decision.effects());
        node.state = decision.state();
        decision.effects().forEach(effect -> perform(node, effect));
    }

    private void journal(String supervisor, List<SupervisorEffect> effects) {
        List<EngineEvent> events = new ArrayList<>();
        for (SupervisorEffect effect : effects) {
            if (effect instanceof SupervisorEffect.Note note) {
                events.add(note.event());
            } else if (effect instanceof SupervisorEffect.BackOff backOff) {
                events.add(new EngineEvent.ChildBackingOff(
                        supervisor,
                        backOff.child(),
                        clock.millis() + backOff.pause().toMillis()));
            }
        }
        if (events.isEmpty()) {
            return;
        }
        try {
            journal.commitAndWait(new Journal.Batch(events, Map.of()));
        } catch (StoreException e) {
            // Stopping has to work with a full disk too; a start is refused by who journals the agent's own.
            LOG.error("supervisor {}: {} could not be journalled: {}", supervisor, events, e.getMessage());
        }
    }

    private void perform(Node node, SupervisorEffect effect) {
        SupervisorSpec spec = node.state.spec();
        switch (effect) {
            case SupervisorEffect.Note _, SupervisorEffect.BackOff _ -> {}
            case SupervisorEffect.StartChild e -> {
                if (isAgent(node, e.child())) {
                    launch(node, e.child(), e.generation());
                } else {
                    node(e.child()).generation = e.generation();
                    inner.add(new Message.ToSupervisor(e.child(), new SupervisorEvent.Start()));
                }
            }
            case SupervisorEffect.AskChild e -> {
                if (isAgent(node, e.child())) {
                    slot(node, e.child(), e.generation()).shutdown();
                } else {
                    inner.add(new Message.ToSupervisor(e.child(), new SupervisorEvent.Stop()));
                }
            }
            case SupervisorEffect.KillChild e -> {
                if (!isAgent(node, e.child())) {
                    inner.add(new Message.ToSupervisor(e.child(), new SupervisorEvent.Kill()));
                } else if (!slot(node, e.child(), e.generation()).kill()) {
                    inner.add(new Message.ToSupervisor(
                            spec.name(), new SupervisorEvent.ChildEnded(e.child(), e.generation(), AgentSlot.KILLED)));
                }
            }
            case SupervisorEffect.AbandonChild e -> {
                LOG.error("agent {} did not end when it was killed; it is given up", e.child());
                slot(node, e.child(), e.generation()).abandoned = true;
            }
            case SupervisorEffect.StartTimer e ->
                timers.add(new Timer(
                        e.atNanos(),
                        new Message.ToSupervisor(
                                spec.name(), new SupervisorEvent.TimeUp(e.child(), e.generation(), e.kind()))));
            case SupervisorEffect.Answer e -> answer(e);
            case SupervisorEffect.Up _ -> tellParent(node, (name, g) -> new SupervisorEvent.ChildUp(name, g), null);
            case SupervisorEffect.NotUp e -> {
                ExitReason why = ExitReason.error(
                        "start-failed", e.child() + " did not start: " + SupervisorTurn.words(e.reason()));
                tellParent(node, (name, g) -> new SupervisorEvent.ChildStartFailed(name, g, why), why);
            }
            case SupervisorEffect.Ended e ->
                tellParent(node, (name, g) -> new SupervisorEvent.ChildEnded(name, g, e.reason()), e.reason());
        }
    }

    private void tellParent(Node node, Report report, @Nullable ExitReason down) {
        String name = node.state.spec().name();
        if (node.parent != null) {
            inner.add(new Message.ToSupervisor(node.parent, report.event(name, node.generation)));
        } else if (down == null) {
            roots.up(name);
        } else {
            roots.down(name, down);
        }
    }

    private interface Report {
        SupervisorEvent event(String supervisor, int generation);
    }

    private void answer(SupervisorEffect.Answer e) {
        CompletableFuture<CommandResult> request = requests.remove(e.request());
        if (request != null) {
            Roots.answer(
                    request,
                    e.done() ? new CommandResult.Done(e.message()) : new CommandResult.Refused(e.code(), e.message()));
        }
    }

    private void launch(Node node, String agent, int generation) {
        AgentSlot slot = new AgentSlot(node.state.spec().name(), agent, generation);
        node.slots.put(agent, slot);
        slot.launch(launcher, this::post);
    }

    private void launched(AgentSlot slot, AgentLauncher.LiveAgent live) {
        if (!slot.came(live)) {
            return;
        }
        decide(slot.supervisor, new SupervisorEvent.ChildUp(slot.agent, slot.generation));
        ExitReason early = slot.endedEarly;
        if (early != null) {
            decide(slot.supervisor, new SupervisorEvent.ChildEnded(slot.agent, slot.generation, early));
        }
    }

    private void agentEnded(AgentSlot slot, ExitReason reason) {
        if (slot.abandoned) {
            return;
        }
        if (slot.live == null) {
            slot.endedEarly = reason;
        } else {
            decide(slot.supervisor, new SupervisorEvent.ChildEnded(slot.agent, slot.generation, reason));
        }
    }

    private boolean isAgent(Node parent, String child) {
        return parent.state.spec().name().equals(supervisorOf.get(child));
    }

    private Node node(String supervisor) {
        Node node = nodes.get(supervisor);
        if (node == null) {
            throw new IllegalStateException("no supervisor " + supervisor);
        }
        return node;
    }

    private static AgentSlot slot(Node node, String agent, int generation) {
        AgentSlot slot = node.slots.get(agent);
        if (slot == null || slot.generation != generation) {
            throw new IllegalStateException("no agent " + agent + " of generation " + generation);
        }
        return slot;
    }
}
