package nexus.aiagents.engine.agent;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.EngineEvent.TrustChecked;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.project.Instances;
import nexus.aiagents.engine.trust.TrustGate;
import nexus.aiagents.engine.view.AgentView.TrustView;
import org.jspecify.annotations.Nullable;

/// What the host keeps of one agent while the project is open, whether it is up or not. Thread-safe.
final class AgentState {
    final String name;
    /// Whose definition it runs by: itself, unless it is an instance.
    final String agent;
    final PauseGate gate;
    final Chaos chaos = new Chaos();
    final AtomicLong incarnations = new AtomicLong();
    final AtomicReference<@Nullable Actor> actor = new AtomicReference<>();

    private final Journal journal;
    private final @Nullable AgentState original;
    private volatile @Nullable Work work;
    private @Nullable TrustView lastTrust;

    /// What an agent needs from its first call on. There may be very many that are never called.
    static final class Work {
        final KeyStore keys;
        final Allowances allowances;
        final SpendRate spendRate = new SpendRate();
        /// For calls from outside; further ones wait. Calls from other agents take none, otherwise two
        /// agents that call each other could wait for ever: their depth is bounded instead.
        final Slots slots = new Slots();
        /// Micro-dollars that were settled for it.
        final AtomicLong spent = new AtomicLong();
        final Set<ActiveCall> calls = ConcurrentHashMap.newKeySet();
        /// By budget: who waits for its next window on behalf of the calls at the gate.
        final Map<String, Thread> watchers = new ConcurrentHashMap<>();

        private Work(KeyStore keys, Allowances allowances) {
            this.keys = keys;
            this.allowances = allowances;
        }
    }

    /// @param original whose instance it is: what one has stored under its keys is there for the next;
    ///     null for an agent itself
    AgentState(String name, @Nullable AgentState original, Journal journal) {
        this.name = name;
        this.agent = Instances.agentOf(name);
        this.original = original;
        this.journal = journal;
        this.gate = new PauseGate(name, journal);
    }

    Work work() {
        Work known = work;
        return known == null ? begin() : known;
    }

    private synchronized Work begin() {
        Work known = work;
        if (known == null) {
            KeyStore keys = original == null ? new KeyStore(name, journal) : original.work().keys;
            known = new Work(keys, new Allowances(agent, journal));
            work = known;
        }
        return known;
    }

    /// Under way just now.
    Set<ActiveCall> calls() {
        Work known = work;
        return known == null ? Set.of() : known.calls;
    }

    Collection<Thread> watchers() {
        Work known = work;
        return known == null ? Set.of() : known.watchers.values();
    }

    /// In micro-dollars, since the project was opened.
    long spent() {
        Work known = work;
        return known == null ? 0 : known.spent.get();
    }

    /// Asks the gate, and writes down when its verdict is another than before.
    TrustView trust(TrustGate gate) {
        return trust(gate, changed -> Reports.send(journal, changed));
    }

    /// @param changed takes the entry that says what the verdict is now
    synchronized TrustView trust(TrustGate gate, Consumer<EngineEvent> changed) {
        TrustView now = gate.check(agent);
        TrustView before = lastTrust;
        boolean same = before != null
                && before.allowed() == now.allowed()
                && before.tier() == now.tier()
                && before.rating().equals(now.rating());
        if (!same) {
            changed.accept(new TrustChecked(name, now.allowed(), now.score(), now.tier(), now.rating(), now.why()));
        }
        lastTrust = now;
        return now;
    }

    /// Asks the gate; while it says that a person is to be asked, the agent is paused by trust, and whoever
    /// gets that answer waits until it goes on and asks again.
    TrustView admission(TrustGate trust) {
        TrustView now = trust(trust);
        if (now.asks()) {
            gate.pause(PauseGate.TRUST, now.why() + "; allow it or refuse it: naos trust allow " + agent);
            now = trust(trust); // a person may have decided just before it was paused
        }
        if (!now.asks()) {
            gate.release(PauseGate.TRUST);
        }
        return now;
    }
}
