package nexus.aiagents.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@EnumSource(Isolation.class)
class HostileScriptTest {
    @Parameter
    Isolation isolation;

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

    PreparedProgram prepare(String source) throws ProgramRejected {
        return sandbox.prepare(new Program.Script("agent", "main.js", Map.of("main.js", source)), isolation);
    }

    Outcome run(String source, Limits limits) throws ProgramRejected {
        return FakeHost.await(prepare(source).start(new Invocation("{}", limits, host)));
    }

    String value(String source) throws ProgramRejected {
        return assertInstanceOf(Outcome.Returned.class, run(source, Limits.DEFAULT))
                .outputJson();
    }

    static final Limits SHORT = Limits.DEFAULT.withFuel(Long.MAX_VALUE).withWallTime(Duration.ofMillis(100));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "export default () => { while (true); }",
                "while (true); export default () => 1",
                "export default async () => { while (true) await null; }",
                "const f = () => Promise.resolve().then(f); export default () => f()",
                "const f = () => Promise.resolve().then(f); f(); export default () => 1",
                "export default () => /^(a+)+$/.test('a'.repeat(50) + 'b')",
                "export default () => 'x'.repeat(1000).replace(/(x+x+)+y/g, '')",
                "export default () => { for (;;) try { throw 1 } catch {} finally { continue } }",
                "export default () => ({toJSON() { while (true); }})",
                "export default () => { throw {get message() { while (true); }} }",
                "export default () => [...(function* () { while (true) yield; })()].length",
                "export default () => { let n = 3n; while (true) n = n * n % 12345678901234567890n; }",
                "export default () => new Array(4294967295).sort()",
            })
    void whatever_never_ends_runs_out_of_time(String source) throws Exception {
        Outcome outcome = run(source, SHORT);

        // Some of these are also out of memory first.
        assertTrue(outcome instanceof Outcome.TimedOut || outcome instanceof Outcome.OutOfMemory, outcome::toString);
    }

    @Test
    void fuel_ends_a_loop_at_the_same_tick_each_time() throws Exception {
        Limits limits = Limits.DEFAULT.withFuel(3_000_000);
        assertInstanceOf(Outcome.OutOfFuel.class, run("export default () => { while (true); }", limits));

        String counting = "let n = 0; for (let i = 0; i < 5000; i++) n += i; export default () => [n, Math.random()]";
        Outcome first = run(counting, Limits.DEFAULT);
        Outcome second = run(counting, Limits.DEFAULT);
        assertEquals(first.usage().fuel(), second.usage().fuel());
    }

    @Test
    void a_loop_is_cancelled_at_once() throws Exception {
        Limits limits = Limits.DEFAULT.withFuel(Long.MAX_VALUE).withWallTime(Duration.ofMinutes(1));
        Run run = prepare("export default (i, nexus) => { nexus.emit('on'); while (true); }")
                .start(new Invocation("{}", limits, host));
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (host.calls.isEmpty()) {
            assertTrue(System.nanoTime() < deadline);
            LockSupport.parkNanos(1_000_000);
        }

        run.cancel();

        assertInstanceOf(Outcome.Cancelled.class, FakeHost.await(run));
    }

    @Test
    void a_program_that_waits_in_a_host_call_is_cancelled_at_once() throws Exception {
        Run run = prepare("export default (i, nexus) => nexus.model('block')")
                .start(new Invocation("{}", Limits.DEFAULT, host));
        assertTrue(host.blocked.await(30, TimeUnit.SECONDS));

        run.cancel();

        assertInstanceOf(Outcome.Cancelled.class, FakeHost.await(run));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "export default () => { const all = []; for (;;) all.push(new Array(10000).fill(all.length)); }",
                "export default () => { let s = 'x'; for (;;) s += s; }",
                "export default () => { const m = new Map(); for (let i = 0;; i++) m.set(i, {i}); }",
                "const all = []; for (;;) all.push(new Uint8Array(1 << 20)); export default () => 1",
            })
    void a_memory_bomb_is_out_of_memory(String source) throws Exception {
        Outcome outcome = run(source, Limits.DEFAULT.withMemoryBytes(8 << 20));

        // A text has a greatest length, which may be reached before the memory is.
        assertTrue(
                outcome instanceof Outcome.OutOfMemory
                        || outcome instanceof Outcome.Failed failed
                                && failed.message().contains("string too long"),
                outcome::toString);
        assertTrue(outcome.usage().memoryBytes() <= 8 << 20);
    }

    @Test
    void less_memory_than_the_engine_needs_is_out_of_memory() throws Exception {
        assertInstanceOf(
                Outcome.OutOfMemory.class, run("export default () => 1", Limits.DEFAULT.withMemoryBytes(65_536)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "const f = (n) => f(n + 1) + 1; export default () => f(0)",
                "export default () => { const o = {}; o.toString = () => `${o}`; return `${o}`; }",
                "export default () => JSON.parse('['.repeat(300000))",
                "export default () => eval('['.repeat(100000))",
                "export default () => { let p = {}; for (let i = 0; i < 20000; i++) p = new Proxy(p, {}); return p.x; }",
                "export default (i, n) => { const f = () => { Math.random(); f(); }; f(); }",
                "export default async () => { const f = async () => { await f(); }; await f(); }",
                "function* g() { yield* g(); } export default () => [...g()]",
                "const f = () => f(); f(); export default () => 1",
            })
    void deep_recursion_is_an_error_of_the_program(String source) throws Exception {
        Outcome.Failed failed = assertInstanceOf(Outcome.Failed.class, run(source, Limits.DEFAULT));

        assertEquals("stack-overflow", failed.code(), failed::toString);
        assertTrue(failed.message().endsWith("Maximum call stack size exceeded"), failed.message());
    }

    @Test
    void a_program_can_catch_that_it_went_too_deep_at_the_same_call_each_time() throws Exception {
        String source = """
                let depth = 0;
                const down = () => { depth++; down(); };
                export default () => { try { down() } catch (e) { return [e instanceof RangeError, depth] } };
                """;
        String first = value(source);
        assertTrue(first.matches("\\[true,\\d{4}\\]"), first);

        assertEquals(first, value(source));
        Limits little = Limits.DEFAULT.withStackBytes(128 << 10);
        Outcome shallow = run(source, little);
        assertTrue(
                assertInstanceOf(Outcome.Returned.class, shallow).outputJson().matches("\\[true,\\d{3}\\]"),
                shallow::toString);
        assertEquals(
                "stack-overflow",
                assertInstanceOf(Outcome.Failed.class, run("const f = () => f(); export default f", little))
                        .code());
    }

    @Test
    void a_flood_of_log_lines_is_dropped_and_counted() throws Exception {
        Limits limits = Limits.DEFAULT
                .withFuel(Long.MAX_VALUE)
                .withWallTime(Duration.ofMinutes(1))
                .withLogBytes(100)
                .withHostCallsPerSecond(1_000_000);

        Outcome outcome =
                run("export default () => { for (let i = 0; i < 2000; i++) console.log('0123456789') }", limits);

        assertInstanceOf(Outcome.Returned.class, outcome);
        assertEquals(12, host.logged().size());
        assertEquals(
                "the log limit of 100 bytes is reached: what follows is dropped",
                host.logged().get(10));
        assertEquals("1990 log lines were dropped", host.logged().get(11));
    }

    @Test
    void a_flood_of_host_calls_fails_the_program_and_can_not_be_caught() throws Exception {
        Limits limits = Limits.DEFAULT
                .withFuel(Long.MAX_VALUE)
                .withWallTime(Duration.ofMinutes(1))
                .withHostCallsPerSecond(100);

        Outcome outcome = run("export default () => { for (;;) try { Date.now() } catch {} }", limits);

        assertEquals(
                "host-call-flood",
                assertInstanceOf(Outcome.Failed.class, outcome).code());
    }

    @Test
    void a_fatal_answer_can_not_be_caught() throws Exception {
        Outcome outcome = run(
                "export default async (i, n) => { for (;;) try { await n.agent('fatal') } catch {} }", Limits.DEFAULT);

        assertEquals("budget", assertInstanceOf(Outcome.Failed.class, outcome).code());
    }

    @Test
    void an_output_beyond_the_limit_fails_the_program() throws Exception {
        Outcome outcome = run("export default () => 'x'.repeat(2_000_000)", Limits.DEFAULT);

        assertEquals(
                "output-too-large",
                assertInstanceOf(Outcome.Failed.class, outcome).code());
        String long_ = "export default () => 'x'.repeat(6_000_000)";
        assertEquals(
                "output-too-large",
                assertInstanceOf(Outcome.Failed.class, run(long_, Limits.DEFAULT))
                        .code());
        assertEquals(
                6_000_002,
                assertInstanceOf(Outcome.Returned.class, run(long_, Limits.DEFAULT.withOutputBytes(6_000_002)))
                        .outputJson()
                        .length(),
                "longer than an argument, as long as it may be");
    }

    @Test
    void an_argument_beyond_the_limit_is_not_read_and_an_error_that_can_be_caught() throws Exception {
        assertEquals("\"too-large\"", value("""
                export default (i, n) => n.kv.put('k', 'x'.repeat(5_000_000)).catch((e) => e.code);
                """));
        assertTrue(host.keys.isEmpty());
    }

    @Test
    void an_endless_message_still_says_which_error_it_was() throws Exception {
        Outcome.Failed failed = assertInstanceOf(Outcome.Failed.class, run("""
                export default () => { throw Object.assign(new Error('x'.repeat(6_000_000)), {code: 'mine'}); }
                """, Limits.DEFAULT));

        assertEquals("mine", failed.code());
        assertTrue(failed.message().length() < 200_000);
        assertEquals("main.js:1", failed.place());
    }

    @Test
    void a_program_finds_no_way_to_the_host_but_the_api() throws Exception {
        assertEquals(
                "[\"undefined\",\"undefined\",\"undefined\",\"undefined\",\"undefined\",\"undefined\"]", value("""
                export default () => [typeof java_invoke, typeof Javy, typeof plugin, typeof std, typeof os,
                  typeof require];
                """));
        assertEquals("[\"start\",\"tick\"]", value("""
                export default async () => Object.keys(await import("nexus:prelude"));
                """));
        assertEquals("[\"call\",\"globals\",\"invoke\",\"seal\",\"shown\",\"undefined\",\"undefined\"]", value("""
                export default async () => {
                  const host = await import("nexus:host");
                  return [...Object.keys(host), typeof host.call, typeof host.invoke];
                }
                """));
    }

    @Test
    void replacing_builtins_hurts_only_the_program_itself() throws Exception {
        String source = """
                JSON.parse = JSON.stringify = () => "broken";
                Object.prototype.error = {code: "x", message: "y"};
                Object.prototype.code = 7;
                Promise.prototype.then = () => "broken";
                Object.assign = Object.hasOwn = Object.create = undefined;
                Function.prototype.call = Function.prototype.apply = undefined;
                Array.prototype[Symbol.iterator] = undefined;
                globalThis.Error = undefined;
                Reflect.apply = undefined;
                export default async (input, nexus) => {
                  await nexus.kv.put("k", "v");
                  return {kept: await nexus.kv.get("k"), input: input.a};
                };
                """;

        Outcome outcome = FakeHost.await(prepare(source).start(new Invocation("{\"a\":1}", Limits.DEFAULT, host)));

        assertEquals(
                "{\"kept\":\"v\",\"input\":1}",
                assertInstanceOf(Outcome.Returned.class, outcome).outputJson());
    }

    @Test
    void calls_with_nonsense_are_errors_of_the_program() throws Exception {
        assertEquals("\"bad-arguments\"", value("""
                Array.prototype.toJSON = () => "not an array";
                export default async (i, n) => { try { await n.kv.get("k") } catch (e) { return e.code } };
                """));
        assertEquals("[\"bad-arguments\",\"bad-arguments\",\"bad-arguments\"]", value("""
                const code = (call) => call.then(() => "no error", (e) => e.code);
                export default async (i, n) =>
                  [await code(n.kv.get(7)), await code(n.model(null)), await code(n.agent())];
                """));
    }

    @Test
    void the_api_can_not_be_changed() throws Exception {
        assertEquals("[true,true,true]", value("""
                "use strict";
                const refused = (change) => { try { change(); return false } catch (e) { return e instanceof TypeError } };
                export default (i, n) => [refused(() => { n.kv = 1 }), refused(() => { n.kv.get = 1 }),
                  refused(() => { n.context.agent = "other" })];
                """));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "export default (",
                "let x = 1; let x = 2;",
                "import {",
                "\u0000",
                "return 1",
                "await = 1; export default 1"
            })
    void what_is_not_javascript_is_rejected(String source) {
        ProgramRejected rejected = assertThrows(ProgramRejected.class, () -> prepare(source));

        assertEquals("syntax-error", rejected.code(), rejected.getMessage());
        assertEquals("main.js", rejected.file());
        assertEquals(1, rejected.line(), rejected.getMessage());
    }

    @Test
    void a_source_nested_too_deeply_is_rejected() {
        ProgramRejected rejected =
                assertThrows(ProgramRejected.class, () -> prepare("export default " + "[".repeat(200_000)));

        assertEquals("main.js can not be compiled within the limits: it is nested too deeply", rejected.getMessage());
    }

    @Test
    void a_source_of_5_megabytes_is_rejected() {
        ProgramRejected rejected = assertThrows(ProgramRejected.class, () -> prepare(" ".repeat(5 << 20)));

        assertEquals("too-large", rejected.code());
    }
}
