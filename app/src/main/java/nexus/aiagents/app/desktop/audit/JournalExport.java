package nexus.aiagents.app.desktop.audit;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import nexus.aiagents.app.desktop.fx.BackgroundTask;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.journal.AuditFile;
import nexus.aiagents.engine.journal.AuditLine;

/// Writes the journal as JSON Lines that `naos audit verify --file` can check.
final class JournalExport {
    private static final int PAGE = 2_000;

    private JournalExport() {}

    /// Writes beside the file first, so that a half-written one never stands there.
    ///
    /// @return how many entries
    static long write(EngineClient client, Path file, BackgroundTask task) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            long count = lines(client, part, task);
            if (!task.isCancelled()) {
                Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
            }
            return count;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static long lines(EngineClient client, Path file, BackgroundTask task) throws IOException {
        long count = 0;
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
                AuditFile.Writer lines = AuditFile.to(out)) {
            HistoryQuery query = new HistoryQuery(0, PAGE, false, Set.of(), null, null);
            List<AuditLine> page = client.lines(query);
            while (!page.isEmpty() && !task.isCancelled()) {
                for (AuditLine line : page) {
                    lines.write(line);
                }
                count += page.size();
                task.report(count + " entries", -1);
                page = client.lines(query.after(page.getLast().seq(), PAGE));
            }
        }
        return count;
    }
}
