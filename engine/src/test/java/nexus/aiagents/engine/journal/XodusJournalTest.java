package nexus.aiagents.engine.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import jetbrains.exodus.ArrayByteIterable;
import jetbrains.exodus.env.Environment;
import jetbrains.exodus.env.Environments;
import jetbrains.exodus.env.StoreConfig;
import nexus.aiagents.engine.journal.EngineEvent.AgentLogged;
import nexus.aiagents.engine.journal.Journal.Batch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class XodusJournalTest {
    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00.123Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    @TempDir
    Path folder;

    private XodusJournal open() {
        return XodusJournal.open(folder, CLOCK);
    }

    private static EngineEvent event(String text) {
        return new AgentLogged("a", null, "info", text);
    }

    private static List<String> texts(List<JournalEntry> entries) {
        return entries.stream().map(e -> ((AgentLogged) e.event()).message()).toList();
    }

    @Test
    void an_entry_comes_back_with_its_number_time_and_hash() {
        try (XodusJournal journal = open()) {
            assertEquals(0, journal.lastSeq());
            assertEquals(List.of(), journal.read(0, 10));
            List<JournalEntry> written = journal.commitAndWait(Batch.of(event("one"), event("two")));
            assertEquals(
                    List.of(1L, 2L), written.stream().map(JournalEntry::seq).toList());
            assertEquals(NOW, written.getFirst().at());
            assertEquals(64, written.getFirst().hash().length());
            assertEquals(written, journal.read(0, 10));
            assertEquals(List.of("two"), texts(journal.read(1, 10)));
            assertEquals(List.of("one"), texts(journal.read(0, 1)));
            assertEquals(2, journal.lastSeq());
        }
    }

    @Test
    void state_goes_with_its_entry_and_null_deletes() {
        try (XodusJournal journal = open()) {
            journal.commitAndWait(new Batch(List.of(event("x")), Map.of("k/b", "2", "k/a", "1", "l", "ü")));
            assertEquals(Map.of("k/a", "1", "k/b", "2"), journal.states("k/"));
            assertEquals(List.of("k/a", "k/b"), List.copyOf(journal.states("k/").keySet()));
            assertEquals("ü", journal.state("l"));
            Map<String, String> delete = new HashMap<>();
            delete.put("k/a", null);
            journal.commitAndWait(new Batch(List.of(), delete));
            assertNull(journal.state("k/a"));
            assertNull(journal.state("format"), "the store's own values are not state");
            assertEquals(1, journal.lastSeq());
        }
    }

    @Test
    void reopening_keeps_everything_and_goes_on_in_the_same_chain() {
        try (XodusJournal journal = open()) {
            journal.commitAndWait(new Batch(List.of(event("one")), Map.of("k", "v")));
        }
        try (XodusJournal journal = open()) {
            assertEquals(List.of(), journal.repairs());
            assertEquals("v", journal.state("k"));
            journal.commitAndWait(Batch.of(event("two")));
            assertEquals(List.of("one", "two"), texts(journal.read(0, 10)));
            assertEquals(0, journal.verify());
        }
    }

    @Test
    void random_batches_leave_the_state_that_their_fold_gives() {
        Random random = new Random(20261123);
        Map<String, String> expected = new TreeMap<>();
        List<String> expectedTexts = new ArrayList<>();
        for (int session = 0; session < 3; session++) {
            try (XodusJournal journal = open()) {
                List<CompletableFuture<List<JournalEntry>>> waiting = new ArrayList<>();
                for (int i = 0; i < 200; i++) {
                    List<EngineEvent> events = new ArrayList<>();
                    for (int n = random.nextInt(4); n > 0; n--) {
                        String text = "x".repeat(random.nextInt(300)) + i;
                        events.add(event(text));
                        expectedTexts.add(text);
                    }
                    Map<String, String> state = new HashMap<>();
                    for (int n = random.nextInt(3); n > 0; n--) {
                        String key = "k" + random.nextInt(20);
                        state.put(key, random.nextInt(4) == 0 ? null : "v" + random.nextInt());
                    }
                    state.forEach((k, v) -> {
                        if (v == null) {
                            expected.remove(k);
                        } else {
                            expected.put(k, v);
                        }
                    });
                    waiting.add(journal.commit(new Batch(events, state)).toCompletableFuture());
                }
                waiting.forEach(CompletableFuture::join);
            }
            try (XodusJournal journal = open()) {
                assertEquals(expected, journal.states(""));
                assertEquals(expectedTexts, texts(journal.read(0, 100_000)));
                assertEquals(0, journal.verify());
            }
        }
    }

    @Test
    void callers_at_the_same_time_keep_their_own_order_and_listeners_hear_the_journals_order() throws Exception {
        int callers = 16;
        int each = 100;
        List<Long> heard = new ArrayList<>();
        CountDownLatch all = new CountDownLatch(callers * each);
        try (XodusJournal journal = open();
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            journal.subscribe(entry -> {
                heard.add(entry.seq());
                assertTrue(entry.seq() <= journal.lastSeq());
                all.countDown();
            });
            List<Future<List<Long>>> results = IntStream.range(0, callers)
                    .mapToObj(c -> executor.submit(() -> {
                        List<Long> seqs = new ArrayList<>();
                        for (int i = 0; i < each; i++) {
                            seqs.add(journal.commitAndWait(Batch.of(event(c + "/" + i)))
                                    .getFirst()
                                    .seq());
                        }
                        return seqs;
                    }))
                    .toList();
            for (Future<List<Long>> result : results) {
                List<Long> seqs = result.get(30, TimeUnit.SECONDS);
                assertEquals(seqs.stream().sorted().toList(), seqs);
            }
            assertTrue(all.await(30, TimeUnit.SECONDS));
            assertEquals(
                    IntStream.rangeClosed(1, callers * each)
                            .mapToObj(Long::valueOf)
                            .toList(),
                    heard);
            assertEquals(0, journal.verify());
        }
    }

    @Test
    void a_slow_listener_holds_up_nobody_and_misses_nothing() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        List<Long> heard = new ArrayList<>();
        CountDownLatch all = new CountDownLatch(3000);
        try (XodusJournal journal = open()) {
            journal.subscribe(entry -> {
                try {
                    go.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                heard.add(entry.seq());
                all.countDown();
            });
            // More single commits than the listeners' queue takes, one by one so that no group forms.
            for (int i = 0; i < 3000; i++) {
                journal.commitAndWait(Batch.of(event("x")));
            }
            go.countDown();
            assertTrue(all.await(30, TimeUnit.SECONDS));
            assertEquals(IntStream.rangeClosed(1, 3000).mapToObj(Long::valueOf).toList(), heard);
        }
    }

    @Test
    void a_listener_that_fails_or_was_ended_disturbs_nobody() throws Exception {
        try (XodusJournal journal = open()) {
            journal.commitAndWait(Batch.of(event("before")));
            CompletableFuture<JournalEntry> heard = new CompletableFuture<>();
            journal.subscribe(_ -> {
                throw new IllegalStateException("expected by the test");
            });
            Runnable end = journal.subscribe(_ -> heard.completeExceptionally(new AssertionError("ended")));
            end.run();
            journal.subscribe(heard::complete);
            journal.commitAndWait(Batch.of(event("after")));
            assertEquals(2, heard.get(10, TimeUnit.SECONDS).seq());
        }
    }

    @Test
    void code_that_hangs_on_a_commit_may_commit_and_wait_itself() throws Exception {
        try (XodusJournal journal = open()) {
            CompletableFuture<Long> second = journal.commit(Batch.of(event("one")))
                    .thenApply(_ -> journal.commitAndWait(Batch.of(event("two")))
                            .getFirst()
                            .seq())
                    .toCompletableFuture();
            assertEquals(2, second.get(10, TimeUnit.SECONDS));
        }
    }

    @Test
    void an_interrupted_caller_still_commits_and_stays_interrupted() {
        try (XodusJournal journal = open()) {
            Thread.currentThread().interrupt();
            journal.commitAndWait(Batch.of(event("one")));
            assertTrue(Thread.interrupted());
            Thread.currentThread().interrupt();
            assertEquals(1, journal.read(0, 10).size());
            assertTrue(Thread.interrupted());
            journal.commitAndWait(Batch.of(event("two")));
            assertEquals(2, journal.lastSeq());
        }
    }

    @Test
    void a_closed_journal_refuses_and_closing_twice_is_fine() {
        XodusJournal journal = open();
        CompletableFuture<List<JournalEntry>> last =
                journal.commit(Batch.of(event("last"))).toCompletableFuture();
        journal.close();
        journal.close();
        assertEquals(1, last.join().size());
        assertEquals("store-closed", code(() -> journal.commitAndWait(Batch.of(event("x")))));
        assertEquals("store-closed", code(() -> journal.read(0, 1)));
        assertEquals("store-closed", code(() -> journal.state("k")));
    }

    @Test
    void a_value_that_is_too_large_is_refused_and_the_journal_goes_on() throws Exception {
        try (XodusJournal journal = open()) {
            String large = "x".repeat(Pending.MAX_VALUE_BYTES + 1);
            assertEquals("store-too-large", code(() -> journal.commitAndWait(Batch.of(event(large)))));
            ExecutionException e = assertThrows(
                    ExecutionException.class,
                    () -> journal.commit(new Batch(List.of(), Map.of("k", large)))
                            .toCompletableFuture()
                            .get(10, TimeUnit.SECONDS));
            assertEquals("store-too-large", ((StoreException) e.getCause()).code());
            String fits = "x".repeat(Pending.MAX_VALUE_BYTES - 1000);
            journal.commitAndWait(new Batch(List.of(event(fits)), Map.of("k", fits)));
            assertEquals(List.of(fits), texts(journal.read(0, 1)));
        }
    }

    @Test
    void a_second_opening_is_refused_and_names_the_owner() {
        try (XodusJournal _ = open()) {
            StoreException e = assertThrows(StoreException.class, this::open);
            assertEquals("store-locked", e.code());
            assertTrue(
                    e.getMessage()
                            .contains("another process (pid "
                                    + ProcessHandle.current().pid() + ") has this"),
                    e.getMessage());
        }
        open().close();
    }

    @Test
    void a_folder_that_can_not_be_made_is_named() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "x");
        StoreException e = assertThrows(StoreException.class, () -> XodusJournal.open(file.resolve("store"), CLOCK));
        assertEquals("store-broken", e.code());
        assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
    }

    @Test
    void a_store_of_a_newer_version_is_left_alone() {
        open().close();
        try (XodusStorage storage = XodusStorage.open(folder.resolve("xodus"))) {
            storage.write(List.of(), List.of(Map.of("format", EntryCodec.encodeState("format", "99"))));
        }
        StoreException e = assertThrows(StoreException.class, this::open);
        assertEquals("store-newer", e.code());
        assertTrue(e.getMessage().contains("format 99"), e.getMessage());
    }

    @Test
    void a_file_that_was_cut_short_opens_with_what_is_whole_and_says_what_is_lost() throws Exception {
        try (XodusJournal journal = open()) {
            for (int i = 1; i <= 50; i++) {
                journal.commitAndWait(new Batch(List.of(event("e" + i)), Map.of("n", "" + i)));
            }
        }
        Path last;
        try (var files = Files.list(folder.resolve("xodus"))) {
            last = files.filter(f -> f.toString().endsWith(".xd"))
                    .sorted()
                    .toList()
                    .getLast();
        }
        try (var channel = java.nio.channels.FileChannel.open(last, java.nio.file.StandardOpenOption.WRITE)) {
            channel.truncate(Files.size(last) * 2 / 3);
        }
        long left;
        String said;
        try (XodusJournal journal = open()) {
            assertEquals(1, journal.repairs().size());
            said = journal.repairs().getFirst();
            left = journal.lastSeq() - 1;
            assertTrue(left > 0 && left < 50, "left " + left);
            assertTrue(said.contains((left + 1) + " to 50"), said);
            assertEquals("" + left, journal.state("n"), "state and entries are cut at the same place");
            assertEquals(
                    new EngineEvent.Notice("warning", "store-repaired", said),
                    journal.read(left, 1).getFirst().event());
            AuditReport.Finding finding =
                    java.util.Objects.requireNonNull(journal.audit().finding());
            assertEquals(AuditReport.Kind.TRUNCATED, finding.kind());
            assertEquals(left + 1, finding.seq());
        }
        try (XodusJournal journal = open()) {
            assertEquals(List.of(), journal.repairs(), "said once");
            assertEquals(0, journal.verify(), "what is left fits");
            assertEquals(List.of(said), journal.audit().notes());
            assertEquals(left + 1, journal.lastSeq());
        }
    }

    @Test
    void a_changed_entry_is_found_and_the_rest_stays_readable() {
        try (XodusJournal journal = open()) {
            IntStream.range(0, 10).forEach(i -> journal.commitAndWait(Batch.of(event("e" + i))));
        }
        rewrite(4, value -> {
            value[60] ^= 1;
            return value;
        });
        try (XodusJournal journal = open()) {
            assertEquals(4, journal.verify());
            List<JournalEntry> entries = journal.read(0, 100);
            assertEquals(10, entries.size());
            assertEquals("damaged-entry", ((EngineEvent.Notice) entries.get(3).event()).code());
            assertEquals("e9", ((AgentLogged) entries.get(9).event()).message());
        }
    }

    @Test
    void an_entry_that_was_forged_with_a_right_checksum_breaks_the_chain() {
        try (XodusJournal journal = open()) {
            IntStream.range(0, 10).forEach(i -> journal.commitAndWait(Batch.of(event("e" + i))));
        }
        rewrite(4, value -> {
            EntryCodec.Stored was = EntryCodec.decode(4, value);
            byte[] json = EventJson.write(event("forged")).getBytes();
            return EntryCodec.encode(new EntryCodec.Stored(4, was.millis(), was.hash(), json));
        });
        try (XodusJournal journal = open()) {
            assertEquals(4, journal.verify());
        }
    }

    @Test
    void a_last_entry_that_was_exchanged_is_said() {
        try (XodusJournal journal = open()) {
            IntStream.range(0, 3).forEach(i -> journal.commitAndWait(Batch.of(event("e" + i))));
        }
        rewrite(3, value -> {
            EntryCodec.Stored before = EntryCodec.decode(3, value);
            byte[] hash = new byte[32];
            return EntryCodec.encode(new EntryCodec.Stored(3, 0, hash, before.json()));
        });
        try (XodusJournal journal = open()) {
            assertEquals(1, journal.repairs().size());
            assertTrue(journal.repairs().getFirst().startsWith("entry 3"));
            assertEquals(3, journal.verify());
        }
    }

    @Test
    void a_damaged_value_is_refused_instead_of_believed() {
        try (XodusJournal journal = open()) {
            journal.commitAndWait(new Batch(List.of(), Map.of("k", "100", "l", "fine")));
        }
        try (XodusStorage storage = XodusStorage.open(folder.resolve("xodus"))) {
            byte[] value = storage.value("s/k");
            value[4] ^= 8;
            storage.write(List.of(), List.of(Map.of("s/k", value)));
        }
        try (XodusJournal journal = open()) {
            assertEquals("store-broken", code(() -> journal.state("k")));
            assertEquals("fine", journal.state("l"));
        }
    }

    @Test
    void random_flips_of_the_files_are_never_silent() throws Exception {
        String[] texts = new String[40];
        try (XodusJournal journal = open()) {
            for (int i = 0; i < texts.length; i++) {
                texts[i] = "some text of entry " + i;
                journal.commitAndWait(new Batch(List.of(event(texts[i])), Map.of("k" + i, texts[i])));
            }
        }
        Path file;
        try (var files = Files.list(folder.resolve("xodus"))) {
            file = files.filter(f -> f.toString().endsWith(".xd")).findFirst().orElseThrow();
        }
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(7);
        for (int trial = 0; trial < 60; trial++) {
            byte[] bytes = whole.clone();
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, bytes);
            try (XodusJournal journal = open()) {
                if (journal.repairs().isEmpty() && journal.verify() == 0) {
                    assertEquals(List.of(texts), texts(journal.read(0, 1000)));
                    for (int i = 0; i < texts.length; i++) {
                        assertEquals(texts[i], journal.state("k" + i));
                    }
                }
            } catch (StoreException e) {
                assertNotEquals("store-locked", e.code());
            }
        }
    }

    /// Changes a row behind the journal's back.
    private void rewrite(long seq, UnaryOperator<byte[]> change) {
        Path database = folder.resolve("xodus");
        byte[] value;
        try (XodusStorage storage = XodusStorage.open(database)) {
            value = storage.rows(seq, 1).getFirst().value();
        }
        try (Environment env = Environments.newInstance(database.toFile())) {
            env.executeInTransaction(txn -> env.openStore("journal", StoreConfig.USE_EXISTING, txn)
                    .put(
                            txn,
                            new ArrayByteIterable(
                                    ByteBuffer.allocate(8).putLong(seq).array()),
                            new ArrayByteIterable(change.apply(value))));
        }
    }

    private static String code(Runnable action) {
        return assertThrows(StoreException.class, action::run).code();
    }

    @Test
    void what_the_disk_says_is_told_in_a_persons_words() {
        Path p = Path.of("/home/me/team/.nexus");
        assertEquals(
                "store-full",
                StoreErrors.of(new java.io.IOException("No space left on device"), p)
                        .code());
        assertEquals(
                "store-full",
                StoreErrors.of(new jetbrains.exodus.OutOfDiskSpaceException(new RuntimeException()), p)
                        .code());
        assertEquals(
                "store-read-only",
                StoreErrors.of(
                                new RuntimeException(
                                        new java.nio.file.FileSystemException("/x", null, "Read-only file system")),
                                p)
                        .code());
        assertEquals(
                "store-read-only",
                StoreErrors.of(new java.nio.file.AccessDeniedException("/x"), p).code());
        StoreException broken = StoreErrors.of(new IllegalStateException("boom\nat line"), p);
        assertEquals("store-broken", broken.code());
        assertFalse(broken.getMessage().contains("at line"));
        assertTrue(broken.getMessage().contains(p.toString()));
    }
}
