package nexus.aiagents.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Texts that a program chooses and the host reads, where no time limit reaches.
class HostileTextTest {
    @TempDir
    static Path cache;

    static Sandbox sandbox;

    final FakeHost host = new FakeHost();

    @BeforeAll
    static void open() {
        sandbox = Sandbox.open(cache);
    }

    @AfterAll
    static void close() {
        sandbox.close();
    }

    Outcome run(String source) throws ProgramRejected {
        return FakeHost.await(sandbox.prepare(new Program.Script("agent", "main.js", Map.of("main.js", source)))
                .start(new Invocation("{}", Limits.DEFAULT, host)));
    }

    /// Each would keep a pattern that looks for the place of an error busy for hours.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "const e = new Error('x'); e.stack = 'at '.repeat(700000); export default () => { throw e }",
                "const e = new Error('x'); e.stack = '('.repeat(2000000); export default () => { throw e }",
                "const e = new Error('x'); e.stack = 'at a:1'.repeat(400000); export default () => { throw e }",
                "const e = new Error('x'); e.stack = '\\n at main.js:99999999999999:1'; export default () => { throw e }",
                "throw new Error('\\n'.repeat(30000) + 'x'); export default () => 1",
                "throw new Error('\\n\\r \\t'.repeat(9000) + 'x'); export default () => 1",
                "throw new Error('on an `Err` value: '.repeat(2000)); export default () => 1",
                "throw 'at '.repeat(20000); export default () => 1",
            })
    void what_an_error_says_is_read_in_no_time(String source) throws Exception {
        Outcome outcome = assertTimeout(Duration.ofSeconds(30), () -> run(source));

        assertInstanceOf(Outcome.Failed.class, outcome, outcome::toString);
    }

    /// No limit of a run reaches what looks through TypeScript before and after swc does.
    @Test
    void blanks_without_end_in_typescript_are_read_in_no_time() throws Exception {
        String blanks = " ".repeat(400_000);
        Map<String, String> files = Map.of(
                "main.ts",
                "\n".repeat(400_000) + "import" + blanks + "{ one }" + blanks + "from" + blanks
                        + "'./one.ts'; import type { T } from './one.ts';\nexport default (): T => one;",
                "one.ts",
                "export type T = number;\nexport const one: T = 1;" + ("\n" + " ".repeat(999)).repeat(400));

        Outcome outcome = assertTimeout(
                Duration.ofSeconds(60),
                () -> FakeHost.await(sandbox.prepare(new Program.Script("agent", "main.ts", files))
                        .start(new Invocation("{}", Limits.DEFAULT, host))));

        assertEquals(
                "1",
                assertInstanceOf(Outcome.Returned.class, outcome, outcome::toString)
                        .outputJson());
    }

    @Test
    void the_place_of_an_error_is_still_found() throws Exception {
        Outcome.Failed thrown =
                assertInstanceOf(Outcome.Failed.class, run("export default () => {\n throw new Error('x') }"));
        assertEquals("main.js:2", thrown.place());
        Outcome.Failed early = assertInstanceOf(Outcome.Failed.class, run("\n\nnull.x; export default () => 1"));
        assertEquals("main.js:3", early.place(), early::toString);
    }

    @Test
    void names_in_messages_are_short_and_move_no_cursor() {
        Wasm wasm = new Wasm();
        int type = wasm.type(new int[0], new int[0]);
        wasm.importFunction("\u001b[2J\u202e", "x".repeat(1 << 20), type);
        byte[] module = wasm.export("run", wasm.function(type)).build();

        ProgramRejected rejected =
                assertThrows(ProgramRejected.class, () -> sandbox.prepare(new Program.WasmModule("x.wasm", module)));

        assertEquals("unknown-import", rejected.code());
        assertTrue(rejected.getMessage().length() < 500);
        assertFalse(rejected.getMessage().contains("\u001b"));
        assertFalse(rejected.getMessage().contains("\u202e"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1 2", "{} x", "NaN", "Infinity", "1,", "[1", "'x'", "{\"a\":1,}", "/**/1"})
    void what_only_looks_like_json_is_no_output(String output) throws Exception {
        byte[] command = CommandModule.printing(output);

        Outcome.Failed failed = assertInstanceOf(
                Outcome.Failed.class,
                FakeHost.await(sandbox.prepare(new Program.WasmModule("x.wasm", command))
                        .start(new Invocation("{}", Limits.DEFAULT, host))));

        assertEquals("bad-output", failed.code());
    }

    /// A tree of it would take a hundred times as much, of memory that is the app's.
    @ParameterizedTest
    @ValueSource(strings = {"[]", "{}", "0", "''"})
    void arguments_of_very_many_values_are_not_made_a_tree_of(String value) throws Exception {
        String source = "export default async (_, nexus) => {"
                + " await nexus.kv.put('fits', new Array(200000).fill(" + value + "));"
                + " try { await nexus.kv.put('k', new Array(600000).fill(" + value + ")) }"
                + " catch (e) { return e.code + ': ' + e.message } }";

        Outcome outcome = run(source);

        String said = assertInstanceOf(Outcome.Returned.class, outcome, outcome::toString)
                .outputJson();
        assertTrue(said.startsWith("\"bad-arguments: the arguments have more than 500000 values"), said);
        assertEquals(Set.of("fits"), host.keys.keySet());
    }

    @Test
    void numbers_beyond_all_bounds_do_not_become_broken_json() throws Exception {
        byte[] module = LimitsTest.calling("kv.put", "[\"k\",[1e999,-1e999,1e-999,123456789012345678901234567890]]");

        FakeHost.await(sandbox.prepare(new Program.WasmModule("x.wasm", module))
                .start(new Invocation("{}", Limits.DEFAULT, host)));

        String stored = host.keys.get("k");
        if (stored != null) {
            tools.jackson.databind.json.JsonMapper.shared().readTree(stored);
        }
    }

    @Test
    void variables_of_a_plugin_count_with_their_names() throws Exception {
        Wasm wasm = new Wasm().memory(1);
        int alloc = wasm.type(new int[] {Wasm.I64}, new int[] {Wasm.I64});
        int set = wasm.type(new int[] {Wasm.I64, Wasm.I64}, new int[0]);
        int store = wasm.type(new int[] {Wasm.I64, Wasm.I64}, new int[0]);
        int run = wasm.type(new int[0], new int[0]);
        int allocate = wasm.importFunction("extism:host/env", "alloc", alloc);
        int setVariable = wasm.importFunction("extism:host/env", "var_set", set);
        int storeLong = wasm.importFunction("extism:host/env", "store_u64", store);
        // globals: 0 the name, a block of 1 MB; 1 the value, a block of 1 byte; 2 counts
        wasm.section(
                6, Wasm.bytes(3, Wasm.I64, 1, 0x42, 0, 0x0b, Wasm.I64, 1, 0x42, 0, 0x0b, Wasm.I64, 1, 0x42, 0, 0x0b));
        byte[] begin = Wasm.bytes(0x42, Wasm.sleb(1 << 20), 0x10, allocate, 0x24, 0, 0x42, 1, 0x10, allocate, 0x24, 1);
        byte[] again = Wasm.bytes(
                Wasm.bytes(0x03, 0x40, 0x23, 0, 0x23, 2, 0x42, 1, 0x7c, 0x24, 2, 0x23, 2, 0x10, storeLong),
                Wasm.bytes(0x23, 0, 0x23, 1, 0x10, setVariable, 0x0c, 0, 0x0b));
        byte[] module = wasm.export("run", wasm.function(run, begin, again)).build();

        Outcome outcome = FakeHost.await(sandbox.prepare(new Program.WasmModule("x.wasm", module))
                .start(new Invocation("{}", Limits.DEFAULT.withFuel(5_000), host)));

        assertInstanceOf(Outcome.OutOfMemory.class, outcome, outcome::toString);
    }
}
