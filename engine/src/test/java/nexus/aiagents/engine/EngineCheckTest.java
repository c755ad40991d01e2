package nexus.aiagents.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import nexus.aiagents.engine.project.Diagnostic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineCheckTest {
    @TempDir
    Path folder;

    @Test
    void a_syntax_error_is_found_at_its_line_without_running_anything() throws IOException {
        project("a.js", "export default function (input) {\n  return {;\n}\n".getBytes());
        Diagnostic problem = only();
        assertEquals("a.js", problem.at().file());
        assertEquals(1, problem.at().line());
        assertFalse(Files.exists(folder.resolve(".nexus")), "it leaves no trace");
    }

    @Test
    void an_import_that_leaves_the_folder_of_the_agent_is_found() throws IOException {
        project("a.js", "import x from '../../secret.js';\nexport default () => x;\n".getBytes());
        assertTrue(only().message().contains("secret.js"), only().message());
    }

    @Test
    void a_truncated_module_is_found_at_the_agent_that_names_it() throws IOException {
        project("a.wasm", new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0, 1, 9, 1});
        assertEquals("nexus.yaml", only().at().file());
    }

    @Test
    void a_project_that_could_run_has_no_problem() throws IOException {
        project("a.js", "export default input => input;\n".getBytes());
        assertFalse(new ClosedProject(folder).check().hasErrors());
    }

    @Test
    void a_module_is_compiled_once_for_all_checks_of_a_project_that_was_opened() throws IOException {
        Files.createDirectories(folder.resolve(".nexus"));
        project("a.wasm", new byte[] {
            0, 'a', 's', 'm', 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 7, 7, 1, 3, 'r', 'u', 'n', 0, 0, 10, 4, 1, 2,
            0, 0x0b
        });
        assertFalse(new ClosedProject(folder).check().hasErrors());
        Path code = compiled();
        Object file = Files.readAttributes(code, BasicFileAttributes.class).fileKey();
        Files.setLastModifiedTime(code, FileTime.from(Instant.now().minus(Duration.ofDays(2))));

        assertFalse(new ClosedProject(folder).check().hasErrors());

        BasicFileAttributes now = Files.readAttributes(compiled(), BasicFileAttributes.class);
        assertEquals(file, now.fileKey(), "it was not written again");
        assertTrue(now.lastModifiedTime().toInstant().isAfter(Instant.now().minus(Duration.ofDays(1))), "but used");
    }

    private Path compiled() throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve(".nexus"))) {
            List<Path> code =
                    all.filter(path -> path.toString().endsWith(".code")).toList();
            assertEquals(1, code.size(), code.toString());
            return code.getFirst();
        }
    }

    private Diagnostic only() {
        var found = new ClosedProject(folder).check().diagnostics();
        assertEquals(1, found.size(), found.toString());
        assertEquals("NX3114", found.getFirst().code());
        return found.getFirst();
    }

    private void project(String source, byte[] program) throws IOException {
        Files.write(folder.resolve(source), program);
        Files.writeString(
                folder.resolve("nexus.yaml"), "project: {name: p}\n---\nagent: {name: a, source: " + source + "}\n");
    }
}
