package nexus.aiagents.sandbox;

import static nexus.aiagents.sandbox.Wasm.I32;
import static nexus.aiagents.sandbox.Wasm.I64;
import static nexus.aiagents.sandbox.Wasm.bytes;
import static nexus.aiagents.sandbox.Wasm.leb;
import static nexus.aiagents.sandbox.Wasm.repeat;
import static nexus.aiagents.sandbox.Wasm.sleb;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How deep calls can be is counted, so it is the same on every machine and in every run, and so is
/// what a bulk instruction costs.
class StackTest {
    private static final int[] NONE = {};

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
        assertInstanceOf(Outcome.Failed.class, run(Wasm.plugin(), Limits.DEFAULT));
    }

    Outcome run(byte[] module, Limits limits) throws ProgramRejected {
        return FakeHost.await(
                sandbox.prepare(new Program.WasmModule("test.wasm", module)).start(new Invocation("{}", limits, host)));
    }

    void assertSameDepthEachTime(byte[] module) throws Exception {
        Limits limits = Limits.DEFAULT.withStackBytes(1 << 20);
        long fuel = -1;
        for (int i = 0; i < 30; i++) { // from interpreted to optimised
            Outcome.Trapped trapped = assertInstanceOf(Outcome.Trapped.class, run(module, limits));
            assertEquals("call stack exhausted: it is deeper than 1048576 bytes", trapped.message());
            assertTrue(fuel == -1 || fuel == trapped.usage().fuel(), "counted " + trapped.usage() + " after " + fuel);
            fuel = trapped.usage().fuel();
        }
        assertTrue(fuel > 100, "it got to run: " + fuel);
    }

    @Test
    void a_recursion_without_end_stops_at_the_same_call_each_time() throws Exception {
        assertSameDepthEachTime(Wasm.plugin(0x10, 0));
    }

    @Test
    void a_recursion_with_arguments_and_results_too() throws Exception {
        Wasm wasm = new Wasm().memory(1);
        int deeper = wasm.type(new int[] {I64, I32}, new int[] {I64});
        int run = wasm.type(NONE, NONE);
        int function = wasm.functionWithLocals(
                deeper, 40, 0x20, 0, 0x42, 1, 0x7c, 0x20, 1, 0x41, 1, 0x6a, 0x10, 0, 0x20, 0, 0x7c);
        assertSameDepthEachTime(wasm.export("run", wasm.function(run, 0x42, 0, 0x41, 0, 0x10, function, 0x1a))
                .build());
    }

    @Test
    void a_recursion_through_a_table_too() throws Exception {
        Wasm wasm = new Wasm().table(2);
        int type = wasm.type(NONE, NONE);
        int function = wasm.function(type, 0x41, 0, 0x11, type, 0);
        byte[] module = wasm.section(9, bytes(1, 0, 0x41, 0, 0x0b, 1, leb(function)))
                .export("run", function)
                .build();
        assertSameDepthEachTime(module);
    }

    @Test
    void a_recursion_of_many_functions_through_host_functions_too() throws Exception {
        Wasm wasm = new Wasm().memory(1);
        int length = wasm.type(NONE, new int[] {I64});
        int run = wasm.type(NONE, NONE);
        int host = wasm.importFunction("extism:host/env", "input_length", length);
        wasm.function(run, 0x10, host, 0x1a, 0x10, 2);
        wasm.function(run, 0x10, host, 0x1a, 0x10, 3);
        wasm.function(run, 0x10, host, 0x1a, 0x10, 1);
        assertSameDepthEachTime(wasm.export("run", 1).build());
    }

    /// A call of it takes two frames of the real stack, or three.
    @Test
    void a_recursion_of_a_function_that_no_method_can_hold_too() throws Exception {
        byte[] module = LargeModule.endless(9_000, true);
        assertSameDepthEachTime(module);
        for (int stack : new int[] {Limits.LEAST_STACK, Limits.MOST_STACK}) {
            Outcome.Trapped trapped =
                    assertInstanceOf(Outcome.Trapped.class, run(module, Limits.DEFAULT.withStackBytes(stack)));
            assertEquals("call stack exhausted: it is deeper than " + stack + " bytes", trapped.message());
        }
    }

    @Test
    void a_recursion_in_a_start_function_too() throws Exception {
        Wasm wasm = new Wasm();
        int type = wasm.type(NONE, NONE);
        int function = wasm.function(type, 0x10, 0);
        assertSameDepthEachTime(
                wasm.start(function).export("run", wasm.function(type)).build());
    }

    @Test
    void functions_with_large_frames_count_more_and_never_reach_the_end_of_the_real_stack() throws Exception {
        Wasm wasm = new Wasm();
        int type = wasm.type(NONE, new int[] {I32});
        byte[] body = bytes(repeat(900, 0x20, 1), 0x10, 0, repeat(900, 0x6a));
        byte[] module = wasm.export("run", wasm.functionWithLocals(type, 2_000, (Object) body))
                .build();
        for (int stack : new int[] {Limits.LEAST_STACK, Limits.DEFAULT.stackBytes(), Limits.MOST_STACK}) {
            Outcome.Trapped trapped =
                    assertInstanceOf(Outcome.Trapped.class, run(module, Limits.DEFAULT.withStackBytes(stack)));
            assertEquals("call stack exhausted: it is deeper than " + stack + " bytes", trapped.message());
        }
    }

    @Test
    void returning_gives_back_what_a_call_took() throws Exception {
        Wasm wasm = new Wasm();
        int type = wasm.type(NONE, NONE);
        int inner = wasm.function(type, 0x10, 1);
        wasm.function(type);
        byte[] many = bytes(
                0x03, 0x40, 0x10, inner, 0x20, 0, 0x41, 1, 0x6a, 0x22, 0, 0x41, sleb(100_000), 0x48, 0x0d, 0, 0x0b);
        byte[] module =
                wasm.export("run", wasm.functionWithLocals(type, 1, many)).build();

        assertInstanceOf(Outcome.Failed.class, run(module, Limits.DEFAULT.withStackBytes(Limits.LEAST_STACK)));
    }

    static byte[] again(byte[] instructions) {
        return Wasm.plugin(0x41, sleb(100), 0x40, 0, 0x1a, new Object[] {0x03, 0x40, instructions, 0x0c, 0, 0x0b});
    }

    @Test
    void a_bulk_instruction_costs_what_it_moves() throws Exception {
        Object size = sleb(1 << 20);
        byte[][] instructions = {
            bytes(0x41, 0, 0x41, 7, 0x41, size, 0xfc, 11, 0), bytes(0x41, 0, 0x41, 16, 0x41, size, 0xfc, 10, 0, 0),
        };
        Limits limits = Limits.DEFAULT.withFuel(1 << 20);
        for (byte[] each : instructions) {
            Outcome.OutOfFuel outcome = assertInstanceOf(Outcome.OutOfFuel.class, run(again(each), limits));
            assertTrue(outcome.usage().millis() < 5_000, "64 times 1 MB: " + outcome);
        }
    }

    @Test
    void a_bulk_instruction_beyond_all_bounds_is_a_trap_and_costs_nothing() throws Exception {
        byte[] fill = Wasm.plugin(0x41, 0, 0x41, 7, 0x41, 0x7f, 0xfc, 11, 0);

        for (Limits limits : new Limits[] {Limits.DEFAULT.withFuel(1_000), Limits.DEFAULT}) {
            Outcome outcome = assertInstanceOf(Outcome.Trapped.class, run(fill, limits));
            assertEquals(0, outcome.usage().fuel());
        }
    }
}
