package nexus.aiagents.engine.agent;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.project.Instances;
import org.jspecify.annotations.Nullable;

/// What the host keeps of every agent and instance that was ever asked for. Thread-safe.
final class AgentStates {
    private final Map<String, AgentState> states = new ConcurrentHashMap<>();
    private final Journal journal;

    AgentStates(Journal journal) {
        this.journal = journal;
    }

    AgentState of(String agent) {
        AgentState known = states.get(agent);
        if (known != null) {
            return known;
        }
        AgentState original = Instances.isInstance(agent) ? of(Instances.agentOf(agent)) : null;
        return states.computeIfAbsent(agent, name -> new AgentState(name, original, journal));
    }

    /// Null if nothing is kept of it.
    @Nullable
    AgentState known(String agent) {
        return states.get(agent);
    }

    Collection<AgentState> all() {
        return states.values();
    }

    /// Who is up, instances by their own names.
    Set<String> up() {
        return states.values().stream()
                .filter(state -> state.actor.get() != null)
                .map(state -> state.name)
                .collect(Collectors.toUnmodifiableSet());
    }

    /// The agent itself, or instances of it, as far as they are up.
    List<String> upOf(String agent) {
        return states.values().stream()
                .filter(state -> state.agent.equals(agent) && state.actor.get() != null)
                .map(state -> state.name)
                .toList();
    }

    /// An instance that is no more leaves nothing behind.
    void forget(String child) {
        AgentState gone = Instances.isInstance(child) ? states.remove(child) : null;
        if (gone != null) {
            gone.gate.forget();
        }
    }
}
