package nexus.aiagents.engine.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.Journal;
import org.jspecify.annotations.Nullable;

/// What a person has told the runaway guard to leave alone, by agent; kept under
/// `runaway-allowed/AGENT`, one id a line. Thread-safe.
final class Allowances {
    private final String key;
    private final Journal journal;
    private @Nullable List<String> allowed;

    Allowances(String agent, Journal journal) {
        this.key = "runaway-allowed/" + agent;
        this.journal = journal;
    }

    synchronized boolean contains(String id) {
        return ids().contains(id);
    }

    /// Durable when it returns.
    synchronized void allow(String id) {
        List<String> more = new ArrayList<>(ids());
        if (!more.contains(id)) {
            more.add(id);
            Map<String, @Nullable String> state = new TreeMap<>();
            state.put(key, String.join("\n", more));
            journal.commitAndWait(new Journal.Batch(List.<EngineEvent>of(), state));
            allowed = more;
        }
    }

    private List<String> ids() {
        List<String> known = allowed;
        if (known == null) {
            String saved = journal.state(key);
            known = saved == null ? List.of() : List.of(saved.split("\n"));
            allowed = known;
        }
        return known;
    }
}
