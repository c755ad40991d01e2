package nexus.aiagents.sandbox;

import static nexus.aiagents.sandbox.Wasm.I32;
import static nexus.aiagents.sandbox.Wasm.bytes;
import static nexus.aiagents.sandbox.Wasm.leb;
import static nexus.aiagents.sandbox.Wasm.sleb;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Where the library that compiles modules does something else than the specification of WebAssembly says,
/// programs run as it says.
class SpecificationTest {
    private static final int RETURN_TYPE = 0;
    private static final int EXTERNREF = 0x6f;
    private static final int DATA = 11;
    private static final int DATA_COUNT = 12;
    private static final int EXPORTS = 7;
    private static final int ELEMENTS = 9;
    private static final int TABLES = 4;

    @TempDir
    static Path cache;

    static Sandbox sandbox;

    final Wasm wasm = new Wasm().memory(1);
    final int type = wasm.type(new int[0], new int[] {I32});

    @BeforeAll
    static void open() {
        sandbox = Sandbox.open(cache);
    }

    @AfterAll
    static void close() {
        sandbox.close();
    }

    static byte[] f32(float value) {
        byte[] bits = new byte[4];
        ByteBuffer.wrap(bits).order(ByteOrder.LITTLE_ENDIAN).putFloat(value);
        return bytes(0x43, bits);
    }

    static byte[] f64(double value) {
        byte[] bits = new byte[8];
        ByteBuffer.wrap(bits).order(ByteOrder.LITTLE_ENDIAN).putDouble(value);
        return bytes(0x44, bits);
    }

    Outcome run(Object... body) throws ProgramRejected {
        byte[] module = wasm.export("run", wasm.function(RETURN_TYPE, body)).build();
        return FakeHost.await(sandbox.prepare(new Program.WasmModule("module.wasm", module), Isolation.THREAD)
                .start(new Invocation("{}", Limits.DEFAULT, new FakeHost())));
    }

    /// `run` returns 1 where all holds, and each condition is an i32.
    void holds(byte[]... conditions) throws ProgramRejected {
        byte[] all = bytes(0x41, 1);
        for (byte[] condition : conditions) {
            all = bytes(all, condition, 0x71);
        }
        Outcome.Failed failed = assertInstanceOf(Outcome.Failed.class, run((Object) all));
        assertEquals("run returned 1 and set no error", failed.message());
    }

    void traps(String message, Object... body) throws ProgramRejected {
        Outcome.Trapped trapped = assertInstanceOf(Outcome.Trapped.class, run(body));
        assertEquals(
                message,
                trapped.message()
                        .substring(
                                0, Math.min(message.length(), trapped.message().length())));
    }

    @Test
    void numbers_from_two_to_the_63_on_are_rounded_to_the_nearest() throws Exception {
        long above = Long.MIN_VALUE + 1;
        long middle = Long.MIN_VALUE + 3 * 1024;
        holds(
                bytes(0x42, sleb(above), 0xb5, f32(0x1p63f), 0x5b), // f32.convert_i64_u
                bytes(0x42, sleb(above), 0xba, f64(0x1p63), 0x61), // f64.convert_i64_u
                bytes(0x42, sleb(middle), 0xba, f64(0x1p63 + 4096), 0x61),
                bytes(0x42, sleb(-1), 0xba, f64(0x1p64), 0x61));
    }

    @Test
    void every_positive_number_has_the_sign_plus() throws Exception {
        holds(
                bytes(f32(1), f32(4290772992f), 0x98, f32(1), 0x5b),
                bytes(f32(1), f32(-4290772992f), 0x98, f32(-1), 0x5b));
    }

    @Test
    void a_table_of_externref_is_filled_within_its_bounds_only() throws Exception {
        wasm.section(TABLES, bytes(1, 0x6f, 0, 10));

        traps("out of bounds table access", 0x41, 2, 0xd0, 0x6f, 0x41, sleb(Integer.MIN_VALUE), 0xfc, 17, 0, 0x41, 0);
    }

    @Test
    void elements_are_copied_within_the_bounds_of_both_tables_only() throws Exception {
        wasm.section(TABLES, bytes(2, 0x6f, 0, 10, 0x6f, 0, 3));

        traps("out of bounds table access", 0x41, 2, 0x41, 10, 0x41, sleb(Integer.MAX_VALUE), 0xfc, 14, 0, 1, 0x41, 0);
    }

    @Test
    void what_fills_a_table_of_externref_costs_what_it_fills() throws Exception {
        wasm.section(TABLES, bytes(1, 0x6f, 0, leb(80_000)));

        Outcome outcome = run(0x41, 0, 0xd0, 0x6f, 0x41, sleb(80_000), 0xfc, 17, 0, 0x41, 0);

        assertEquals(80_000 / 8, outcome.usage().fuel() / 10 * 10);
    }

    /// The memory begins with "abcd", from a segment of its own.
    private void withData() {
        wasm.section(DATA_COUNT, leb(1));
        wasm.section(DATA, bytes(1, 0, 0x41, 0, 0x0b, 4, 0x61, 0x62, 0x63, 0x64));
    }

    private static byte[] init(int size) {
        return bytes(0x41, 8, 0x41, 0, 0x41, size, 0xfc, 8, 0, 0);
    }

    @Test
    void a_segment_that_memory_began_with_is_empty_afterwards() throws Exception {
        withData();
        traps("out of bounds memory access", init(4), 0x41, 1);
    }

    @Test
    void nothing_of_it_can_still_be_copied() throws Exception {
        withData();
        holds(bytes(init(0), 0x41, 0, 0x28, 2, 0, 0x41, sleb(0x64636261), 0x46));
    }

    @Test
    void it_is_empty_for_a_start_function_too() throws Exception {
        withData();
        int nothing = wasm.type(new int[0], new int[0]);
        wasm.start(wasm.function(nothing, (Object) init(1)));
        traps("out of bounds memory access", 0x41, 1);
    }

    @Test
    void a_start_function_runs_before_anything_else() throws Exception {
        int nothing = wasm.type(new int[0], new int[0]);
        wasm.start(wasm.function(nothing, 0x41, 0, 0x41, 7, 0x36, 2, 0));
        holds(bytes(0x41, 0, 0x28, 2, 0, 0x41, 7, 0x46));
    }

    @Test
    void a_segment_without_elements_lies_inside_its_table_too() throws Exception {
        wasm.table(2);
        wasm.section(ELEMENTS, bytes(1, 0, 0x41, sleb(-1), 0x0b, 0));
        traps("out of bounds table access", 0x41, 1);
    }

    @Test
    void a_size_that_was_meant_to_be_negative_traps_at_once_and_does_not_eat_all_fuel() throws Exception {
        Outcome copied = run(0x41, 0, 0x41, 0, 0x41, sleb(-1), 0xfc, 10, 0, 0, 0x41, 1);

        assertInstanceOf(Outcome.Trapped.class, copied);
        assertEquals(0, copied.usage().fuel() / 10);
    }

    @Test
    void nothing_is_exported_that_is_not_there() {
        for (int kind = 1; kind <= 3; kind++) { // a table, a memory, a global
            Wasm other = new Wasm().memory(1);
            int function = other.function(other.type(new int[0], new int[0]));
            other.section(EXPORTS, bytes(2, Wasm.name("run"), 0, function, Wasm.name("more"), kind, 1));
            ProgramRejected rejected = assertThrows(
                    ProgramRejected.class,
                    () -> sandbox.prepare(new Program.WasmModule("module.wasm", other.build()), Isolation.THREAD));
            assertEquals("invalid", rejected.code(), rejected.getMessage());
        }
    }

    private void isUnfit(String code) {
        ProgramRejected rejected = assertThrows(ProgramRejected.class, () -> run(0x41, 1));
        assertEquals(code, rejected.code(), rejected.getMessage());
    }

    /// Where a number of more than one byte is read as one byte, what follows hides from whoever looks.
    @Test
    void types_of_references_have_one_byte_for_the_scan_and_the_library_alike() throws Exception {
        ProgramRejected rejected =
                assertThrows(ProgramRejected.class, () -> run(0xd0, 0x80, 0x80, 0x80, 0x80, 0, 0x1a, 0x41, 1));
        assertEquals("unsupported", rejected.code(), rejected.getMessage());
    }

    @Test
    void so_have_the_kinds_of_element_segments() {
        wasm.table(2).section(ELEMENTS, bytes(1, 1, 0x80, 0, leb(Integer.MAX_VALUE)));
        isUnfit("malformed");
    }

    @Test
    void so_have_the_types_of_element_segments() {
        wasm.table(2).section(ELEMENTS, bytes(1, 5, 0x64, 0, 0));
        isUnfit("unsupported");
    }

    @Test
    void a_function_may_return_references_beside_numbers() throws Exception {
        int alone = wasm.type(new int[0], new int[] {EXTERNREF});
        int between = wasm.type(new int[0], new int[] {I32, EXTERNREF, I32});
        byte[] module = wasm.export("alone", wasm.function(alone, 0xd0, EXTERNREF))
                .export("between", wasm.function(between, 0x41, 1, 0xd0, EXTERNREF, 0x41, 2))
                .build();

        assertEquals("\"a reference\"", returned(module, "alone"));
        assertEquals("[1,\"a reference\",2]", returned(module, "between"));
    }

    private static String returned(byte[] module, String function) throws ProgramRejected {
        Outcome outcome = FakeHost.await(sandbox.prepare(new Program.WasmModule("module.wasm", module), function)
                .start(new Invocation("{}", Limits.DEFAULT, new FakeHost())));
        return assertInstanceOf(Outcome.Returned.class, outcome).outputJson();
    }

    @Test
    void a_module_may_have_no_function_of_its_own() throws Exception {
        Wasm other = new Wasm();
        int imported =
                other.importFunction("wasi_snapshot_preview1", "sched_yield", other.type(new int[0], new int[] {I32}));

        assertEquals("0", returned(other.export("rest", imported).build(), "rest"));
    }

    /// @param computes a function without parameters that leaves 7
    void seven(Object... computes) throws ProgramRejected {
        int function = wasm.function(RETURN_TYPE, computes);
        Outcome.Failed failed = assertInstanceOf(Outcome.Failed.class, run(0x10, leb(function)));
        assertEquals("run returned 7 and set no error", failed.message());
    }

    /// A branch takes along what its target asks for and nothing else, whatever is left below.
    @ParameterizedTest
    @FieldSource("BRANCHES")
    void a_branch_out_of_a_function_that_ends_with_a_block_keeps_what_the_function_returns(byte[] computes)
            throws Exception {
        seven((Object) computes);
    }

    static final List<byte[]> BRANCHES = List.of(
            bytes(0x41, 5, 0x02, 0x40, 0x41, 7, 0x0c, 1, 0x0b), // a block with br 1
            bytes(0x41, 5, 0x03, 0x40, 0x41, 7, 0x0c, 1, 0x0b), // a loop
            bytes(0x41, 5, 0x41, 1, 0x04, 0x40, 0x41, 7, 0x0c, 1, 0x0b), // an if
            bytes(0x41, 5, 0x02, 0x40, 0x41, 7, 0x41, 1, 0x0d, 1, 0x1a, 0x0b), // br_if 1
            bytes(0x41, 5, 0x02, 0x40, 0x41, 7, 0x41, 1, 0x0d, 1, 0x1a, 0x0b, 0x02, 0x40, 0x0b), // before the last
            bytes(0x41, 5, 0x41, 6, 0x41, 7, 0x41, 0, 0x0e, 1, 0, 0, 0x02, 0x40, 0x0b), // br_table
            // two ways out, from different heights
            bytes(
                    bytes(0x41, 5, 0x41, 7, 0x41, 0, 0x0d, 0, 0x41, 8, 0x41, 7, 0x41, 1, 0x0d, 0),
                    bytes(0x1a, 0x1a, 0x1a, 0x02, 0x40, 0x0b)));

    @ParameterizedTest
    @ValueSource(ints = {63, 65, 0x74, 128, 4_000})
    void a_block_may_name_a_type_by_a_large_number(int number) throws Exception {
        for (int i = 1; i <= number; i++) {
            wasm.type(new int[0], new int[] {I32});
        }
        seven(0x02, sleb(number), 0x41, 5, 0x41, 7, 0x0c, 0, 0x0b);
    }
}
