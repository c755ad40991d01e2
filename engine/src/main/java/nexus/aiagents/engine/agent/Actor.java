package nexus.aiagents.engine.agent;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import nexus.aiagents.engine.journal.EngineEvent.AgentExited;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.project.AgentSpec.LoopSpec;
import nexus.aiagents.engine.supervise.AgentLauncher.Exit;
import nexus.aiagents.engine.supervise.AgentLauncher.LiveAgent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A supervised agent that is up: idle until it is called, or running its loop. Thread-safe.
final class Actor implements LiveAgent {
    private static final Logger LOG = LoggerFactory.getLogger(Actor.class);

    private final AgentState agent;
    private final Journal journal;
    private final long incarnation;
    private final @Nullable LoopSpec loop;
    private final Ticks ticks;
    private final Consumer<Exit> onExit;
    private final long spentBefore;
    private final CompletableFuture<ExitReason> exit = new CompletableFuture<>();
    private volatile boolean stopping;
    private @Nullable ActiveCall tick;

    @FunctionalInterface
    interface Ticks {
        /// Starts one run of the program.
        ActiveCall start(String inputJson, BooleanSupplier stopping);
    }

    Actor(
            AgentState agent,
            Journal journal,
            long incarnation,
            @Nullable LoopSpec loop,
            Ticks ticks,
            Consumer<Exit> onExit) {
        this.agent = agent;
        this.journal = journal;
        this.incarnation = incarnation;
        this.loop = loop;
        this.ticks = ticks;
        this.onExit = onExit;
        this.spentBefore = agent.spent();
    }

    void start() {
        LoopSpec rounds = loop;
        if (rounds == null) {
            // An idle agent needs no thread to wait on: there may be very many of them.
            var _ = exit.thenAcceptAsync(this::ended, Thread::startVirtualThread);
        } else {
            Thread.ofVirtual().name("actor-" + agent.name).start(() -> live(rounds));
        }
    }

    @Override
    public long incarnation() {
        return incarnation;
    }

    @Override
    public synchronized void shutdown() {
        stopping = true;
        ActiveCall running = tick;
        if (running == null) {
            exit.complete(ExitReason.SHUTDOWN);
        } else if (agent.gate.isPaused()) {
            running.cancel(ExitReason.SHUTDOWN); // it waits between two calls to the world already
        }
    }

    @Override
    public void kill(ExitReason reason) {
        synchronized (this) {
            exit.complete(reason);
            if (tick != null) {
                tick.cancel(reason);
            }
        }
        if (!reason.isNormal()) {
            agent.calls().stream().filter(call -> call.isLinkedTo(this)).forEach(call -> call.cancel(reason));
        }
    }

    private void live(LoopSpec rounds) {
        ExitReason reason;
        try {
            reason = rounds(rounds);
        } catch (InterruptedException | ExecutionException | RuntimeException e) {
            LOG.error("agent {} failed inside", agent.name, e);
            reason = ExitReason.error("internal", "failed inside: " + e);
        }
        ended(reason);
    }

    /// What its supervisor decides on this is written behind it, so nobody has to wait for the disk here.
    private void ended(ExitReason reason) {
        agent.actor.compareAndSet(this, null);
        long spent = agent.spent() - spentBefore;
        boolean pausedForBudget = agent.gate.isPausedForBudget();
        Reports.send(journal, new AgentExited(agent.name, incarnation, reason, spent));
        agent.gate.tellAgain();
        onExit.accept(new Exit(reason, spent, pausedForBudget));
    }

    private ExitReason rounds(LoopSpec rounds) throws InterruptedException, ExecutionException {
        for (int round = 1; ; round++) {
            ActiveCall running = begin(rounds);
            if (running == null) {
                exit.complete(ExitReason.SHUTDOWN);
                return exit.get();
            }
            AgentCalls.Result result = running.await();
            done();
            if (result instanceof AgentCalls.Result.Ended(ExitReason reason)) {
                exit.complete(reason);
            } else if (round == rounds.times()) {
                exit.complete(ExitReason.NORMAL);
            }
            try {
                return exit.get(nanos(rounds.every()), TimeUnit.NANOSECONDS);
            } catch (TimeoutException _) {
                // Nothing ended it: the next round is due.
            }
        }
    }

    private synchronized @Nullable ActiveCall begin(LoopSpec rounds) {
        if (stopping || exit.isDone()) {
            return null;
        }
        ActiveCall started = ticks.start(rounds.inputJson(), () -> stopping);
        tick = started;
        return started;
    }

    private synchronized void done() {
        tick = null;
        if (stopping) {
            exit.complete(ExitReason.SHUTDOWN);
        }
    }

    private static long nanos(Duration every) {
        return Math.max(1, every.toNanos());
    }
}
