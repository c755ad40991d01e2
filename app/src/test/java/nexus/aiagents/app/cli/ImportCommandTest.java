package nexus.aiagents.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportCommandTest {
    @TempDir
    Path folder;

    private Shell shell;

    @BeforeEach
    void crew() throws IOException {
        shell = new Shell(folder);
        Files.createDirectories(folder.resolve("crew/config"));
        Files.writeString(
                folder.resolve("crew/config/agents.yaml"),
                "writer: {role: Writer, goal: Write about {}, max_rpm: 3}\n".replace("{}", "otters"));
        Files.writeString(
                folder.resolve("crew/config/tasks.yaml"),
                "write: {description: 'Write about {topic}', agent: writer}\n");
    }

    @Test
    void a_preview_says_what_would_come_over_and_writes_nothing() {
        Shell.Result preview = shell.naos("import", "crew", "--preview");
        assertEquals(0, preview.exit(), preview.err());
        assertTrue(preview.out().contains("agent writer: max_rpm"), preview.out());
        assertFalse(Files.exists(folder.resolve("crew-1")));
        assertFalse(shell.naos("import", "crew", "new", "--preview", "--json")
                .last()
                .path("written")
                .asBoolean());
        assertFalse(Files.exists(folder.resolve("new")));
    }

    @Test
    void an_import_makes_a_project_without_errors_and_overwrites_nothing() {
        Shell.Result made = shell.naos("import", "crew", "new", "--json");
        assertEquals(0, made.exit(), made.err());
        assertEquals("CrewAI", made.last().path("kind").asString());
        assertEquals("nexus.yaml", made.last().path("files").path(0).asString());
        assertEquals(
                "agent writer: max_rpm",
                made.last().path("left").path(0).path("what").asString());
        assertEquals(0, shell.naos("validate", "--project", "new").exit());
        assertEquals(2, shell.naos("import", "crew", "new").exit());
        assertEquals(2, shell.naos("import", "crew").exit(), "its own folder is not empty");
    }

    @Test
    void what_can_not_be_imported_is_told_from_what_can() {
        Shell.Result nothing = shell.naos("import", "nowhere");
        assertEquals(2, nothing.exit());
        assertTrue(nothing.err().contains("agents.yaml and tasks.yaml of CrewAI"), nothing.err());
    }
}
