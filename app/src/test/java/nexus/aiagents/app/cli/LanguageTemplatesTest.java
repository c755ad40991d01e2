package nexus.aiagents.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An agent in each language that needs a compiler, from `naos create` to its output, by nothing but the commands
/// that a person is told. A language whose compiler is not on this machine is left out, and nothing is fetched;
/// `-Dnexus.languages=rust,go`, or `all`, wants these to be here, and fetches what their builds ask for.
@Timeout(value = 900, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LanguageTemplatesTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Set<String> WANTED =
            Set.of(System.getProperty("nexus.languages", "").split(","));

    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private String language = "";

    private record Result(int exit, String out) {
        JsonNode last() {
            return JSON.readTree(out.lines().toList().getLast());
        }
    }

    @BeforeEach
    void withoutTheNetwork() {
        environment.put("CARGO_NET_OFFLINE", "true");
        environment.put("GOPROXY", "off");
        environment.put("GOTOOLCHAIN", "local");
        environment.put("npm_config_offline", "true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"c", "rust", "go", "zig", "assemblyscript"})
    void an_agent_is_made_built_and_run_by_the_commands_that_a_person_is_told(String template) throws Exception {
        language = template;
        assertEquals(0, naos("init", ".").exit());
        String build = naos("create", "counter", "--template", template, "--json")
                .last()
                .path("build")
                .asString();
        Result unbuilt = naos("validate");
        assertEquals(Exit.PROJECT, unbuilt.exit(), unbuilt.out());
        assertTrue(unbuilt.out().contains("agents/counter.yaml:4:11: error NX3116"), unbuilt.out());
        assertTrue(unbuilt.out().contains(build), unbuilt.out());
        assertEquals(Exit.PROJECT, naos("run", "counter").exit(), "what is not built does not start");
        assertFalse(Files.exists(folder.resolve("nexus.d.ts")), "there is no script of ours");

        prepare();
        build(build);

        Result valid = naos("validate");
        assertEquals(0, valid.exit(), valid.out());
        String text = "{\"nested\":{\"text\":\"no\"},\"text\":\"Otters\\nhold \\\"paws\\\" \\u00e4\\ud83e\\udda6\"}";
        Result first = naos("run", "counter", "--input", text, "--json");
        assertEquals("{\"words\":4,\"texts\":1}", output(first), first.out());
        assertTrue(first.out().contains("counted 4 words"), first.out());
        Result second = naos("run", "counter", "--input", "{\"text\":\"\"}", "--json");
        assertEquals("{\"words\":0,\"texts\":2}", output(second), "its keys outlive a run");
        Result bad = naos("run", "counter", "--input", "{\"text\":7}", "--json");
        assertEquals(1, bad.exit(), bad.out());
        assertTrue(bad.last().path("error").path("message").asString("").contains("text"), bad.out());
    }

    /// @return the output with `words` first
    private static String output(Result run) {
        JsonNode output = run.last().path("output");
        return "{\"words\":" + output.path("words") + ",\"texts\":" + output.path("texts") + "}";
    }

    /// Finds out whether the compiler is here by building the smallest program with it.
    private void prepare() throws Exception {
        if (WANTED.contains("all") || WANTED.contains(language)) {
            environment.clear();
        }
        Path made = folder.resolve("probe");
        switch (language) {
            case "c" ->
                need(
                        "clang with a C library for WebAssembly",
                        "echo 'int main(void) { return 0; }' | clang --target=wasm32-wasi -x c -o '" + made + "' -");
            case "rust" -> {
                need("cargo", "cargo --version");
                String rustc = "echo | rustc --target wasm32-unknown-unknown --crate-type cdylib -o '" + made + "' - ";
                if (sh(rustc).exit() != 0) {
                    // Debian's Rust brings no linker of its own
                    need("Rust's target wasm32-unknown-unknown and a linker for it", rustc + "-C linker=wasm-ld");
                    environment.put("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld");
                }
            }
            case "go" -> need("Go 1.21 or newer", "GOOS=wasip1 GOARCH=wasm go list runtime");
            case "zig" -> need("Zig 0.12 or newer", "zig build-exe --help | grep -e -fno-entry");
            default -> need("npm", "npm --version");
        }
        Files.deleteIfExists(made);
    }

    private void need(String what, String probe) throws Exception {
        Result found = sh(probe);
        if (found.exit() != 0) {
            missing(what + " was looked for: " + probe + "\n" + found.out());
        }
    }

    private void missing(String why) {
        if (WANTED.contains("all") || WANTED.contains(language)) {
            fail(why);
        }
        abort(why);
    }

    private void build(String command) throws Exception {
        Result built = sh(command);
        if (built.out().contains("ENOTCACHED")) {
            missing("the packages of " + language + " were looked for in npm's cache\n" + built.out());
        }
        assertEquals(0, built.exit(), built.out());
    }

    private Result sh(String command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.PIPE);
        builder.environment().putAll(environment);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return new Result(127, "no sh: " + e.getMessage());
        }
        try {
            process.getOutputStream().close();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Result(process.waitFor(), out);
        } finally {
            process.destroyForcibly();
        }
    }

    private Result naos(String... args) {
        var out = new ByteArrayOutputStream();
        var stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        boolean json = List.of(args).contains("--json");
        var context = new Context(
                new Terminal(stream, stream, json, false, true),
                new EngineProjects(Duration.ofMillis(300)),
                folder,
                new ByteArrayInputStream(new byte[0]),
                _ -> {},
                false);
        int exit = Naos.run(context, args);
        var result = new Result(exit, out.toString(StandardCharsets.UTF_8));
        assertFalse(result.out().contains("\tat "), result::out);
        return result;
    }
}
