package nexus.aiagents.engine.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import nexus.aiagents.engine.agent.LoneProgram.BadRequest;
import nexus.aiagents.engine.agent.LoneProgram.Ending;
import nexus.aiagents.engine.agent.LoneProgram.Folder;
import nexus.aiagents.engine.agent.LoneProgram.Report;
import nexus.aiagents.engine.agent.LoneProgram.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Programs that run alone: what they are given, what they are not, and how they end.
class LoneProgramTest {
    static final Path REVIEWER = Path.of("../sample-projects/research-team/agents/reviewer/reviewer.wasm");

    @TempDir
    Path temp;

    final Probe console = new Probe();

    Report run(Path file, String input) throws Exception {
        return run(file, null, input, LoneProgram.DEFAULT_FUEL, Duration.ofSeconds(20), List.of());
    }

    Report run(Path file, String function, String input, long fuel, Duration timeout, List<String> http)
            throws Exception {
        return LoneProgram.run(
                new Request(
                        file,
                        function,
                        input.getBytes(StandardCharsets.UTF_8),
                        fuel,
                        LoneProgram.DEFAULT_MEMORY,
                        timeout,
                        http,
                        List.of(new Folder("/data", temp, true)),
                        Map.of("WHO", "otter"),
                        List.of()),
                console);
    }

    Path script(String text) throws Exception {
        return Files.writeString(temp.resolve("program.js"), text);
    }

    /// `add` takes an i32, an i64 and an f64 and returns their sum; `two` returns its i32 plus two, and
    /// itself.
    Path numbers() throws Exception {
        byte[] types = {0x60, 3, 0x7f, 0x7e, 0x7c, 1, 0x7c, 0x60, 1, 0x7f, 2, 0x7f, 0x7f};
        byte[] add = {0, 0x20, 0, (byte) 0xb7, 0x20, 1, (byte) 0xb9, (byte) 0xa0, 0x20, 2, (byte) 0xa0, 0x0b};
        byte[] two = {0, 0x20, 0, 0x41, 2, 0x6a, 0x20, 0, 0x0b};
        byte[] exports = {3, 'a', 'd', 'd', 0, 0, 3, 't', 'w', 'o', 0, 1};
        ByteArrayOutputStream module = new ByteArrayOutputStream();
        module.writeBytes(new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0});
        section(module, 1, 2, types);
        section(module, 3, 2, new byte[] {0, 1});
        section(module, 7, 2, exports);
        ByteArrayOutputStream bodies = new ByteArrayOutputStream();
        bodies.write(add.length);
        bodies.writeBytes(add);
        bodies.write(two.length);
        bodies.writeBytes(two);
        section(module, 10, 2, bodies.toByteArray());
        return Files.write(temp.resolve("numbers.wasm"), module.toByteArray());
    }

    private static void section(ByteArrayOutputStream module, int id, int count, byte[] content) {
        module.write(id);
        module.write(content.length + 1);
        module.write(count);
        module.writeBytes(content);
    }

    Report call(String function, String input) throws Exception {
        return run(numbers(), function, input, 1_000, Duration.ofSeconds(20), List.of());
    }

    String refusal(String function, String input) {
        return assertThrows(BadRequest.class, () -> call(function, input)).getMessage();
    }

    @Test
    void a_function_of_numbers_takes_an_array_and_returns_its_result() throws Exception {
        assertEquals("6.75", call("add", "[1, 2, 3.75]").output());
        assertEquals("-1.0", call("add", "[-1, 0, 0]").output());
        assertEquals("[7,5]", call("two", "[5]").output());
        assertEquals("[7,5]", call("two", "5").output());
        assertEquals("4.294967295E9", call("add", "[0, 4294967295, 0]").output());
    }

    @Test
    void arguments_that_do_not_fit_are_a_mistake_of_whoever_gave_them() {
        assertTrue(refusal("add", "[1]").contains("takes (i32, i64, f64), but 1 argument was given"));
        assertTrue(refusal("add", "").contains("0 arguments were given"));
        assertTrue(refusal("two", "[4294967296]").contains("whole number of 32 bits"));
        assertTrue(refusal("two", "[1.5]").contains("whole number of 32 bits"));
        assertTrue(refusal("two", "[\"1\"]").contains("whole number of 32 bits"));
        assertTrue(refusal("two", "{\"a\": 1}").contains("an array"));
        assertTrue(refusal("two", "[1").contains("not JSON"));
        assertTrue(refusal("two", "[1e99999]").contains("32 bits"));
        assertTrue(refusal("add", "[1, 1, 1e999]").contains("larger"));
    }

    @Test
    void a_module_without_that_function_is_refused() throws Exception {
        Report report = call("nothing", "[]");

        assertEquals(Ending.REFUSED, report.outcome());
        assertTrue(report.message().contains("it exports add, two"), report.message());
        assertEquals(Ending.REFUSED, call(null, "[]").outcome());
    }

    @Test
    void a_plug_in_gets_the_input_and_its_output_is_written_as_it_is() throws Exception {
        Report report = run(REVIEWER, "{\"text\":\"one two three\"}");

        assertEquals(Ending.RETURNED, report.outcome());
        assertTrue(console.out.toString(StandardCharsets.UTF_8).startsWith("{\"words\":3,"));
        assertTrue(console.err.toString(StandardCharsets.UTF_8).contains("info: "));
        assertEquals(
                Ending.RETURNED,
                run(REVIEWER, "run", "{\"text\":\"x\"}", 1_000_000, Duration.ofSeconds(9), List.of())
                        .outcome());
    }

    @Test
    void a_command_reads_any_bytes_and_writes_any_bytes() throws Exception {
        assertEquals(Ending.RETURNED, run(Probe.PROGRAM, "write 1 no-json").outcome());
        assertEquals("no-jsonwrite 0 7\n", console.out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void a_script_sees_what_it_was_given_and_no_project() throws Exception {
        Files.writeString(temp.resolve("lib.js"), "export const twice = n => n * 2;");
        Report report = run(script("""
                        import { twice } from "./lib.js";
                        export default async (input, nexus) => {
                          await nexus.file.write("/data/out/x.txt".replace("/out", ""), "ä" + twice(input.n));
                          const errors = [];
                          for (const call of [() => nexus.model("hi"), () => nexus.agent("b", 1),
                              () => nexus.file.read("/etc/passwd"), () => nexus.file.read("/data/../../etc/passwd"),
                              () => nexus.http("http://example.org/")]) {
                            try { await call(); errors.push("none"); } catch (e) { errors.push(e.code); }
                          }
                          console.log("hello");
                          return { text: await nexus.file.read("data/x.txt"), names: await nexus.file.list("/data"), errors,
                              gone: await nexus.file.delete("/data/x.txt"), env: nexus.env.WHO };
                        };
                        """), "{\"n\":21}");

        assertEquals(Ending.RETURNED, report.outcome(), report.message());
        assertEquals(
                "{\"text\":\"ä42\",\"names\":[\"lib.js\",\"program.js\",\"x.txt\"],\"errors\":[\"not-granted\",\"not-granted\","
                        + "\"not-granted\",\"not-granted\",\"not-granted\"],\"gone\":true,\"env\":\"otter\"}",
                report.output());
        assertEquals("info: hello\n", console.err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void its_keys_last_as_long_as_the_run() throws Exception {
        Path counter = script("""
                        export default async (input, nexus) => {
                          const { kv } = nexus;
                          const seen = await kv.get("n");
                          await kv.put("n", (seen ?? 0) + 1);
                          await kv.put("m", [1]);
                          const all = await kv.list("");
                          const gone = [await kv.delete("m"), await kv.delete("m")];
                          const codes = [];
                          for (const call of [() => kv.put("big", "x".repeat(1_100_000)), () => kv.get("")]) {
                            try { await call(); } catch (e) { codes.push(e.code); }
                          }
                          return [seen, await kv.get("n"), all, gone, codes, await kv.list("x"), nexus.context];
                        };
                        """);
        String first = "[null,1,[\"m\",\"n\"],[true,false],[\"kv-full\",\"bad-input\"],[],"
                + "{\"agent\":\"program\",\"runId\":\"alone\"}]";

        assertEquals(first, run(counter, "{}").output());
        assertEquals(first, run(counter, "").output(), "nothing of the run before, and no input is an empty one");
    }

    @Test
    void what_ended_it_says_what_would_have_been_enough() throws Exception {
        Path loop = script("export default () => { for (;;); };");
        Report fuel = run(loop, null, "{}", 3_000_000, Duration.ofSeconds(20), List.of());
        assertEquals("it used up its 3000000 ticks; --fuel 6000000 gives it more", fuel.message());
        Report time = run(loop, null, "{}", Long.MAX_VALUE, Duration.ofMillis(700), List.of());
        assertEquals("it was still running after 700 ms; --timeout 1400ms gives it more", time.message());
        Report said = run(Probe.PROGRAM, "write 2 the_disk_is_full\nexit 3");
        assertEquals("exit status 3: the_disk_is_full", said.message());
    }

    /// As with `naos sandbox run … | head`.
    @Test
    void a_program_whose_output_nobody_reads_any_more_ends() throws Exception {
        console.readable = 100;
        Report report = run(Probe.PROGRAM, "write 1 x\n".repeat(100_000));

        assertEquals(Ending.FAILED, report.outcome());
        assertEquals("nobody reads its output any more", report.message());
        assertTrue(console.out.size() < 100_000, "it does not go on: " + console.out.size());
    }

    @Test
    void typescript_runs_as_it_stands() throws Exception {
        Files.writeString(
                temp.resolve("shapes.ts"),
                "export interface In { n: number }\nexport const half = (n: number): number => n / 2;");
        Path program = Files.writeString(
                temp.resolve("program.ts"),
                "import { half, type In } from './shapes.js';\nexport default (input: In): number => half(input.n);");

        assertEquals("21", run(program, "{\"n\":42}").output());
        Path loud = Files.writeString(temp.resolve("LOUD.TS"), "export default (n: unknown): number => 5;");
        assertEquals("5", run(loud, "{}").output());
        assertEquals(
                List.of("program.ts", "shapes.ts"),
                ProgramInspection.of(program).sources());
        Path wrong = Files.writeString(temp.resolve("wrong.ts"), "const a: number = 1;\nexport default (");
        Report refused = run(wrong, "{}");
        assertEquals(Ending.REFUSED, refused.outcome());
        assertTrue(refused.message().startsWith("wrong.ts:2:17: "), refused.message());
    }

    @Test
    void a_file_that_is_named_and_not_imported_may_hold_anything() throws Exception {
        Files.write(temp.resolve("photo.png"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        Files.writeString(temp.resolve("facts.json"), "no json");
        Files.writeString(temp.resolve("own.json"), "{\"n\": 2}");
        Path program = script("""
                        import own from "./own.json";
                        const names = ["./photo.png", './facts.json'];
                        export default () => [own.n, names.length];
                        """);
        assertEquals("[2,2]", run(program, "{}").output());
        assertEquals(
                List.of("own.json", "program.js"), ProgramInspection.of(program).sources());
    }

    @Test
    void a_link_that_leads_out_of_the_folder_is_no_file_to_import() throws Exception {
        Path folder = Files.createDirectory(temp.resolve("agent"));
        Files.writeString(temp.resolve("key.json"), "{\"key\": \"secret\"}");
        Files.writeString(folder.resolve("real.js"), "export const fine = 1;");
        try {
            Files.createSymbolicLink(folder.resolve("key.json"), temp.resolve("key.json"));
            Files.createSymbolicLink(folder.resolve("out"), temp);
            Files.createSymbolicLink(folder.resolve("in.js"), folder.resolve("real.js"));
        } catch (IOException | UnsupportedOperationException e) {
            return; // Windows, where not everybody may make one
        }
        Path program = folder.resolve("program.js");
        for (String path : List.of("./key.json", "./out/key.json")) {
            Files.writeString(program, "import a from '" + path + "'; export default () => a;");
            Report refused = run(program, "{}");
            assertEquals(Ending.REFUSED, refused.outcome());
            assertTrue(refused.message().contains("there is no file"), refused.message());
        }
        Files.writeString(program, "import { fine } from './in.js'; export default () => fine;");
        assertEquals("1", run(program, "{}").output());
    }

    @Test
    void only_allowed_hosts_are_asked() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("ok".getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        server.start();
        try {
            int port = server.getAddress().getPort();
            Path program = script("export default async (input, nexus) => (await nexus.http(input.url)).body;");
            String input = "{\"url\":\"http://localhost:" + port + "/\"}";
            List<String> allowed = List.of("localhost:" + port);
            assertEquals(
                    "\"ok\"",
                    run(program, null, input, 1_000_000_000, Duration.ofSeconds(20), allowed)
                            .output());
            Report denied = run(program, null, input, 1_000_000_000, Duration.ofSeconds(20), List.of("example.org"));
            assertEquals(Ending.FAILED, denied.outcome());
            assertTrue(
                    denied.message()
                            .endsWith("is not granted; --allow-http localhost:" + port + " grants it (program.js:1)"),
                    denied.message());
        } finally {
            server.stop(0);
        }
    }

    @Test
    void every_way_to_end_has_its_name() throws Exception {
        Path loop = script("export default () => { for (;;); };");
        assertEquals(
                Ending.OUT_OF_FUEL,
                run(loop, null, "{}", 1_000_000, Duration.ofSeconds(20), List.of())
                        .outcome());
        assertEquals(
                Ending.TIMED_OUT,
                run(loop, null, "{}", Long.MAX_VALUE, Duration.ofMillis(500), List.of())
                        .outcome());
        assertEquals(
                Ending.FAILED,
                run(script("export default () => { throw new Error('no'); };"), "{}")
                        .outcome());
        Report refused = run(script("export default () => {"), "{}");
        assertEquals(Ending.REFUSED, refused.outcome());
        assertTrue(refused.message().contains("program.js:1"), refused.message());
        assertEquals(Ending.TRAPPED, run(Probe.PROGRAM, "raw_random -10 20").outcome());
        Report exit = run(Probe.PROGRAM, "exit 3");
        assertEquals(Ending.FAILED, exit.outcome());
        assertEquals(3, exit.exitCode());
    }

    @Test
    void what_can_not_be_meant_is_said_before_anything_runs() throws Exception {
        Path text = Files.writeString(temp.resolve("notes.txt"), "hello");
        assertBad("there is no file", temp.resolve("none.wasm"), null, "", List.of());
        assertBad("is a folder", temp, null, "", List.of());
        assertBad("neither WebAssembly", text, null, "", List.of());
        assertBad("not JSON", script("export default () => 1;"), null, "no json", List.of());
        assertBad("--function is for WebAssembly", script("export default () => 1;"), "f", "{}", List.of());
        assertBad("--allow-http http://x", REVIEWER, null, "{}", List.of("http://x"));
        assertBad("a port is from 1 to 65535", REVIEWER, null, "{}", List.of("x.org:65536"));
        assertBad("a port is from 1 to 65535", REVIEWER, null, "{}", List.of("[::1]:0"));
        String cut = assertThrows(BadRequest.class, () -> run(script("export default () => 1;"), "{"))
                .getMessage();
        assertEquals("--input is not JSON: Unexpected end-of-input: expected close marker for Object", cut);
        assertEquals(
                Ending.REFUSED,
                run(Files.writeString(temp.resolve("bad.wasm"), "hello"), "").outcome());
    }

    private void assertBad(String words, Path file, String function, String input, List<String> http) {
        String message = assertThrows(
                        BadRequest.class, () -> run(file, function, input, 1_000, Duration.ofSeconds(5), http))
                .getMessage();
        assertTrue(message.contains(words), message);
    }

    @Test
    void a_program_is_looked_into_without_running_it() throws Exception {
        ProgramInspection plugin = ProgramInspection.of(REVIEWER);
        assertEquals("plug-in", plugin.kind());
        assertEquals(null, plugin.rejected());
        assertTrue(plugin.exports().stream().anyMatch(export -> export.name().equals("run")));

        ProgramInspection command = ProgramInspection.of(Probe.PROGRAM);
        assertEquals("command", command.kind());
        assertTrue(command.grants().contains("- {path: data, mode: rw}"), command.grants());
        assertTrue(command.imports().stream()
                .anyMatch(i -> i.name().equals("path_rename")
                        && i.signature().equals("(i32, i32, i32, i32, i32, i32) -> i32")));

        ProgramInspection numbers = ProgramInspection.of(numbers());
        assertEquals("functions", numbers.kind());
        assertEquals(List.of("multivalue"), List.copyOf(numbers.features()));
        assertEquals("", numbers.grants());

        ProgramInspection script = ProgramInspection.of(
                script(
                        "export default async (i, nexus) => { await nexus.kv.put('a', 1); return nexus.http('https://api.example.org/x'); };"));
        assertEquals("script", script.kind());
        assertEquals("grants:\n  http:\n    - {host: \"api.example.org\"}\n  kv: true\n", script.grants());
    }

    @Test
    void why_a_program_would_be_rejected_is_said() throws Exception {
        byte[] simd = {0, 'a', 's', 'm', 1, 0, 0, 0, 1, 5, 1, 0x60, 0, 1, 0x7b};
        ProgramInspection found = ProgramInspection.of(Files.write(temp.resolve("simd.wasm"), simd));
        assertEquals("unsupported", found.rejected().code());
        assertTrue(found.features().contains("simd128"), found.features()::toString);
        assertEquals(
                "no-module",
                ProgramInspection.of(Files.writeString(temp.resolve("x.wasm"), "MZ"))
                        .kind());
        assertEquals(
                "malformed",
                ProgramInspection.of(
                                Files.write(temp.resolve("y.wasm"), new byte[] {0, 'a', 's', 'm', 1, 0, 0, 0, 1, 127}))
                        .rejected()
                        .code());
    }
}
