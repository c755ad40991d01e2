package nexus.aiagents.engine.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProjectFilesTest {
    private static final String EMPTY = "project: {name: x}\n";

    @TempDir
    Path temp;

    private ProjectFolder folder;

    @BeforeEach
    void project() {
        folder = new ProjectFolder(temp.resolve("x"));
    }

    @Test
    void a_folder_without_a_project_says_how_to_make_one() throws Exception {
        Files.createDirectories(temp.resolve("x"));
        for (Path path :
                List.of(temp.resolve("x"), temp.resolve("nowhere"), Files.writeString(temp.resolve("file"), ""))) {
            Analysis analysis = folder.service().analyze(path, Map.of());
            assertEquals(
                    List.of(Code.NO_PROJECT.id()),
                    analysis.diagnostics().stream().map(Diagnostic::code).toList());
            assertTrue(analysis.diagnostics().getFirst().message().contains("naos init"));
            assertNull(analysis.project());
        }
    }

    @Test
    void nexus_yaml_comes_first_and_the_others_by_path() {
        folder.withAgents("m", "c")
                .with("nexus.yaml", agent("z"))
                .with("b/b.yml", agent("b"))
                .with("a.yaml", agent("a"));
        folder.with("src/z.js", "1").with("src/a.js", "1").with("src/b.js", "1");
        assertEquals(
                List.of("z", "a", "c", "m", "b"),
                List.copyOf(folder.project().agents().keySet()));
    }

    private static String agent(String name) {
        return "agent: {name: " + name + ", source: src/" + name + ".js}\n";
    }

    @Test
    void hidden_folders_and_node_modules_do_not_belong_to_it() {
        folder.with("nexus.yaml", EMPTY).with(".git/x.yaml", "nonsense: 1").with("node_modules/p/x.yml", "nonsense: 1");
        assertEquals(List.of(), folder.codes());
    }

    @Test
    void unsaved_text_stands_before_the_file_also_where_there_is_none_yet() {
        folder.with("nexus.yaml", "nonsense: 1").with("src/n.js", "1");
        Analysis analysis = folder.service()
                .analyze(folder.folder(), Map.of("nexus.yaml", EMPTY, "new.yaml", agent("n"), "notes.txt", "nonsense"));
        assertEquals(List.of(), analysis.diagnostics());
        assertEquals(List.of("n"), List.copyOf(analysis.project().agents().keySet()));
        Analysis only = folder.service().analyze(temp.resolve("not-yet"), Map.of("nexus.yaml", EMPTY));
        assertEquals("x", only.project().name());
    }

    @Test
    void a_file_that_is_too_large_is_not_read() {
        byte[] bytes = new byte[10 << 20];
        Arrays.fill(bytes, (byte) '[');
        folder.with("nexus.yaml", EMPTY).with("big.yaml", bytes);
        Diagnostic only = folder.only();
        assertEquals(Code.FILE_TOO_LARGE.id(), only.code());
        assertEquals("big.yaml", only.at().file());
        assertTrue(only.message().contains("10 MB"), only.message());
        folder.with("big.yaml", "").with("nexus.yaml", EMPTY + "#".repeat(5 << 20));
        assertEquals(Code.FILE_TOO_LARGE.id(), folder.only().code());
    }

    @Test
    void bytes_that_are_not_utf_8_are_shown_where_they_are() {
        folder.with("nexus.yaml", EMPTY)
                .with("latin.yaml", "# ok\nproject: {name: Zürich}".getBytes(StandardCharsets.ISO_8859_1));
        Diagnostic only = folder.only();
        assertEquals(Code.NOT_UTF8.id(), only.code());
        assertEquals(new Position("latin.yaml", 1, 17, 1, 18), only.at());
    }

    @Test
    void circles_of_links_and_links_to_nothing_do_no_harm() throws Exception {
        folder.with("nexus.yaml", EMPTY).with("a/b/c.yaml", "# nothing\n");
        Files.createSymbolicLink(folder.folder().resolve("a/b/up"), folder.folder());
        assertEquals(List.of(), folder.codes());
        Files.createSymbolicLink(folder.folder().resolve("gone.yaml"), temp.resolve("gone"));
        Diagnostic only = folder.only();
        assertEquals(Code.UNREADABLE.id(), only.code());
        assertEquals("gone.yaml", only.at().file());
    }

    @Test
    void more_files_than_anybody_writes_are_the_wrong_folder() {
        folder.with("nexus.yaml", EMPTY);
        for (int i = 0; i < 2_001; i++) {
            folder.with("many/" + i + ".yaml", "");
        }
        assertEquals(List.of(Code.TOO_MANY_FILES.id()), folder.codes());
    }

    @Test
    void a_file_that_did_not_change_is_not_read_again() {
        String text = "pool: {name: p, agents: [a]}\n";
        FileAnalysis first = FileAnalysis.of("nexus.yaml", text);
        assertEquals(first.definitions(), FileAnalysis.of("nexus.yaml", text).definitions());
        folder.withAgents("a").with("nexus.yaml", text);
        PoolSpec before = folder.project().pools().get("p");
        folder.with("more.yaml", "pool: {name: q, agents: [a]}\n");
        assertSame(before.at(), folder.project().pools().get("p").at());
    }

    @Test
    void many_threads_may_ask_at_once() throws Exception {
        folder.withAgents("a", "b").with("nexus.yaml", "pool: {name: p, agents: [a, b]}\n");
        try (var pool = Executors.newFixedThreadPool(4)) {
            List<Callable<Analysis>> tasks = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                String own = "pool: {name: own" + i + ", agents: [a" + (i % 2 == 0 ? "" : "x") + "]}\n";
                tasks.add(() -> folder.service().analyze(folder.folder(), Map.of("own.yaml", own)));
            }
            List<Future<Analysis>> all = pool.invokeAll(tasks, 60, TimeUnit.SECONDS);
            for (int i = 0; i < all.size(); i++) {
                Analysis analysis = all.get(i).get();
                assertEquals(i % 2 != 0, analysis.hasErrors());
                String own = "own" + i;
                assertTrue(analysis.outline().stream().anyMatch(s -> s.name().equals(own)));
            }
        }
    }
}
