package nexus.aiagents.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.engine.journal.Backups;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.Journal.Batch;
import nexus.aiagents.engine.journal.XodusJournal;
import nexus.aiagents.engine.project.JournalSpec;
import nexus.aiagents.engine.project.RecordingSpec;
import nexus.aiagents.engine.replay.Recordings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The copy that is made when a project is closed.
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UpkeepTest {
    @TempDir
    Path folder;

    private List<Backups.Backup> copiesAfterClosing(XodusJournal journal) {
        new Upkeep(
                        journal,
                        Upkeep.Pace.USUAL,
                        folder.resolve("archives"),
                        () -> JournalSpec.ALL,
                        () -> Instant.MAX,
                        Map::of,
                        new Recordings(folder.resolve("records"), () -> RecordingSpec.DEFAULT, Clock.systemUTC()))
                .close();
        return journal.backups().list();
    }

    private static void fill(XodusJournal journal, int entries) {
        List<EngineEvent> events = new ArrayList<>();
        for (int i = 0; i < entries; i++) {
            events.add(new EngineEvent.AgentLogged("a", null, "info", "line " + i));
        }
        journal.commitAndWait(new Batch(events, Map.of()));
    }

    @Test
    void a_small_store_is_copied() {
        try (XodusJournal journal = XodusJournal.open(folder.resolve("store"), Clock.systemUTC())) {
            fill(journal, 499);
            assertEquals(0, copiesAfterClosing(journal).size(), "of hardly anything it is not worth it");
            fill(journal, 1);
            assertEquals(1, copiesAfterClosing(journal).size());
        }
    }

    /// Waiting for it would take longer than closing may take; the next opening makes it beside its work.
    @Test
    void a_large_store_is_not() throws Exception {
        Path large = folder.resolve("store").resolve("xodus").resolve("large.tmp");
        try (XodusJournal journal = XodusJournal.open(folder.resolve("store"), Clock.systemUTC())) {
            fill(journal, 500);
            try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
                file.setLength(100 << 20);
            }
            assertEquals(List.of(), copiesAfterClosing(journal));
            Files.delete(large);
            assertEquals(1, copiesAfterClosing(journal).size());
        }
    }
}
