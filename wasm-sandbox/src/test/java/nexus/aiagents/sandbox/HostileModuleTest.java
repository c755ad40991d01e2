package nexus.aiagents.sandbox;

import static nexus.aiagents.sandbox.Wasm.bytes;
import static nexus.aiagents.sandbox.Wasm.leb;
import static nexus.aiagents.sandbox.Wasm.repeat;
import static nexus.aiagents.sandbox.Wasm.sleb;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Modules that must never get as far as running, and do not hurt while they are looked at.
@ParameterizedClass
@EnumSource(Isolation.class)
class HostileModuleTest {
    @Parameter
    Isolation isolation;

    @TempDir
    static Path cache;

    static Sandbox sandbox;

    @BeforeAll
    static void open() {
        sandbox = Sandbox.open(cache);
    }

    @AfterAll
    static void close() {
        sandbox.close();
    }

    ProgramRejected rejected(byte[] module) {
        return assertThrows(
                ProgramRejected.class,
                () -> sandbox.prepare(new Program.WasmModule("hostile.wasm", module), isolation));
    }

    static Wasm empty() {
        Wasm wasm = new Wasm().memory(1);
        wasm.type(new int[0], new int[0]);
        return wasm;
    }

    static byte[] withFunctions(int count, int locals) {
        Wasm wasm = empty();
        for (int i = 0; i < count; i++) {
            wasm.functionWithLocals(0, locals);
        }
        return wasm.export("run", 0).build();
    }

    /// Every segment puts one byte where the one before it ended.
    static byte[] withData(int count) {
        Wasm wasm = empty().memory(2);
        for (int i = 0; i < count; i++) {
            wasm.data(i, "x");
        }
        return wasm.export("run", wasm.function(0, (Object) bytes())).build();
    }

    static byte[] head(Object... rest) {
        return bytes(0, (int) 'a', (int) 's', (int) 'm', 1, 0, 0, 0, bytes(rest));
    }

    static Stream<Arguments> modules() {
        byte[] blocks = bytes(repeat(5_000, 0x41, 0, 0x02, 0x40), repeat(5_000, 0x0b), repeat(5_000, 0x1a));
        byte[] flatBlocks = bytes(repeat(900, 0x41, 0), repeat(2_000, 0x02, 0x40, 0x0b), repeat(900, 0x1a));
        return Stream.of(
                Arguments.of("nothing", new byte[0], "malformed"),
                Arguments.of("text", "export default 1".getBytes(), "malformed"),
                Arguments.of("a component", bytes(0, (int) 'a', (int) 's', (int) 'm', 0x0d, 0, 1, 0), "unsupported"),
                Arguments.of("no entry", empty().build(), "no-entry"),
                Arguments.of("a huge section", head(1, leb(0xffff_ffffL)), "malformed"),
                Arguments.of("a huge count of types", head(1, 5, leb(0xffff_ffffL)), "too-large"),
                Arguments.of("more functions announced than bytes", head(3, 2, leb(10_000)), "malformed"),
                Arguments.of("a number that never ends", head(1, 7, repeat(7, 0x80)), "malformed"),
                Arguments.of("a huge name", head(2, 6, 1, leb(0x7fff_ffffL)), "malformed"),
                Arguments.of("an unknown section", head(77, 0), "malformed"),
                Arguments.of("20,001 functions", withFunctions(20_001, 0), "too-large"),
                Arguments.of("2,001 locals", withFunctions(1, 2_001), "too-large"),
                Arguments.of("100,001 data segments", withData(100_001), "too-large"),
                Arguments.of("4 billion locals", lots(0xffff_ffffL), "too-large"),
                Arguments.of(
                        "an operand stack of 5,000", plugin(repeat(5_000, 0x41, 0), repeat(5_000, 0x1a)), "too-large"),
                Arguments.of("5,000 blocks inside each other", plugin(blocks, bytes()), "too-large"),
                Arguments.of("many labels with many operands", plugin(flatBlocks, bytes()), "too-large"),
                Arguments.of("a body of 2 MB", plugin(repeat(2 << 20, 0x01), bytes()), "too-large"),
                Arguments.of(
                        "a body too large to split",
                        plugin(repeat(150_000, 0x41, 1, 0x1a, 0x3f, 0, 0x1a), bytes()),
                        "too-large"),
                Arguments.of("too many operands taken", plugin(bytes(0x1a), bytes()), "malformed"),
                Arguments.of("operands of the wrong type", plugin(bytes(0x41, 0, 0x50, 0x1a), bytes()), "invalid"),
                Arguments.of( // (block (param i32) (result i32) …): the compiler would leave the 0 for the 3
                        "a branch out of a block that takes operands",
                        takingOperands(0x02, 0x41, 3, 0x0c, 0, 0x0b),
                        "unsupported"),
                Arguments.of(
                        "a branch out of an if that takes operands",
                        takingOperands(0x41, 1, 0x04, 0x41, 3, 0x41, 1, 0x0d, 0, 0x0b),
                        "unsupported"),
                Arguments.of( // 64, 0x40, is how a block says that it takes and leaves nothing
                        "a block with a type that reads as another", blockOfType(64), "unsupported"),
                Arguments.of("a block with another such type", blockOfType(0x7e), "unsupported"),
                Arguments.of("a tail call", plugin(bytes(0x12, 0), bytes()), "unsupported"),
                Arguments.of("an exception", plugin(bytes(0x1f, 0x40, 0, 0x0b), bytes()), "unsupported"),
                Arguments.of("a thread", plugin(bytes(0xfe, 0x03, 0), bytes()), "unsupported"),
                Arguments.of("SIMD", plugin(bytes(0xfd, 0x0c, repeat(16, 0), 0x1a), bytes()), "unsupported"),
                Arguments.of("a garbage-collected type", head(1, 4, 1, 0x5e, 0x7f, 0), "unsupported"),
                Arguments.of(
                        "two memories", empty().section(5, bytes(2, 0, 1, 0, 1)).build(), "unsupported"),
                Arguments.of(
                        "a shared memory", empty().section(5, bytes(1, 3, 1, 1)).build(), "unsupported"),
                Arguments.of(
                        "a 64-bit memory", empty().section(5, bytes(1, 4, 1)).build(), "unsupported"),
                Arguments.of(
                        "a memory beyond 4 GiB",
                        empty().section(5, bytes(1, 0, leb(65_537))).build(),
                        "malformed"),
                Arguments.of("a huge table", empty().table(1_000_000).build(), "too-large"),
                Arguments.of(
                        "an imported memory",
                        empty().section(2, bytes(1, 1, (int) 'e', 1, (int) 'm', 2, 0, 1))
                                .build(),
                        "unknown-import"),
                Arguments.of("an unknown import", imports("env", "system"), "unknown-import"),
                Arguments.of("an import of another type", imports("extism:host/env", "alloc"), "unknown-import"),
                Arguments.of("a run with parameters", runWithParameters(), "no-entry"),
                Arguments.of(
                        "bodies without functions",
                        empty().section(10, bytes(1, 2, 0, 0x0b)).build(),
                        "malformed"));
    }

    /// @param block an instruction that begins a block, without its type, and the rest
    static byte[] takingOperands(int... block) {
        Wasm wasm = empty();
        int type = wasm.type(new int[] {Wasm.I32}, new int[] {Wasm.I32});
        int opens = block[0] == 0x41 ? 3 : 1;
        byte[] body = bytes(0x41, 0, raw(block, 0, opens), type, raw(block, opens, block.length), 0x1a);
        return wasm.export("run", wasm.function(0, (Object) body)).build();
    }

    /// Leaves an i32 that the program drops.
    static byte[] blockOfType(int number) {
        Wasm wasm = empty();
        int type = 0;
        while (type < number) {
            type = wasm.type(new int[0], new int[] {Wasm.I32});
        }
        return wasm.export("run", wasm.function(0, 0x02, sleb(type), 0x41, 3, 0x0b, 0x1a))
                .build();
    }

    private static byte[] raw(int[] all, int from, int to) {
        byte[] part = new byte[to - from];
        for (int i = from; i < to; i++) {
            part[i - from] = (byte) all[i];
        }
        return part;
    }

    static byte[] manyFunctions(int count, byte[] body) {
        Wasm wasm = empty();
        for (int i = 0; i < count; i++) {
            wasm.rawFunction(0, body);
        }
        return wasm.export("run", 0).build();
    }

    static byte[] manyEqualTypes(int types, int functions) {
        Wasm wasm = new Wasm();
        for (int i = 0; i < types; i++) {
            wasm.type(new int[0], new int[0]);
        }
        for (int i = 0; i < functions; i++) {
            wasm.function(0);
        }
        return wasm.export("run", 0).build();
    }

    static byte[] manyResults(int functions) {
        int[] hundred = new int[100];
        Arrays.fill(hundred, Wasm.I32);
        Wasm wasm = empty();
        int type = wasm.type(new int[0], hundred);
        wasm.function(type, (Object) repeat(100, 0x41, 0));
        for (int i = 0; i < functions; i++) {
            wasm.function(0, (Object) repeat(40, 0x10, 0, repeat(100, 0x1a)));
        }
        return wasm.export("run", 1).build();
    }

    static byte[] manyImports(int count) {
        Wasm wasm = empty();
        for (int i = 0; i < count; i++) {
            wasm.importFunction("extism:host/env", "input_length", 0);
        }
        return wasm.build();
    }

    static byte[] manyTypes(int count) {
        Wasm wasm = new Wasm();
        for (int i = 0; i < count; i++) {
            wasm.type(new int[0], new int[0]);
        }
        return wasm.export("run", wasm.function(0)).build();
    }

    static byte[] manyExports(int count) {
        Wasm wasm = empty();
        wasm.function(0);
        for (int i = 0; i < count; i++) {
            wasm.export("e" + i, 0);
        }
        return wasm.build();
    }

    static byte[] twice(int section, byte[] content) {
        byte[] module = Wasm.plugin();
        byte[] more = bytes(section, leb(content.length), content);
        byte[] both = Arrays.copyOf(module, module.length + more.length);
        System.arraycopy(more, 0, both, module.length, more.length);
        return both;
    }

    /// What the compiler must not see, instruction by instruction, and what does not fit together.
    static Stream<Arguments> misfits() {
        return Stream.of(
                Arguments.of("201 imports", manyImports(201)),
                Arguments.of("5,001 types", manyTypes(5_001)),
                Arguments.of("5,001 exports", manyExports(5_001)),
                Arguments.of("17 MB of a custom section", twice(0, bytes(1, (int) 'x', new byte[17 << 20]))),
                Arguments.of("101 parameters", head(1, leb(105), 1, 0x60, 101, repeat(101, 0x7f), 0)),
                Arguments.of(
                        "11 tables",
                        empty().section(4, bytes(11, repeat(11, 0x70, 0, 1))).build()),
                Arguments.of("two exports of one name", empty2()),
                Arguments.of(
                        "functions without bodies",
                        head(1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 7, 7, 1, 3, (int) 'r', (int) 'u', (int) 'n', 0, 0)),
                Arguments.of("two sections of types", twice(1, bytes(1, 0x60, 0, 0))),
                Arguments.of("two sections of code", twice(10, bytes(1, 2, 0, 0x0b))),
                Arguments.of(
                        "a start that is not there",
                        empty().start(7).export("run", 0).build()),
                Arguments.of(
                        "an export that is not there", empty().export("run", 7).build()),
                Arguments.of("a body that goes on after its end", rawBody(bytes(0, 0x0b, 0x01))),
                Arguments.of("a body without an end", rawBody(bytes(0, 0x01))),
                Arguments.of("an else without an if", rawBody(bytes(0, 0x05, 0x0b, 0x0b))),
                Arguments.of("a branch out of nowhere", rawBody(bytes(0, 0x0c, 9, 0x0b))),
                Arguments.of("a local that is not there", rawBody(bytes(0, 0x20, 3, 0x1a, 0x0b))),
                Arguments.of("a global that is not there", rawBody(bytes(0, 0x23, 3, 0x1a, 0x0b))),
                Arguments.of("a function that is not there", rawBody(bytes(0, 0x10, 9, 0x0b))),
                Arguments.of("a table that is not there", rawBody(bytes(0, 0x41, 0, 0x11, 0, 5, 0x0b))),
                Arguments.of("data that is not there", rawBody(bytes(0, 0xfc, 9, 5, 0x0b))),
                Arguments.of("memory that is not there", noMemory()),
                Arguments.of("return_call_indirect", rawBody(bytes(0, 0x41, 0, 0x13, 0, 0, 0x0b))),
                Arguments.of("call_ref", rawBody(bytes(0, 0x14, 0, 0x0b))),
                Arguments.of("try", rawBody(bytes(0, 0x06, 0x40, 0x0b, 0x0b))),
                Arguments.of("throw", rawBody(bytes(0, 0x08, 0, 0x0b))),
                Arguments.of("rethrow", rawBody(bytes(0, 0x09, 0, 0x0b))),
                Arguments.of("delegate", rawBody(bytes(0, 0x18, 0, 0x0b))),
                Arguments.of("struct.new", rawBody(bytes(0, 0xfb, 0, 0, 0x1a, 0x0b))),
                Arguments.of("memory.grow of another memory", rawBody(bytes(0, 0x41, 1, 0x40, 1, 0x1a, 0x0b))),
                Arguments.of(
                        "memory.copy between memories", rawBody(bytes(0, repeat(3, 0x41, 0), 0xfc, 10, 1, 0, 0x0b))));
    }

    static byte[] empty2() {
        Wasm wasm = empty();
        int function = wasm.function(0);
        return wasm.export("run", function).export("run", function).build();
    }

    static byte[] noMemory() {
        Wasm wasm = new Wasm();
        int type = wasm.type(new int[0], new int[0]);
        return wasm.export("run", wasm.function(type, 0x41, 0, 0x28, 2, 0, 0x1a))
                .build();
    }

    static byte[] rawBody(byte[] body) {
        Wasm wasm = empty();
        return wasm.table(1).export("run", wasm.rawFunction(0, body)).build();
    }

    @Test
    void as_many_data_segments_as_the_linker_of_go_makes_are_run() throws Exception {
        Program program = new Program.WasmModule("go.wasm", withData(100_000));
        Invocation invocation = new Invocation("{}", Limits.DEFAULT, new FakeHost());
        Outcome outcome = FakeHost.await(sandbox.prepare(program, isolation).start(invocation));

        // it ran to its end, and had nothing to say
        assertEquals(
                "bad-output", assertInstanceOf(Outcome.Failed.class, outcome).code());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("misfits")
    void what_does_not_fit_together_is_rejected(String what, byte[] module) {
        ProgramRejected rejected = rejected(module);

        assertTrue(
                List.of("too-large", "malformed", "invalid", "unsupported", "no-entry")
                        .contains(rejected.code()),
                rejected::toString);
        assertFalse(String.valueOf(rejected.getMessage()).contains("can not be compiled: "), rejected::toString);
    }

    /// Small to send, large to compile: each of one kind, and none gets to the compiler.
    static Stream<Arguments> bombs() {
        byte[] branches = bytes(repeat(500, 0x41, 0), repeat(1_900, 0x41, 0, 0x0d, 0), repeat(500, 0x1a));
        return Stream.of(
                Arguments.of("12 million instructions", manyFunctions(12, bytes(0, repeat(1_000_000, 0x01), 0x0b))),
                Arguments.of("40 million locals", manyFunctions(20_000, bytes(1, leb(2_000), 0x7f, 0x0b))),
                Arguments.of("25 million pairs of types and functions", manyEqualTypes(5_000, 5_000)),
                Arguments.of(
                        "3 million targets of branches",
                        manyFunctions(
                                300, bytes(0, 0x02, 0x40, 0x41, 0, 0x0e, leb(10_000), repeat(10_001, 0), 0x0b, 0x0b))),
                Arguments.of("operands at many branches", manyFunctions(20, bytes(0, branches, 0x0b))),
                Arguments.of("results of many calls", manyResults(700)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bombs")
    void what_would_take_the_compiler_long_is_too_complex(String what, byte[] module) {
        assertEquals("too-complex", rejected(module).code());
    }

    static byte[] plugin(byte[] body, byte[] more) {
        return Wasm.plugin(body, more);
    }

    static byte[] lots(long locals) {
        Wasm wasm = empty();
        return wasm.export("run", wasm.rawFunction(0, bytes(1, leb(locals), 0x7f, 0x0b)))
                .build();
    }

    static byte[] imports(String module, String name) {
        Wasm wasm = empty();
        wasm.importFunction(module, name, 0);
        return wasm.export("run", wasm.function(0)).build();
    }

    static byte[] runWithParameters() {
        Wasm wasm = empty();
        int type = wasm.type(new int[] {Wasm.I32}, new int[0]);
        return wasm.export("run", wasm.function(type)).build();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("modules")
    void it_is_rejected_with_a_code(String what, byte[] module, String code) {
        ProgramRejected rejected = rejected(module);

        assertEquals(code, rejected.code(), rejected.getMessage());
        assertTrue(rejected.getMessage().length() > 20, rejected.getMessage());
    }

    /// Each section is bounded, so there must not be many of one kind.
    @Test
    void a_section_that_comes_twice_or_late_is_malformed() {
        byte[] module = Wasm.plugin();
        for (int section : new int[] {1, 3, 5, 6, 7, 9, 10}) {
            byte[] twice = Wasm.bytes(module, section, 1, 0);
            ProgramRejected rejected =
                    assertThrows(ProgramRejected.class, () -> sandbox.prepare(new Program.WasmModule("x.wasm", twice)));
            assertEquals("malformed", rejected.code(), "section " + section);
            assertTrue(rejected.getMessage().contains("has section " + section + " twice"), rejected.getMessage());
        }
    }

    @Test
    void tables_that_are_too_large_together_are_refused_however_large() {
        byte[] huge = Wasm.bytes(2, 0x70, 0, 1, 0x70, 0, Wasm.leb(Integer.MAX_VALUE));
        Wasm wasm = new Wasm().section(4, huge);
        int type = wasm.type(new int[0], new int[0]);
        byte[] module = wasm.export("run", wasm.function(type)).build();

        ProgramRejected rejected =
                assertThrows(ProgramRejected.class, () -> sandbox.prepare(new Program.WasmModule("x.wasm", module)));
        assertEquals("too-large", rejected.code());
    }

    @Test
    void a_module_of_17_megabytes_is_rejected() {
        assertEquals("too-large", rejected(new byte[17 << 20]).code());
    }

    @Test
    void a_module_cut_anywhere_is_rejected() {
        Wasm wasm = new Wasm().memory(1);
        int type = wasm.type(new int[0], new int[] {Wasm.I32});
        wasm.importFunction("extism:host/env", "http_status_code", type);
        byte[] module = wasm.export("run", wasm.function(type, 0x10, 0)).build();

        for (int length = 0; length < module.length; length++) {
            byte[] cut = Arrays.copyOf(module, length);
            assertTrue(
                    List.of("malformed", "no-entry", "invalid")
                            .contains(rejected(cut).code()),
                    "cut at " + length);
        }
    }

    @Test
    void a_module_with_any_byte_changed_is_rejected_or_runs_to_a_typed_end() {
        Wasm wasm = new Wasm().memory(1).table(2).data(8, "text");
        int type = wasm.type(new int[0], new int[] {Wasm.I32});
        int helper = wasm.function(type, 0x41, sleb(64), 0x28, 2, 0);
        byte[] module = wasm.export("run", wasm.function(type, 0x10, helper, 0x41, 0, 0x6a))
                .build();
        Limits small = Limits.DEFAULT.withFuel(1_000_000);

        for (int at = 8; at < module.length; at++) {
            byte[] changed = module.clone();
            changed[at] ^= (byte) 0xff;
            try {
                PreparedProgram program = sandbox.prepare(new Program.WasmModule("changed.wasm", changed), isolation);
                FakeHost.await(program.start(new Invocation("{}", small, new FakeHost())));
            } catch (ProgramRejected rejected) {
                assertTrue(!rejected.getMessage().isBlank());
            }
        }
    }
}
