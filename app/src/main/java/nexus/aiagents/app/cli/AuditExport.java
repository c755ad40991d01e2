package nexus.aiagents.app.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import nexus.aiagents.engine.control.JournalExport;
import nexus.aiagents.engine.control.JournalExport.Selection;
import nexus.aiagents.engine.control.JournalExport.Sheet;
import nexus.aiagents.engine.journal.AuditLine;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "export",
        description = "Writes entries as JSON Lines, which naos audit verify --file can check, or as CSV.")
final class AuditExport extends Action {
    enum As {
        jsonl,
        csv
    }

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "jsonl or csv. Default: what the ending of --output says, else jsonl")
    private @Nullable As format;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where to. Default: standard output. It is replaced in one step, when all is written.")
    private @Nullable Path output;

    @Option(names = "--after", paramLabel = "SEQ", defaultValue = "0", description = "Only entries after this one.")
    private long after;

    @Option(
            names = {"-f", "--follow"},
            description = "Goes on with what comes, until Ctrl-C; to standard output alone.")
    private boolean follow;

    @Mixin
    private AuditFilter filter = new AuditFilter();

    @Override
    int run(Context context) throws IOException, InterruptedException {
        if (follow && output != null) {
            throw Failure.usage("--follow never ends, so it writes to standard output: leave out --output.");
        }
        Selection all = Selection.all(filter.query(after, 1, false));
        try (Session session = open(context, false)) {
            filter.refuseUnknown(session.engine());
            if (output == null) {
                toStandardOutput(context, session, all);
                return Exit.DONE;
            }
            Path target = context.folder().resolve(output).toAbsolutePath().normalize();
            long count = toFile(session, all, target);
            String what = (count == 1 ? " entry" : " entries") + " written to " + target;
            if (context.terminal().json()) {
                context.terminal().json(Json.object("done").put("message", count + what));
            } else {
                context.terminal().line(Format.count(count) + what);
            }
            return Exit.DONE;
        }
    }

    private long toFile(Session session, Selection all, Path target) {
        try {
            return JournalExport.write(session.engine(), all, target, chosen(JournalExport.Format.of(target)))
                    .entries();
        } catch (IOException e) {
            throw Failure.writing(target, e);
        }
    }

    private void toStandardOutput(Context context, Session session, Selection all)
            throws IOException, InterruptedException {
        Sheet sheet = Sheet.on(context.terminal().out(), chosen(null));
        long last = JournalExport.write(session.engine(), all, sheet).lastSeq();
        if (!follow) {
            return;
        }
        AuditCommand.follow(context, session, all.query(), last, lines -> {
            try {
                for (AuditLine line : lines) {
                    sheet.write(line);
                }
                sheet.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private JournalExport.Format chosen(JournalExport.@Nullable Format byName) {
        As asked = format;
        if (asked == null) {
            return byName == null ? JournalExport.Format.JSONL : byName;
        }
        return switch (asked) {
            case jsonl -> JournalExport.Format.JSONL;
            case csv -> JournalExport.Format.CSV;
        };
    }
}
