package nexus.aiagents.engine.supervise;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import nexus.aiagents.engine.journal.ExitReason;

/// Agents that do nothing but come up, end when told to, and write down what happened to them.
final class FakeLauncher implements AgentLauncher {
    private final List<String> log = new ArrayList<>();
    private final Map<String, Long> incarnations = new HashMap<>();
    private final Map<String, Agent> live = new HashMap<>();
    /// Their launch never returns, not even when interrupted.
    final Set<String> hanging = ConcurrentHashMap.newKeySet();
    /// They do not react to being asked to stop.
    final Set<String> deaf = ConcurrentHashMap.newKeySet();
    /// They do not even end when they are killed.
    final Set<String> undead = ConcurrentHashMap.newKeySet();

    /// Micro-dollars that each incarnation spends.
    final Map<String, Long> spent = new ConcurrentHashMap<>();

    final Map<String, ExitReason> broken = new ConcurrentHashMap<>();
    final CountDownLatch never = new CountDownLatch(1);

    @Override
    public LiveAgent launch(String agent, Consumer<Exit> onExit) throws StartFailed {
        write("start " + agent);
        while (hanging.contains(agent)) {
            try {
                never.await();
                break;
            } catch (InterruptedException _) {
                write("interrupted " + agent);
            }
        }
        ExitReason why = broken.get(agent);
        if (why != null) {
            throw new StartFailed(why);
        }
        return up(agent, onExit);
    }

    private synchronized Agent up(String agent, Consumer<Exit> onExit) {
        Agent it = new Agent(agent, incarnations.merge(agent, 1L, Long::sum), onExit);
        live.put(agent, it);
        write("up " + agent);
        return it;
    }

    void crash(String agent, ExitReason reason) {
        Agent it;
        synchronized (this) {
            it = live.get(agent);
        }
        it.end(reason);
    }

    synchronized boolean isLive(String agent) {
        return live.containsKey(agent);
    }

    synchronized void write(String line) {
        log.add(line);
        notifyAll();
    }

    synchronized List<String> log() {
        return List.copyOf(log);
    }

    synchronized void forget() {
        log.clear();
    }

    synchronized void await(Predicate<List<String>> fits) throws InterruptedException, TimeoutException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!fits.test(log)) {
            long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (left <= 0) {
                throw new TimeoutException("only " + log);
            }
            wait(left);
        }
    }

    final class Agent implements LiveAgent {
        private final String name;
        private final long incarnation;
        private final Consumer<Exit> onExit;
        private boolean ended;

        Agent(String name, long incarnation, Consumer<Exit> onExit) {
            this.name = name;
            this.incarnation = incarnation;
            this.onExit = onExit;
        }

        @Override
        public long incarnation() {
            return incarnation;
        }

        @Override
        public void shutdown() {
            write("ask " + name);
            if (!deaf.contains(name) && !undead.contains(name)) {
                end(ExitReason.SHUTDOWN);
            }
        }

        @Override
        public void kill(ExitReason reason) {
            write("kill " + name);
            if (!undead.contains(name)) {
                end(reason);
            }
        }

        void end(ExitReason reason) {
            synchronized (FakeLauncher.this) {
                if (ended) {
                    return;
                }
                ended = true;
                live.remove(name, this);
                write("down " + name);
            }
            onExit.accept(new Exit(reason, spent.getOrDefault(name, 0L), false));
        }
    }
}
