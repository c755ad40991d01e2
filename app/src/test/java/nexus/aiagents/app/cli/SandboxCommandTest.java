package nexus.aiagents.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import nexus.aiagents.app.cli.Shell.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `naos sandbox`: programs outside of any project.
class SandboxCommandTest {
    static final Path REVIEWER = Path.of("../sample-projects/research-team/agents/reviewer/reviewer.wasm")
            .toAbsolutePath();
    static final Path PROBE = Path.of("../engine/src/test/resources/nexus/aiagents/engine/agent/wasi/probe.wasm")
            .toAbsolutePath();

    @TempDir
    Path temp;

    Shell shell;

    @BeforeEach
    void programs() throws Exception {
        shell = new Shell(temp);
        Files.writeString(temp.resolve("double.js"), "export default input => input.n * 2;");
        Files.writeString(temp.resolve("fail.js"), "export default () => { throw new Error('no\\u001b[31m'); };");
        Files.createDirectory(temp.resolve("notes"));
        Files.writeString(temp.resolve("notes/a.txt"), "otters");
    }

    static JsonNode last(Result result) {
        return JsonMapper.shared().readTree(result.out().lines().toList().getLast());
    }

    @Test
    void a_script_runs_with_nothing_around_it() throws Exception {
        Result result = shell.naos("sandbox", "run", "double.js", "--input", "{\"n\":21}");

        assertEquals(0, result.exit(), result.err());
        assertEquals("42\n", result.out());
        try (var left = Files.list(temp)) {
            assertEquals(3, left.count(), "it leaves nothing behind");
        }
    }

    @Test
    void input_comes_from_a_file_or_from_standard_input() throws Exception {
        Files.writeString(temp.resolve("in.json"), "{\"n\":2}");
        assertEquals(
                "4\n",
                shell.naos("sandbox", "run", "double.js", "--input", "@in.json").out());
        shell.stdin = "{\"n\":3}";
        assertEquals(
                "6\n", shell.naos("sandbox", "run", "double.js", "--input", "-").out());
    }

    @Test
    void a_command_gets_folders_variables_arguments_and_raw_input() {
        shell.stdin = "args\nenv\nprestat 3\nopen 3 a.txt 0 0 2 0 0\nread 4 9\nopen 3 a.txt 0 8 0 0 0";
        Result result = shell.naos(
                "sandbox",
                "run",
                PROBE.toString(),
                "--input",
                "-",
                "--dir",
                "/n=notes:ro",
                "--env",
                "A=b=c",
                "--arg",
                "x",
                "--arg=--y");

        assertEquals(0, result.exit(), result.err());
        assertEquals(
                "args 0 probe.wasm x --y\nenv 0 A=b=c\nprestat 0 /n\nopen 0 4\nread 0 otters\nopen 69\n", result.out());
    }

    @Test
    void the_last_line_of_json_says_how_it_ended() {
        Result fine = shell.naos("sandbox", "run", PROBE.toString(), "--input", "write 1 x\nexit 0", "--json");
        assertEquals(0, fine.exit());
        assertEquals("returned", last(fine).path("outcome").stringValue());
        assertEquals(0, last(fine).path("exitCode").intValue());
        assertEquals("", last(fine).path("message").stringValue());
        assertTrue(last(fine).path("fuel").longValue() > 0);
        assertTrue(last(fine).path("memoryBytes").longValue() >= 65_536);
        assertTrue(last(fine).has("ms"));

        Result exit = shell.naos("sandbox", "run", PROBE.toString(), "--input", "exit 5", "--json");
        assertEquals(1, exit.exit());
        assertEquals("failed", last(exit).path("outcome").stringValue());
        assertEquals(5, last(exit).path("exitCode").intValue());

        Result trap = shell.naos("sandbox", "run", PROBE.toString(), "--input", "raw_random -1 9", "--json");
        assertEquals("trapped", last(trap).path("outcome").stringValue());
        assertTrue(last(trap).path("exitCode").isNull());

        Result fuel = shell.naos("sandbox", "run", "double.js", "--fuel", "10", "--json");
        assertEquals("out-of-fuel", last(fuel).path("outcome").stringValue());
        assertEquals(1, fuel.exit());
    }

    @Test
    void the_json_has_a_line_of_its_own_behind_output_without_an_end() throws Exception {
        Files.write(temp.resolve("plain.wasm"), Files.readAllBytes(REVIEWER));
        Result result = shell.naos("sandbox", "run", "plain.wasm", "--input", "{\"text\":\"a b\"}", "--json");

        List<String> lines = result.out().lines().toList();
        assertEquals(2, lines.size(), result.out());
        assertTrue(lines.getFirst().startsWith("{\"words\":2"));
    }

    @Test
    void a_failure_is_told_on_stderr_and_does_not_steer_the_terminal() {
        Result result = shell.naos("sandbox", "run", "fail.js");

        assertEquals(1, result.exit());
        assertEquals("", result.out());
        assertTrue(result.err().startsWith("naos: failed: "), result.err());
        assertTrue(result.err().indexOf('\u001b') < 0, result.err());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "none.wasm",
                "notes",
                "notes/a.txt",
                "double.js --input {",
                "double.js --input @none.json",
                "double.js --input @",
                "double.js --function f",
                "double.js --fuel 0",
                "double.js --fuel lots",
                "double.js --memory much",
                "double.js --memory 1KB",
                "double.js --memory 9999GB",
                "double.js --timeout 0s",
                "double.js --timeout soon",
                "double.js --dir notes",
                "double.js --dir =notes",
                "double.js --dir /n=",
                "double.js --dir /n=none",
                "double.js --dir /n=notes --dir /n=notes",
                "double.js --dir /n=notes:ro --dir n/./=notes",
                "double.js --dir /../n=notes",
                "double.js --allow-http example.org:0",
                "double.js --allow-http example.org:99999",
                "double.js --env A",
                "double.js --env =b",
                "double.js --allow-http http://example.org/",
                "double.js --nonsense",
                ""
            })
    void what_is_asked_wrongly_is_a_mistake_in_the_command(String arguments) {
        Result result = shell.naos(("sandbox run " + arguments).strip().split(" "));

        assertEquals(2, result.exit(), result.out() + result.err());
        assertTrue(result.err().startsWith("naos: "), result.err());
        assertEquals("", result.out());
    }

    @Test
    void inspecting_lists_what_a_module_holds_and_needs() {
        Result result = shell.naos("sandbox", "inspect", PROBE.toString());

        assertEquals(0, result.exit(), result.err());
        assertTrue(result.out().contains("a WASI command"), result.out());
        assertTrue(result.out().contains("  wasi_snapshot_preview1.path_open (i32, i32, i32"), result.out());
        assertTrue(result.out().contains("grants:\n  files:\n"), result.out());

        JsonNode json = last(shell.naos("sandbox", "inspect", REVIEWER.toString(), "--json"));
        assertEquals("inspection", json.path("type").stringValue());
        assertEquals("plug-in", json.path("kind").stringValue());
        assertTrue(json.path("rejected").isNull());
        assertEquals(2, shell.naos("sandbox", "inspect", "none.wasm").exit());
        assertEquals(2, shell.naos("sandbox", "inspect", "notes/a.txt").exit());
    }

    @Test
    void inspecting_says_why_a_program_would_be_rejected() throws Exception {
        Files.writeString(temp.resolve("bad.wasm"), "no module");
        Result result = shell.naos("sandbox", "inspect", "bad.wasm");

        assertEquals(1, result.exit());
        assertTrue(result.out().contains("rejected: malformed: "), result.out());
        Files.writeString(temp.resolve("bad.js"), "export default (");
        assertTrue(shell.naos("sandbox", "inspect", "bad.js").out().contains("rejected: syntax-error: bad.js:1"));
    }
}
