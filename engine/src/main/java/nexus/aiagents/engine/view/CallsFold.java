package nexus.aiagents.engine.view;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import nexus.aiagents.engine.journal.EngineEvent.CallEnded;
import nexus.aiagents.engine.journal.EngineEvent.CallStarted;
import nexus.aiagents.engine.journal.EngineEvent.ProjectOpened;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.view.AgentView.ExitView;

/// The last runs of one agent, folded from entries of the journal. Pure; for one thread.
public final class CallsFold {
    /// Of what it wants to hear.
    public static final Set<String> TYPES = Set.of("CallStarted", "CallEnded", "ProjectOpened");

    private static final String LOST = "the app ended before it did";

    private final String agent;
    private final int max;
    private final Map<String, CallView> calls = new LinkedHashMap<>();

    /// @param max as many of them, the newest
    public CallsFold(String agent, int max) {
        this.agent = agent;
        this.max = max;
    }

    /// Whether an entry says anything about the agent's runs.
    public boolean concerns(JournalEntry entry) {
        return switch (entry.event()) {
            case CallStarted started -> started.agent().equals(agent);
            case CallEnded ended -> ended.agent().equals(agent);
            case ProjectOpened _ -> true;
            default -> false;
        };
    }

    public void apply(JournalEntry entry) {
        if (!concerns(entry)) {
            return;
        }
        switch (entry.event()) {
            case CallStarted started -> begin(entry.at(), started);
            case CallEnded ended -> calls.computeIfPresent(ended.callId(), (_, call) -> ended(call, entry.at(), ended));
            case ProjectOpened _ -> calls.replaceAll((_, call) -> call.isUnderWay() ? lost(call, entry.at()) : call);
            default -> {} // it concerns nobody
        }
    }

    private void begin(Instant at, CallStarted e) {
        calls.put(
                e.callId(),
                new CallView(
                        e.callId(),
                        e.agent(),
                        e.runId(),
                        e.step(),
                        e.loop(),
                        at,
                        null,
                        null,
                        e.inputJson(),
                        null,
                        0,
                        0,
                        0,
                        0,
                        false));
        if (calls.size() > max) {
            calls.remove(calls.keySet().iterator().next());
        }
    }

    private static CallView ended(CallView call, Instant at, CallEnded e) {
        ExitView exit = new ExitView(
                at,
                e.reason().kind().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                e.reason().code(),
                e.reason().message());
        return new CallView(
                call.id(),
                call.agent(),
                call.runId(),
                call.step(),
                call.loop(),
                call.startedAt(),
                at,
                exit,
                call.inputJson(),
                e.outputJson(),
                e.fuel(),
                e.memoryBytes(),
                e.millis(),
                e.hostCalls(),
                e.recordHash() != null);
    }

    private static CallView lost(CallView call, Instant at) {
        return new CallView(
                call.id(),
                call.agent(),
                call.runId(),
                call.step(),
                call.loop(),
                call.startedAt(),
                null,
                new ExitView(at, "killed", "killed", LOST),
                call.inputJson(),
                null,
                0,
                0,
                0,
                0,
                false);
    }

    /// Newest first.
    public List<CallView> calls() {
        return new ArrayList<>(calls.values()).reversed();
    }

    /// Newest first, where the entries were those of the agent alone, and none said that the project
    /// was opened anew: of those without an end no more than `underWay`, the newest, are under way; the
    /// others were lost.
    public List<CallView> calls(int underWay) {
        List<CallView> all = calls();
        int open = 0;
        for (int i = 0; i < all.size(); i++) {
            CallView call = all.get(i);
            if (call.isUnderWay() && ++open > underWay) {
                all.set(i, lost(call, call.startedAt()));
            }
        }
        return all;
    }
}
