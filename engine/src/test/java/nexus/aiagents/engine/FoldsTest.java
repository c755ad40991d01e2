package nexus.aiagents.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.InMemoryJournal;
import nexus.aiagents.engine.journal.Journal.Batch;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.journal.RunQuery;
import nexus.aiagents.engine.journal.RunRecord;
import nexus.aiagents.engine.journal.XodusJournal;
import nexus.aiagents.engine.project.LanguageService;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.trust.Signatures;
import nexus.aiagents.engine.trust.SigningKey;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.ViewFold;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is folded from the journal can be remembered at any entry, and nothing is lost by that. Every
/// field of every fold is compared, so that one that is added and not remembered is found here.
class FoldsTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-23T13:00:00Z"), ZoneOffset.UTC);

    @TempDir
    Path folder;

    private Project project;

    @BeforeEach
    void write() throws Exception {
        Files.writeString(folder.resolve("a.js"), "export default input => input;\n");
        Files.writeString(folder.resolve("nexus.yaml"), """
            project: {name: p}
            ---
            agents: {a: {source: a.js}, b: {source: a.js}, c: {source: a.js}}
            ---
            supervisor: {name: team, agents: [a, b]}
            """);
        project = new LanguageService().analyze(folder, Map.of()).project();
    }

    private Folds fresh() {
        TrustDesk trust = new TrustDesk(
                project,
                _ -> null,
                new InMemoryJournal(),
                new Signatures(folder, new SigningKey(folder.resolve("key"))),
                CLOCK);
        return new Folds(new ViewFold(project, List::of, trust::known, CLOCK), trust);
    }

    @Test
    void remembered_at_any_entry_and_gone_on_from_there_is_the_same_as_folded_from_the_first() {
        for (int seed = 1; seed <= 15; seed++) {
            List<JournalEntry> entries = new RandomEvents(seed).entries(250);
            Folds whole = fresh();
            entries.forEach(whole::apply);
            int at = 1 + (seed * 37) % 249;
            Folds first = fresh();
            entries.subList(0, at).forEach(first::apply);
            Folds second = fresh();
            assertTrue(second.recall(first.remember().get()), "seed " + seed);
            assertSame(first, second, "remembered at " + at + " of seed " + seed);
            entries.subList(at, entries.size()).forEach(second::apply);
            assertSame(whole, second, "gone on from " + at + " of seed " + seed);
        }
    }

    /// Otherwise the comparison above would compare nothing with nothing.
    @Test
    void random_events_reach_every_field_of_the_folds() {
        Map<String, Set<String>> values = new TreeMap<>();
        for (int seed = 1; seed <= 15; seed++) {
            Folds folds = fresh();
            values(folds, values, new IdentityHashMap<>());
            for (JournalEntry entry : new RandomEvents(seed).entries(250)) {
                folds.apply(entry);
                if (entry.seq() % 10 == 0) {
                    values(folds, values, new IdentityHashMap<>());
                }
            }
        }
        assertEquals(
                List.of(),
                values.entrySet().stream()
                        .filter(e -> e.getValue().size() == 1 && !isWiring(e.getKey()))
                        .map(e -> e.getKey() + " is always " + e.getValue())
                        .toList());
    }

    /// What holds a fold whose own fields are looked at.
    private static boolean isWiring(String field) {
        return field.startsWith("TrustDesk.")
                || Set.of("Folds.views", "Folds.trust", "ViewFold.team", "ViewFold.runs", "RunFold.votes")
                        .contains(field);
    }

    /// It is written while the folds go on: nothing that comes later may show in it.
    @Test
    void what_is_taken_down_at_an_entry_is_of_that_entry_whenever_it_is_written() {
        for (int seed = 1; seed <= 15; seed++) {
            List<JournalEntry> entries = new RandomEvents(seed).entries(250);
            int at = 1 + (seed * 53) % 249;
            Folds then = fresh();
            entries.subList(0, at).forEach(then::apply);
            Folds goesOn = fresh();
            entries.subList(0, at).forEach(goesOn::apply);
            Supplier<byte[]> taken = goesOn.remember();
            entries.subList(at, entries.size()).forEach(goesOn::apply);
            Folds recalled = fresh();
            assertTrue(recalled.recall(taken.get()), "seed " + seed);
            assertSame(then, recalled, "taken at " + at + " of seed " + seed);
        }
    }

    @Test
    void of_two_that_are_written_at_once_the_later_one_is_kept() {
        try (XodusJournal journal = journal()) {
            commit(journal, 20);
            FoldMemory memory = new FoldMemory(journal, folder.resolve("folds"));
            Folds folds = folded(journal, 0, fresh());
            FoldMemory.Remembered earlier = remembered(journal, folds, Folds.VERSION);
            commit(journal, 20);
            folded(journal, earlier.seq(), folds);
            FoldMemory.Remembered later = remembered(journal, folds, Folds.VERSION);
            memory.writeNewest(() -> later);
            memory.writeNewest(() -> earlier);
            assertEquals(later.seq(), memory.recall(fresh()));
        }
    }

    @Test
    void what_makes_no_sense_is_not_recalled() {
        assertFalse(fresh().recall("{\"views\":3}".getBytes(StandardCharsets.UTF_8)));
        assertFalse(fresh().recall("".getBytes(StandardCharsets.UTF_8)));
    }

    private static void assertSame(Folds expected, Folds found, String when) {
        Map<String, String> left = fields(expected);
        Map<String, String> right = fields(found);
        left.forEach((path, value) -> assertEquals(value, right.get(path), path + ", " + when));
        assertEquals(left.keySet(), right.keySet(), when);
    }

    // ---- the memory

    private XodusJournal journal() {
        return XodusJournal.open(folder.resolve("store"), Clock.systemUTC());
    }

    private void commit(XodusJournal journal, int count) {
        RandomEvents events = new RandomEvents(journal.lastSeq());
        for (int i = 0; i < count; i++) {
            journal.commit(Batch.of(events.event()));
        }
        journal.commitAndWait(Batch.of(new EngineEvent.TeamStarted()));
    }

    private Folds folded(XodusJournal journal, long after, Folds folds) {
        journal.read(after, 10_000).forEach(folds::apply);
        return folds;
    }

    private FoldMemory.Remembered remembered(XodusJournal journal, Folds folds, String version) {
        JournalEntry last = journal.read(journal.lastSeq() - 1, 1).getFirst();
        return new FoldMemory.Remembered(
                version, last.seq(), last.hash(), folds.remember().get());
    }

    @Test
    void a_file_of_this_journal_and_version_is_believed_and_every_other_is_not() throws Exception {
        Path file = folder.resolve("folds");
        try (XodusJournal journal = journal()) {
            commit(journal, 100);
            FoldMemory memory = new FoldMemory(journal, file);
            assertEquals(0, memory.recall(fresh()), "there is none");
            Folds folds = folded(journal, 0, fresh());
            memory.write(remembered(journal, folds, Folds.VERSION));
            Folds recalled = fresh();
            assertEquals(101, memory.recall(recalled));
            assertSame(folds, recalled, "recalled");
            commit(journal, 50);
            assertEquals(101, memory.recall(fresh()), "the journal has gone on since");

            memory.write(remembered(journal, folds, "0-of-another-time"));
            assertEquals(0, memory.recall(fresh()), "another version");
            FoldMemory.Remembered ahead = remembered(journal, folds, Folds.VERSION);
            memory.write(new FoldMemory.Remembered(ahead.version(), 1_000, ahead.hash(), ahead.folds()));
            assertEquals(0, memory.recall(fresh()), "of entries that are not there");
            memory.write(new FoldMemory.Remembered(ahead.version(), 100, ahead.hash(), ahead.folds()));
            assertEquals(0, memory.recall(fresh()), "of an entry that is another one here");
            memory.write(new FoldMemory.Remembered(ahead.version(), ahead.seq(), ahead.hash(), "{}x".getBytes()));
            Folds untouched = fresh();
            assertEquals(0, memory.recall(untouched), "nonsense");
            assertSame(fresh(), untouched, "nonsense leaves nothing behind");
            memory.write(ahead);
            byte[] whole = Files.readAllBytes(file);
            for (int length = 0; length < whole.length; length += Math.max(1, whole.length / 23)) {
                Files.write(file, java.util.Arrays.copyOf(whole, length));
                assertEquals(0, memory.recall(fresh()), "torn at " + length);
            }
            for (int at = 0; at < whole.length; at += Math.max(1, whole.length / 97)) {
                byte[] flipped = whole.clone();
                flipped[at] ^= 4;
                Files.write(file, flipped);
                Folds found = fresh();
                if (memory.recall(found) != 0) {
                    assertSame(folds, found, "a flipped bit at " + at);
                }
            }
        }
    }

    @Test
    void after_a_compaction_the_views_know_what_was_before_it_also_without_the_file() {
        Folds folds;
        try (XodusJournal journal = journal()) {
            commit(journal, 200);
            folds = folded(journal, 0, fresh());
            FoldMemory memory = new FoldMemory(journal, folder.resolve("folds"));
            Map<String, @Nullable String> state = memory.asState(remembered(journal, folds, "of an older version"));
            journal.compact(150, folder.resolve("archive.jsonl"), state);
            commit(journal, 30);
        }
        try (XodusJournal journal = journal()) {
            FoldMemory memory = new FoldMemory(journal, folder.resolve("folds"));
            Folds recalled = fresh();
            long after = memory.recall(recalled);
            assertEquals(201, after);
            assertSame(folds, recalled, "recalled from beside the journal");
            folded(journal, after, recalled);
            folded(journal, after, folds);
            assertSame(folds, recalled, "gone on");
        }
    }

    @Test
    void runs_that_are_searched_are_in_the_state_that_the_views_show() {
        for (int seed = 1; seed <= 3; seed++) {
            try (XodusJournal journal = XodusJournal.open(folder.resolve("store" + seed), Clock.systemUTC())) {
                RandomEvents events = new RandomEvents(seed);
                Folds folds = fresh();
                for (int round = 0; round < 25; round++) {
                    long before = journal.lastSeq();
                    List<EngineEvent> some = new ArrayList<>();
                    for (int i = 0; i < 15; i++) {
                        some.add(events.event());
                    }
                    journal.commitAndWait(new Batch(some, Map.of()));
                    journal.read(before, 100).forEach(folds::apply);
                    for (RunView shown : folds.view().runs()) {
                        RunRecord found = java.util.Objects.requireNonNull(journal.run(shown.id()), shown.id());
                        String when = shown.id() + " after " + journal.lastSeq() + " of seed " + seed;
                        assertEquals(shown.state().name().toLowerCase(Locale.ROOT), found.state(), when);
                        assertEquals(shown.failedStep(), found.failedStep(), when);
                        assertEquals(shown.microDollars(), found.microDollars(), when);
                        assertEquals(shown.tokens(), found.tokens(), when);
                        assertEquals(shown.startedAt(), found.startedAt(), when);
                        assertEquals(shown.endedAt() == null, found.endedAt() == null, when);
                    }
                }
                RunQuery failed = new RunQuery(Set.of("failed"), Set.of(), null, null, null, 100);
                assertEquals(
                        folds.view().runs().stream()
                                .filter(r -> r.state() == RunView.State.FAILED)
                                .map(RunView::id)
                                .sorted()
                                .toList(),
                        journal.runs(failed).stream()
                                .map(RunRecord::id)
                                .sorted()
                                .toList());
            }
        }
    }

    // ---- every field of the folds, by reflection

    private static Map<String, String> fields(Object root) {
        Map<String, String> found = new TreeMap<>();
        collect("folds", root, found, new IdentityHashMap<>());
        return found;
    }

    private static void collect(
            String path, @Nullable Object value, Map<String, String> found, IdentityHashMap<Object, String> seen) {
        switch (value) {
            case null -> found.put(path, "null");
            case Map<?, ?> map -> {
                boolean ordered = path.endsWith("runs") || path.endsWith("steps") || path.endsWith("votes");
                found.put(path, ordered ? List.copyOf(map.keySet()).toString() : "" + map.size());
                map.forEach((key, one) -> collect(path + "." + key, one, found, seen));
            }
            case List<?> folds
            when !folds.isEmpty() && isFold(folds.getFirst().getClass()) -> {
                found.put(path, "" + folds.size());
                for (int i = 0; i < folds.size(); i++) {
                    collect(path + "." + i, folds.get(i), found, seen);
                }
            }
            case Collection<?> many -> {
                List<String> texts = new ArrayList<>();
                many.forEach(one -> texts.add(String.valueOf(one)));
                if (many instanceof Set) {
                    texts.sort(null);
                }
                found.put(path, texts.toString());
            }
            case Object one
            when isFold(one.getClass()) -> {
                if (seen.put(one, path) == null) {
                    for (Field field : one.getClass().getDeclaredFields()) {
                        if (!Modifier.isStatic(field.getModifiers()) && !Modifier.isTransient(field.getModifiers())) {
                            collect(path + "." + field.getName(), get(field, one), found, seen);
                        }
                    }
                }
            }
            default -> found.put(path, value.toString());
        }
    }

    /// The values of every field that is remembered, by its class and name.
    private static void values(
            @Nullable Object root, Map<String, Set<String>> found, IdentityHashMap<Object, Boolean> seen) {
        switch (root) {
            case Map<?, ?> map -> map.values().forEach(one -> values(one, found, seen));
            case Collection<?> many -> many.forEach(one -> values(one, found, seen));
            case Object one
            when isFold(one.getClass()) && seen.put(one, true) == null -> {
                for (Field field : one.getClass().getDeclaredFields()) {
                    if (!Modifier.isStatic(field.getModifiers()) && !Modifier.isTransient(field.getModifiers())) {
                        Object value = get(field, one);
                        String name = one.getClass().getSimpleName() + "." + field.getName();
                        Set<String> known = found.computeIfAbsent(name, _ -> new HashSet<>());
                        known.add(value != null && isFold(value.getClass()) ? "a fold" : String.valueOf(value));
                        values(value, found, seen);
                    }
                }
            }
            case null, default -> {}
        }
    }

    private static boolean isFold(Class<?> type) {
        return isOurs(type) && !type.isRecord() && !type.isEnum();
    }

    private static @Nullable Object get(Field field, Object of) {
        try {
            field.setAccessible(true);
            return field.get(of);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isOurs(Class<?> type) {
        return type.getName().startsWith("nexus.aiagents.")
                && !type.getName().contains(".project.")
                && !type.getSimpleName().equals("AxisTrust");
    }
}
