package nexus.aiagents.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.Journal.Batch;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.journal.XodusJournal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Who follows the journal hears every entry once and in order, however slow or late.
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FollowerTest {
    @TempDir
    Path folder;

    private final BlockingQueue<JournalEntry> heard = new LinkedBlockingQueue<>();
    private XodusJournal journal;

    @BeforeEach
    void open() {
        journal = XodusJournal.open(folder.resolve("store"), Clock.systemUTC());
    }

    @AfterEach
    void close() {
        journal.close();
    }

    private void write(int from, int count) {
        List<EngineEvent> events = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            events.add(new EngineEvent.AgentLogged("a", null, "info", "line " + i));
        }
        journal.commitAndWait(new Batch(events, Map.of()));
    }

    private void hears(long from, long to) throws InterruptedException {
        for (long seq = from; seq <= to; seq++) {
            JournalEntry entry = heard.take();
            assertEquals(seq, entry.seq());
            assertEquals("line " + seq, ((EngineEvent.AgentLogged) entry.event()).message());
        }
        assertNull(heard.peek());
    }

    @Test
    void what_was_before_and_what_comes_join_without_a_seam() throws Exception {
        write(1, 700);
        Follower follower = new Follower(journal, 100, heard::add);
        write(701, 5);
        hears(101, 705);
        write(706, 3);
        hears(706, 708);
        follower.stop();
    }

    /// Far more comes than is kept for it.
    @Test
    void a_listener_that_is_far_behind_misses_nothing() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Follower follower = new Follower(journal, 0, entry -> {
            first.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            heard.add(entry);
        });
        write(1, 1);
        first.await();
        for (int i = 0; i < 10; i++) {
            write(2 + i * 300, 300);
        }
        goOn.countDown();
        hears(1, 3_001);
        write(3_002, 1);
        hears(3_002, 3_002);
        follower.stop();
    }

    @Test
    void ending_tells_what_is_there_first() throws Exception {
        Follower follower = new Follower(journal, 0, heard::add);
        write(1, 2_000);
        follower.end(60_000);
        assertEquals(2_000, heard.size());
        assertTrue(heard.stream().mapToLong(JournalEntry::seq).max().orElseThrow() == 2_000);
    }
}
