package nexus.aiagents.engine.supervise;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.CommandResult.Refused;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.journal.StoreException;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.supervise.SupervisorMachine.Moment;
import nexus.aiagents.engine.supervise.SupervisorMachine.Moves;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread on which the machines of a project decide. Whatever has arrived is decided together,
/// journalled together, and then done in the order of the decisions. Everything below is touched by
/// that thread alone, but the queue and what is marked volatile.
final class TreeLoop {
    private static final Logger LOG = LoggerFactory.getLogger(TreeLoop.class);
    /// Decisions that are journalled in one go, at most.
    private static final int BATCH = 512;

    private record Timer(long atNanos, Message due) {}

    private record Effects(Nodes.Node node, List<SupervisorEffect> effects) {}

    private final Journal journal;
    private final Clock clock;
    private final LongSupplier nanos;
    private final RandomGenerator random;
    private final Nodes nodes;
    private final Roots roots;
    private final Doing doing;

    private final LinkedBlockingQueue<Message> queue = new LinkedBlockingQueue<>();
    private final Deque<Message> inner = new ArrayDeque<>();
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>((a, b) -> Long.compare(a.atNanos() - b.atNanos(), 0));
    private final Map<Long, CompletableFuture<CommandResult>> requests = new HashMap<>();
    private final List<Effects> undone = new ArrayList<>();
    private final List<EngineEvent> unwritten = new ArrayList<>();
    /// Concerns the whole tree, and waits until all that was decided before is done.
    private @Nullable Message held;

    private long lastRequest;
    private volatile boolean ended;
    private final Thread thread;

    TreeLoop(
            Project project,
            AgentLauncher launcher,
            Journal journal,
            Clock clock,
            LongSupplier nanos,
            RandomGenerator random) {
        this.journal = journal;
        this.clock = clock;
        this.nanos = nanos;
        this.random = random;
        this.nodes = new Nodes(project);
        this.roots =
                new Roots(Nodes.rootsOf(project), (root, event) -> inner.add(new Message.ToSupervisor(root, event)));
        this.doing = new Doing(launcher, nodes, roots, new Doing.Out() {
            @Override
            public void now(Message message) {
                inner.add(message);
            }

            @Override
            public void later(Message message) {
                post(message);
            }

            @Override
            public void at(long atNanos, Message message) {
                timers.add(new Timer(atNanos, message));
            }

            @Override
            public void answer(long request, CommandResult result) {
                CompletableFuture<CommandResult> waiting = requests.remove(request);
                if (waiting != null) {
                    Roots.answer(waiting, result);
                }
            }

            @Override
            public void write(EngineEvent event) {
                unwritten.add(event);
            }
        });
        this.thread = Thread.ofVirtual().name("supervision-" + project.name()).unstarted(this::run);
    }

    void begin() {
        thread.start();
    }

    boolean isSupervised(String agent) {
        return nodes.supervisorOf(agent) != null;
    }

    boolean isUp() {
        return roots.isUp();
    }

    CompletableFuture<CommandResult> ask(Function<CompletableFuture<CommandResult>, Message> message) {
        CompletableFuture<CommandResult> answer = new CompletableFuture<>();
        post(message.apply(answer));
        return answer;
    }

    CompletableFuture<Optional<String>> movedWhileUp(Project next) {
        CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
        post(new Message.MovedWhileUp(next, answer));
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
            switch (late) {
                case Message.Asked m -> m.answer().complete(new Refused("not-up", "the project is closed"));
                case Message.MovedWhileUp m -> m.answer().complete(Optional.empty());
                // Its launch took longer than closing did.
                case Message.Launched m -> m.live().kill(AgentSlot.KILLED);
                default -> {}
            }
        }
    }

    private void run() {
        boolean interrupted = false;
        while (!ended) {
            try {
                batch(next());
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        refuseRest();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable Message next() throws InterruptedException {
        Message ready = ready();
        if (ready != null) {
            return ready;
        }
        Timer timer = timers.peek();
        return timer == null
                ? queue.take()
                : queue.poll(Math.max(1, timer.atNanos() - nanos.getAsLong()), TimeUnit.NANOSECONDS);
    }

    /// What is there without waiting: first what the supervisors have to say to each other, then what
    /// is due.
    private @Nullable Message ready() {
        Message first = inner.poll();
        if (first == null && held != null) {
            first = held;
            held = null;
        }
        if (first != null) {
            return first;
        }
        Timer timer = timers.peek();
        if (timer != null && timer.atNanos() - nanos.getAsLong() <= 0) {
            timers.remove();
            return timer.due();
        }
        return queue.poll();
    }

    private void batch(@Nullable Message first) {
        Message message = first;
        for (int decided = 1; message != null; decided++) {
            if (!undone.isEmpty() && concernsAll(message)) {
                held = message;
                break;
            }
            try {
                handle(message);
            } catch (RuntimeException e) {
                // A defect in one decision must not leave all the other agents without a supervisor.
                LOG.error("a supervisor's decision failed", e);
            }
            message = ended || decided >= BATCH ? null : ready();
        }
        write();
        List<Effects> todo = List.copyOf(undone);
        undone.clear();
        for (Effects effects : todo) {
            for (SupervisorEffect effect : effects.effects()) {
                try {
                    doing.perform(effects.node(), effect);
                } catch (RuntimeException e) {
                    LOG.error("supervisor {}: {} failed", effects.node().name(), effect, e);
                }
            }
        }
        write();
    }

    private static boolean concernsAll(Message message) {
        return switch (message) {
            case Message.StartTree _,
                    Message.StopTree _,
                    Message.StopRoot _,
                    Message.Change _,
                    Message.Add _,
                    Message.KillTree _,
                    Message.Quit _ -> true;
            default -> false;
        };
    }

    private void write() {
        if (unwritten.isEmpty()) {
            return;
        }
        List<EngineEvent> events = List.copyOf(unwritten);
        unwritten.clear();
        try {
            journal.commitAndWait(new Journal.Batch(events, Map.of()));
        } catch (StoreException e) {
            // Stopping has to work with a full disk too; a start is refused by who journals the agent's
            // own.
            LOG.error("{} could not be journalled: {}", events, e.getMessage());
        }
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
            case Message.AgentEnded m -> agentEnded(m.slot(), m.exit());
            case Message.StartTree m -> {
                nodes.forgetOperators();
                roots.start(m.answer());
            }
            case Message.StopTree m -> roots.stop(m.answer());
            case Message.StopRoot m -> roots.stop(m.root(), m.answer());
            case Message.Verbs m -> verb(m);
            case Message.Add m -> add(m);
            case Message.Change m -> change(m);
            case Message.MovedWhileUp m -> {
                Optional<String> moved = Optional.ofNullable(nodes.movedWhileUp(m.project()));
                Thread.startVirtualThread(() -> m.answer().complete(moved));
            }
            case Message.KillTree _ -> roots.kill();
            case Message.Quit _ -> ended = true;
        }
    }

    private long request(CompletableFuture<CommandResult> answer) {
        long request = ++lastRequest;
        requests.put(request, answer);
        return request;
    }

    private void verb(Message.Verbs m) {
        String supervisor = m.supervisor() == null ? nodes.supervisorOf(m.child()) : m.supervisor();
        if (supervisor == null) {
            Roots.answer(
                    m.answer(),
                    new Refused(
                            "unknown-name",
                            "no supervisor has a child \"" + m.child()
                                    + "\"; agents under no supervisor run only when they are called"));
        } else if (nodes.get(supervisor) == null) {
            Roots.answer(m.answer(), nodes.unknownSupervisor(supervisor));
        } else {
            decide(supervisor, new SupervisorEvent.Operator(m.verb(), m.child(), request(m.answer())));
        }
    }

    private void add(Message.Add m) {
        if (nodes.get(m.supervisor()) == null) {
            Roots.answer(m.answer(), nodes.unknownSupervisor(m.supervisor()));
            return;
        }
        Project project = m.project();
        if (project != null) {
            if (refusedWhileUp(project, m.answer())) {
                return;
            }
            nodes.rewire(project);
            roots.become(Nodes.rootsOf(project), false);
        }
        decide(m.supervisor(), new SupervisorEvent.Add(m.child(), request(m.answer())));
    }

    private void change(Message.Change m) {
        if (refusedWhileUp(m.project(), m.answer())) {
            return;
        }
        nodes.change(m.project()).forEach((name, spec) -> decide(name, new SupervisorEvent.Respec(spec, m.held())));
        roots.become(Nodes.rootsOf(m.project()), m.startNew());
        Roots.answer(m.answer(), new CommandResult.Done("the supervisors are changed"));
    }

    private boolean refusedWhileUp(Project next, CompletableFuture<CommandResult> answer) {
        String moved = nodes.movedWhileUp(next);
        if (moved != null) {
            Roots.answer(
                    answer, new Refused("running", "supervisor " + moved + " is up under another parent: stop it"));
        }
        return moved != null;
    }

    private void decide(String supervisor, SupervisorEvent event) {
        Nodes.Node node = nodes.get(supervisor);
        if (node == null) {
            return; // it is no more, and whatever this is about went with it
        }
        SupervisorMachine.Decision decision =
                SupervisorMachine.decide(node.state, event, new Moment(nanos.getAsLong(), random, Moves.UNHEARD));
        node.state = decision.state();
        for (SupervisorEffect effect : decision.effects()) {
            if (effect instanceof SupervisorEffect.Note note) {
                unwritten.add(note.event());
            } else if (effect instanceof SupervisorEffect.BackOff backOff) {
                unwritten.add(new EngineEvent.ChildBackingOff(
                        supervisor,
                        backOff.child(),
                        clock.millis() + backOff.pause().toMillis()));
            }
        }
        undone.add(new Effects(node, decision.effects()));
    }

    private void launched(AgentSlot slot, AgentLauncher.LiveAgent live) {
        if (!slot.came(live)) {
            return;
        }
        decide(slot.supervisor, new SupervisorEvent.ChildUp(slot.agent, slot.generation));
        AgentLauncher.Exit early = slot.endedEarly;
        if (early != null) {
            decide(slot.supervisor, new SupervisorEvent.ChildEnded(slot.agent, slot.generation, early));
        }
    }

    private void agentEnded(AgentSlot slot, AgentLauncher.Exit exit) {
        if (slot.abandoned) {
            return;
        }
        if (slot.live == null) {
            slot.endedEarly = exit;
        } else {
            decide(slot.supervisor, new SupervisorEvent.ChildEnded(slot.agent, slot.generation, exit));
        }
    }
}
