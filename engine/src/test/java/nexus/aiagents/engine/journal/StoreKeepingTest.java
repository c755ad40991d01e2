package nexus.aiagents.engine.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import jetbrains.exodus.ArrayByteIterable;
import jetbrains.exodus.ByteIterable;
import jetbrains.exodus.entitystore.PersistentEntityStore;
import jetbrains.exodus.entitystore.PersistentEntityStores;
import jetbrains.exodus.env.Cursor;
import jetbrains.exodus.env.Environment;
import jetbrains.exodus.env.EnvironmentConfig;
import jetbrains.exodus.env.Environments;
import jetbrains.exodus.env.Store;
import jetbrains.exodus.env.StoreConfig;
import nexus.aiagents.engine.journal.AuditReport.Kind;
import nexus.aiagents.engine.journal.EngineEvent.AgentLogged;
import nexus.aiagents.engine.journal.Journal.Batch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the store promises beyond writing and reading: proof, archives, copies, older formats, torn ends.
@Timeout(120)
class StoreKeepingTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-23T10:00:00.123Z"), ZoneOffset.UTC);

    @TempDir
    Path folder;

    private XodusJournal open() {
        return XodusJournal.open(folder, CLOCK);
    }

    private static EngineEvent said(String text) {
        return new AgentLogged("a", null, "info", text);
    }

    private static void fill(XodusJournal journal, int count) {
        for (int i = 0; i < count; i++) {
            journal.commit(new Batch(List.of(said("e" + i)), Map.of("k" + i % 7, "v" + i)));
        }
        journal.commitAndWait(new Batch(List.of(), Map.of()));
    }

    private static AuditReport.Finding finding(AuditLog journal) {
        return Objects.requireNonNull(journal.audit().finding());
    }

    // ---- proof

    /// Changes rows behind the journal's back.
    private void tamper(Consumer<Tampering> change) {
        try (Environment env = Environments.newInstance(folder.resolve("xodus").toFile())) {
            env.executeInTransaction(txn -> {
                var store = env.openStore("journal", StoreConfig.USE_EXISTING, txn);
                change.accept(new Tampering() {
                    @Override
                    public byte[] row(long seq) {
                        var value = Objects.requireNonNull(store.get(txn, key(seq)));
                        return Arrays.copyOf(value.getBytesUnsafe(), value.getLength());
                    }

                    @Override
                    public void put(long seq, byte[] value) {
                        store.put(txn, key(seq), new ArrayByteIterable(value));
                    }

                    @Override
                    public void delete(long seq) {
                        store.delete(txn, key(seq));
                    }
                });
            });
        }
    }

    private interface Tampering {
        byte[] row(long seq);

        void put(long seq, byte[] value);

        void delete(long seq);
    }

    private static ArrayByteIterable key(long seq) {
        return new ArrayByteIterable(
                java.nio.ByteBuffer.allocate(8).putLong(seq).array());
    }

    @Test
    void a_changed_a_missing_and_a_moved_entry_are_told_apart_and_named() {
        try (XodusJournal journal = open()) {
            fill(journal, 20);
        }
        tamper(t -> {
            byte[] three = t.row(3);
            t.put(3, t.row(9));
            t.put(9, three);
        });
        try (XodusJournal journal = open()) {
            assertEquals(Kind.REORDERED, finding(journal).kind());
            assertEquals(3, finding(journal).seq());
            assertTrue(
                    finding(journal).message().contains("entry 9"),
                    finding(journal).message());
        }
        tamper(t -> {
            byte[] three = t.row(9);
            t.put(9, t.row(3));
            t.put(3, three);
            t.delete(5);
            t.delete(6);
        });
        try (XodusJournal journal = open()) {
            assertEquals(Kind.MISSING, finding(journal).kind());
            assertEquals(5, finding(journal).seq());
            assertTrue(
                    finding(journal).message().contains("5 to 6"),
                    finding(journal).message());
        }
    }

    @Test
    void a_beginning_that_was_cut_off_without_a_word_is_found() {
        try (XodusJournal journal = open()) {
            fill(journal, 20);
        }
        tamper(t -> {
            for (long seq = 1; seq <= 5; seq++) {
                t.delete(seq);
            }
        });
        try (XodusJournal journal = open()) {
            assertEquals(Kind.MISSING, finding(journal).kind());
            String hash = journal.lines(5, 1).getFirst().hash();
            assertEquals(64, hash.length());
        }
        byte[] forged;
        try (XodusStorage storage = XodusStorage.open(folder.resolve("xodus"))) {
            // With a checkpoint as a compaction writes it, but no entry that says so.
            EntryCodec.Stored six =
                    EntryCodec.decode(6, storage.rows(6, 1).getFirst().value());
            assertNotNull(six);
            forged = new Checkpoint(6, EntryCodec.hex(six.hash())).encoded();
            storage.write(new Storage.Change(List.of(), List.of(Map.of(Checkpoint.KEY, forged)), List.of(), 6));
        }
        try (XodusJournal journal = open()) {
            assertEquals(Kind.UNEXPLAINED_BEGINNING, finding(journal).kind());
        }
    }

    // ---- archives

    @Test
    void a_compaction_keeps_the_chain_provable_and_the_archive_joins_on() throws Exception {
        Path archive = folder.resolve("old.jsonl.gz");
        try (XodusJournal journal = open()) {
            fill(journal, 5_000);
            List<JournalEntry> all = journal.read(0, 10_000);
            var done = Objects.requireNonNull(journal.compact(4_321, archive, Map.of()));
            assertEquals(1, done.firstSeq());
            assertEquals(4_321, done.lastSeq());
            assertEquals(4_321, journal.compactedUpTo());
            assertEquals(all.subList(4_321, 5_000), journal.read(0, 679));
            assertTrue(journal.audit().isWhole(), journal.audit().toString());
            assertEquals(4_322, journal.audit().firstSeq());
            AuditFile.Report file = AuditFile.verify(archive);
            assertNull(file.finding());
            assertEquals(4_321, file.entries());
            assertEquals(0, file.gaps());
            assertEquals(journal.lines(4_321, 1).getFirst().previous(), file.lastHash(), "the archive joins on");
            assertEquals("v4999", journal.state("k1"));
        }
        try (XodusJournal journal = open()) {
            assertTrue(journal.audit().isWhole());
            assertEquals(List.of(), journal.repairs());
            assertEquals(5_001, journal.lastSeq());
            assertEquals(1, journal.audit().notes().size());
            Path second = folder.resolve("second.jsonl");
            journal.compact(journal.lastSeq(), second, Map.of());
            assertEquals(
                    AuditFile.verify(archive).lastHash(),
                    AuditFile.verify(second).previous());
            assertEquals(5_002, journal.lastSeq());
            assertTrue(journal.audit().isWhole());
        }
        try (XodusJournal journal = open()) {
            journal.commitAndWait(Batch.of(said("on")));
            assertTrue(journal.audit().isWhole());
            assertThrows(StoreException.class, () -> journal.compact(5_002, archive, Map.of()), "it is there already");
        }
    }

    @Test
    void every_change_to_an_archive_is_found() throws Exception {
        Path archive = folder.resolve("old.jsonl");
        try (XodusJournal journal = open()) {
            fill(journal, 60);
            journal.compact(60, archive, Map.of());
        }
        List<String> lines = Files.readAllLines(archive);
        assertEquals(60, lines.size());
        assertNull(AuditFile.verify(archive).finding());
        Random random = new Random(3);
        for (int trial = 0; trial < 200; trial++) {
            List<String> changed = new ArrayList<>(lines);
            int at = random.nextInt(59);
            switch (trial % 4) {
                case 0 -> changed.remove(at);
                case 1 -> changed.add(at, changed.remove(at + 1));
                case 2 -> {
                    StringBuilder text = new StringBuilder(changed.get(at));
                    int place = random.nextInt(text.length());
                    text.setCharAt(place, (char) (text.charAt(place) ^ 1));
                    changed.set(at, text.toString());
                }
                default ->
                    changed.set(
                            at,
                            changed.get(at)
                                    .substring(0, random.nextInt(changed.get(at).length())));
            }
            Files.write(archive, changed);
            assertNotNull(AuditFile.verify(archive).finding(), "trial " + trial + " at line " + (at + 1));
        }
    }

    @Test
    void an_entry_that_does_not_fit_is_never_archived_away() {
        try (XodusJournal journal = open()) {
            fill(journal, 20);
        }
        tamper(t -> t.delete(7));
        try (XodusJournal journal = open()) {
            Path archive = folder.resolve("a.jsonl");
            StoreException e = assertThrows(StoreException.class, () -> journal.compact(10, archive, Map.of()));
            assertEquals("store-broken", e.code());
            assertFalse(Files.exists(archive));
            assertEquals(0, journal.compactedUpTo());
        }
    }

    // ---- runs of all time

    @Test
    void runs_are_found_also_after_their_entries_are_gone() {
        try (XodusJournal journal = open()) {
            for (int i = 0; i < 300; i++) {
                String id = "run-" + i;
                String kind = i % 3 == 0 ? "saga" : "agent";
                journal.commit(Batch.of(
                        new EngineEvent.RunStarted(id, kind, "n" + i % 5, "h", "{}", "{}", null, null, null),
                        new EngineEvent.HoldSettled("h" + i, "a", id, "m", List.of(), 3, 4, 5, true, false)));
                if (i != 200) {
                    journal.commit(Batch.of(new EngineEvent.RunEnded(
                            id, i % 2 == 0 ? "failed" : "done", null, i % 2 == 0 ? "s" : null, null)));
                }
            }
            journal.commitAndWait(new Batch(List.of(), Map.of()));
            journal.compact(journal.lastSeq(), folder.resolve("a.jsonl"), Map.of());
        }
        try (XodusJournal journal = open()) {
            assertEquals(
                    List.of("run-299", "run-298"),
                    journal.runs(RunQuery.newest(2)).stream().map(RunRecord::id).toList());
            List<RunRecord> found =
                    journal.runs(new RunQuery(Set.of("failed"), Set.of("saga"), "n4", null, null, 1_000));
            assertEquals(
                    List.of(
                            "run-294", "run-264", "run-234", "run-204", "run-174", "run-144", "run-114", "run-84",
                            "run-54", "run-24"),
                    found.stream().map(RunRecord::id).toList());
            assertEquals(5, found.getFirst().microDollars());
            assertEquals("s", found.getFirst().failedStep());
            assertEquals(
                    List.of("run-200"),
                    journal.runs(new RunQuery(Set.of("running"), Set.of(), null, null, null, 10)).stream()
                            .map(RunRecord::id)
                            .toList());
            assertEquals(
                    List.of(1_500L),
                    journal.agentTotals().stream()
                            .map(AgentTotals::microDollars)
                            .toList());
        }
    }

    // ---- copies

    @Test
    void a_copy_made_in_the_middle_of_the_work_is_whole_and_can_be_put_back() throws Exception {
        Backups.Backup backup;
        try (XodusJournal journal = open()) {
            fill(journal, 100);
            List<Thread> busy = new ArrayList<>();
            for (int t = 0; t < 3; t++) {
                busy.add(Thread.startVirtualThread(() -> fill(journal, 300)));
            }
            backup = journal.backUp(Backups.MANUAL);
            for (Thread thread : busy) {
                thread.join();
            }
            assertEquals(1_000, journal.lastSeq());
            StoreException e =
                    assertThrows(StoreException.class, () -> journal.backups().restore(backup.name()));
            assertEquals("store-locked", e.code());
        }
        assertTrue(backup.lastSeq() >= 100 && backup.lastSeq() <= 1_000, backup.toString());
        Path before = Objects.requireNonNull(new Backups(folder, CLOCK).restore(backup.name()));
        assertTrue(Files.exists(before));
        try (XodusJournal journal = open()) {
            assertTrue(journal.audit().isWhole(), journal.audit().toString());
            assertEquals(List.of(), journal.repairs());
            assertTrue(journal.lastSeq() > 100 && journal.lastSeq() <= 1_001);
            JournalEntry last = journal.read(journal.lastSeq() - 1, 1).getFirst();
            assertEquals("store-restored", ((EngineEvent.Notice) last.event()).code());
        }
        try (XodusJournal journal = open()) {
            assertFalse(journal.read(journal.lastSeq() - 1, 1).getFirst().event() instanceof AgentLogged);
            long seq = journal.lastSeq();
            journal.commitAndWait(Batch.of(said("on")));
            assertEquals(seq + 1, journal.lastSeq(), "the restore is said once");
        }
    }

    @Test
    void only_the_newest_automatic_copies_are_kept_and_one_that_was_begun_is_none() throws Exception {
        try (XodusJournal journal = XodusJournal.open(folder, Clock.systemUTC())) {
            fill(journal, 3);
            String manual = journal.backUp(Backups.MANUAL).name();
            String newest = "";
            for (int i = 0; i < Backups.AUTOMATIC_KEPT + 3; i++) {
                fill(journal, 1);
                newest = journal.backUp(Backups.AUTOMATIC).name();
                LockSupport.parkNanos(1_000_000);
            }
            Files.writeString(journal.backups().place().resolve("20261123-100000-000-auto-9.zip.tmp"), "begun");
            List<Backups.Backup> kept = journal.backups().list();
            assertEquals(Backups.AUTOMATIC_KEPT + 1, kept.size());
            assertEquals(newest, kept.getFirst().name());
            assertEquals(manual, kept.getLast().name());
        }
    }

    @Test
    void a_restore_that_was_interrupted_is_finished_by_the_next_opening() throws Exception {
        Backups.Backup backup;
        try (XodusJournal journal = open()) {
            fill(journal, 10);
            backup = journal.backUp(Backups.MANUAL);
            fill(journal, 10);
        }
        Backups backups = new Backups(folder, CLOCK);
        backups.restore(backup.name());
        // As it is when the process dies between the two moves.
        Path restoring = folder.resolve("restoring");
        Files.createDirectories(restoring);
        Files.move(folder.resolve("xodus"), restoring.resolve("xodus"));
        Files.move(folder.resolve("restored"), restoring.resolve("ready"));
        try (XodusJournal journal = open()) {
            assertEquals("e9", ((AgentLogged) journal.read(9, 1).getFirst().event()).message());
            assertTrue(journal.audit().isWhole());
            assertEquals(10, journal.lastSeq());
        }
    }

    // ---- formats

    @Test
    void a_store_of_the_first_format_is_brought_to_the_newest_after_a_copy() {
        try (XodusJournal journal = open()) {
            journal.commitAndWait(new Batch(
                    List.of(
                            new EngineEvent.RunStarted("r", "saga", "s", "h", "{}", "{}", null, null, null),
                            new EngineEvent.RunEnded("r", "done", "{}", null, null)),
                    Map.of("k", "v")));
        }
        try (XodusStorage storage = XodusStorage.open(folder.resolve("xodus"))) {
            Map<String, byte[]> first = new java.util.HashMap<>();
            first.put("format", EntryCodec.encodeState("format", "1"));
            first.put(StateSum.KEY, null);
            storage.write(List.of(), List.of(first));
        }
        try (XodusJournal journal = open()) {
            assertEquals("v", journal.state("k"));
            assertEquals("done", Objects.requireNonNull(journal.run("r")).state());
            assertEquals(
                    List.of(Backups.MIGRATION),
                    journal.backups().list().stream().map(Backups.Backup::kind).toList());
            EngineEvent.Notice said =
                    (EngineEvent.Notice) journal.read(2, 1).getFirst().event();
            assertEquals("store-migrated", said.code());
            assertEquals(List.of(), journal.repairs());
        }
        try (XodusJournal journal = open()) {
            assertEquals(3, journal.lastSeq(), "once");
        }
    }

    @Test
    void records_that_were_in_their_entities_are_found_after_the_step_to_the_newest_format() {
        try (XodusJournal journal = open()) {
            for (int i = 0; i < 5; i++) {
                journal.commitAndWait(
                        Batch.of(new EngineEvent.RunStarted("r" + i, "saga", "s", "h", "{}", "{}", null, null, null)));
            }
            journal.commitAndWait(Batch.of(new EngineEvent.RunEnded("r3", "failed", "{}", "one", null)));
            journal.commitAndWait(Batch.of(new EngineEvent.CallEnded("c", "worker", ExitReason.NORMAL, "{}", 1, 2, 3)));
        }
        backToFormat2();
        try (XodusJournal journal = open()) {
            assertEquals("one", Objects.requireNonNull(journal.run("r3")).failedStep());
            assertEquals(1, journal.agentTotals().getFirst().calls());
            assertEquals(List.of("r3"), runsIn(journal, "failed"));
            assertEquals(List.of("r4", "r2", "r1", "r0"), runsIn(journal, "running"));
            journal.commitAndWait(Batch.of(new EngineEvent.RunEnded("r0", "done", "{}", null, null)));
            assertEquals(List.of("r4", "r2", "r1"), runsIn(journal, "running"), "it goes on from there");
            assertEquals(List.of("r0"), runsIn(journal, "done"));
        }
    }

    private static List<String> runsIn(XodusJournal journal, String state) {
        return journal.runs(new RunQuery(Set.of(state), Set.of(), null, null, null, 10)).stream()
                .map(RunRecord::id)
                .toList();
    }

    /// Puts each record where format 2 has it.
    private void backToFormat2() {
        Environment env = Environments.newInstance(
                folder.resolve("xodus").toFile(), new EnvironmentConfig().setLogFileSize(8192));
        try (PersistentEntityStore things = PersistentEntityStores.newInstance(env, "things")) {
            Map<String, String> records = new java.util.HashMap<>();
            env.executeInTransaction(txn -> {
                Store store = env.openStore("records", StoreConfig.WITHOUT_DUPLICATES, txn);
                try (Cursor cursor = store.openCursor(txn)) {
                    while (cursor.getNext()) {
                        records.put(text(cursor.getKey()), text(cursor.getValue()));
                    }
                }
                env.truncateStore("records", txn);
                env.openStore("state", StoreConfig.WITHOUT_DUPLICATES, txn)
                        .put(
                                txn,
                                new ArrayByteIterable("format".getBytes(UTF_8)),
                                new ArrayByteIterable(EntryCodec.encodeState("format", "2")));
            });
            things.executeInTransaction(txn -> {
                for (String type : List.of(ThingIndex.RUN, ThingIndex.AGENT)) {
                    txn.getAll(type).forEach(thing -> {
                        String record = records.remove(type + "/" + thing.getProperty("id"));
                        assertTrue(thing.setProperty("record", Objects.requireNonNull(record)));
                    });
                }
            });
            assertEquals(Map.of(), records, "each record has its entity");
        }
        if (env.isOpen()) {
            env.close();
        }
    }

    private static String text(ByteIterable bytes) {
        return new String(bytes.getBytesUnsafe(), 0, bytes.getLength(), UTF_8);
    }

    // ---- torn ends

    @Test
    void whatever_the_last_bytes_are_the_store_opens_with_what_is_whole_and_says_so() throws Exception {
        try (XodusJournal journal = open()) {
            for (int i = 0; i < 40; i++) {
                journal.commitAndWait(new Batch(List.of(said("e" + i)), Map.of("n", "" + i)));
            }
        }
        Path file;
        try (var files = Files.list(folder.resolve("xodus"))) {
            file = files.filter(f -> f.toString().endsWith(".xd"))
                    .sorted()
                    .toList()
                    .getLast();
        }
        byte[] whole = Files.readAllBytes(file);
        byte[] tail = Files.readAllBytes(folder.resolve("tail"));
        Random random = new Random(11);
        int opened = 0;
        for (int trial = 0; trial < 24; trial++) {
            byte[] torn = whole.clone();
            int length = 1 + random.nextInt(3_000);
            switch (trial % 3) {
                case 0 -> torn = Arrays.copyOf(whole, whole.length - length);
                case 1 -> Arrays.fill(torn, whole.length - length, whole.length, (byte) 0);
                default -> {
                    byte[] noise = new byte[length];
                    random.nextBytes(noise);
                    System.arraycopy(noise, 0, torn, whole.length - length, length);
                }
            }
            Files.write(file, torn);
            Files.write(folder.resolve("tail"), tail);
            try (XodusJournal journal = open()) {
                opened++;
                long last = journal.read(0, 1_000).stream()
                        .filter(e -> e.event() instanceof AgentLogged)
                        .count();
                boolean lost = last < 40;
                assertEquals(lost, !journal.repairs().isEmpty(), "trial " + trial + ": " + journal.repairs());
                if (lost) {
                    assertEquals(Kind.TRUNCATED, finding(journal).kind(), "trial " + trial);
                }
                for (int i = 0; i < last; i++) {
                    assertEquals(
                            "e" + i,
                            ((AgentLogged) journal.read(i, 1).getFirst().event()).message());
                }
                assertEquals("" + (last - 1), journal.state("n"), "trial " + trial);
            } catch (StoreException e) {
                assertEquals("store-broken", e.code(), "trial " + trial);
            }
        }
        assertEquals(24, opened, "torn ends are repaired, not refused");
    }
}
