package nexus.aiagents.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretCommandTest {
    @TempDir
    Path folder;

    private Shell shell;

    @BeforeEach
    void project() throws Exception {
        Files.writeString(folder.resolve("nexus.yaml"), """
                project: {name: demo}
                ---
                model: {name: big, provider: openai, model: gpt-5, apiKeyEnv: BIG_KEY}
                ---
                agent:
                  name: crawler
                  source: crawler.js
                  grants:
                    http: [{host: api.example.org}]
                    secrets: [{name: API_KEY, host: api.example.org}]
                """);
        Files.writeString(folder.resolve("crawler.js"), "export default () => 1;\n");
        shell = new Shell(folder);
        shell.environment.put("BIG_KEY", "of-the-environment");
    }

    @Test
    void a_value_comes_from_standard_input_and_is_never_shown() {
        shell.stdin = "sk-very-secret\n";
        String said = shell.naos("secret", "set", "API_KEY").out();
        assertEquals(Map.of("API_KEY", "sk-very-secret"), shell.keychain.values);
        Shell.Result list = shell.naos("secret", "list");
        assertTrue(list.out().matches("(?s).*BIG_KEY +environment +model big.*"), list.out());
        assertTrue(list.out().matches("(?s).*API_KEY +keychain +crawler for api.example.org.*"), list.out());
        String json = shell.naos("secret", "list", "--json").out();
        assertTrue(json.contains("\"from\":\"keychain\""), json);
        assertTrue(shell.naos("secret", "remove", "API_KEY").out().contains("not in the keychain any more"));
        assertEquals(Map.of(), shell.keychain.values);
        assertEquals(Exit.USAGE, shell.naos("secret", "remove", "API_KEY").exit());
        assertFalse((said + list.out() + list.err() + json).contains("very-secret"));
    }

    @Test
    void a_value_is_no_argument_and_one_behind_the_environment_is_told_of() {
        assertEquals(
                Exit.USAGE, shell.naos("secret", "set", "API_KEY", "sk-value").exit());
        assertEquals(Map.of(), shell.keychain.values);
        shell.stdin = "sk-other";
        assertTrue(shell.naos("secret", "set", "BIG_KEY").out().contains("environment stands before it"));
    }

    @Test
    void a_keychain_that_can_not_be_asked_is_said_and_keys_that_it_has_count_as_missing() {
        shell.keychain.trouble = "it is locked";
        Shell.Result list = shell.naos("secret", "list");
        assertTrue(list.out().matches("(?s).*API_KEY +missing.*"), list.out());
        assertTrue(list.err().contains("could not be asked: it is locked"), list.err());
        assertEquals(
                List.of("", "it is locked"),
                shell.naos("secret", "list", "--json").json().stream()
                        .map(line -> line.path("trouble").asString(""))
                        .toList());
        Shell.Result set = shell.naos("secret", "set", "API_KEY");
        assertEquals(Exit.FAILED, set.exit());
        assertTrue(set.err().contains("it is locked"), set.err());
    }
}
