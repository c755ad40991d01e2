package nexus.aiagents.engine.agent;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import nexus.aiagents.engine.journal.EngineEvent.GrantAsked;
import nexus.aiagents.engine.journal.EngineEvent.GrantDecided;
import nexus.aiagents.engine.journal.Journal;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Calls that wait for a person because they are not granted, and what was decided on others. A decision
/// is good for as long as it says and for nothing else: one agent, one kind, one name, one mode. Nothing of
/// this outlives the process: a call that waited is over then, and whoever makes it again asks again.
/// Thread-safe.
final class Asks {
    /// Runs whose decisions are remembered; of older ones a person would be asked again.
    private static final int RUNS_KEPT = 1_000;

    enum Decision {
        ONCE,
        RUN,
        PROJECT,
        ALWAYS,
        DENY;

        boolean allows() {
            return this != DENY;
        }
    }

    /// @param agent for a question the very instance, for a decision the agent
    private record Key(String agent, Wanted wanted) {}

    /// One question, for all calls of an agent that wait for the same.
    private static final class Open {
        final String id;
        final AgentState agent;
        final @Nullable String runId;
        final Wanted wanted;
        int waiting;

        @Nullable
        Decision decision;

        Open(String id, AgentState agent, @Nullable String runId, Wanted wanted) {
            this.id = id;
            this.agent = agent;
            this.runId = runId;
            this.wanted = wanted;
        }
    }

    private final Journal journal;
    private final Map<Key, Open> open = new LinkedHashMap<>();
    private final Set<Key> forProject = new HashSet<>();
    private final Map<String, Map<Key, Boolean>> byRun = new LinkedHashMap<>();
    private long number;

    Asks(Journal journal) {
        this.journal = journal;
    }

    /// For runs that have no id.
    synchronized String newScope() {
        return "call " + ++number;
    }

    /// What was said of it before: true or false; null if nothing was.
    ///
    /// @param scope the run
    synchronized @Nullable Boolean known(String agent, String scope, Wanted wanted) {
        Key key = new Key(agent, wanted);
        Boolean inRun = byRun.getOrDefault(scope, Map.of()).get(key);
        return inRun != null ? inRun : forProject.contains(key) ? Boolean.TRUE : null;
    }

    /// Waits until a person decides.
    ///
    /// @throws InterruptedException if the run ends before; then the question is withdrawn
    synchronized Decision ask(AgentState agent, @Nullable String runId, String scope, Wanted wanted, String what)
            throws InterruptedException {
        Key key = new Key(agent.agent, wanted);
        Key place = new Key(agent.name, wanted);
        Open question = open.get(place);
        if (question == null) {
            question = new Open("a" + ++number + "-" + agent.name, agent, runId, wanted);
            open.put(place, question);
            agent.gate.pause(PauseGate.APPROVAL, "it waits for your leave: " + what);
            Reports.send(
                    journal,
                    new GrantAsked(question.id, agent.name, runId, wanted.kind(), wanted.name(), wanted.mode(), what));
        }
        question.waiting++;
        try {
            while (question.decision == null) {
                wait();
            }
            if (question.decision != Decision.ONCE) {
                remember(scope, key, question.decision.allows());
            }
            return question.decision;
        } finally {
            if (--question.waiting == 0 && question.decision == null) {
                close(place, question, "withdrawn");
            }
        }
    }

    private void remember(String scope, Key key, boolean allowed) {
        if (byRun.size() >= RUNS_KEPT && !byRun.containsKey(scope)) {
            byRun.remove(byRun.keySet().iterator().next());
        }
        byRun.computeIfAbsent(scope, _ -> new LinkedHashMap<>()).put(key, allowed);
    }

    /// What an open question is about.
    record Question(String agent, Wanted wanted) {
        JsonNode item() {
            return wanted.item();
        }
    }

    /// @return null if there is no such question, or none any more
    synchronized @Nullable Question question(String id) {
        Open found = find(id);
        return found == null ? null : new Question(found.agent.agent, found.wanted);
    }

    synchronized List<String> ids() {
        return open.values().stream().map(o -> o.id).toList();
    }

    private @Nullable Open find(String id) {
        return open.values().stream().filter(o -> o.id.equals(id)).findFirst().orElse(null);
    }

    /// @return false if there is no such question any more
    synchronized boolean decide(String id, Decision decision) {
        Open found = find(id);
        if (found == null) {
            return false;
        }
        Key key = new Key(found.agent.agent, found.wanted);
        found.decision = decision;
        if (decision == Decision.PROJECT || decision == Decision.ALWAYS) {
            forProject.add(key);
        }
        close(new Key(found.agent.name, found.wanted), found, decision.name().toLowerCase(Locale.ROOT));
        notifyAll();
        return true;
    }

    private void close(Key place, Open question, String decision) {
        open.remove(place);
        Wanted wanted = question.wanted;
        Reports.send(
                journal,
                new GrantDecided(
                        question.id,
                        question.agent.name,
                        question.runId,
                        wanted.kind(),
                        wanted.name(),
                        wanted.mode(),
                        decision));
        if (open.keySet().stream().noneMatch(left -> left.agent().equals(place.agent()))) {
            question.agent.gate.release(PauseGate.APPROVAL);
        }
    }

    /// The YAML does not grant it any more.
    synchronized void forget(String agent, String kind, String name) {
        forProject.removeIf(key -> key.agent().equals(agent)
                && key.wanted().kind().equals(kind)
                && key.wanted().name().equals(name));
    }
}
