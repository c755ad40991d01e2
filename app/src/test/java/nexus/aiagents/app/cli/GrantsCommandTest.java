package nexus.aiagents.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import nexus.aiagents.engine.control.Command;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrantsCommandTest {
    @TempDir
    Path folder;

    private Shell shell;

    @BeforeEach
    void project() throws Exception {
        Files.writeString(folder.resolve("nexus.yaml"), "project: {name: demo}\n");
        shell = new Shell(folder);
    }

    @Test
    void the_table_shows_what_is_granted_used_and_denied() {
        String out = shell.naos("grants", "researcher").out();
        assertTrue(out.contains("example.org") && out.contains("never used"), out);
        assertTrue(out.contains("POST evil.org:443 is not granted"), out);
        assertEquals(Exit.USAGE, shell.naos("grants", "nobody").exit());
    }

    @Test
    void what_waits_is_listed_and_decided_for_as_long_as_is_said() {
        assertTrue(shell.naos("grants", "asks").out().contains("POST requests to api.example.org"));
        shell.naos("grants", "allow", "a1");
        shell.naos("grants", "allow", "a1", "--run");
        shell.naos("grants", "allow", "a1", "--until-closed");
        shell.naos("grants", "allow", "a1", "--always");
        shell.naos("grants", "deny", "a1");
        shell.naos("grants", "remove", "researcher", "kv");
        shell.naos("grants", "add", "researcher", "models", "\"default\"");
        assertEquals(
                List.of(
                        new Command.DecideGrant("a1", "once"),
                        new Command.DecideGrant("a1", "run"),
                        new Command.DecideGrant("a1", "project"),
                        new Command.DecideGrant("a1", "always"),
                        new Command.DecideGrant("a1", "deny"),
                        new Command.RemoveGrant("researcher", "kv", ""),
                        new Command.AddGrant("researcher", "models", "\"default\"")),
                shell.engine.commands);
        assertEquals(
                Exit.USAGE,
                shell.naos("grants", "allow", "a1", "--run", "--always").exit());
    }
}
