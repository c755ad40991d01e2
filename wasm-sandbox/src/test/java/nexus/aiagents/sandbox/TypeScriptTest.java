package nexus.aiagents.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TypeScriptTest {
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

    Outcome run(Map<String, String> files) throws ProgramRejected {
        return FakeHost.await(sandbox.prepare(new Program.Script("agent", "main.ts", files))
                .start(new Invocation("{\"n\":20}", Limits.DEFAULT, host)));
    }

    String value(String source) throws ProgramRejected {
        return value(Map.of("main.ts", source));
    }

    String value(Map<String, String> files) throws ProgramRejected {
        return assertInstanceOf(Outcome.Returned.class, run(files)).outputJson();
    }

    Outcome.Failed failure(String source) throws ProgramRejected {
        return assertInstanceOf(Outcome.Failed.class, run(Map.of("main.ts", source)));
    }

    @Test
    void types_are_ignored_wherever_they_stand() throws Exception {
        assertEquals("{\"sum\":23,\"label\":\"n=20\",\"size\":2,\"first\":\"b\",\"last\":3}", value("""
                import type { Nexus } from "./nexus.d.ts";
                interface Input<T extends string = "x"> { n: number; s?: T; [key: string]: unknown }
                type Pair<A, B = A> = readonly [A, B];
                type Getters<T> = { [K in keyof T as `get${Capitalize<K & string>}`]-?: () => T[K] };
                declare const elsewhere: number;
                declare module "other" { export const a: number }
                const defaults = { step: 3 } satisfies Record<string, number>;
                abstract class Box<T> implements Iterable<T> {
                  private readonly items: T[] = [];
                  static #made = 0;
                  declare readonly tag: string;
                  protected abstract name(): string;
                  get size(): number { return this.items.length; }
                  add<K extends keyof T>(this: Box<T>, item: T, ..._rest: Array<K>): this { this.items.push(item!); return this; }
                  *[Symbol.iterator](): IterableIterator<T> { yield* this.items; }
                }
                class Words extends Box<string> { protected override name() { return "words"; } }
                function pick(pair: Pair<string>): string;
                function pick(pair: Pair<any>): any { return pair[1 as const]; }
                const id = async <T,>(x: T): Promise<T> => x;
                const isNumber = (x: unknown): x is number => typeof x === "number";
                export default async function (input: Input, nexus: Nexus): Promise<object> {
                  const words = new Words().add("a").add("b");
                  const sum = (input.n as unknown as number) + (await id<number>(defaults.step));
                  let last!: number;
                  for (const q of [1, 2, 3] as const) if (isNumber(q)) last = q;
                  const label = `n=${(<U extends object>(o: U): U => o)(input).n!}`;
                  return { sum, label, size: words.size, first: pick(["a", "b"] as Pair<string>), last };
                }
                """));
    }

    @Test
    void what_has_no_form_in_javascript_is_written_anew() throws Exception {
        assertEquals("[1,\"g\",8,\"Red\",5,7,[3,2],2]", value("""
                enum Color { Red = 1, Green = "g", Blue = 1 << 3 }
                const enum Fast { A = 5 }
                namespace Space { export const inside: number = 7; }
                class Point { constructor(private readonly x: number, public y = 2) {} all() { return [this.x, this.y]; } }
                const old = <number>(<unknown>2);
                export default () =>
                  [Color.Red, Color.Green, Color.Blue, Color[1], Fast.A, Space.inside, new Point(3).all(), old];
                """));
    }

    @Test
    void an_import_that_is_used_as_a_type_only_is_none() throws Exception {
        assertEquals(
                "[42,true]",
                value(Map.of(
                        "main.ts", """
                import { Shape, answer } from "./shapes.ts";
                import Thing from "./types.ts";
                import { type Other } from "./types.ts";
                import * as shapes from "./shapes";
                const shape: Shape & Thing & Other = { sides: answer };
                export default () => [shape.sides, shapes.answer === answer];
                """,
                        "shapes.ts", "export interface Shape { sides: number }\nexport const answer: number = 42;",
                        "types.ts", "export default interface Thing {}\nexport type Other = {};")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"./lib/a.ts", "./lib/a.js", "./lib/a", "./lib/b.mjs", "./lib/b.mts", "./lib/c.js", "./lib/c"})
    void a_file_is_imported_by_each_name_that_typescript_allows(String specifier) throws Exception {
        assertEquals(
                "7",
                value(Map.of(
                        "main.ts", "import { seven } from '" + specifier + "';\nexport default (): number => seven;",
                        "lib/a.ts", "export const seven: number = 7;",
                        "lib/b.mts", "export const seven: number = 7;",
                        "lib/c.js", "export const seven = 7;")));
    }

    @Test
    void javascript_can_import_typescript() throws Exception {
        Outcome outcome = FakeHost.await(sandbox.prepare(new Program.Script(
                        "agent",
                        "main.js",
                        Map.of(
                                "main.js", "import { seven } from './a.ts';\nexport default () => seven;",
                                "a.ts", "export const seven: number = 7;")))
                .start(new Invocation("{}", Limits.DEFAULT, host)));

        assertEquals("7", assertInstanceOf(Outcome.Returned.class, outcome).outputJson());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            const x: number = = 2;            | 3 | 19 | Expression expected
            interface X { a: }                | 3 | 18 | Unexpected token
            class A { @dec x = 1; }           | 3 | 11 | decorators are not supported
            const a = 1; const a = 2;         | 3 | 0  | redefinition
            """)
    void what_is_no_typescript_is_rejected_at_its_place(String line, int row, int column, String message) {
        Map<String, String> files = new HashMap<>();
        files.put("main.ts", "import './lib.ts';\nexport default () => 1;");
        files.put("lib.ts", "type A = 1;\n\n" + line + "\n");

        ProgramRejected rejected = assertThrows(
                ProgramRejected.class, () -> sandbox.prepare(new Program.Script("agent", "main.ts", files)));

        assertEquals("syntax-error", rejected.code());
        assertEquals("lib.ts", rejected.file());
        assertEquals(row, rejected.line(), rejected.getMessage());
        assertEquals(column, rejected.column(), rejected.getMessage());
        assertTrue(String.valueOf(rejected.getMessage()).contains(message), rejected.getMessage());
    }

    @Test
    void an_error_has_its_place_in_what_was_written() throws Exception {
        Outcome.Failed plain = failure("""
                interface Input { n: number }

                export default (input: Input): never => { throw new RangeError("plain"); };
                """);
        Outcome.Failed rewritten = failure("""
                enum Color { Red,
                  Green }
                interface Input { n: number }
                class Point { constructor(readonly x: Color) {} }

                const fail = (p: Point): never => {
                  throw new RangeError("rewritten " + p.x);
                };
                export default (input: Input) => fail(new Point(Color.Green));
                """);

        assertEquals("main.ts:3", plain.place());
        assertEquals("rewritten 1", rewritten.message().replace("RangeError: ", ""));
        assertEquals("main.ts:7", rewritten.place());
    }

    @Test
    void a_stack_in_the_log_has_the_places_of_what_was_written() throws Exception {
        value("""
                enum Color { Red, Green }


                const fail = (c: Color): never => {
                  throw new Error("no " + Color[c]);
                };
                export default () => { try { fail(Color.Red) } catch (e) { console.log((e as Error).stack) } };
                """);

        assertTrue(host.logged().getFirst().contains("(main.ts:5:"), host.logged()::toString);
        assertTrue(host.logged().getFirst().contains("(main.ts:7:"), host.logged()::toString);
    }

    @Test
    void a_source_nested_too_deeply_is_rejected() {
        for (String hostile : new String[] {
            "type A = " + "[".repeat(200_000),
            "export default " + "(".repeat(100_000),
            "let x: " + "A<".repeat(50_000) + "1" + ">".repeat(50_000),
        }) {
            ProgramRejected rejected = assertThrows(
                    ProgramRejected.class,
                    () -> sandbox.prepare(new Program.Script("agent", "main.ts", Map.of("main.ts", hostile))));
            assertTrue(String.valueOf(rejected.getMessage()).contains("nested too deeply"), rejected.getMessage());
        }
    }
}
