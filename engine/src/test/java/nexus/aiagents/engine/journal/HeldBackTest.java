package nexus.aiagents.engine.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import nexus.aiagents.engine.journal.Journal.Batch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What nobody waits for shares the write of what somebody does. Here it would be held back for a day.
@Timeout(60)
class HeldBackTest {
    @TempDir
    Path folder;

    private Counted storage;
    private XodusJournal journal;

    @BeforeEach
    void open() throws Exception {
        open(Duration.ofDays(1));
    }

    private void open(Duration heldBack) throws Exception {
        storage = new Counted(XodusStorage.open(folder.resolve("xodus")));
        journal = XodusJournal.open(folder, storage, Clock.systemUTC(), heldBack);
        storage.rows.clear();
    }

    @AfterEach
    void close() {
        journal.close();
    }

    private static Batch batch(String text) {
        return new Batch(List.of(new EngineEvent.AgentLogged("a", null, "info", text)), Map.of("last", text));
    }

    private List<String> texts() {
        return journal.read(0, 1000).stream()
                .map(entry -> ((EngineEvent.AgentLogged) entry.event()).message())
                .toList();
    }

    @Test
    void it_goes_to_the_disk_with_the_next_that_somebody_waits_for_in_the_order_of_the_calls() {
        CompletionStage<List<JournalEntry>> first = journal.commitSoon(batch("first"));
        CompletionStage<List<JournalEntry>> second = journal.commitSoon(batch("second"));
        assertEquals(3, journal.commitAndWait(batch("third")).getFirst().seq());
        assertEquals(1, first.toCompletableFuture().join().getFirst().seq());
        assertEquals(2, second.toCompletableFuture().join().getFirst().seq());
        assertEquals(List.of(3), storage.rows, "rows of each write");
        assertEquals(List.of("first", "second", "third"), texts());
        assertEquals("third", journal.state("last"));
    }

    @Test
    void who_waits_for_it_after_all_hurries_it() {
        CompletionStage<List<JournalEntry>> one = journal.commitSoon(batch("one"));
        assertFalse(one.toCompletableFuture().isDone());
        journal.hurry();
        assertEquals(1, one.toCompletableFuture().join().getFirst().seq());
    }

    @Test
    void hurrying_when_nothing_is_held_back_writes_nothing() {
        journal.commitAndWait(batch("one"));
        storage.rows.clear();
        journal.hurry();
        journal.commitAndWait(new Batch(List.of(), Map.of()));
        assertEquals(List.of(), storage.rows);
    }

    @Test
    void closing_writes_it() throws Exception {
        CompletionStage<List<JournalEntry>> one = journal.commitSoon(batch("one"));
        journal.close();
        assertTrue(one.toCompletableFuture().isDone());
        assertEquals(1, one.toCompletableFuture().join().size());
        open(Duration.ofDays(1));
        assertEquals(List.of("one"), texts());
    }

    @Test
    void whoever_waited_has_been_told_when_closing_ends_also_where_no_thread_is_free_to_tell() throws Exception {
        CompletionStage<List<JournalEntry>> one = journal.commitSoon(batch("one"));
        int carriers = Runtime.getRuntime().availableProcessors();
        CountDownLatch busy = new CountDownLatch(carriers);
        AtomicBoolean over = new AtomicBoolean();
        for (int i = 0; i < carriers; i++) {
            var _ = Thread.startVirtualThread(() -> {
                busy.countDown();
                while (!over.get()) {
                    Thread.onSpinWait();
                }
            });
        }
        busy.await();
        CompletableFuture.delayedExecutor(500, TimeUnit.MILLISECONDS, Runnable::run)
                .execute(() -> over.set(true));

        journal.close();

        assertTrue(one.toCompletableFuture().isDone());
    }

    @Test
    void who_is_told_may_take_long_or_close_it_again() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        journal.commitSoon(batch("one")).thenRun(() -> {
            journal.close();
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        journal.close();
        over.countDown();
    }

    @Test
    void a_full_group_is_written_without_anyone_waiting() {
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (int i = 0; i < GroupWriter.GROUP; i++) {
            all.add(journal.commitSoon(batch("" + i)).toCompletableFuture());
        }
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).join();
        assertEquals(GroupWriter.GROUP, journal.lastSeq());
    }

    @Test
    void by_itself_it_comes_after_a_moment() throws Exception {
        journal.close();
        open(GroupWriter.HELD_BACK);
        assertEquals(
                1,
                journal.commitSoon(batch("one"))
                        .toCompletableFuture()
                        .get(30, TimeUnit.SECONDS)
                        .getFirst()
                        .seq());
    }

    /// Counts the rows of every write that has any.
    private static final class Counted implements Storage {
        private final Storage inner;
        private final List<Integer> rows = new CopyOnWriteArrayList<>();

        Counted(Storage inner) {
            this.inner = inner;
        }

        @Override
        public void write(Change change) {
            inner.write(change);
            rows.add(change.rows().size());
        }

        @Override
        public List<Row> rows(long from, int max) {
            return inner.rows(from, max);
        }

        @Override
        public Row firstRow() {
            return inner.firstRow();
        }

        @Override
        public Row lastRow() {
            return inner.lastRow();
        }

        @Override
        public byte[] value(String key) {
            return inner.value(key);
        }

        @Override
        public Map<String, byte[]> values(String prefix) {
            return inner.values(prefix);
        }

        @Override
        public String thing(String type, String id) {
            return inner.thing(type, id);
        }

        @Override
        public void things(Search search, Visitor visitor) {
            inner.things(search, visitor);
        }

        @Override
        public void copyTo(Files files) throws java.io.IOException {
            inner.copyTo(files);
        }

        @Override
        public void close() {
            inner.close();
        }
    }
}
