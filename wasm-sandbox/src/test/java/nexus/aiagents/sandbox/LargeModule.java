package nexus.aiagents.sandbox;

import static nexus.aiagents.sandbox.Wasm.bytes;
import static nexus.aiagents.sandbox.Wasm.sleb;

import java.io.ByteArrayOutputStream;

/// A module whose only function is as large as one may want it.
public final class LargeModule {
    private LargeModule() {}

    /// A loop of `turns` turns of `steps` steps each, with a choice after each `jumpAfter` of them; its
    /// result is its exit status.
    public static byte[] of(int steps, int turns, int jumpAfter) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(bytes(0x41, sleb(turns), 0x21, 1, 0x03, 0x40));
        for (int i = 0; i < steps; i++) {
            // (x ^ i * 77,777) rotated by 7, + i * 31 + 1
            body.writeBytes(
                    bytes(0x20, 0, 0x41, sleb(i * 77_777), 0x73, 0x41, 7, 0x77, 0x41, sleb(i * 31 + 1), 0x6a, 0x21, 0));
            if (i % jumpAfter == jumpAfter - 1) { // odd? times 3
                body.writeBytes(bytes(0x20, 0, 0x41, 1, 0x71, 0x04, 0x40, 0x20, 0, 0x41, 3, 0x6c, 0x21, 0, 0x0b));
            }
        }
        body.writeBytes(bytes(0x20, 1, 0x41, 1, 0x6b, 0x22, 1, 0x0d, 0, 0x0b, 0x20, 0));
        Wasm wasm = new Wasm();
        int type = wasm.type(new int[0], new int[] {Wasm.I32});
        return wasm.export("run", wasm.functionWithLocals(type, 2, body.toByteArray()))
                .build();
    }

    private static final int TABLES = 40;
    private static final int BLOCKS = 40;

    /// Little code with many jumps: blocks around a row of jump tables with `targets` places each. The last
    /// one jumps out of `depth` blocks, of 40.
    public static byte[] ofTables(int targets, int depth) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(Wasm.repeat(BLOCKS, 0x02, 0x40));
        for (int table = 1; table <= TABLES; table++) {
            int place = table == TABLES ? (targets - 1) / (BLOCKS + 1) * (BLOCKS + 1) - (BLOCKS + 1) + depth : 0;
            body.writeBytes(bytes(0x02, 0x40, 0x41, sleb(place), 0x0e, Wasm.leb(targets)));
            for (int i = 0; i <= targets; i++) {
                body.write(i % (BLOCKS + 1)); // 0 goes on with the next table
            }
            body.write(0x0b);
        }
        for (int block = 1; block <= BLOCKS; block++) { // x * 31 + block
            body.writeBytes(bytes(0x0b, 0x20, 0, 0x41, 31, 0x6c, 0x41, block, 0x6a, 0x21, 0));
        }
        body.writeBytes(bytes(0x20, 0));
        Wasm wasm = new Wasm();
        int type = wasm.type(new int[0], new int[] {Wasm.I32});
        return wasm.export("run", wasm.functionWithLocals(type, 1, body.toByteArray()))
                .build();
    }

    /// What it computes, by Java.
    public static String resultOfTables(int depth) {
        int x = 0;
        for (int block = depth; block <= BLOCKS; block++) {
            x = x * 31 + block;
        }
        return Integer.toString(x);
    }

    /// Calls itself without end, and before that each time one with a large frame that calls something only
    /// where nobody can get.
    public static byte[] neverCalling() {
        Wasm wasm = new Wasm();
        int type = wasm.type(new int[0], new int[0]);
        wasm.function(type, 0x10, 1, 0x10, 0);
        wasm.functionWithLocals(
                type, 1_000, 0x20, 0, 0x04, 0x40, 0x03, 0x40, 0x0c, 0, 0x0b, 0x10, 0, 0x0b, 0x20, 0, 0x1a);
        return wasm.export("run", 0).build();
    }

    /// Calls itself without end, or goes round without end, in the middle of `steps` steps that nobody
    /// takes.
    public static byte[] endless(int steps, boolean recursive) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] never = bytes(0x20, 0, 0x04, 0x40);
        ByteArrayOutputStream dead = new ByteArrayOutputStream();
        for (int i = 0; i < steps / 2; i++) {
            dead.writeBytes(bytes(0x20, 0, 0x41, sleb(i * 77_777), 0x73, 0x41, 7, 0x77, 0x21, 0));
        }
        body.writeBytes(bytes(0x03, 0x40, never, dead.toByteArray(), 0x0b));
        body.writeBytes(recursive ? bytes(0x10, 0) : bytes(0x01));
        body.writeBytes(bytes(never, dead.toByteArray(), 0x0b, 0x0c, 0, 0x0b));
        Wasm wasm = new Wasm();
        int type = wasm.type(new int[0], new int[0]);
        return wasm.export("run", wasm.functionWithLocals(type, 1, body.toByteArray()))
                .build();
    }

    /// What it computes, by Java.
    public static String result(int steps, int turns, int jumpAfter) {
        int x = 0;
        for (int turn = 0; turn < turns; turn++) {
            for (int i = 0; i < steps; i++) {
                x = Integer.rotateLeft(x ^ i * 77_777, 7) + i * 31 + 1;
                if (i % jumpAfter == jumpAfter - 1 && (x & 1) != 0) {
                    x *= 3;
                }
            }
        }
        return Integer.toString(x);
    }
}
