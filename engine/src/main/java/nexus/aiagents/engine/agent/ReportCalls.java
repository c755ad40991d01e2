package nexus.aiagents.engine.agent;

import java.util.Locale;
import nexus.aiagents.engine.journal.EngineEvent.AgentEmitted;
import nexus.aiagents.engine.journal.EngineEvent.AgentLogged;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.sandbox.HostCall;
import org.jspecify.annotations.Nullable;

/// What one run says of itself, bounded.
final class ReportCalls {
    private static final int MAX_REPORTS = 2_000;
    private static final int MAX_REPORT_CHARS = 16_384;

    private final Journal journal;
    private final String agent;
    private final @Nullable String runId;
    private int reports;

    ReportCalls(Journal journal, String agent, @Nullable String runId) {
        this.journal = journal;
        this.agent = agent;
        this.runId = runId;
    }

    String log(HostCall.Log log) {
        if (mayReport()) {
            String level = log.level().name().toLowerCase(Locale.ROOT);
            Reports.send(journal, new AgentLogged(agent, runId, level, shortened(log.message())));
        }
        return "null";
    }

    String emit(HostCall.Emit emit) throws HostCallFailed {
        if (emit.dataJson().length() > MAX_REPORT_CHARS || emit.event().length() > 200) {
            throw new HostCallFailed(
                    "too-large", "an event's data may have " + MAX_REPORT_CHARS + " characters and its name 200");
        }
        Json.read("the event's data", emit.dataJson());
        if (mayReport()) {
            Reports.send(journal, new AgentEmitted(agent, runId, emit.event(), emit.dataJson()));
        }
        return "null";
    }

    private boolean mayReport() {
        reports++;
        if (reports == MAX_REPORTS + 1) {
            String lastWord = "further log lines and events of this run are dropped";
            Reports.send(journal, new AgentLogged(agent, runId, "warn", lastWord));
        }
        return reports <= MAX_REPORTS;
    }

    private static String shortened(String message) {
        return message.length() <= MAX_REPORT_CHARS ? message : message.substring(0, MAX_REPORT_CHARS) + " …";
    }
}
