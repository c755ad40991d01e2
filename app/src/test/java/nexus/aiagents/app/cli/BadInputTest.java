package nexus.aiagents.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import nexus.aiagents.engine.Engine;
import nexus.aiagents.engine.control.Command;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever a person gets wrong is told in one clear message with its place and its remedy, with the
/// exit code that scripts rely on, and never with a stack trace. On the real engine.
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BadInputTest {
    private static final String ECHO = "export default async function (input) { return input; }\n";
    private static final String AGENT = "agent: {name: echo, source: echo.js}\n";

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private record Result(int exit, String out, String err) {
        String all() {
            return out + err;
        }
    }

    @BeforeEach
    void aProgram() throws IOException {
        write("echo.js", ECHO);
    }

    private Path write(String file, String text) throws IOException {
        return Files.writeString(folder.resolve(file), text);
    }

    private Result naos(String... args) {
        out.reset();
        err.reset();
        boolean json = List.of(args).contains("--json");
        var terminal = new Terminal(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                json,
                false,
                true);
        var context = new Context(
                terminal,
                new EngineProjects(Duration.ofMillis(300)),
                folder,
                new ByteArrayInputStream(new byte[0]),
                _ -> {},
                false);
        int exit = Naos.run(context, args);
        var result = new Result(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        assertFalse(result.all().contains("\tat "), () -> "a stack trace: " + result);
        assertFalse(result.all().contains("Exception"), () -> "a class of ours: " + result);
        return result;
    }

    /// @param exit    what it must end with
    /// @param message what must be said, every piece of it
    private Result says(int exit, Result result, String... message) {
        assertEquals(exit, result.exit(), result.all());
        for (String piece : message) {
            assertTrue(result.all().contains(piece), () -> "without `" + piece + "`: " + result.all());
        }
        return result;
    }

    static Stream<Arguments> yamlWithMistakes() {
        String big = AGENT + "# a line that says nothing, again and again\n".repeat(250_000);
        StringBuilder bomb = new StringBuilder("a: &a [x, x, x, x, x, x, x, x, x]\n");
        for (char at = 'b'; at < 'k'; at++) {
            String before = "*" + (char) (at - 1);
            bomb.append(at).append(": &").append(at).append(" [").append(before);
            bomb.append((", " + before).repeat(8)).append("]\n");
        }
        return Stream.of(
                mistake("agent: {name: echo, sorce: echo.js}", "nexus.yaml:1:21:", "NX2003", "did you mean `source`?"),
                mistake("agent: {name: echo, source: [echo.js]}", "nexus.yaml:1:29:", "must be text, not a list"),
                mistake(AGENT + "---\nsupervisor: {name: s, agents: echo}", "nexus.yaml:3:31:", "must be a list"),
                mistake(AGENT + "---\nsupervisor: {name: s, agents: [ehco]}", "nexus.yaml:3:32:", "mean `echo`?"),
                mistake(AGENT + "---\n" + AGENT, "nexus.yaml:3:15:", "NX3001", "nexus.yaml line 1"),
                mistake("agent:\n  name: echo\n  name: twice\n", "nexus.yaml:3:3:", "remove one of the two"),
                mistake("agent:\n\tname: echo\n", "nexus.yaml:2:1:", "tabs: use two spaces"),
                mistake("agent: {name: echo, source: echo.js\n", "nexus.yaml:1:8:", "not closed"),
                mistake("agnet: {name: echo}", "nexus.yaml:1:1:", "did you mean `agent`?"),
                mistake("just a text", "nexus.yaml:1:1:", "begins with its kind"),
                mistake(big, "nexus.yaml:1:1:", "5 MB is the most"),
                mistake(bomb.toString(), "nexus.yaml:", "NX1011", "write the values out"),
                mistake("agent: &me {name: echo, x: *me}", "nexus.yaml:1:28:", "write the values out"),
                mistake("a: " + "[".repeat(20_000), "nexus.yaml:1:", "NX1012", "write it flatter"),
                mistake("agent: {name: \"a\u0000b\"}", "nexus.yaml:1:", "U+0000"),
                mistake("agent: {name: a, source: gone.js}", "nexus.yaml:1:26:", "`gone.js` does not exist: make it"),
                mistake("agent: {name: a, source: ../a.js}", "nexus.yaml:1:26:", "not inside the project"));
    }

    private static Arguments mistake(String yaml, String... said) {
        return Arguments.of(yaml, List.of(said));
    }

    @ParameterizedTest
    @MethodSource("yamlWithMistakes")
    void a_mistake_in_the_yaml_has_its_place_and_its_remedy_and_nothing_starts(String yaml, List<String> said)
            throws IOException {
        write("nexus.yaml", yaml);
        String[] pieces = said.toArray(String[]::new);
        says(3, naos("validate"), pieces);
        says(3, naos("up"), pieces);
        says(3, naos("run", "echo", "--json"), "\"type\":\"diagnostic\"", "\"exitCode\":3");
        assertFalse(Files.exists(folder.resolve(".nexus/store")), "nothing was begun");
    }

    @Test
    void text_that_is_not_utf_8_is_told_so() throws IOException {
        Files.write(folder.resolve("nexus.yaml"), "agent: {name: ä}".getBytes(StandardCharsets.ISO_8859_1));
        says(3, naos("validate"), "nexus.yaml:1:15:", "save the file with the encoding UTF-8");
    }

    @Test
    void windows_line_ends_a_byte_order_mark_spaces_and_umlauts_are_no_mistake() throws IOException {
        Path project = Files.createDirectories(folder.resolve("mein schönes Projekt"));
        Files.writeString(project.resolve("echo.js"), ECHO);
        Files.writeString(project.resolve("nexus.yaml"), "\uFEFFagent:\r\n  name: echo\r\n  source: echo.js\r\n");
        String dir = project.toString();
        says(0, naos("validate", "--project", dir), "no errors");
        Result run = says(0, naos("run", "echo", "--input", "{\"ü\":1}", "--project", dir));
        assertTrue(run.out().contains("\"ü\""), run.out());
        says(0, naos("init", "noch eins"), "cd \"noch eins\"");
    }

    @Test
    void a_wasm_file_that_is_no_module_is_told_at_the_line_that_names_it() throws IOException {
        write("nexus.yaml", "agent: {name: a, source: a.wasm}");
        write("a.wasm", "hello");
        says(3, naos("validate"), "nexus.yaml:1:26:", "no WebAssembly module: build it again");
        Files.write(folder.resolve("a.wasm"), new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0, 99, 99, 99});
        says(3, naos("validate"), "a.wasm");
    }

    @Test
    void a_syntax_error_in_a_program_is_told_at_its_line_and_the_team_does_not_start() throws IOException {
        write("nexus.yaml", AGENT + "---\nsupervisor: {name: team, agents: [echo]}\n");
        write("echo.js", "export default async function (input) {\n  const x = ;\n}\n");
        says(3, naos("validate"), "echo.js:2:13:", "syntax error");
        says(3, naos("up"), "echo.js:2:13:", "syntax error", "was not started");
        says(1, naos("run", "echo"), "syntax-error", "echo.js:2");
    }

    @Test
    void a_key_that_is_not_set_is_named_with_its_variable() throws IOException {
        write("nexus.yaml", """
                model: {name: m, provider: openai, baseUrl: "http://127.0.0.1:9/v1", model: gpt-4o-mini, apiKeyEnv: NO_SUCH_KEY}
                ---
                agent: {name: a, source: a.js, grants: {models: [m]}}
                """);
        write("a.js", "export default async (input, nexus) => await nexus.model({ prompt: \"x\" });\n");
        says(1, naos("run", "a"), "model-no-key", "environment variable NO_SUCH_KEY", "set it before the start");
        says(0, naos("cost", "status"));
    }

    @Test
    void an_output_that_is_too_large_fails_the_run_and_says_the_limit() throws IOException {
        write("nexus.yaml", "agent: {name: a, source: a.js}");
        write("a.js", "export default async () => \"x\".repeat(2000000);\n");
        says(1, naos("run", "a"), "output-too-large", "the limit is 1048576");
    }

    @Test
    void a_place_that_can_not_be_written_is_told_with_what_is_in_the_way_and_what_to_do() throws IOException {
        write("nexus.yaml", AGENT);
        write("mcp.json", "{\"mcpServers\": {\"time\": {\"command\": \"true\"}}}");
        String inTheWay = folder.resolve("echo.js") + " is a file, not a folder";
        says(1, naos("init", "echo.js/deep"), "echo.js/deep can not be written", inTheWay, "name another place");
        says(1, naos("import", "mcp.json", "echo.js/deep"), "can not be written", inTheWay, "name another place");
        write("agents", "no folder");
        says(1, naos("create", "writer"), "agents is a file, not a folder", "name another place");
        says(0, naos("run", "echo"));
        says(
                1,
                naos("audit", "compact", "--before", "2100-01-01", "--archive", "echo.js/old.jsonl"),
                "can not be written",
                inTheWay);
        Path taken = Files.createDirectory(folder.resolve("taken"));
        Files.writeString(taken.resolve("nexus.yaml"), "project: {name: taken}");
        Files.writeString(taken.resolve(".nexus"), "");
        says(1, naos("status", "--project", "taken"), "taken/.nexus can not be written: a file of that name is there");
        Path nowhere = Path.of("/proc/nexus");
        if (Files.isDirectory(nowhere.getParent())) { // the one folder where not even root can make another
            says(1, naos("init", nowhere.toString()), "/proc/nexus can not be written: nothing can be made in /proc");
        }
    }

    @Test
    void what_stands_in_a_file_is_the_input_whole_and_no_further_arguments() throws IOException {
        write("nexus.yaml", AGENT);
        Path input = write("in.json", "{\"a\": \"x y\",\n \"b\": 2}");
        says(0, naos("run", "echo", "--input", "@" + input), "\"x y\"");
        says(
                0,
                naos("sandbox", "run", folder.resolve("echo.js").toString(), "-i", "@" + input),
                "{\"a\":\"x y\",\"b\":2}");
        says(2, naos("run", "echo", "--input", "@" + folder), "is a folder");
        says(2, naos("sandbox", "run", "echo.js", "--input", "@" + folder), "is a folder");
        says(2, naos("sandbox", "run", "echo.js", "--input", "@"), "the file's name after the @");
    }

    @Test
    void what_an_option_can_not_be_is_told_with_what_it_can() throws IOException {
        write("nexus.yaml", AGENT);
        says(2, naos("sandbox", "run", "echo.js", "--memory", "64"), "--memory 64: it is from 64KB to 2GB");
        says(2, naos("sandbox", "run", "echo.js", "--arg", "x"), "--arg is for a WASI command");
        says(2, naos("sandbox", "run", "echo.js", "--dir", "/in=echo.js"), "echo.js is a file: name a folder");
        Files.createDirectory(folder.resolve("data"));
        says(2, naos("sandbox", "run", "echo.js", "--dir", "/in=data:rx"), ":ro at its end");
        says(2, naos("replay", "echo", "--until", "0"), "calls are counted from 1");
        says(2, naos("replay", "--max", "-3"), "one or more");
        says(2, naos("agent", "runs", "echo", "--max", "0"), "one or more");
        says(2, naos("runs", "list", "--limit", "0"), "one or more");
        Files.write(folder.resolve("cut.wasm"), new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0, 1, 99});
        says(1, naos("sandbox", "inspect", "cut.wasm"), "cut.wasm: no WebAssembly module", "can not be told");
        says(2, naos("approve", "r-1"), "Did you mean naos runs approve?");
        says(2, naos("grants", "add", "echo", "http", "a.org"), "write {\"host\": \"a.org\"}");
        says(2, naos("grants", "remove", "echo", "http"), "say which grant of kind http");
        says(0, naos("grants", "add", "echo", "env", "LANG"), "env LANG is granted to echo");
        write("nexus.yaml", "agent: {name: echo, source: echo.js, onDenied: ask}\n");
        says(3, naos("validate"), "it stands in `grants`: `grants: {onDenied: …}`");
    }

    @Test
    void an_input_that_is_no_json_or_a_file_that_is_not_there_is_a_mistake_of_usage() throws IOException {
        write("nexus.yaml", AGENT);
        says(2, naos("run", "echo", "--input", "{topic"), "--input is not JSON at line 1, column 2", "Quote it");
        says(2, naos("run", "echo", "--input", "@gone.json"), "there is no file", "gone.json");
        says(2, naos("run", "echo", "--input", "@"), "the file's name after the @");
        write("half.json", "{\"a\":");
        says(2, naos("run", "echo", "--input", "@half.json"), "half.json is not JSON");
        Files.write(folder.resolve("latin.json"), "\"ä\"".getBytes(StandardCharsets.ISO_8859_1));
        says(2, naos("run", "echo", "--input", "@latin.json"), "is not UTF-8");
    }

    @Test
    void a_name_that_does_not_exist_is_answered_with_the_one_that_was_meant() throws IOException {
        write("nexus.yaml", """
                agent: {name: writer, source: echo.js}
                ---
                saga: {name: publish, steps: [{name: write, action: writer}]}
                ---
                pool: {name: voters, agents: [writer], strategy: all}
                ---
                cost: {agent: writer, budget: {maxDollars: 1}}
                """);
        says(2, naos("run", "wirter"), "there is no agent 'wirter'", "did you mean `writer`?");
        says(2, naos("saga", "run", "pubish"), "did you mean `publish`?");
        says(2, naos("saga", "status", "pubish"), "did you mean `publish`?");
        says(2, naos("saga", "status", "publish"), "saga publish has not run yet");
        says(2, naos("pool", "run", "voter"), "did you mean `voters`?");
        says(2, naos("logs", "writr"), "did you mean `writer`?");
        says(2, naos("agent", "crash", "writers"), "did you mean `writer`?");
        says(2, naos("cost", "set", "writr", "--max-dollars", "2"), "did you mean `writer`?");
        says(2, naos("create", "b", "--template", "reserch"), "did you mean `research`?");
        says(2, naos("init", "x", "--template", "research-tem"), "did you mean `research-team`?");
        says(2, naos("statu"), "there is no command naos statu. Did you mean naos status?");
        says(2, naos("saga", "rn", "publish"), "Did you mean naos saga run?");
        says(2, naos("run", "writer", "--inptu", "1"), "--input");
        says(2, naos("run", "nobody"), "there is `writer`");
        assertFalse(Files.exists(folder.resolve("x")));
    }

    @Test
    void outside_of_a_project_the_way_to_one_is_shown() throws Exception {
        says(2, naos("status"), "nexus.yaml", "naos init DIR");
        says(2, naos("run", "a", "--project", "nowhere"), "naos init nowhere");
        Path file = Files.writeString(folder.resolve("notes.txt"), "");
        says(2, naos("run", "a", "--project", file.toString()), "is a file", "--project " + folder);
    }

    @Test
    void a_store_that_another_holds_is_told_unless_it_takes_commands_itself() throws Exception {
        write("nexus.yaml", AGENT + "---\nsupervisor: {name: team, agents: [echo]}\n");
        try (Engine silent = Engine.open(folder, Engine.Options.LOOK)) {
            says(1, naos("status"), "has this project open and takes no commands", "wait until it has ended");
            says(
                    1,
                    naos("stop"),
                    "has this project open and takes no commands",
                    "(pid " + ProcessHandle.current().pid());
            assertFalse(silent.isRemote());
        }
        try (Engine serving = Engine.open(folder, Engine.Options.RUN)) {
            serving.submit(new Command.Up(), "test").toCompletableFuture().get(30, TimeUnit.SECONDS);
            says(0, naos("status"), "up");
            says(0, naos("run", "echo", "--input", "7"), "7");
            says(0, naos("up"), "is up already");
            says(0, naos("down"), "stopped");
            says(1, naos("agent", "crash", "echo"), "not up");
        }
        says(0, naos("status"), "not running");
        says(0, naos("stop"), "Nothing to stop");
    }

    @Test
    void a_folder_in_which_nothing_can_be_kept_is_told_with_its_remedy() throws IOException {
        write("nexus.yaml", AGENT);
        write(".nexus", "a file where a folder should be");
        says(1, naos("run", "echo"), ".nexus");
        Files.delete(folder.resolve(".nexus"));
        assumeFalse(System.getProperty("user.name").equals("root"), "root may write anywhere");
        assumeFalse(System.getProperty("os.name").startsWith("Windows"), "permissions work otherwise there");
        assertTrue(folder.toFile().setWritable(false));
        try {
            says(1, naos("run", "echo"), "can not write to", "give yourself write permission");
            says(0, naos("validate"), "no errors");
        } finally {
            assertTrue(folder.toFile().setWritable(true));
        }
    }

    @Test
    void figures_that_make_no_sense_are_refused_and_change_nothing() throws IOException {
        write("nexus.yaml", AGENT + "---\ncost: {agent: echo, budget: {maxDollars: 1}}\n");
        String before = Files.readString(folder.resolve("nexus.yaml"));
        says(2, naos("cost", "set", "echo", "--max-dollars", "much"), "--max-dollars");
        says(2, naos("cost", "set", "echo", "--max-dollars", "-1"), "zero or more");
        says(2, naos("cost", "set", "echo", "--on-limit", "explode"), "--on-limit");
        says(2, naos("cost", "set", "echo"), "say what to set");
        says(2, naos("audit", "--max", "0"), "one or more");
        says(2, naos("create", "a/b"), "can not be called");
        says(2, naos("init", "."), "is not empty");
        assertEquals(before, Files.readString(folder.resolve("nexus.yaml")));
    }
}
