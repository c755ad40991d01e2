package nexus.aiagents.engine.agent;

import static nexus.aiagents.engine.agent.Probe.open;
import static nexus.aiagents.engine.agent.Probe.openToRead;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import nexus.aiagents.engine.agent.LoneProgram.Ending;
import nexus.aiagents.engine.agent.LoneProgram.Report;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a WASI program sees of the folders it was granted: each capability, and each way out that is none.
class WasiFilesTest {
    /// The descriptor of the writable folder; that of the other one is behind it.
    static final int DATA = 3;

    static final int BOOKS = 4;

    @TempDir
    Path temp;

    Path data;
    Probe probe;

    @BeforeEach
    void folders() throws IOException {
        data = Files.createDirectories(temp.resolve("data"));
        Path books = Files.createDirectories(temp.resolve("books"));
        Files.createDirectory(data.resolve("sub"));
        Files.writeString(data.resolve("a.txt"), "otters hold hands");
        Files.writeString(books.resolve("b.txt"), "read me");
        Files.writeString(temp.resolve("secret.txt"), "secret");
        probe = new Probe().with("/data", data, true).with("/books", books, false);
    }

    void link(String at, String target) {
        try {
            Files.createSymbolicLink(data.resolve(at), Path.of(target));
        } catch (IOException | UnsupportedOperationException e) {
            assumeTrue(false, "no symbolic links here: " + e);
        }
    }

    @Test
    void granted_folders_come_behind_the_streams_and_nothing_behind_them() {
        assertEquals(
                List.of("0 /data", "0 /books", "8", "8", "8"),
                probe.answers("prestat 3", "prestat 4", "prestat 5", "prestat 2", "prestat 2147483647"));
        assertEquals(List.of("8"), new Probe().answers("prestat 3"), "a program without grants has only its streams");
    }

    @Test
    void a_file_is_read_on_and_at_any_place() {
        assertEquals(
                List.of("0 5", "0 otters", "0 6", "0 hold", "0 6", "0 13", "0 ands", "0 ", "0 17"),
                probe.answers(
                        openToRead(DATA, "a.txt"),
                        "read 5 6",
                        "tell 5",
                        "pread 5 4 7",
                        "tell 5",
                        "seek 5 -4 2",
                        "read 5 100",
                        "read 5 100",
                        "seek 5 0 1"));
    }

    @Test
    void a_file_is_made_written_appended_cut_and_stretched() throws Exception {
        probe.answers(
                open(DATA, "new", 1 | 4),
                "write 5 hello",
                "pwrite 5 J 0",
                "set_flags 5 1",
                "seek 5 0 0",
                "write 5 !!",
                "set_size 5 8",
                "allocate 5 0 4",
                "sync 5",
                "datasync 5",
                "close 5");
        assertEquals("Jello!!\0", Files.readString(data.resolve("new")));
        assertEquals(Probe.EXIST, probe.errorOf(open(DATA, "new", 1 | 4)));
        assertEquals(Probe.OK, probe.errorOf(open(DATA, "new", 8)));
        assertEquals("", Files.readString(data.resolve("new")));
    }

    @Test
    void what_was_read_ahead_is_forgotten_when_the_file_changes() {
        assertEquals(
                List.of("0 5", "0 6", "0 ot", "0 4", "0 TERS", "0 17"),
                probe.answers(
                        openToRead(DATA, "a.txt"),
                        open(DATA, "a.txt"),
                        "read 5 2",
                        "pwrite 6 TERS 2",
                        "read 5 4",
                        "seek 6 0 2"));
    }

    @Test
    void names_are_made_looked_at_renamed_linked_and_removed() throws Exception {
        List<String> answers = probe.answers(
                "mkdir 3 sub/deep",
                "rename 3 a.txt 3 sub/deep/b.txt",
                "link 3 sub/deep/b.txt 3 c.txt 0",
                "symlink c.txt 3 d.txt",
                "readlink 3 d.txt 3",
                "stat 3 d.txt 0",
                "stat 3 d.txt 1",
                "unlink 3 sub/deep/b.txt",
                "rmdir 3 sub",
                "rmdir 3 sub/deep",
                "rmdir 3 sub");
        assertEquals("0 c.t", answers.get(4));
        assertTrue(answers.get(5).startsWith("0 7 5 1 "), answers.get(5));
        assertTrue(answers.get(6).startsWith("0 4 17 2 "), answers.get(6));
        assertEquals(List.of("0", "55", "0", "0"), answers.subList(7, 11));
        assertEquals("otters hold hands", Files.readString(data.resolve("c.txt")));
    }

    @Test
    void a_folder_is_listed_in_order_with_cookies_that_lead_on() throws Exception {
        Files.writeString(data.resolve("z"), "");
        List<String> answers = probe.answers(
                "readdir 3 4096 0",
                "readdir 3 4096 3",
                "readdir 3 60 1",
                "readdir 3 4096 5",
                "readdir 3 0 0",
                "readdir 3 4096 99",
                "readdir 3 4096 -1",
                "readdir 3 4096 9223372036854775807");
        assertEquals(List.of("0 . .. a.txt sub z", "0 sub z", "0 .. a.txt", "0", "0", "0", "0", "0"), answers);
    }

    @Test
    void a_cut_entry_is_told_as_such_and_no_byte_beyond_the_room_is_written() {
        assertEquals("0 . .!", probe.answers("readdir 3 50 0").getFirst());
    }

    @Test
    void times_are_set_and_what_contradicts_itself_is_refused() {
        List<String> answers = probe.answers(
                "path_times 3 a.txt 0 0 1700000000123456789 4",
                "stat 3 a.txt 0",
                open(DATA, "a.txt"),
                "set_times 5 0 42 4",
                "stat 3 a.txt 0",
                "set_times 5 0 0 12",
                "path_times 3 a.txt 0 0 0 3",
                "path_times 3 a.txt 0 0 0 16",
                "set_times 5 0 0 10",
                "filestat 5");
        assertTrue(answers.get(1).endsWith(" 1700000000123456789"), answers.get(1));
        assertTrue(answers.get(4).endsWith(" 42"), answers.get(4));
        assertEquals(List.of("28", "28", "28"), answers.subList(5, 8));
        assertFalse(answers.get(9).endsWith(" 42"), answers.get(9));
    }

    @Test
    void what_is_open_outlives_its_name() {
        assertEquals(
                List.of("0 5", "0", "0 otter", "0 1", "44"),
                probe.answers(open(DATA, "a.txt"), "unlink 3 a.txt", "read 5 5", "pwrite 5 x 0", "stat 3 a.txt 0"));
    }

    @ParameterizedTest
    @CsvSource({
        "..",
        "../secret.txt",
        "sub/../../secret.txt",
        "/etc/passwd",
        "./..",
        "sub/./../..",
        "../data/a.txt",
        "//etc"
    })
    void no_path_leads_out_of_the_folder(String path) {
        assertEquals(
                List.of("76", "76", "76", "76", "76", "76", "76", "76", "76", "76", "76", "76"),
                probe.answers(
                        open(DATA, path),
                        open(DATA, path, 1 | 8),
                        "stat 3 " + path + " 1",
                        "mkdir 3 " + path,
                        "rmdir 3 " + path,
                        "unlink 3 " + path,
                        "rename 3 " + path + " 3 x",
                        "rename 3 a.txt 3 " + path,
                        "link 3 " + path + " 3 x 0",
                        "symlink x 3 " + path,
                        "readlink 3 " + path + " 10",
                        "path_times 3 " + path + " 1 0 1 4"));
    }

    @Test
    void links_lead_out_neither_in_the_last_place_nor_before_it() throws Exception {
        link("out", "../secret.txt");
        link("absolute", temp.resolve("secret.txt").toString());
        link("up", "..");
        link("sub/up", "../..");
        for (String path : List.of("out", "absolute", "up/secret.txt", "sub/up/secret.txt", "up")) {
            assertEquals(Probe.NOTCAPABLE, probe.errorOf(open(DATA, path)), path);
            assertEquals(Probe.NOTCAPABLE, probe.errorOf(open(DATA, path, 1 | 8)), path);
            assertEquals(Probe.NOTCAPABLE, probe.errorOf("stat 3 " + path + " 1"), path);
        }
        for (String call : List.of(
                "mkdir 3 up/made",
                "unlink 3 up/secret.txt",
                "rename 3 up/secret.txt 3 mine",
                "rename 3 a.txt 3 sub/up/made",
                "link 3 up/secret.txt 3 mine 0",
                "symlink x 3 up/made")) {
            assertEquals(Probe.NOTCAPABLE, probe.errorOf(call), call);
        }
        assertEquals("secret", Files.readString(temp.resolve("secret.txt")));
        assertFalse(Files.exists(temp.resolve("made")));
    }

    @Test
    void a_link_that_the_program_makes_itself_is_no_way_out_either() {
        assertEquals(Probe.NOTCAPABLE, probe.errorOf("symlink /etc 3 etc"));
        assertEquals(
                Probe.NOTCAPABLE,
                probe.errorOf("symlink ../.. 3 sub/up", "rename 3 sub/up 3 up", open(DATA, "up/secret.txt")));
        assertEquals(Probe.LOOP, probe.errorOf("symlink loop 3 loop", open(DATA, "loop")));
        assertEquals(Probe.INVAL, probe.errorOf("link 3 a.txt 3 b.txt 1"));
    }

    @Test
    void a_folder_opened_in_a_folder_confines_as_well() {
        assertEquals(Probe.NOTCAPABLE, probe.errorOf(open(DATA, "sub", 2), open(5, "../a.txt")));
        assertEquals(Probe.OK, probe.errorOf(open(DATA, "sub", 2), "rename 3 a.txt 5 b.txt", open(5, "b.txt")));
    }

    @Test
    void a_folder_for_reading_looks_like_a_read_only_disk() throws Exception {
        assertEquals(List.of("0 5", "0 read me"), probe.answers(openToRead(BOOKS, "b.txt"), "read 5 100"));
        for (String call : List.of(
                open(BOOKS, "b.txt"),
                open(BOOKS, "b.txt", 8),
                open(BOOKS, "new", 1),
                "mkdir 4 new",
                "unlink 4 b.txt",
                "rename 4 b.txt 3 mine",
                "rename 3 a.txt 4 mine",
                "link 4 b.txt 3 mine 0",
                "link 3 a.txt 4 mine 0",
                "symlink x 4 new",
                "path_times 4 b.txt 0 0 1 4")) {
            assertEquals(Probe.ROFS, probe.errorOf(call), call);
        }
        assertEquals("read me", Files.readString(temp.resolve("books/b.txt")));
    }

    @Test
    void rights_only_shrink() {
        String justOpen = "open 3 sub 1 2 8192 2 0"; // may open, and hand on nothing but reading
        assertEquals(Probe.NOTCAPABLE, probe.errorOf("mkdir 3 sub/x", justOpen, "mkdir 5 y"));
        assertEquals(Probe.NOTCAPABLE, probe.errorOf(justOpen, "open 5 x 1 0 64 0 0"));
        assertEquals(Probe.NOTCAPABLE, probe.errorOf(justOpen, "open 5 x 1 1 2 0 0"));
        assertEquals(Probe.NOTCAPABLE, probe.errorOf(justOpen, "set_rights 5 1073741823 1073741823"));
        assertEquals(
                Probe.NOTCAPABLE, probe.errorOf(openToRead(DATA, "a.txt"), "write 5 x"), "opened for reading only");
        assertEquals(Probe.NOTCAPABLE, probe.errorOf(open(DATA, "a.txt"), "set_rights 5 2 0", "seek 5 0 0"));
        assertEquals(Probe.NOTCAPABLE, probe.errorOf("set_rights 3 0 0", open(DATA, "a.txt")));
    }

    @Test
    void descriptors_are_closed_renumbered_and_bounded() {
        assertEquals(Probe.BADF, probe.errorOf(open(DATA, "a.txt"), "close 5", "read 5 1"));
        assertEquals(
                List.of("0 5", "0 6", "0", "8", "0 otter"),
                probe.answers(open(DATA, "sub", 2), open(DATA, "a.txt"), "renumber 6 5", "read 6 1", "read 5 5"));
        assertEquals(Probe.BADF, probe.errorOf("renumber 3 2147483647"));
        assertEquals(Probe.BADF, probe.errorOf("renumber 3 77"));
        assertEquals(Probe.OK, probe.errorOf("renumber 3 3", open(DATA, "a.txt")));
        List<String> many = new ArrayList<>();
        for (int i = 0; i < 130; i++) {
            many.add(open(DATA, "a.txt"));
        }
        List<String> answers = probe.answers(many.toArray(String[]::new));
        assertEquals(String.valueOf(Probe.MFILE), answers.getLast());
        assertTrue(answers.stream().filter(a -> a.startsWith("0 ")).count() >= 120, answers::toString);
    }

    @ParameterizedTest
    @CsvSource({
        "'seek 5 9223372036854775807 0', 0",
        "'seek 5 9223372036854775807 1', 0",
        "'seek 5 9223372036854775807 2', 28",
        "'seek 5 -1 0', 28",
        "'seek 5 -100 2', 28",
        "'seek 5 -9223372036854775808 1', 28",
        "'seek 5 0 3', 28",
        "'pread 5 10 -1', 28",
        "'pread 5 10 9223372036854775807', 0",
        "'pwrite 5 x -1', 28",
        "'pwrite 5 x 9223372036854775807', 22",
        "'pwrite 5 x 1099511627776', 22",
        "'set_size 5 -1', 28",
        "'set_size 5 9223372036854775807', 22",
        "'allocate 5 0 0', 28",
        "'allocate 5 -1 1', 28",
        "'allocate 5 9223372036854775807 9223372036854775807', 22",
        "'allocate 5 1099511627776 1', 22",
        "'advise 5 -1 0 0', 28",
        "'advise 5 0 0 6', 28",
        "'advise 5 0 100 3', 0",
        "'set_flags 5 32', 28"
    })
    void no_offset_and_no_size_is_too_far_to_be_checked(String call, int error) throws Exception {
        assertEquals(error, probe.errorOf(open(DATA, "a.txt"), call));
        assertEquals("otters hold hands", Files.readString(data.resolve("a.txt")));
    }

    @Test
    void writing_behind_the_end_of_all_offsets_is_refused() {
        assertEquals(Probe.FBIG, probe.errorOf(open(DATA, "a.txt"), "seek 5 9223372036854775807 0", "write 5 x"));
    }

    @Test
    void paths_are_text_without_zero_bytes_and_of_bounded_length() {
        assertEquals(Probe.INVAL, probe.errorOf(open(DATA, "a.txt%00")));
        assertEquals(Probe.INVAL, probe.errorOf(open(DATA, "%00")));
        assertEquals(Probe.ILSEQ, probe.errorOf(open(DATA, "a%ff.txt")));
        assertEquals(Probe.ILSEQ, probe.errorOf(open(DATA, "%c0%ae%c0%ae/secret.txt")), "an overlong ..");
        assertEquals(Probe.ILSEQ, probe.errorOf("symlink %ed%a0%80 3 x"));
        assertEquals(Probe.NOENT, probe.errorOf(open(DATA, "-")));
        assertEquals(Probe.NAMETOOLONG, probe.errorOf(open(DATA, "x".repeat(5000))));
        assertEquals(Probe.NAMETOOLONG, probe.errorOf(open(DATA, "x".repeat(300), 1)));
        assertEquals(Probe.NOTDIR, probe.errorOf(open(DATA, "a.txt/")));
        assertEquals(Probe.NOTDIR, probe.errorOf(open(DATA, "a.txt/x")));
    }

    @Test
    void the_wrong_kind_of_descriptor_is_told_so() {
        assertEquals(
                List.of("70", "70", "31", "31", "31", "54", "54", "57", "8", "8"),
                probe.answers(
                        "seek 0 0 0",
                        "pread 1 1 0",
                        "read 3 1",
                        "write 3 x",
                        "set_size 3 0",
                        "readdir 1 10 0",
                        "mkdir 0 x",
                        "shutdown 3 0",
                        "shutdown 99 0",
                        "filestat 99"));
        assertEquals(Probe.ISDIR, probe.errorOf("open 3 sub 1 2 64 0 0"));
        assertEquals(Probe.NOTDIR, probe.errorOf(open(DATA, "a.txt", 2)));
        assertEquals(Probe.INVAL, probe.errorOf("open 3 a.txt 2 0 0 0 0"));
        assertEquals(Probe.INVAL, probe.errorOf("open 3 a.txt 0 16 0 0 0"));
        assertEquals(Probe.INVAL, probe.errorOf("open 3 a.txt 0 0 0 0 64"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "raw_read 0 -8 1 16",
                "raw_read 0 16 1000 -1",
                "raw_write 1 -4 1 16",
                "raw_open 3 -16 32 0 16",
                "raw_open 3 1024 -1 0 16",
                "raw_readdir 3 -1 100 0 16",
                "raw_readdir 3 1024 -1 0 16",
                "raw_readdir 3 1024 16 0 -3",
                "raw_random -10 20",
                "raw_random 0 -1",
                "raw_poll -1 16 1 16",
                "raw_poll 16 -8 1 16",
                "raw_poll 16 1024 1 -1",
                "vector 0 -4 100 0",
                "vector 1 -4 100 1",
                "vector 1 4294967295 2 1"
            })
    void an_address_outside_of_the_memory_is_a_trap(String call) {
        Report report = probe.report(call);

        assertEquals(Ending.TRAPPED, report.outcome(), report::toString);
        assertTrue(report.message().contains("out of bounds"), report.message());
    }

    @ParameterizedTest
    @CsvSource({
        "raw_read 0 1024 1025 16, 28",
        "raw_read 0 1024 -1 16, 28",
        "raw_write 1 1024 -1 16, 28",
        "raw_poll 1024 4096 0 16, 28",
        "raw_poll 1024 4096 65 16, 28",
        "raw_poll 1024 4096 -1 16, 28"
    })
    void a_count_without_measure_is_refused(String call, int error) {
        assertEquals(error, probe.errorOf(call));
    }

    @Test
    void small_reads_one_after_the_other_give_the_whole_file() throws Exception {
        StringBuilder text = new StringBuilder();
        for (int i = 0; text.length() < 100_000; i++) {
            text.append(i).append(',');
        }
        Files.writeString(data.resolve("long"), text);
        List<String> calls = new ArrayList<>(List.of(openToRead(DATA, "long")));
        for (int i = 0; i <= text.length() / 3_999; i++) {
            calls.add("read 5 3999");
        }
        List<String> answers = probe.answers(calls.toArray(String[]::new));
        StringBuilder read = new StringBuilder();
        answers.subList(1, answers.size()).forEach(answer -> read.append(answer.substring(2)));
        assertEquals(text.toString(), read.toString());
    }

    @Test
    void a_folder_swapped_for_a_link_while_the_program_runs_leads_nowhere() throws Exception {
        Path sub = data.resolve("sub");
        Files.writeString(sub.resolve("x"), "mine");
        Path outside = Files.createDirectory(temp.resolve("outside"));
        Files.writeString(outside.resolve("x"), "secret");
        link("probe-link", "x");
        AtomicBoolean over = new AtomicBoolean();
        Thread swapper = Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                try {
                    Files.move(sub, data.resolve("aside"));
                    Files.createSymbolicLink(sub, outside);
                    Files.delete(sub);
                    Files.move(data.resolve("aside"), sub);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        });
        try {
            List<String> calls = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                calls.add("open 3 sub/x 1 0 2 0 0");
                calls.add("pread " + 5 + " 10 0");
                calls.add("close 5");
                calls.add("mkdir 3 sub/made");
                calls.add("rmdir 3 sub/made");
            }
            probe.report(calls.toArray(String[]::new));
        } finally {
            over.set(true);
            swapper.join();
        }
        assertFalse(probe.out.toString(StandardCharsets.UTF_8).contains("secret"));
        try (var left = Files.list(outside)) {
            assertEquals(List.of(outside.resolve("x")), left.toList());
        }
    }

    @Test
    void polling_reports_ready_descriptors_errors_and_clocks() {
        assertEquals(
                List.of("0 7 0 0", "0 8 0 0", "0 7 8 0"),
                List.of(
                        probe.answers("poll 0 1000000000000").getFirst().replaceFirst(" \\d+$", " 0"),
                        "0 8 0 0",
                        probe.answers("poll 99 1000000000000").getFirst()));
    }

    @Test
    void arguments_and_variables_are_what_was_given_and_nothing_else() {
        assertEquals(List.of("0 probe.wasm one two words", "0 COLOUR=blue"), probe.answers("args", "env"));
    }

    @Test
    void clocks_go_on_and_there_are_four() {
        List<String> answers =
                probe.answers("clock 0", "clock 1", "clock 1", "clock 2", "clock 4", "clock -1", "yield");
        assertTrue(Long.parseLong(answers.get(1).split(" ")[1])
                <= Long.parseLong(answers.get(2).split(" ")[1]));
        assertEquals(List.of("28", "28", "0"), answers.subList(4, 7));
    }

    @Test
    void a_program_ends_with_its_own_status() {
        Report report = probe.report("exit 7", "args");

        assertEquals(Ending.FAILED, report.outcome());
        assertEquals(7, report.exitCode());
        assertEquals(0, probe.report("exit 0").exitCode());
    }

    @Test
    void a_named_pipe_is_not_opened() throws Exception {
        Path pipe = data.resolve("pipe");
        try {
            assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0);
        } catch (IOException e) {
            assumeTrue(false, "no named pipes here");
        }
        Report report = probe.report(Duration.ofSeconds(20), open(DATA, "pipe"), openToRead(DATA, "pipe"));

        assertEquals(Ending.RETURNED, report.outcome());
        assertEquals("open 2\nopen 2\n", probe.out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void whatever_is_called_in_whatever_order_nothing_outside_is_read_or_changed() throws Exception {
        link("out", "../secret.txt");
        link("up", "..");
        link("sub/top", "../..");
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(20_261_127);
        for (int round = 0; round < 12; round++) {
            List<String> calls = new ArrayList<>();
            for (int i = 0; i < 80; i++) {
                calls.add(anyCall(random));
            }
            Report report = probe.report(calls.toArray(String[]::new));

            assertTrue(
                    report.outcome() == Ending.RETURNED
                            || report.outcome() == Ending.TRAPPED
                            || Integer.valueOf(99).equals(report.exitCode()), // it closed its own stdout
                    () -> report + "\n" + String.join("\n", calls));
            assertFalse(probe.out.toString(StandardCharsets.UTF_8).contains("0 secret"));
            assertEquals("secret", Files.readString(temp.resolve("secret.txt")));
            assertEquals("read me", Files.readString(temp.resolve("books/b.txt")));
            try (var names = Files.list(temp)) {
                assertEquals(
                        List.of("books", "data", "secret.txt"),
                        names.map(path -> path.getFileName().toString())
                                .sorted()
                                .toList());
            }
        }
    }

    private static String anyCall(RandomGenerator random) {
        String fd = Integer.toString(random.nextInt(3) == 0 ? random.nextInt(10) : random.nextInt(3, 7));
        String path = anyPath(random);
        String other = random.nextInt(3, 7) + " " + anyPath(random);
        long number = random.nextInt(3) == 0 ? random.nextLong() : random.nextInt(100) - 10;
        return switch (random.nextInt(20)) {
            case 0, 1, 2, 3 -> {
                long rights = random.nextBoolean() ? Probe.ALL_RIGHTS : random.nextInt(1 << 30);
                long withoutWriting = random.nextBoolean() ? rights & ~64 : rights;
                yield "open " + random.nextInt(3, 5) + " " + path + " " + random.nextInt(2) + " "
                        + (random.nextBoolean() ? random.nextInt(2) : random.nextInt(16)) + " " + withoutWriting + " "
                        + rights + " " + (random.nextBoolean() ? 0 : random.nextInt(32));
            }
            case 4 -> "mkdir " + fd + " " + path;
            case 5 -> "rmdir " + fd + " " + path;
            case 6 -> "unlink " + fd + " " + path;
            case 7 -> "rename " + fd + " " + path + " " + other;
            case 8 -> "link " + fd + " " + path + " " + other + " 0";
            case 9 -> "symlink " + anyPath(random) + " " + fd + " " + path;
            case 10 -> "write " + fd + " hello";
            case 11 -> "pwrite " + fd + " x " + number;
            case 12 -> "seek " + fd + " " + number + " " + random.nextInt(4);
            case 13 -> "read " + fd + " 50";
            case 14 -> "readdir " + fd + " " + random.nextInt(200) + " " + number;
            case 15 -> "renumber " + fd + " " + random.nextInt(3, 10);
            case 16 -> "close " + random.nextInt(4, 10);
            case 17 -> "set_size " + fd + " " + number;
            case 18 -> "stat " + fd + " " + path + " 1";
            default -> "path_times " + fd + " " + path + " 1 " + number + " " + number + " 5";
        };
    }

    private static String anyPath(RandomGenerator random) {
        List<String> names =
                List.of("a.txt", "sub", "..", ".", "up", "out", "top", "new", "secret.txt", "books", "b.txt");
        StringBuilder path = new StringBuilder(random.nextInt(20) == 0 ? "/" : "");
        for (int left = random.nextBoolean() ? 1 : random.nextInt(1, 5); left > 0; left--) {
            path.append(names.get(random.nextInt(names.size()))).append(left > 1 || random.nextInt(9) == 0 ? "/" : "");
        }
        return path.toString();
    }
}
