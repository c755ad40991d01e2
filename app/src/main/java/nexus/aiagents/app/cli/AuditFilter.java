package nexus.aiagents.app.cli;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.view.AgentView;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which entries of the journal.
final class AuditFilter {
    private static final List<String> KNOWN = Arrays.stream(EngineEvent.class.getPermittedSubclasses())
            .map(Class::getSimpleName)
            .toList();

    @Option(names = "--type", paramLabel = "EVENT", split = ",", description = "Only these events: RunStarted,RunEnded")
    private Set<String> types = Set.of();

    @Option(names = "--agent", paramLabel = "NAME", description = "Only what concerns this agent.")
    private @Nullable String agent;

    @Option(names = "--run", paramLabel = "RUN", description = "Only what concerns this run.")
    private @Nullable String runId;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Only from then on: 2026-11-23, or 7d for the last 7 days.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Only what was before then.")
    private @Nullable String until;

    @Option(names = "--by", paramLabel = "WHO", description = "Only what this one asked for: desktop, naos.")
    private @Nullable String by;

    /// Of a name that the journal does not know either, nothing is ever found.
    ///
    /// @throws Failure that names the nearest
    void refuseUnknown(EngineClient engine) {
        List<String> agents =
                engine.view().agents().stream().map(AgentView::name).toList();
        if (agent != null && !agents.contains(agent) && isNeverNamed(engine, agent, null)) {
            throw Failure.unknown("agent", agent, agents);
        }
        if (runId != null && isNeverNamed(engine, null, runId)) {
            new RunLookup(engine).find(runId);
        }
    }

    private static boolean isNeverNamed(EngineClient engine, @Nullable String agent, @Nullable String runId) {
        return engine.history(new HistoryQuery(0, 1, true, Set.of(), agent, runId))
                .isEmpty();
    }

    HistoryQuery query(long after, int max, boolean tail) {
        for (String type : types) {
            if (!KNOWN.contains(type)) {
                throw Failure.unknown("event", type, KNOWN);
            }
        }
        Instant now = Instant.now();
        return new HistoryQuery(
                after,
                max,
                tail,
                types,
                agent,
                runId,
                Times.parse("--since", since, now),
                Times.parse("--until", until, now),
                by);
    }
}
