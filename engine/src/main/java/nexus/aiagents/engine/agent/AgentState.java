package nexus.aiagents.engine.agent;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
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
    /// Calls from outside that run at once; further ones wait. Calls from other agents take no slot,
    /// otherwise two agents that call each other could wait for ever: their depth is bounded instead.
    static final int SLOTS = 8;

    final String name;
    /// Whose definition it runs by: itself, unless it is an instance.
    final String agent;
    final PauseGate gate;
    final KeyStore keys;
    final Allowances allowances;
    final SpendRate spendRate = new SpendRate();
    final Semaphore slots = new Semaphore(SLOTS, true);
    final AtomicLong incarnations = new AtomicLong();
    /// Micro-dollars that were settled for it.
    final AtomicLong spent = new AtomicLong();
    final AtomicReference<@Nullable Actor> actor = new AtomicReference<>();
    final Set<ActiveCall> calls = ConcurrentHashMap.newKeySet();
    /// By budget: who waits for its next window on behalf of the calls at the gate.
    final Map<String, Thread> watchers = new ConcurrentHashMap<>();

    private final Journal journal;
    private @Nullable TrustView lastTrust;

    AgentState(String name, KeyStore keys, Journal journal) {
        this.name = name;
        this.agent = Instances.agentOf(name);
        this.journal = journal;
        this.gate = new PauseGate(name, journal);
        this.keys = keys;
        this.allowances = new Allowances(agent, journal);
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
}
