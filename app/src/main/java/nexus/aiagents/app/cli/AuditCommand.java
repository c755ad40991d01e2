package nexus.aiagents.app.cli;

import java.util.List;
import java.util.Set;
import nexus.aiagents.app.cli.Terminal.Tone;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.journal.JournalEntry;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "audit",
        description = "Shows the journal: everything that happened, in order and chained by hashes.",
        subcommands = AuditCommand.Verify.class)
final class AuditCommand extends Action {
    @Option(
            names = {"-n", "--max"},
            paramLabel = "N",
            defaultValue = "50",
            description = "The last N entries. Default: 50")
    private int max = 50;

    @Option(names = "--after", paramLabel = "SEQ", description = "Instead: the first N entries after this one.")
    private @Nullable Long after;

    @Option(names = "--type", paramLabel = "EVENT", split = ",", description = "Only these events: RunStarted,RunEnded")
    private Set<String> types = Set.of();

    @Option(names = "--agent", paramLabel = "NAME", description = "Only what concerns this agent.")
    private @Nullable String agent;

    @Option(names = "--run", paramLabel = "RUN", description = "Only what concerns this run.")
    private @Nullable String runId;

    @Override
    int run(Context context) {
        if (max < 1) {
            throw Failure.usage("--max " + max + ": a number of entries is one or more.");
        }
        try (Session session = open(context, false)) {
            List<JournalEntry> entries = session.engine()
                    .history(new HistoryQuery(after == null ? 0 : after, max, after == null, types, agent, runId));
            entries.forEach(entry -> show(context.terminal(), entry));
            return Exit.DONE;
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

    @Command(name = "verify", description = "Walks the whole chain and names the first entry that does not fit.")
    static final class Verify extends Action {
        @Override
        int run(Context context) {
            Terminal terminal = context.terminal();
            try (Session session = open(context, false)) {
                long bad = session.engine().verifyAudit();
                long entries = session.engine().view().seq();
                if (terminal.json()) {
                    terminal.json(Json.object("verified")
                            .put("ok", bad == 0)
                            .put("entries", entries)
                            .put("firstBadSeq", bad));
                } else if (bad == 0) {
                    terminal.line(terminal.tint(Tone.GOOD, "The journal is whole") + ": " + Format.count(entries)
                            + " entries, each fits the one before.");
                } else {
                    terminal.line(terminal.tint(Tone.BAD, "Entry " + bad + " does not fit the one before it")
                            + ": it, or one before it, was changed or lost. What follows it can not be trusted.");
                }
                return bad == 0 ? Exit.DONE : Exit.FAILED;
            }
        }
    }
}
