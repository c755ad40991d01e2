package nexus.aiagents.sandbox;

import static nexus.aiagents.sandbox.Wasm.bytes;
import static nexus.aiagents.sandbox.Wasm.sleb;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A branch takes along what its target asks for and nothing else, whatever is left below.
class BranchesTest {
    private static final int BLOCK = 0x02;
    private static final int LOOP = 0x03;
    private static final int IF = 0x04;
    private static final int END = 0x0b;
    private static final int BR = 0x0c;
    private static final int BR_IF = 0x0d;
    private static final int BR_TABLE = 0x0e;
    private static final int DROP = 0x1a;
    private static final int CONST = 0x41;
    private static final int EMPTY = 0x40;

    @TempDir
    static Path cache;

    private static Sandbox sandbox;

    @BeforeAll
    static void open() {
        sandbox = Sandbox.open(cache);
    }

    @AfterAll
    static void close() {
        sandbox.close();
    }

    /// @param body leaves 7
    private void seven(Object... body) throws Exception {
        sevenWith(1, body);
    }

    /// @param types how many of them leave an i32 and take nothing
    private void sevenWith(int types, Object... body) throws Exception {
        Wasm wasm = new Wasm();
        int type = wasm.type(new int[0], new int[] {Wasm.I32});
        for (int i = 1; i < types; i++) {
            wasm.type(new int[0], new int[] {Wasm.I32});
        }
        int computes = wasm.function(type, body);
        byte[] module = wasm.memory(1)
                .export("run", wasm.function(type, 0x10, computes))
                .build();
        Outcome outcome =
                FakeHost.await(sandbox.prepare(new Program.WasmModule("branches.wasm", module), Isolation.THREAD)
                        .start(new Invocation("{}", Limits.DEFAULT, new FakeHost())));
        Outcome.Failed failed = assertInstanceOf(Outcome.Failed.class, outcome);
        assertEquals("run returned 7 and set no error", failed.message());
    }

    @Test
    void out_of_a_function_that_ends_with_a_block() throws Exception {
        byte[] nothing = bytes(BLOCK, EMPTY, END);
        seven(CONST, 5, BLOCK, EMPTY, CONST, 7, BR, 1, END);
        seven(CONST, 5, LOOP, EMPTY, CONST, 7, BR, 1, END);
        seven(CONST, 5, CONST, 1, IF, EMPTY, CONST, 7, BR, 1, END);
        seven(CONST, 5, BLOCK, EMPTY, CONST, 7, CONST, 1, BR_IF, 1, DROP, END);
        seven(CONST, 5, BLOCK, EMPTY, CONST, 7, CONST, 1, BR_IF, 1, DROP, END, nothing);
        seven(CONST, 5, CONST, 6, CONST, 7, CONST, 0, BR_TABLE, 1, 0, 0, nothing);
        // Two ways out, from different heights.
        seven(
                CONST, 5, CONST, 7, CONST, 0, BR_IF, 0, CONST, 8, CONST, 7, CONST, 1, BR_IF, 0, DROP, DROP, DROP,
                nothing);
    }

    @Test
    void of_a_block_whose_type_has_a_large_number() throws Exception {
        for (int type : new int[] {63, 65, 0x74, 128, 4_000}) {
            sevenWith(type + 1, BLOCK, sleb(type), CONST, 5, CONST, 7, BR, 0, END);
        }
    }
}
