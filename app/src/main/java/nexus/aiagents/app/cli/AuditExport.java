package nexus.aiagents.app.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.journal.AuditFile;
import nexus.aiagents.engine.journal.AuditLine;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "export",
        description = "Writes entries as JSON Lines, which naos audit verify --file can check, or as CSV.")
final class AuditExport extends Action {
    private static final int PAGE = 2_000;

    enum As {
        jsonl,
        csv
    }

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "jsonl",
            description = "jsonl or csv. Default: jsonl")
    private As format = As.jsonl;

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
        HistoryQuery query = filter.query(after, PAGE, false);
        try (Session session = open(context, false)) {
            if (output == null) {
                Sheet sheet = sheet(context.terminal().out());
                long last = write(session.engine(), query, sheet);
                if (follow) {
                    AuditCommand.follow(context, session, query, last, lines -> {
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
                return Exit.DONE;
            }
            Path target = context.folder().resolve(output).toAbsolutePath();
            long[] count = {0};
            toFile(session.engine(), query, target, count);
            if (context.terminal().json()) {
                context.terminal().json(Json.object("done").put("message", count[0] + " entries written to " + target));
            } else {
                context.terminal().line(Format.count(count[0]) + " entries written to " + target);
            }
            return Exit.DONE;
        } catch (IOException e) {
            throw new Failure(Exit.FAILED, "file", "the export could not be written: " + e.getMessage());
        }
    }

    private void toFile(EngineClient engine, HistoryQuery query, Path target, long[] count) throws IOException {
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part), 1 << 16)) {
                Sheet sheet = sheet(out);
                write(engine, query, new Sheet() {
                    @Override
                    public void write(AuditLine line) throws IOException {
                        sheet.write(line);
                        count[0]++;
                    }

                    @Override
                    public void flush() throws IOException {
                        sheet.flush();
                    }
                });
            }
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /// @return the newest entry that was looked at
    private static long write(EngineClient engine, HistoryQuery query, Sheet sheet) throws IOException {
        long newest = engine.view().seq();
        long last = query.afterSeq();
        List<AuditLine> page = engine.lines(query.after(last, PAGE));
        while (!page.isEmpty()) {
            for (AuditLine line : page) {
                sheet.write(line);
            }
            last = page.getLast().seq();
            page = engine.lines(query.after(last, PAGE));
        }
        sheet.flush();
        return Math.max(newest, last);
    }

    private interface Sheet {
        void write(AuditLine line) throws IOException;

        void flush() throws IOException;
    }

    private Sheet sheet(OutputStream out) throws IOException {
        if (format == As.jsonl) {
            AuditFile.Writer lines = AuditFile.to(out);
            return new Sheet() {
                @Override
                public void write(AuditLine line) throws IOException {
                    lines.write(line);
                }

                @Override
                public void flush() throws IOException {
                    lines.flush();
                }
            };
        }
        out.write((AuditFile.CSV_HEADER + "\r\n").getBytes(StandardCharsets.UTF_8));
        return new Sheet() {
            @Override
            public void write(AuditLine line) throws IOException {
                out.write((AuditFile.csv(line) + "\r\n").getBytes(StandardCharsets.UTF_8));
            }

            @Override
            public void flush() throws IOException {
                out.flush();
            }
        };
    }
}
