package nexus.aiagents.app.desktop.audit;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import nexus.aiagents.app.desktop.fx.BackgroundTask;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.control.EngineClient.HistoryQuery;
import nexus.aiagents.engine.journal.JournalEntry;
import tools.jackson.databind.json.JsonMapper;

/// Writes the journal as JSON Lines: one entry a line with `seq`, `at`, `event` and `hash`.
final class JournalExport {
    private static final int PAGE = 2_000;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private JournalExport() {}

    /// Writes beside the file first, so that a half-written one never stands there.
    ///
    /// @return how many entries
    static long write(EngineClient client, Path file, BackgroundTask task) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        long count = 0;
        try (BufferedWriter out = Files.newBufferedWriter(part)) {
            long after = 0;
            List<JournalEntry> page = client.history(new HistoryQuery(after, PAGE, false, Set.of(), null, null));
            while (!page.isEmpty() && !task.isCancelled()) {
                for (JournalEntry entry : page) {
                    out.write(JSON.writeValueAsString(entry));
                    out.write('\n');
                }
                count += page.size();
                after = page.getLast().seq();
                task.report(count + " entries", -1);
                page = client.history(new HistoryQuery(after, PAGE, false, Set.of(), null, null));
            }
        }
        if (task.isCancelled()) {
            Files.deleteIfExists(part);
            return count;
        }
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        return count;
    }
}
