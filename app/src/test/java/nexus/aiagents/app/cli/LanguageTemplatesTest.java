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
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An agent in each language that needs a compiler, from `naos create` to its output, by nothing but
/// the commands that a person is told. A language whose compiler is not on this machine is left out,
/// and nothing is fetched; `-Dnexus.languages=rust,go`, or `all`, wants these to be here, and fetches
/// what their builds ask for. No registry that this project is built from has .NET: `all` leaves it out,
/// `-Dnexus.languages=dotnet` wants it.
@Timeout(value = 900, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LanguageTemplatesTest {
    static final List<String> LANGUAGES = List.of("c", "rust", "go", "zig", "assemblyscript", "dotnet");

    private static final JsonMapper JSON = new JsonMapper();
    private static final Set<String> WANTED =
            Set.of(System.getProperty("nexus.languages", "").split(","));

    @TempDir
    static Path folder;

    /// One project with them all, so that the engine is opened once.
    private static final Map<String, Result> unbuilt = new TreeMap<>();

    private static final Map<String, String> builds = new TreeMap<>();
    private static final Map<String, String> missing = new TreeMap<>();
    private static Result ran = new Result(0, "");

    private record Result(int exit, String out) {
        List<JsonNode> json() {
            return out.lines().map(JSON::readTree).toList();
        }
    }

    /// A compiler that is not here.
    private static final class NotFound extends Exception {
        NotFound(String what, Result probe) {
            super(what + " was looked for:\n" + probe.out());
        }
    }

    @BeforeAll
    static void anAgentOfEach() throws Exception {
        assertEquals(0, naos("init", ".").exit());
        StringBuilder steps = new StringBuilder("workflow:\n  name: all\n  steps:\n");
        for (String language : LANGUAGES) {
            Result made = naos("create", language, "--template", language, "--json");
            unbuilt.put(language, naos("validate"));
            builds.put(language, made.json().getLast().path("build").asString());
            try {
                build(language, builds.get(language));
                steps.append(steps(language));
            } catch (NotFound e) {
                missing.put(language, String.valueOf(e.getMessage()));
                Files.move(folder.resolve("agents/" + language + ".yaml"), folder.resolve(language + ".yaml.txt"));
            }
        }
        Files.writeString(folder.resolve("all.yaml"), steps);
        if (missing.size() < LANGUAGES.size()) {
            Result valid = naos("validate");
            assertEquals(0, valid.exit(), valid.out());
            ran = naos("workflow", "run", "all", "--json");
        }
    }

    private static String steps(String language) {
        return """
                    - name: L-first
                      agent: L
                      needs: []
                      input: {nested: {text: "no"}, text: "Otters\\nhold \\"paws\\" \\u00e4🦦"}
                    - name: L-second
                      agent: L
                      needs: [L-first]
                      input: {text: ""}
                    - name: L-bad
                      agent: L
                      needs: [L-second]
                      onError: skip
                      input: {text: 7}
                """.replace("L", language);
    }

    @ParameterizedTest
    @FieldSource("LANGUAGES")
    void what_is_not_built_yet_does_not_start_and_says_how_to_build_it(String language) {
        Result said = unbuilt.get(language);
        assertEquals(Exit.PROJECT, said.exit(), said.out());
        assertTrue(said.out().contains("agents/" + language + ".yaml:4:11: error NX3116"), said.out());
        assertTrue(said.out().contains("run this in the project folder: "), said.out());
        assertFalse(Files.exists(folder.resolve("nexus.d.ts")), "there is no script of ours");
    }

    @ParameterizedTest
    @FieldSource("LANGUAGES")
    void what_stands_beside_its_source_says_how_to_build_it_and_how_to_run_it(String language) throws IOException {
        String command = builds.get(language);
        String told = told(language);
        assertTrue(told.contains(command), told);
        assertFalse(told.contains("@NAME@"), told);
        assertTrue(unbuilt.get(language).out().contains(command), "NX3116 names it too");
    }

    /// All that was written but its YAML, where a command may go on in the next line.
    private static String told(String language) throws IOException {
        StringBuilder told = new StringBuilder();
        Path agents = folder.resolve("agents");
        try (Stream<Path> files = Files.walk(agents)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file ->
                            agents.relativize(file).toString().matches(language + "(\\.[a-z]+|/.+)(?<!\\.yaml)"))
                    .filter(file -> file.toString().matches(".+\\.(md|c|zig)"))
                    .toList()) {
                told.append(Files.readString(file));
            }
        }
        return told.toString().replaceAll("\\\\\\R// +", "");
    }

    /// What its kit makes of these was read in its source and can not be tried here.
    @Test
    void an_agent_of_dotnet_says_what_the_kit_of_extism_looks_for() throws IOException {
        Path agent = folder.resolve("agents/dotnet");
        String project = Files.readString(agent.resolve("agent.csproj"));
        assertTrue(project.contains("<TargetFramework>net8.0</TargetFramework>"), project);
        assertTrue(project.contains("<RuntimeIdentifier>wasi-wasm</RuntimeIdentifier>"), project);
        assertTrue(project.contains("<AssemblyName>agent</AssemblyName>"), "names the file that is built: " + project);
        assertEquals(
                "8.0.100",
                JSON.readTree(Files.readString(agent.resolve("global.json")))
                        .at("/sdk/version")
                        .asString());
        assertTrue(
                Files.readString(agent.resolve("Program.cs")).contains("[UnmanagedCallersOnly(EntryPoint = \"run\")]"));
        assertTrue(Files.readString(agent.resolve("Host.cs"))
                .contains("[DllImport(\"extism\", EntryPoint = \"nexus_call\")]"));
        Path yaml = folder.resolve(missing.containsKey("dotnet") ? "dotnet.yaml.txt" : "agents/dotnet.yaml");
        assertTrue(Files.readString(yaml)
                .contains("source: agents/dotnet/bin/Release/net8.0/wasi-wasm/AppBundle/agent.wasm"));
    }

    @ParameterizedTest
    @FieldSource("LANGUAGES")
    void an_agent_is_made_built_and_run_by_the_commands_that_a_person_is_told(String language) {
        if (missing.containsKey(language)) {
            if (isWanted(language)) {
                fail(missing.get(language));
            }
            abort(missing.get(language));
        }
        assertEquals("{\"words\":4,\"texts\":1}", output(step(language + "-first")));
        assertEquals("{\"words\":0,\"texts\":2}", output(step(language + "-second")), "its keys outlive a run");
        String error = step(language + "-bad").path("error").path("message").asString("");
        assertTrue(error.contains("text"), ran.out());
        assertTrue(
                ran.json().stream()
                        .anyMatch(line -> line.path("event").asString("").equals("AgentLogged")
                                && line.path("agent").asString("").equals(language)
                                && line.path("message").asString("").equals("counted 4 words")),
                ran.out());
    }

    private static JsonNode step(String name) {
        return ran.json()
                .getLast()
                .path("steps")
                .valueStream()
                .filter(step -> step.path("name").asString("").equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(ran.out()));
    }

    /// @return the output with `words` first
    private static String output(JsonNode step) {
        JsonNode output = step.path("output");
        return "{\"words\":" + output.path("words") + ",\"texts\":" + output.path("texts") + "}";
    }

    private static boolean isWanted(String language) {
        return WANTED.contains(language) || WANTED.contains("all") && !language.equals("dotnet");
    }

    private static void build(String language, String command) throws Exception {
        Map<String, String> environment = new HashMap<>();
        if (!isWanted(language)) {
            environment.put("CARGO_NET_OFFLINE", "true");
            environment.put("GOPROXY", "off");
            environment.put("GOTOOLCHAIN", "local");
            environment.put("npm_config_offline", "true");
        }
        find(language, environment);
        Result built = sh(command, environment);
        if (built.out().contains("ENOTCACHED")) {
            throw new NotFound("AssemblyScript and Extism's kit in npm's cache", built);
        }
        assertEquals(0, built.exit(), built.out());
    }

    /// Finds out whether the compiler is here by building the smallest program with it.
    private static void find(String language, Map<String, String> environment) throws Exception {
        String made = " -o '" + folder.resolve("probe") + "' - ";
        switch (language) {
            case "c" ->
                need(
                        "clang with a C library for WebAssembly",
                        "echo 'int main(void) { return 0; }' | clang --target=wasm32-wasi -x c" + made,
                        environment);
            case "rust" -> findRust("echo | rustc --target wasm32-unknown-unknown --crate-type ", made, environment);
            case "go" -> need("Go 1.21 or newer", "GOOS=wasip1 GOARCH=wasm go list runtime", environment);
            case "dotnet" -> findDotNet(environment);
            case "zig" -> need("Zig 0.12 or newer", "zig build-exe --help | grep -e -fno-entry", environment);
            default -> need("npm", "npm --version", environment);
        }
    }

    private static void findDotNet(Map<String, String> environment) throws Exception {
        need(
                "the .NET SDK 8 with its workload wasi-experimental",
                "cd agents/dotnet && dotnet workload list | grep wasi-experimental",
                environment);
        need("the WASI SDK", "test -d \"$WASI_SDK_PATH\"", environment);
        if (!isWanted("dotnet")) {
            need(
                    "Extism's kit for .NET among NuGet's packages",
                    "test -d \"${NUGET_PACKAGES:-$HOME/.nuget/packages}/extism.pdk\"",
                    environment);
        }
    }

    private static void findRust(String rustc, String made, Map<String, String> environment) throws Exception {
        if (sh(rustc + "lib --emit metadata" + made, environment).exit() != 0) {
            // a rustup without the target may hide a Rust of the system's that has it
            environment.put("PATH", "/usr/bin:" + System.getenv("PATH"));
        }
        need("Cargo", "cargo --version", environment);
        if (sh(rustc + "cdylib" + made, environment).exit() != 0) {
            // Debian's Rust brings no linker of its own
            String linked = rustc + "cdylib -C linker=wasm-ld" + made;
            need("Rust's target wasm32-unknown-unknown and a linker for it", linked, environment);
            environment.put("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld");
        }
    }

    private static void need(String what, String probe, Map<String, String> environment) throws Exception {
        Result found = sh(probe, environment);
        if (found.exit() != 0) {
            throw new NotFound(what, new Result(found.exit(), probe + "\n" + found.out()));
        }
    }

    private static Result sh(String command, Map<String, String> environment) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("sh", "-c", command)
                .directory(folder.toFile())
                .redirectErrorStream(true);
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

    private static Result naos(String... args) {
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
