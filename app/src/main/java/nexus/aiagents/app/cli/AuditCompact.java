package nexus.aiagents.app.cli;

import java.nio.file.Path;
import java.time.Instant;
import nexus.aiagents.engine.control.Command.CompactJournal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "compact",
        description = "Moves old entries to an archive. What unfinished runs and budgets' windows are made of stays.")
final class AuditCompact extends Action {
    @Option(
            names = "--before",
            paramLabel = "TIME",
            description =
                    "Entries that are older than this: 2026-11-23, or 90d. Default: what the project's journal block says.")
    private @Nullable String before;

    @Option(
            names = "--archive",
            paramLabel = "FILE",
            description = "A file that is not there yet; .gz compresses. Default: one in .nexus/archive.")
    private @Nullable Path archive;

    @Override
    int run(Context context) {
        Instant then = Times.parse("--before", before, Instant.now());
        String file = archive == null
                ? null
                : context.folder().resolve(archive).toAbsolutePath().normalize().toString();
        return submit(context, new CompactJournal(then == null ? null : then.toString(), file));
    }
}
