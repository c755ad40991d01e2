package nexus.aiagents.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import nexus.aiagents.app.cli.Terminal.Tone;
import nexus.aiagents.engine.journal.AuditFile;
import nexus.aiagents.engine.journal.AuditReport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "verify",
        description =
                "Walks the whole chain, and names the first entry that was changed, moved or lost, if there is one.")
final class AuditVerify extends Action {
    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "Instead: an archive or an export; no project is needed.")
    private @Nullable Path file;

    @Option(
            names = "--partial",
            description = "With --file: that entries are left out, as a filtered export says, is fine.")
    private boolean partial;

    @Override
    int run(Context context) {
        return file == null
                ? verifyJournal(context)
                : verifyFile(context, context.folder().resolve(file));
    }

    private int verifyJournal(Context context) {
        Terminal terminal = context.terminal();
        try (Session session = open(context, false)) {
            AuditReport report = session.engine().audit();
            AuditReport.Finding finding = report.finding();
            if (terminal.json()) {
                ObjectNode line = Json.object("verified")
                        .put("ok", report.isWhole())
                        .put("entries", report.entries())
                        .put("firstSeq", report.firstSeq())
                        .put("lastSeq", report.lastSeq())
                        .put("compactedUpTo", report.compactedUpTo())
                        .put("firstBadSeq", report.firstBadSeq());
                put(line, finding);
                var notes = line.putArray("notes");
                report.notes().forEach(notes::add);
                terminal.json(line);
            } else if (finding == null) {
                terminal.line(terminal.tint(Tone.GOOD, "The journal is whole") + ": " + Format.count(report.entries())
                        + " entries, each fits the one before.");
                if (report.compactedUpTo() > 0) {
                    terminal.line("It begins with entry " + report.firstSeq()
                            + "; those before are in archives, which naos audit verify --file checks.");
                }
            } else {
                terminal.line(terminal.tint(Tone.BAD, finding.message()));
                terminal.line("What comes before it can be trusted. naos backup list shows copies of the store.");
            }
            if (!terminal.json()) {
                report.notes().forEach(note -> terminal.line(terminal.tint(Tone.DIM, note)));
            }
            return report.isWhole() ? Exit.DONE : Exit.FAILED;
        }
    }

    private int verifyFile(Context context, Path path) {
        AuditFile.Report report;
        try {
            report = AuditFile.verify(path);
        } catch (IOException e) {
            throw new Failure(Exit.USAGE, "file", path + " can not be read: " + e.getMessage());
        }
        AuditReport.Finding finding = report.finding() == null && report.gaps() > 0 && !partial
                ? new AuditReport.Finding(
                        AuditReport.Kind.MISSING,
                        report.firstSeq(),
                        "The file leaves out entries in " + report.gaps()
                                + " places: --partial accepts that of a filtered export.")
                : report.finding();
        Terminal terminal = context.terminal();
        if (terminal.json()) {
            ObjectNode line = Json.object("verified-file")
                    .put("file", path.toString())
                    .put("ok", finding == null)
                    .put("entries", report.entries())
                    .put("firstSeq", report.firstSeq())
                    .put("lastSeq", report.lastSeq())
                    .put("previous", report.previous())
                    .put("lastHash", report.lastHash())
                    .put("gaps", report.gaps());
            put(line, finding);
            terminal.json(line);
        } else if (finding == null) {
            terminal.line(terminal.tint(Tone.GOOD, "The file is whole") + ": " + Format.count(report.entries())
                    + " entries, " + report.firstSeq() + " to " + report.lastSeq() + ".");
            terminal.line("It goes on from hash " + report.previous() + " and ends with " + report.lastHash() + ".");
        } else {
            terminal.line(terminal.tint(Tone.BAD, finding.message()));
        }
        return finding == null ? Exit.DONE : Exit.FAILED;
    }

    private static void put(ObjectNode line, AuditReport.@Nullable Finding finding) {
        line.put("kind", finding == null ? null : Format.lower(finding.kind()))
                .put("message", finding == null ? null : finding.message());
    }
}
