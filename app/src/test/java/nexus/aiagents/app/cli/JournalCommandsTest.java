package nexus.aiagents.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import nexus.aiagents.engine.Engine;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.journal.JournalEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// What the command does with the journal of a real project, and what it says to what is asked wrongly.
@Timeout(120)
class JournalCommandsTest {
    private static final JsonMapper JSON = JsonMapper.shared();

    @TempDir
    Path folder;

    @BeforeEach
    void aProjectThatHasDoneSomething() throws IOException {
        Files.writeString(folder.resolve("echo.js"), "export default input => input;\n");
        Files.writeString(
                folder.resolve("nexus.yaml"), "project: {name: demo}\n---\nagent: {name: echo, source: echo.js}\n");
        assertEquals(0, naos("run", "echo", "--input", "{\"say\":\"=1+1\"}").exit());
    }

    private Shell.Result naos(String... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int exit = Naos.run(context(out, err, List.of(args).contains("--json")), args);
        return new Shell.Result(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private Context context(ByteArrayOutputStream out, ByteArrayOutputStream err, boolean json) {
        var terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                json,
                false,
                true);
        return new Context(
                terminal, new EngineProjects(), folder, new ByteArrayInputStream(new byte[0]), _ -> {}, false);
    }

    private void ends(int exit, String... args) {
        Shell.Result result = naos(args);
        assertEquals(exit, result.exit(), String.join(" ", args) + ": " + result.out() + result.err());
    }

    @Test
    void an_export_can_be_verified_and_a_changed_letter_in_it_is_found() throws IOException {
        ends(0, "audit", "verify");
        ends(0, "audit", "export", "--output", "all.jsonl");
        ends(0, "audit", "verify", "--file", "all.jsonl");
        Path file = folder.resolve("all.jsonl");
        assertEquals(Files.readString(file), naos("audit", "export").out(), "the same to standard output");
        String changed = Files.readString(file).replace("=1+1", "=1+2");
        Files.writeString(file, changed);
        Shell.Result found = naos("audit", "verify", "--file", "all.jsonl", "--json");
        assertEquals(1, found.exit());
        assertEquals("changed", found.last().path("kind").asString());
        ends(0, "audit", "export", "--type", "RunEnded,RunStarted", "--output", "some.jsonl");
        ends(1, "audit", "verify", "--file", "some.jsonl");
        ends(0, "audit", "verify", "--file", "some.jsonl", "--partial");
    }

    @Test
    void a_sheet_has_a_row_for_every_entry() {
        long entries = naos("audit", "export").out().lines().count();
        List<String> rows =
                naos("audit", "export", "--format", "csv").out().lines().toList();
        assertEquals("seq,at,type,agent,run,hash,event", rows.getFirst());
        assertEquals(entries + 1, rows.size());
        assertEquals(
                1,
                naos("audit", "export", "--format", "csv", "--type", "RunStarted")
                        .out()
                        .lines()
                        .skip(1)
                        .count());
    }

    @Test
    void the_ending_of_the_file_says_the_format_unless_one_is_named() throws IOException {
        ends(0, "audit", "export", "--type", "RunStarted", "-o", "runs.csv");
        assertEquals(
                "seq,at,type,agent,run,hash,event",
                Files.readAllLines(folder.resolve("runs.csv")).getFirst());
        ends(0, "audit", "export", "--type", "RunStarted", "--format", "jsonl", "-o", "runs.csv");
        assertTrue(Files.readString(folder.resolve("runs.csv")).startsWith("{\"seq\":"));
    }

    @Test
    void an_export_that_can_not_be_written_says_what_is_in_the_way_and_leaves_nothing_behind() throws IOException {
        Files.createDirectories(folder.resolve("full/of"));
        for (String place : List.of("full", "echo.js/x.jsonl", "nowhere/x.jsonl", "/proc/x.jsonl")) {
            Shell.Result result = naos("audit", "export", "-o", place);
            assertEquals(1, result.exit(), place);
            String file = folder.resolve(place).toString();
            assertTrue(result.err().contains(file + " can not be written: "), result.err());
            assertTrue(
                    result.err().contains("name another place") || result.err().contains("name a file"), result.err());
        }
        assertTrue(Files.notExists(folder.resolve("full.part")));
        assertTrue(Files.isDirectory(folder.resolve("full/of")));
    }

    @Test
    void what_was_archived_is_whole_in_its_file_and_leaves_a_journal_that_is_whole() throws IOException {
        ends(0, "audit", "compact", "--before", "2100-01-01", "--archive", "old.jsonl.gz");
        assertTrue(Files.size(folder.resolve("old.jsonl.gz")) > 0);
        ends(0, "audit", "verify", "--file", "old.jsonl.gz");
        ends(0, "audit", "verify");
        assertTrue(naos("audit", "compact", "--before", "2100-01-01", "--archive", "old.jsonl.gz")
                        .exit()
                != 0);
        ends(0, "audit", "verify", "--file", "old.jsonl.gz");
        ends(2, "audit", "compact");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "audit verify --file nowhere.jsonl",
                "audit verify --file .",
                "audit export --since yesterday",
                "audit export --until 2026-13-01",
                "audit export --type RunStrated",
                "audit export --format xml",
                "audit export --follow --output x.jsonl",
                "audit compact --before 90",
                "audit --max 0",
                "audit --max many",
                "backup restore",
                "backup restore nowhere",
                "backup restore ../../nexus.yaml"
            })
    void what_is_asked_wrongly_ends_2_with_one_message_and_changes_nothing(String line) {
        Shell.Result result = naos(line.split(" "));
        assertEquals(2, result.exit(), result.out() + result.err());
        assertTrue(result.err().startsWith("naos: "), result.err());
        ends(0, "audit", "verify");
    }

    @Test
    void nothing_comes_where_no_process_works_so_following_says_it() {
        Shell.Result result = naos("audit", "--follow", "--json");
        assertEquals(1, result.exit());
        assertEquals("not-up", result.last().path("code").asString());
        ends(1, "audit", "export", "--follow");
    }

    /// A command that goes on while the test does.
    private final class Following {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final ByteArrayOutputStream err = new ByteArrayOutputStream();
        final CompletableFuture<Integer> exit;

        Following(String... args) {
            Context context = context(out, err, List.of(args).contains("--json"));
            exit = CompletableFuture.supplyAsync(() -> Naos.run(context, args), Thread::startVirtualThread);
        }

        List<String> lines() {
            return out.toString(StandardCharsets.UTF_8).lines().toList();
        }

        void awaitLines(int count) {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (lines().size() < count) {
                assertTrue(System.nanoTime() < deadline, "only " + lines() + err);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
        }
    }

    private static void run(Engine engine) {
        engine.submit(new Command.RunAgent("echo", "{}"), "test")
                .toCompletableFuture()
                .join();
    }

    @Test
    void following_tells_what_comes_while_it_runs_and_ends_well_when_the_project_is_closed() throws Exception {
        Following audit;
        Following everything;
        try (Engine open = Engine.open(folder, Engine.Options.RUN)) {
            audit = new Following("audit", "--follow", "--json", "--type", "RunStarted");
            everything = new Following("audit", "export", "--follow");
            audit.awaitLines(1);
            for (int i = 2; i <= 4; i++) {
                run(open);
                audit.awaitLines(i);
            }
            List<JournalEntry> told = open.history(EngineClient.HistoryQuery.last(10, "RunStarted"));
            assertEquals(
                    told.stream().map(JournalEntry::hash).toList(),
                    audit.lines().stream()
                            .map(line -> JSON.readTree(line).path("hash").asString())
                            .toList(),
                    "each once, in order, and no other");
            everything.awaitLines((int) open.view().seq());
        }
        assertEquals(0, audit.exit.get(30, TimeUnit.SECONDS), audit.err.toString());
        assertTrue(audit.err.toString().contains("has closed it"), audit.err.toString());
        assertEquals(0, everything.exit.get(30, TimeUnit.SECONDS), everything.err.toString());
        Files.write(folder.resolve("followed.jsonl"), everything.out.toByteArray());
        ends(0, "audit", "verify", "--file", "followed.jsonl");
    }

    @Test
    void following_from_a_place_on_leaves_nothing_out() throws Exception {
        try (Engine open = Engine.open(folder, Engine.Options.RUN)) {
            run(open);
            Following audit = new Following("audit", "--after", "0", "--max", "3", "--follow", "--json");
            audit.awaitLines((int) open.view().seq());
            List<Long> seqs = audit.lines().stream()
                    .map(line -> JSON.readTree(line).path("seq").asLong())
                    .toList();
            assertEquals(LongStream.rangeClosed(1, seqs.size()).boxed().toList(), seqs);
        }
    }

    @Test
    void a_copy_is_made_listed_and_put_back() {
        ends(0, "backup", "create");
        String name = naos("backup", "list", "--json").last().path("name").asString();
        long before = runs();
        ends(0, "run", "echo");
        assertEquals(before + 1, runs());
        ends(0, "backup", "restore", name);
        assertEquals(before, runs());
        ends(0, "audit", "verify");
    }

    private long runs() {
        return naos("runs", "list", "--kind", "agent", "--json").out().lines().count();
    }

    @Test
    void nothing_is_put_back_under_a_process_that_has_the_project_open() throws Exception {
        ends(0, "backup", "create");
        String name = naos("backup", "list", "--json").last().path("name").asString();
        try (Engine open = Engine.open(folder, Engine.Options.RUN)) {
            ends(0, "backup", "create");
            assertEquals(2, naos("backup", "list", "--json").json().size());
            Shell.Result refused = naos("backup", "restore", name);
            assertEquals(1, refused.exit(), refused.out() + refused.err());
            assertTrue(open.audit().isWhole());
        }
        ends(0, "backup", "restore", name);
    }
}
