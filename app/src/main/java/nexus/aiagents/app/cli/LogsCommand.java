package nexus.aiagents.app.cli;

import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.EngineEvent.*;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.view.AgentView;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "logs", description = "Shows what agents logged, and how they started and ended.")
final class LogsCommand extends Action {
    private static final Set<String> TYPES = Set.of(
            "AgentLogged",
            "AgentUp",
            "AgentStartFailed",
            "AgentExited",
            "AgentPaused",
            "AgentResumed",
            "AgentStuck",
            "HostCallDenied");

    @Parameters(arity = "0..1", paramLabel = "AGENT", description = "Only this agent. Default: all.")
    private @Nullable String agent;

    @Option(
            names = {"-f", "--follow"},
            description = "Goes on with what comes, until Ctrl-C.")
    private boolean follow;

    @Option(
            names = {"-n", "--max"},
            paramLabel = "N",
            defaultValue = "100",
            description = "The last N lines. Default: 100")
    private int max = 100;

    @Override
    int run(Context context) throws InterruptedException {
        if (max < 0) {
            throw Failure.usage("--max " + max + ": a number of lines is zero or more.");
        }
        try (Session session = open(context, false)) {
            var engine = session.engine();
            List<String> agents =
                    engine.view().agents().stream().map(AgentView::name).toList();
            if (agent != null && !agents.contains(agent)) {
                throw Failure.unknown("agent", agent, agents);
            }
            long seen = engine.view().seq();
            List<JournalEntry> entries =
                    max == 0 ? List.of() : engine.history(new HistoryQuery(0, max, true, TYPES, agent, null));
            entries.forEach(e -> show(context, e));
            if (!follow) {
                return Exit.DONE;
            }
            if (!engine.isRemote()) {
                throw new Failure(
                        Exit.FAILED,
                        "not-up",
                        "nothing more will come: no process has the project open; naos up starts it");
            }
            long last =
                    entries.isEmpty() ? seen : Math.max(seen, entries.getLast().seq());
            stream(context, session, last);
            return Exit.DONE;
        }
    }

    private void stream(Context context, Session session, long after) throws InterruptedException {
        BlockingQueue<JournalEntry> entries = new LinkedBlockingQueue<>();
        Runnable unsubscribe = session.engine().follow(after, entries::add);
        session.onInterrupt(() -> Exit.DONE);
        try {
            while (!context.terminal().gone()) {
                @Nullable JournalEntry entry = entries.poll(1, TimeUnit.SECONDS);
                if (entry == null) {
                    session.engine().view(); // tells if the other process has gone
                } else if (fits(entry.event())) {
                    show(context, entry);
                }
            }
        } finally {
            unsubscribe.run();
        }
    }

    private boolean fits(EngineEvent event) {
        @Nullable
        String of = switch (event) {
            case AgentLogged e -> e.agent();
            case AgentUp e -> e.agent();
            case AgentStartFailed e -> e.agent();
            case AgentExited e -> e.agent();
            case AgentPaused e -> e.agent();
            case AgentResumed e -> e.agent();
            case AgentStuck e -> e.agent();
            case HostCallDenied e -> e.agent();
            default -> null;
        };
        return of != null && (agent == null || agent.equals(of));
    }

    private static void show(Context context, JournalEntry entry) {
        if (context.terminal().json()) {
            context.terminal().json(Json.entry("log", entry));
        } else {
            UpCommand.show(context, entry);
        }
    }
}
