package nexus.aiagents.engine.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import jetbrains.exodus.OutOfDiskSpaceException;
import nexus.aiagents.engine.journal.Journal.Batch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the journal does when its disk does not do what it should.
@Timeout(60)
class WriteFailureTest {
    @TempDir
    Path folder;

    private Moody storage;
    private XodusJournal journal;

    @BeforeEach
    void open() throws Exception {
        storage = new Moody(XodusStorage.open(folder.resolve("xodus")));
        journal = XodusJournal.open(folder, storage, Clock.systemUTC(), GroupWriter.HELD_BACK);
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
                .map(JournalEntry::event)
                .filter(EngineEvent.AgentLogged.class::isInstance)
                .map(e -> ((EngineEvent.AgentLogged) e).message())
                .toList();
    }

    @Test
    void a_full_disk_refuses_keeps_what_there_is_and_takes_more_when_there_is_room() {
        journal.commitAndWait(batch("before"));
        storage.mood = Mood.FULL;
        StoreException e = assertThrows(StoreException.class, () -> journal.commitAndWait(batch("lost")));
        assertEquals("store-full", e.code());
        assertTrue(e.getMessage().contains(folder.toString()));
        assertEquals(List.of("before"), texts());
        assertEquals(
                "store-full",
                java.util.Objects.requireNonNull(journal.problem()).code());
        storage.mood = Mood.FINE;
        journal.commitAndWait(batch("after"));
        assertEquals(List.of("before", "after"), texts());
        assertEquals("after", journal.state("last"));
        assertEquals(0, journal.verify());
    }

    @Test
    void one_bad_batch_does_not_take_its_group_with_it() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        storage.beforeWrite = () -> {
            busy.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        storage.mood = Mood.REFUSES_BAD;
        List<CompletableFuture<List<JournalEntry>>> waiting = new ArrayList<>();
        waiting.add(journal.commit(batch("0")).toCompletableFuture());
        assertTrue(busy.await(30, TimeUnit.SECONDS));
        for (int i = 1; i < 10; i++) {
            waiting.add(journal.commit(batch(i == 5 ? "bad" : "" + i)).toCompletableFuture());
        }
        go.countDown();
        for (int i = 0; i < 10; i++) {
            CompletableFuture<List<JournalEntry>> one = waiting.get(i);
            if (i == 5) {
                CompletionException e = assertThrows(CompletionException.class, one::join);
                assertEquals("store-broken", ((StoreException) e.getCause()).code());
            } else {
                assertEquals(i < 5 ? i + 1 : i, one.join().getFirst().seq());
            }
        }
        assertEquals(
                IntStream.range(0, 10)
                        .filter(i -> i != 5)
                        .mapToObj(String::valueOf)
                        .toList(),
                texts());
        assertEquals(0, journal.verify());
    }

    @Test
    void a_write_that_failed_but_is_there_is_not_written_twice() {
        storage.mood = Mood.FAILS_AFTERWARDS;
        assertEquals(1, journal.commitAndWait(batch("one")).getFirst().seq());
        storage.mood = Mood.FINE;
        assertEquals(2, journal.commitAndWait(batch("two")).getFirst().seq());
        assertEquals(List.of("one", "two"), texts());
        assertEquals(0, journal.verify());
    }

    /// Here the copy never comes to its end by itself.
    @Test
    void closing_does_not_wait_for_a_copy_that_is_being_made() throws Exception {
        journal.commitAndWait(batch("one"));
        CountDownLatch copying = new CountDownLatch(1);
        storage.copied = new InputStream() {
            @Override
            public int read() {
                copying.countDown();
                return 7;
            }
        };
        CompletableFuture<StoreException> refused = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                journal.backUp(Backups.AUTOMATIC);
                refused.complete(null);
            } catch (StoreException e) {
                refused.complete(e);
            }
        });
        copying.await();
        journal.close();
        assertEquals("store-closed", refused.get().code());
        try (var left = Files.list(folder.resolve("backups"))) {
            assertEquals(List.of(), left.toList(), "no half of a copy");
        }
    }

    private enum Mood {
        FINE,
        FULL,
        REFUSES_BAD,
        FAILS_AFTERWARDS
    }

    private static final class Moody implements Storage {
        private final Storage inner;
        private volatile Mood mood = Mood.FINE;
        private volatile Runnable beforeWrite = () -> {};
        private volatile InputStream copied;

        Moody(Storage inner) {
            this.inner = inner;
        }

        @Override
        public void write(Change change) {
            List<Row> rows = change.rows();
            beforeWrite.run();
            if (mood == Mood.FULL) {
                throw new OutOfDiskSpaceException(new java.io.IOException("No space left on device"));
            }
            if (mood == Mood.REFUSES_BAD && rows.stream().anyMatch(r -> new String(r.value()).contains("\"bad\""))) {
                throw new IllegalStateException("the disk does not like this");
            }
            inner.write(change);
            if (mood == Mood.FAILS_AFTERWARDS) {
                throw new IllegalStateException("the disk says no and does it");
            }
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
        public String thing(String type, String id) {
            return inner.thing(type, id);
        }

        @Override
        public void things(Search search, Visitor visitor) {
            inner.things(search, visitor);
        }

        @Override
        public void copyTo(Files files) throws java.io.IOException {
            if (copied != null) {
                files.copy("endless.xd", copied);
            }
            inner.copyTo(files);
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
        public void close() {
            inner.close();
        }
    }
}
