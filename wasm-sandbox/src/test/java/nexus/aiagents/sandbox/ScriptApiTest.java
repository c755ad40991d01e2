package nexus.aiagents.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a program finds beside the language itself.
class ScriptApiTest {
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

    /// A host whose clock stands still and that notes how long a program wants to wait.
    static final class Waiting implements HostCalls {
        final HostCalls host;
        final List<Long> waits = new CopyOnWriteArrayList<>();
        final CountDownLatch asleep = new CountDownLatch(1);
        final boolean really;

        Waiting(HostCalls host, boolean really) {
            this.host = host;
            this.really = really;
        }

        @Override
        public HostAnswer call(HostCall call) throws InterruptedException {
            return host.call(call);
        }

        @Override
        public void pause(long nanos) throws InterruptedException {
            waits.add(nanos / 1_000_000);
            asleep.countDown();
            if (really) {
                TimeUnit.NANOSECONDS.sleep(nanos);
            }
        }
    }

    final Waiting waiting = new Waiting(host, false);

    Outcome run(String source) throws ProgramRejected {
        return FakeHost.await(sandbox.prepare(new Program.Script("agent", "main.js", Map.of("main.js", source)))
                .start(new Invocation("{}", Limits.DEFAULT, waiting)));
    }

    String value(String source) throws ProgramRejected {
        return assertInstanceOf(Outcome.Returned.class, run(source), source).outputJson();
    }

    @Test
    void a_negative_number_is_taken_into_so_many_bits_without_its_sign() throws Exception {
        assertEquals("[\"18446744073709551615\",\"4294967295\",\"255\",\"2982212910\",\"5\",\"0\"]", value("""
                        export default () => [
                            BigInt.asUintN(64, -1n), BigInt.asUintN("32", -1n), BigInt.asUintN(8.9, -1n),
                            BigInt.asUintN(32, -123456789012345678901234567890n), BigInt.asUintN(64, 5n),
                            BigInt.asUintN(0, -1n)
                        ].map(String)
                        """));
    }

    @Test
    void timers_fire_in_the_order_of_their_time_after_waiting_through_the_host() throws Exception {
        assertEquals("[\"sync\",\"micro\",\"now\",\"5\",\"20a\",\"20b\",\"done\"]", value("""
                export default async () => {
                  const seen = [];
                  setTimeout((name) => seen.push(name), 20, "20a");
                  setTimeout(() => seen.push("20b"), 20);
                  setTimeout(() => seen.push("5"), 5);
                  setImmediate(() => seen.push("now"));
                  queueMicrotask(() => seen.push("micro"));
                  clearTimeout(setTimeout(() => seen.push("never"), 10));
                  seen.push("sync");
                  await new Promise((resolve) => setTimeout(resolve, 1000));
                  return [...seen, "done"];
                };
                """));
        assertEquals(List.of(5L, 15L, 980L), waiting.waits);
    }

    /// The work must not grow with their square.
    @Test
    void thousands_of_timers_fire_in_their_order() throws Exception {
        String source = """
                export default () => new Promise((resolve) => {
                  const seen = [], n = %d;
                  for (let i = 0; i < n; i++) {
                    const delay = (i * 7919) %% 1000;
                    setTimeout(() => {
                      seen.push(delay * 100000 + i);
                      if (seen.length === n) resolve(seen.every((x, at) => at === 0 || seen[at - 1] < x));
                    }, delay);
                  }
                });
                """;
        Outcome.Returned few = assertInstanceOf(Outcome.Returned.class, run(source.formatted(250)));
        Outcome.Returned many = assertInstanceOf(Outcome.Returned.class, run(source.formatted(1_000)));
        assertEquals("true", few.outputJson());
        assertEquals("true", many.outputJson());
        assertTrue(many.usage().fuel() < 6 * few.usage().fuel(), few.usage() + " " + many.usage());
    }

    @Test
    void timers_that_are_cleared_leave_nothing_behind() throws Exception {
        Limits small = Limits.DEFAULT.withMemoryBytes(6 << 20);
        PreparedProgram program = sandbox.prepare(new Program.Script("agent", "main.js", Map.of("main.js", """
                export default async () => {
                  let fired = 0, times = 0;
                  for (let i = 0; i < 30_000; i++) clearTimeout(setTimeout(() => fired++, 1_000_000));
                  const twice = setInterval(() => { if (++times === 2) clearInterval(twice); }, 10);
                  let late = 0;
                  setTimeout(() => late++, 900);
                  await new Promise((resolve) => setTimeout(resolve, 1000));
                  return [fired, times, late];
                };
                """)));
        Outcome outcome = FakeHost.await(program.start(new Invocation("{}", small, waiting)));
        assertEquals(
                "[0,2,1]", assertInstanceOf(Outcome.Returned.class, outcome).outputJson());
    }

    @Test
    void the_console_has_a_word_for_everything_and_never_throws() throws Exception {
        value("""
                export default () => {
                  const circle = {name: "c"}; circle.self = {inner: circle};
                  const shared = {s: 1};
                  console.log(circle, [shared, shared], {big: 10n}, 7n);
                  console.log(new Map([["k", {v: 1}]]), new Set([1, "b"]), new Uint8Array([1, 2]), /x/g, {e: new Error("in")});
                  const hostile = new Error("m");
                  Object.defineProperty(hostile, "stack", {get() { throw 1 }});
                  console.log(hostile, {toJSON() { throw 2 }}, Object.create(null), Symbol("s"), undefined);
                  console.log("%d %i %f", Symbol("s"), () => 1, Symbol("t"));
                  console.log(String(new Error("a", {cause: new Error("why")})).length > 0);
                };
                """);
        assertEquals(
                List.of(
                        "{\"name\":\"c\",\"self\":{\"inner\":\"[circular]\"}} [{\"s\":1},{\"s\":1}] {\"big\":\"10n\"} 7n",
                        "Map [[\"k\",{\"v\":1}]] Set [1,\"b\"] Uint8Array [1,2] /x/g {\"e\":\"Error: in\"}",
                        "[object] [object] {} Symbol(s) undefined",
                        "NaN NaN NaN",
                        "true"),
                host.logged());
    }

    @Test
    @Tag("soak")
    void a_table_may_be_long() throws Exception {
        value("export default () => console.table(Array.from({length: 70_000}, (_, i) => i))");
        assertTrue(host.logged().getFirst().startsWith("(index)  Values\n-------  ------\n0        0\n"));
    }

    @Test
    void an_interval_comes_again_until_it_is_cleared() throws Exception {
        assertEquals("3", value("""
                export default () => new Promise((resolve) => {
                  let times = 0;
                  const interval = setInterval(() => {
                    if (++times === 3) { clearInterval(interval); resolve(times); }
                  }, 100);
                });
                """));
        assertEquals(List.of(100L, 100L, 100L), waiting.waits);
    }

    @Test
    void a_module_can_wait_while_it_is_loaded() throws Exception {
        assertEquals("7", value("await new Promise((r) => setTimeout(r, 50)); export default () => 7;"));
    }

    @Test
    void what_a_timer_or_a_microtask_throws_ends_the_run_at_its_place() throws Exception {
        for (String later : List.of("setTimeout(f, 10)", "queueMicrotask(f)")) {
            Outcome.Failed failed = assertInstanceOf(Outcome.Failed.class, run("""
                    const f = () => {
                      throw new Error("later");
                    };
                    export default () => new Promise(() => %s);
                    """.formatted(later)));
            assertEquals("later", failed.message());
            assertEquals("main.js:2", failed.place());
        }
    }

    @Test
    void returning_ends_the_run_whatever_timers_are_left() throws Exception {
        assertEquals("1", value("export default () => { setInterval(() => {}, 10); return 1; }"));
        assertEquals(List.of(), waiting.waits);
    }

    @Test
    void a_wait_counts_as_wall_time_and_ends_at_once_when_the_run_is_cancelled() throws Exception {
        PreparedProgram program = sandbox.prepare(new Program.Script(
                "agent",
                "main.js",
                Map.of("main.js", "export default () => new Promise((r) => setTimeout(r, 60_000))")));
        Limits brief = Limits.DEFAULT.withWallTime(Duration.ofMillis(200));

        assertInstanceOf(
                Outcome.TimedOut.class,
                FakeHost.await(program.start(new Invocation("{}", brief, new Waiting(host, true)))));

        Waiting asleep = new Waiting(host, true);
        Run run = program.start(new Invocation("{}", Limits.DEFAULT, asleep));
        asleep.asleep.await();
        run.cancel();
        assertInstanceOf(Outcome.Cancelled.class, FakeHost.await(run));
    }

    @Test
    void the_console_writes_what_it_is_given() throws Exception {
        value("""
                export default () => {
                  console.log("%s is %d, %j%%", "x", "42", {a: 1}, "more");
                  console.debug("low"); console.warn("careful", [1]); console.error(new Error("bad").message);
                  console.assert(true, "unsaid"); console.assert(false, "wrong %i", 7);
                  console.count(); console.count("a"); console.count(); console.countReset(); console.count();
                  console.time("t"); console.timeEnd("t"); console.timeEnd("t");
                  console.group("outer"); console.log("in\\nside"); console.groupEnd(); console.log("out");
                  console.table([{a: 1, b: "x"}, {a: 22}]);
                  console.trace("here");
                };
                """);

        assertEquals(
                List.of(
                        "x is 42, {\"a\":1}% more",
                        "low",
                        "careful [1]",
                        "bad",
                        "Assertion failed: wrong 7",
                        "default: 1",
                        "a: 1",
                        "default: 2",
                        "default: 1",
                        "t: 0 ms",
                        "there is no timer 't'",
                        "outer",
                        "  in\n  side",
                        "out",
                        "(index)  a   b\n-------  --  -\n0        1   x\n1        22"),
                host.logged().subList(0, 15));
        assertTrue(
                host.logged().getLast().startsWith("Trace: here\n    at default (main.js:9:"), host.logged()::toString);
    }

    @Test
    void one_line_of_the_console_is_cut_where_it_would_fill_the_log() throws Exception {
        value("export default () => console.log('x'.repeat(1_000_000))");

        assertTrue(host.logged().getFirst().length() < 17_000);
        assertTrue(host.logged().getFirst().endsWith("(983616 more characters)"));
    }

    @Test
    void a_structured_clone_is_deep_keeps_circles_and_refuses_functions() throws Exception {
        assertEquals("[true,true,\"2\",true,[1,2],true,\"DataCloneError\"]", value("""
                export default () => {
                  const original = {date: new Date(5), map: new Map([[{k: 1}, new Set(["2"])]]),
                    bytes: new Uint8Array([1, 2]), error: new RangeError("r")};
                  original.self = original;
                  const copy = structuredClone(original);
                  let refused;
                  try { structuredClone({f() {}}) } catch (e) { refused = e.name }
                  return [copy !== original && copy.self === copy, copy.date.getTime() === 5 && copy.date !== original.date,
                    [...[...copy.map.values()][0]][0], copy.error instanceof RangeError, [...copy.bytes],
                    copy.bytes.buffer !== original.bytes.buffer, refused];
                };
                """));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
            https://user:p%40ss@Example.ORG:443/a/./b/../c?x=1#frag |                        | https://user:p%40ss@example.org/a/c?x=1#frag
            ../up?q                                                  | http://h/a/b/c          | http://h/a/up?q
            //other/x                                                | https://h/a             | https://other/x
            ?only                                                    | http://h/a?b#c          | http://h/a?only
            #only                                                    | http://h/a?b#c          | http://h/a?b#only
            http://h                                                 |                         | http://h/
            http://h:8080/ö ä                                        |                         | http://h:8080/%C3%B6%20%C3%A4
            http:\\\\h\\x                                            |                         | http://h/x
            http://0x7f.1/                                           |                         | http://127.0.0.1/
            http://2130706433/                                       |                         | http://127.0.0.1/
            http://[::1]:3000/                                       |                         | http://[::1]:3000/
            mailto:a@b.c                                             |                         | mailto:a@b.c
            data:text/plain,hi                                       |                         | data:text/plain,hi
            file:///etc/x                                            |                         | file:///etc/x
            no url                                                   |                         | none
            http://                                                  |                         | none
            http://a b/                                              |                         | none
            http://h:99999/                                          |                         | none
            """)
    void urls_are_read_as_the_standard_says(String url, String base, String expected) throws Exception {
        String source = "export default () => URL.parse(%s, %s)?.href ?? 'none'"
                .formatted(quoted(url), base == null || base.isEmpty() ? "undefined" : quoted(base));

        assertEquals('"' + (expected == null ? "none" : expected) + '"', value(source));
    }

    static String quoted(String text) {
        return '"' + text.replace("\\\\", "\\").replace("\\", "\\\\") + '"';
    }

    @Test
    void search_params_and_their_url_are_one() throws Exception {
        assertEquals(
                "[\"http://h/?a=1&b=%C3%A4+%26&a=2\",[\"1\",\"2\"],true,\"a=0&b=%C3%A4+%26\",\"http://h/?a=0&b=%C3%A4+%26\"]",
                value("""
                export default () => {
                  const url = new URL("http://h/?a=1");
                  url.searchParams.append("b", "ä &");
                  url.searchParams.append("a", 2);
                  const first = url.href, all = url.searchParams.getAll("a"), has = url.searchParams.has("b", "ä &");
                  url.searchParams.set("a", 0);
                  return [first, all, has, new URLSearchParams([...url.searchParams]).toString(), String(url)];
                };
                """));
    }

    @Test
    void bytes_and_texts_become_each_other() throws Exception {
        assertEquals("[\"aGk=\",\"hi\",\"InvalidCharacterError\",[195,164],\"ä\"]", value("""
                export default () => {
                  let refused;
                  try { atob("a") } catch (e) { refused = e.name }
                  return [btoa("hi"), atob(" aGk= "), refused, [...new TextEncoder().encode("ä")],
                    new TextDecoder().decode(new Uint8Array([195, 164]))];
                };
                """));
    }

    @Test
    void random_bytes_come_from_the_host() throws Exception {
        assertEquals("[\"0708090a-0b0c-4d0e-8708-090a0b0c0d0e\",[2055,2569]]", value("""
                export default () => [crypto.randomUUID(), [...crypto.getRandomValues(new Uint16Array(2))]];
                """));
        assertEquals(List.of(new HostCall.Random(16), new HostCall.Random(4)), host.calls);
    }

    @Test
    void an_abort_controller_tells_its_listeners_once() throws Exception {
        assertEquals("[[\"AbortError\"],true,\"TimeoutError\"]", value("""
                export default async () => {
                  const heard = [];
                  const controller = new AbortController();
                  controller.signal.addEventListener("abort", (e) => heard.push(e.target.reason.name));
                  controller.abort(); controller.abort();
                  const late = AbortSignal.timeout(10);
                  await new Promise((resolve) => late.addEventListener("abort", resolve));
                  return [heard, controller.signal.aborted, late.reason.name];
                };
                """));
    }

    @Test
    void files_and_bodies_can_be_bytes() throws Exception {
        assertEquals("[[104,105],\"not-granted\"]", value("""
                export default async (input, nexus) => {
                  await nexus.file.write("a.bin", new Uint8Array([0, 255, 7]));
                  await nexus.file.write("b.bin", new Uint8Array([1, 2, 3, 4]).subarray(1, 3));
                  const read = await nexus.file.readBytes("a.bin");
                  const code = await nexus.http("https://example.org", {method: "PUT", body: new Uint8Array([1]), bytes: true})
                    .catch((e) => e.code);
                  return [[...read], code];
                };
                """));
        assertEquals(
                List.of(
                        new HostCall.FileWrite("a.bin", "AP8H", true),
                        new HostCall.FileWrite("b.bin", "AgM=", true),
                        new HostCall.FileRead("a.bin", true),
                        new HostCall.Http("PUT", "https://example.org", Map.of(), "AQ==", true, true)),
                host.calls);
    }
}
