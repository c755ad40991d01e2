package nexus.aiagents.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Isolation.class)
class ScriptTest {
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

    PreparedProgram prepare(Map<String, String> files) throws ProgramRejected {
        return sandbox.prepare(new Program.Script("agent", "main.js", files), isolation);
    }

    Outcome run(String source, String input) throws ProgramRejected {
        return FakeHost.await(prepare(Map.of("main.js", source)).start(new Invocation(input, Limits.DEFAULT, host)));
    }

    Outcome run(String source) throws ProgramRejected {
        return run(source, "{}");
    }

    String value(String source) throws ProgramRejected {
        return assertInstanceOf(Outcome.Returned.class, run(source)).outputJson();
    }

    Outcome.Failed failure(String source) throws ProgramRejected {
        return assertInstanceOf(Outcome.Failed.class, run(source));
    }

    @Test
    void a_program_gets_its_input_and_returns_json() throws Exception {
        Outcome outcome = run("export default (input) => ({twice: input.n * 2, ö: '日本'})", "{\"n\":21}");

        assertEquals(
                "{\"twice\":42,\"ö\":\"日本\"}",
                assertInstanceOf(Outcome.Returned.class, outcome).outputJson());
        assertTrue(outcome.usage().fuel() > 0);
        assertTrue(outcome.usage().memoryBytes() > 0);
    }

    @Test
    void an_async_program_is_waited_for() throws Exception {
        assertEquals("3", value("const one = await 1; export default async () => one + (await Promise.resolve(2))"));
    }

    @Test
    void nothing_returned_is_null() throws Exception {
        assertEquals("null", value("export default () => {}"));
    }

    @Test
    void every_host_call_arrives_with_its_arguments() throws Exception {
        String source = """
                export default async (input, nexus) => {
                  nexus.log("plain", {a: 1});
                  nexus.log.warn("careful");
                  console.error("bad");
                  await nexus.kv.put("k", {v: 1});
                  nexus.kv.delete("gone");
                  nexus.kv.list();
                  nexus.file.write("notes/a.md", "text");
                  nexus.file.read("notes/a.md");
                  nexus.file.list("notes");
                  nexus.file.delete("notes/a.md");
                  nexus.emit("progress", {done: 1});
                  const answer = await nexus.model({prompt: "hi", model: "small"});
                  const other = await nexus.agent("writer", [1]);
                  return [answer.text, other, await nexus.kv.get("k"), nexus.now(), Date.now(), new Date().getTime()];
                }
                """;

        assertEquals("[\"hello\",[1],{\"v\":1},1234567890123,1234567890123,1234567890123]", value(source));
        assertEquals(new HostCall.Log(HostCall.Level.INFO, "plain {\"a\":1}"), host.calls.get(0));
        assertEquals(new HostCall.Log(HostCall.Level.WARN, "careful"), host.calls.get(1));
        assertEquals(new HostCall.Log(HostCall.Level.ERROR, "bad"), host.calls.get(2));
        assertTrue(host.calls.contains(new HostCall.KvPut("k", "{\"v\":1}")));
        assertTrue(host.calls.contains(new HostCall.KvDelete("gone")));
        assertTrue(host.calls.contains(new HostCall.KvList("")));
        assertTrue(host.calls.contains(new HostCall.FileWrite("notes/a.md", "text")));
        assertTrue(host.calls.contains(new HostCall.FileDelete("notes/a.md")));
        assertTrue(host.calls.contains(new HostCall.Emit("progress", "{\"done\":1}")));
        assertTrue(host.calls.contains(new HostCall.Model("small", "{\"prompt\":\"hi\",\"model\":\"small\"}")));
    }

    @Test
    void randomness_comes_from_the_host() throws Exception {
        String source = "export default (i, nexus) => [Math.random(), nexus.random(), Math.random()]";

        assertEquals(value(source), value(source));
        assertEquals(2, host.calls.size());
    }

    @Test
    void a_program_knows_its_context_and_environment() throws Exception {
        Invocation invocation =
                new Invocation("null", "{\"agent\":\"a\",\"attempt\":2}", Map.of("LANG", "C"), Limits.DEFAULT, host);

        Outcome outcome =
                FakeHost.await(prepare(Map.of("main.js", "export default (i, n) => [i, n.context.attempt, n.env.LANG]"))
                        .start(invocation));

        assertEquals(
                "[null,2,\"C\"]",
                assertInstanceOf(Outcome.Returned.class, outcome).outputJson());
    }

    @Test
    void a_failed_host_call_throws_an_error_with_its_code() throws Exception {
        String source = """
                export default async (i, nexus) => {
                  try { await nexus.http("https://example.org"); } catch (e) { return [e instanceof Error, e.code, e.message]; }
                }
                """;

        assertEquals("[true,\"not-granted\",\"GET example.org is not granted\"]", value(source));
    }

    @Test
    void a_thrown_error_ends_the_run_with_its_code_and_place() throws Exception {
        Outcome.Failed failed = failure("""
                function deep() {
                  throw Object.assign(new Error("no facts"), {code: "bad-input"});
                }
                export default () => { deep(); };
                """);

        assertEquals("bad-input", failed.code());
        assertEquals("no facts", failed.message());
        assertEquals("main.js:2", failed.place());
    }

    @Test
    void an_error_has_the_code_error_by_default_and_its_type_in_front() throws Exception {
        Outcome.Failed failed = failure("export default async () => { await null; null.x; }");

        assertEquals("error", failed.code());
        assertEquals("TypeError: cannot read property 'x' of null", failed.message());
        assertEquals("main.js:1", failed.place());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            throw 'text'                       | error        | text
            throw {code: 'c', message: 'm'}    | c            | m
            throw null                         | error        | null
            throw new Proxy({}, {get() { throw 1 }}) | error  | the program threw something that can not be described
            return {a: [1n]}                   | bad-output   | TypeError: a BigInt is not JSON
            const a = []; a[0] = {a}; return a | bad-output   | TypeError: an object that contains itself is not JSON
            return {toJSON() {}}               | bad-output   | TypeError: an object whose toJSON gives nothing is not JSON
            return {toJSON() { null.x }}       | error        | TypeError: cannot read property 'x' of null
            return () => 1                     | bad-output   | TypeError: a function is not JSON
            await new Promise(() => {})        | never-settled | the promise that the program returned can never settle
            """)
    void whatever_is_thrown_is_described(String statement, String code, String message) throws Exception {
        Outcome.Failed failed = failure("export default async () => { " + statement + " }");

        assertEquals(code, failed.code());
        assertEquals(message, failed.message());
    }

    @Test
    void an_error_while_a_module_loads_has_its_place() throws Exception {
        Outcome outcome = FakeHost.await(prepare(Map.of(
                        "main.js", "import {x} from './lib/x.js';\nexport default () => x;",
                        "lib/x.js", "export const x = 1;\nthrow new RangeError('at load');"))
                .start(new Invocation("{}", Limits.DEFAULT, host)));

        Outcome.Failed failed = assertInstanceOf(Outcome.Failed.class, outcome);
        assertEquals("at load", failed.message());
        assertEquals("lib/x.js:2", failed.place());
    }

    @Test
    void a_program_without_default_export_is_named() throws Exception {
        assertEquals("no-default-export", failure("export const a = 1").code());
        assertEquals("no-default-export", failure("export default 7").code());
    }

    @Test
    void modules_import_each_other_by_relative_path() throws Exception {
        Map<String, String> files = Map.of(
                "main.js", """
                import add, {one as uno} from './lib/add.js';
                import * as more from "./lib/deep/../deep/more.js";
                export {uno};
                export default () => [add(uno, more.two), more.name, import.meta === undefined];
                """,
                "lib/add.js",
                        "import {two} from './deep/more.js'; export const one = two - 1;\n"
                                + "export default (a, b) => a + b;",
                "lib/deep/more.js", "export * from '../../root.js'; export const two = 2;",
                "root.js", "export const name = 'r\u00f6\u00f6t';",
                "unused.js", "not javascript at all");

        Outcome outcome = FakeHost.await(prepare(files).start(new Invocation("{}", Limits.DEFAULT, host)));

        assertEquals(
                "[3,\"rööt\",false]",
                assertInstanceOf(Outcome.Returned.class, outcome).outputJson());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            import x from '../outside.js';     | import-outside       | 16
            import x from './a/../../b.js';    | import-outside       | 16
            import x from 'lodash';            | import-not-relative  | 16
            import x from '/etc/passwd';       | import-not-relative  | 16
            import x from 'nexus:prelude';     | import-not-relative  | 16
            import './missing.js';             | import-missing       | 9
            import './main.js';                | circular-import      | 9
            """)
    void an_import_that_leaves_the_folder_is_rejected_with_its_place(String line, String code, int column) {
        ProgramRejected rejected =
                assertThrows(ProgramRejected.class, () -> prepare(Map.of("main.js", "// first\n  " + line)));

        assertEquals(code, rejected.code());
        assertEquals("main.js", rejected.file());
        assertEquals(2, rejected.line());
        assertEquals(column + 1, rejected.column());
    }

    @Test
    void a_json_file_is_imported_as_what_it_holds() throws Exception {
        String main = "import a from './data.json' with {type: 'json'};\nimport b from './lib/b.json';\n"
                + "export default () => [a, Object.keys(b), typeof b.x];";
        for (String entry : List.of("main.js", "main.ts")) {
            Outcome outcome = FakeHost.await(sandbox.prepare(new Program.Script(
                            "agent",
                            entry,
                            Map.of(
                                    entry,
                                    main,
                                    "data.json",
                                    "\ufeff{\"text\": \"ä\u2028\", \"list\": [1.5, null]}",
                                    "lib/b.json",
                                    "{\"__proto__\": {\"x\": 1}}")))
                    .start(new Invocation("{}", Limits.DEFAULT, host)));
            assertEquals(
                    "[{\"text\":\"ä\u2028\",\"list\":[1.5,null]},[\"__proto__\"],\"undefined\"]",
                    assertInstanceOf(Outcome.Returned.class, outcome).outputJson());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
            {"a": 1,}    | 2
            {} {}        | 2
            none         | 1
            """)
    void a_json_file_that_is_none_is_rejected_with_its_line(String text, int line) {
        ProgramRejected rejected = assertThrows(
                ProgramRejected.class,
                () -> prepare(Map.of(
                        "main.js",
                        "import a from './a.json'; export default () => a",
                        "a.json",
                        text == null ? "" : "\n" + text)));
        assertEquals("syntax-error", rejected.code());
        assertEquals("a.json", rejected.file());
        assertFalse(
                String.valueOf(rejected.getMessage()).matches(".*(code \\d|token '|REDACTED).*"),
                rejected.getMessage());
        assertEquals(line, rejected.line());
    }

    @Test
    void a_circle_of_imports_is_rejected_by_name() {
        ProgramRejected rejected = assertThrows(
                ProgramRejected.class,
                () -> prepare(Map.of(
                        "main.js", "import './a.js'; export default () => 1",
                        "a.js", "import './b.js';",
                        "b.js", "import './a.js';")));

        assertEquals("circular-import", rejected.code());
        assertTrue(rejected.getMessage().contains("a.js → b.js → a.js"));
    }

    @Test
    void a_syntax_error_is_rejected_with_its_place() {
        ProgramRejected rejected = assertThrows(
                ProgramRejected.class,
                () -> prepare(Map.of(
                        "main.js", "import './lib.js'; export default () => 1",
                        "lib.js", "const a = 1;\n\nconst x = ;\nexport {a};")));

        assertEquals("syntax-error", rejected.code());
        assertEquals("syntax error: unexpected token in expression: ';'", rejected.getMessage());
        assertEquals("lib.js", rejected.file());
        assertEquals(3, rejected.line());
        assertEquals(11, rejected.column());
    }
}
