package nexus.aiagents.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// JavaScript that tries to get out, to stay alive after it was stopped, or to take more than it may.
class HostileTricksTest {
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

    @AfterEach
    void the_next_run_is_healthy() throws Exception {
        assertEquals("1", value("export default () => 1"));
    }

    Outcome run(String source, Limits limits) throws ProgramRejected {
        return FakeHost.await(sandbox.prepare(new Program.Script("agent", "main.js", Map.of("main.js", source)))
                .start(new Invocation("{}", limits, host)));
    }

    String value(String source) throws ProgramRejected {
        return assertInstanceOf(Outcome.Returned.class, run(source, Limits.DEFAULT))
                .outputJson();
    }

    static final Limits LITTLE =
            Limits.DEFAULT.withFuel(20_000_000).withMemoryBytes(8 << 20).withWallTime(Duration.ofSeconds(60));

    /// What the program is stopped by is no exception that it could see.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "export default () => { for (;;) { try { while (true); } catch { } finally { while (true); } } }",
                "export default () => { try { while (true); } finally { globalThis.alive = true; for (;;); } }",
                "export default async () => { for (;;) try { await new Promise(() => { while (true); }); } catch {} }",
                "function* g() { try { while (true) yield 1; } finally { while (true); } }"
                        + " export default () => { for (const x of g()) while (true); }",
                "async function* g() { try { for (;;) yield 1; } finally { for (;;); } }"
                        + " export default async () => { for await (const x of g()) for (;;); }",
                "export default () => { const p = new Proxy({}, {get() { while (true); }}); return p.x; }",
                "export default () => new Proxy({}, {ownKeys() { while (true); }})",
                "export default () => ({get x() { while (true); }})",
                "export default () => ({then(resolve) { while (true); }})",
                "export default () => { Error.prepareStackTrace = () => { while (true); }; throw new Error('x') }",
                "export default () => { throw {toString() { while (true); }, get stack() { while (true); }} }",
                "export default () => { class A { static [Symbol.hasInstance]() { while (true); } } return 1 instanceof A }",
                "export default () => [1, 2, 3].sort(() => { while (true); })",
                "export default () => JSON.parse('[1]', function () { while (true); })",
                "export default () => 'x'.replace(/x/, () => { while (true); })",
                "export default () => { const f = new FinalizationRegistry(() => { for (;;); }); f.register({}, 1);"
                        + " for (;;) new Array(1000); }",
                "export default () => queueMicrotask(function f() { queueMicrotask(f); }) || new Promise(() => {})",
                "export default () => { const f = async () => { await 1; f(); f(); }; return f(); }",
                "export default () => Function('while (true);')()",
                "export default () => eval('for (;;) {}')",
                "export default () => (0, eval)('for (;;) {}')",
                "export default () => new (async () => {}).constructor('for (;;) {}')()",
                "export default () => { for (;;) try { null.x } catch (e) { e.stack } }",
                "export default () => { const a = []; a.length = 4294967295; return a.indexOf(1) }",
                "export default () => Array.from({length: 1e15})",
                "export default () => 'ab'.repeat(1 << 20).match(/(a|b|ab)*c/)",
                "export default () => BigInt(9) ** 99999999n",
                "export default () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
            })
    void nothing_outlives_its_limits(String source) throws Exception {
        Limits limits = LITTLE.withFuel(3_000_000);
        Outcome outcome = run(source, limits);

        assertFalse(outcome instanceof Outcome.Returned, outcome::toString);
        assertFalse(outcome instanceof Outcome.TimedOut, () -> "it is counted: " + outcome);
        assertTrue(outcome.usage().memoryBytes() <= 8 << 20);
        assertTrue(outcome.usage().fuel() <= limits.fuel());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "export default () => { let a = [1]; for (;;) a = a.concat(a); }",
                "export default () => { let s = 'xy'; for (;;) s = s + s + 'z'; }",
                "export default () => { let s = ''; for (;;) s = `${s}${s}x`; }",
                "export default () => { const all = []; for (;;) all.push(new Float64Array(1 << 16)); }",
                "export default () => new Float64Array(1e9)",
                "export default () => new ArrayBuffer(2 ** 40)",
                "export default () => 'x'.padEnd(1e9)",
                "export default () => JSON.stringify(Array.from({length: 1e6}, () => 'xxxxxxxxxxxxxxxx'))",
                "export default () => { const o = {}; for (let i = 0;; i++) o['k' + i] = i; }",
                "export default () => { let f = () => 1; for (;;) f = f.bind(null, f); }",
                "export default () => { const s = new Set(); for (let i = 0;; i++) s.add(Symbol(i)); }",
                "export default async () => { const all = []; for (;;) all.push(new Promise(() => {})); }",
                "export default () => { let o = {}; for (let i = 0; i < 1e6; i++) o = {o}; return o; }",
                "export default () => { let e = 1n; for (;;) e <<= 100000n; }",
            })
    void nothing_has_more_memory_than_it_may(String source) throws Exception {
        Outcome outcome = run(source, LITTLE);

        assertFalse(outcome instanceof Outcome.Returned, outcome::toString);
        assertTrue(outcome.usage().memoryBytes() <= 8 << 20, outcome::toString);
    }

    /// A constructor of functions only leads to more of the same world.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Function('return this')()",
                "(() => {}).constructor('return globalThis')()",
                "(function* () {}).constructor('return globalThis')().next().value ?? globalThis",
                "(0, eval)('globalThis')",
                "Reflect.construct(Function, ['return this'])()",
                "[].filter.constructor('return this')()",
            })
    void no_way_of_making_functions_leads_to_more(String world) throws Exception {
        assertEquals("[]", value("""
                const names = ["java_invoke", "Javy", "process", "require", "module", "std", "os", "Deno", "Bun",
                  "fetch", "XMLHttpRequest", "WebAssembly", "Worker", "importScripts", "load", "print", "Java"];
                export default () => { const world = %s; return names.filter((name) => name in world) };
                """.formatted(world)));
    }

    @Test
    void what_a_program_changes_is_gone_for_the_next_run() throws Exception {
        PreparedProgram program = sandbox.prepare(new Program.Script("agent", "main.js", Map.of("main.js", """
                export default () => {
                  const before = [globalThis.mine, Object.prototype.mine, Array.prototype.push.name, Math.max(1, 2)];
                  globalThis.mine = Object.prototype.mine = 1;
                  Array.prototype.push = function evil() {};
                  Math.max = () => 7;
                  return before;
                }
                """)));
        for (int i = 0; i < 3; i++) {
            Outcome outcome = FakeHost.await(program.start(new Invocation("{}", Limits.DEFAULT, host)));
            assertEquals(
                    "[null,null,\"push\",2]",
                    assertInstanceOf(Outcome.Returned.class, outcome).outputJson());
        }
    }

    /// It can change what it sends itself, which it could without that, and nothing else.
    @Test
    void a_polluted_prototype_changes_only_what_the_program_itself_sends() throws Exception {
        assertEquals("1", value("""
                Object.prototype.model = "expensive";
                Object.prototype.method = "DELETE";
                Object.prototype.code = Object.prototype.ok = Object.prototype.error = 7;
                Object.defineProperty(Object.prototype, "0", {get() { return "stolen" }, set() {}});
                Object.defineProperty(Object.prototype, "then", {get() { return undefined }, set() {}});
                export default async (input, nexus) => {
                  for (const call of [() => nexus.kv.put("k", {a: 1}), () => nexus.http("https://example.org/x"),
                                      () => nexus.log("text")]) {
                    try { await call() } catch {}
                  }
                  return 1;
                };
                """));
        assertEquals(
                List.of("kv", "http", "log"),
                host.calls.stream().map(HostCall::kind).toList());
        for (HostCall call : host.calls) {
            switch (call) {
                case HostCall.KvPut put -> assertEquals("k", put.key());
                case HostCall.Http http -> assertEquals("https://example.org/x", http.url());
                default -> {}
            }
        }
    }

    @Test
    void json_inside_json_without_end_is_the_program_s_own_error() throws Exception {
        for (String source : List.of(
                "export default () => JSON.parse('['.repeat(100000))",
                "export default (i, n) => n.kv.put('k', JSON.parse('['.repeat(3000) + ']'.repeat(3000)))",
                "let a = []; for (let i = 0; i < 3000; i++) a = [a]; export default (i, n) => n.agent('x', a)",
                "let a = []; for (let i = 0; i < 3000; i++) a = [a]; export default () => a",
                "const a = {}; a.a = a; export default () => a",
                "const a = {}; a.a = a; export default (i, n) => n.emit('x', a)")) {
            Outcome outcome = run(source, Limits.DEFAULT);
            assertTrue(
                    outcome instanceof Outcome.Failed || outcome instanceof Outcome.Trapped,
                    () -> source + ": " + outcome);
        }
    }
}
