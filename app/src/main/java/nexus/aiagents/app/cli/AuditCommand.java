package nexus.aiagents.app.cli;

import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.app.cli.Terminal.Tone;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.control.EngineGone;
import nexus.aiagents.engine.journal.AuditLine;
import nexus.aiagents.engine.journal.JournalEntry;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "audit",
        description = "Shows the journal: everything that happened, in order and chained by hashes.",
        subcommands = {AuditVerify.class, AuditExport.class, AuditCompact.class})
final class AuditCommand extends Action {
    private static final int PAGE = 2_000;

    @Option(
            names = {"-n", "--max"},
            paramLabel = "N",
            defaultValue = "50",
            description = "The last N entries. Default: 50")
    private int max = 50;

    @Option(names = "--after", paramLabel = "SEQ", description = "Instead: the first N entries after this one.")
    private @Nullable Long after;

    @Option(
            names = {"-f", "--follow"},
            description = "Goes on with what comes, until Ctrl-C.")
    private boolean follow;

    @Mixin
    private AuditFilter filter = new AuditFilter();

    @Override
    int run(Context context) throws InterruptedException {
        if (max < 1) {
            throw Failure.usage("--max " + max + ": a number of entries is one or more.");
        }
        HistoryQuery query = filter.query(after == null ? 0 : after, max, after == null);
        try (Session session = open(context, false)) {
            EngineClient engine = session.engine();
            filter.refuseUnknown(engine);
            long seen = engine.view().seq();
            List<JournalEntry> entries = engine.history(query);
            entries.forEach(entry -> show(context.terminal(), entry));
            if (follow) {
                boolean more = after != null && entries.size() == max;
                long last = more
                        ? entries.getLast().seq() // goes on right behind what was asked for
                        : entries.isEmpty()
                                ? seen
                                : Math.max(seen, entries.getLast().seq());
                follow(
                        context,
                        session,
                        query,
                        last,
                        lines ->
                                lines.stream().map(AuditLine::entry).forEach(entry -> show(context.terminal(), entry)));
            }
            return Exit.DONE;
        }
    }

    @FunctionalInterface
    interface Lines {
        void tell(List<AuditLine> lines);
    }

    /// Tells what comes after an entry and fits, until Ctrl-C, until nobody reads it any more, or until the
    /// project is closed.
    static void follow(Context context, Session session, HistoryQuery query, long after, Lines lines)
            throws InterruptedException {
        EngineClient engine = session.engine();
        if (!engine.isRemote()) {
            throw new Failure(
                    Exit.FAILED,
                    "not-up",
                    "nothing more will come: no process has the project open; naos up starts it");
        }
        Semaphore news = new Semaphore(1);
        Runnable unsubscribe = engine.follow(after, _ -> news.release());
        session.onInterrupt(() -> Exit.DONE);
        long last = after;
        try {
            while (!context.terminal().gone()) {
                if (!news.tryAcquire(1, TimeUnit.SECONDS)) {
                    engine.view(); // tells if the other process has gone
                    continue;
                }
                news.drainPermits();
                List<AuditLine> page = engine.lines(query.after(last, PAGE));
                while (!page.isEmpty()) {
                    lines.tell(page);
                    last = page.getLast().seq();
                    page = engine.lines(query.after(last, PAGE));
                }
            }
        } catch (EngineGone e) {
            if (!e.isClosed()) {
                throw e;
            }
            context.terminal().aside("the process that had the project open has closed it");
        } finally {
            unsubscribe.run();
        }
    }

    private static void show(Terminal terminal, JournalEntry entry) {
        ObjectNode node = Json.entry("entry", entry);
        if (terminal.json()) {
            terminal.json(node.put("hash", entry.hash()));
            return;
        }
        String event = node.path("event").asString();
        node.remove(List.of("type", "seq", "at", "event"));
        terminal.line(String.format("%7d  ", entry.seq())
                + terminal.tint(Tone.DIM, Format.moment(entry.at())) + "  "
                + terminal.tint(Tone.STRONG, String.format("%-20s", event)) + "  " + Terminal.safe(node.toString()));
    }
}
