package nexus.aiagents.sandbox;

import static nexus.aiagents.sandbox.Wasm.bytes;
import static nexus.aiagents.sandbox.Wasm.sleb;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The bits of a NaN that a program computes are the same in every run and on every machine; those that
/// it only moves are not touched.
class NansTest {
    private static final long NAN = 0x7ff8000000000000L;
    private static final int NAN_32 = 0x7fc00000;
    private static final long ONE = 0xfff8000000000001L;
    private static final long OTHER = 0x7ff8000000000002L;
    private static final int ONE_32 = 0xffc00001;
    private static final int OTHER_32 = 0x7fc00002;

    private static final int REINTERPRET_32 = 0xbc;
    private static final int REINTERPRET_64 = 0xbd;

    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private int checks;

    @TempDir
    Path cache;

    private static byte[] f64(long bits) {
        return bytes(
                0x44,
                ByteBuffer.allocate(8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(bits)
                        .array());
    }

    private static byte[] f32(int bits) {
        return bytes(
                0x43,
                ByteBuffer.allocate(4)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(bits)
                        .array());
    }

    /// Ends the run with the number of this check, if the double has other bits.
    private void is64(long bits, Object... computes) {
        body.writeBytes(bytes(bytes(computes), REINTERPRET_64, 0x42, sleb(bits), 0x52));
        orElse();
    }

    private void is32(int bits, Object... computes) {
        body.writeBytes(bytes(bytes(computes), REINTERPRET_32, 0x41, sleb(bits), 0x47));
        orElse();
    }

    private void orElse() {
        body.writeBytes(bytes(0x04, 0x40, 0x41, sleb(++checks), 0x0f, 0x0b));
    }

    @Test
    void what_computes_a_nan_makes_the_same_one_and_what_moves_one_leaves_it() throws Exception {
        long zero = 0;
        long infinite = Double.doubleToRawLongBits(Double.POSITIVE_INFINITY);
        is64(NAN, f64(zero), f64(zero), 0xa3);
        is64(NAN, f64(infinite), f64(infinite), 0xa1);
        is64(NAN, f64(Double.doubleToRawLongBits(-1)), 0x9f);
        for (int two = 0xa0; two <= 0xa5; two++) { // add, sub, mul, div, min, max
            is64(NAN, f64(ONE), f64(OTHER), two);
            is64(NAN, f64(OTHER), f64(ONE), two);
        }
        for (int one = 0x9b; one <= 0x9f; one++) { // ceil, floor, trunc, nearest, sqrt
            is64(NAN, f64(ONE), one);
        }
        for (int two = 0x92; two <= 0x97; two++) {
            is32(NAN_32, f32(ONE_32), f32(OTHER_32), two);
            is32(NAN_32, f32(OTHER_32), f32(ONE_32), two);
        }
        for (int one = 0x8d; one <= 0x91; one++) {
            is32(NAN_32, f32(ONE_32), one);
        }
        is32(NAN_32, f64(ONE), 0xb6);
        is64(NAN, f32(ONE_32), 0xbb);
        // const; neg, abs and copysign change the sign alone
        is64(ONE, bytes(f64(ONE)));
        is32(ONE_32, bytes(f32(ONE_32)));
        is64(ONE ^ Long.MIN_VALUE, f64(ONE), 0x9a);
        is64(ONE & Long.MAX_VALUE, f64(ONE), 0x99);
        is64(ONE & Long.MAX_VALUE, f64(ONE), f64(OTHER), 0xa6);
        // what another computation takes at once
        byte[] sum = bytes(f64(ONE), f64(OTHER), 0xa0);
        is64(NAN, sum, f64(1), 0xa2);
        is64(NAN, f64(1), sum, 0xa3);
        is64(NAN, sum, sum, 0xa1, 0x9f);
        is64(NAN, f64(1), sum, 0xa4);
        is64(NAN ^ Long.MIN_VALUE, sum, 0x9a);
        is64(NAN, sum, 0x9a, f64(1), 0xa0);
        is64(1 | Long.MIN_VALUE, f64(1), sum, 0x9a, 0xa6);
        is64(1, f64(1), sum, 0xa6);
        is32(NAN_32, f32(ONE_32), f32(OTHER_32), 0x92, 0xbb, 0xb6);
        is32(NAN_32, sum, 0xb6, f32(1), 0x94);
        // to memory and back
        body.writeBytes(bytes(0x41, 0, f64(ONE), 0x39, 3, 0));
        is64(ONE, 0x41, 0, 0x2b, 3, 0);
        body.writeBytes(bytes(0x41, sleb(checks + 1)));

        Wasm wasm = new Wasm();
        int type = wasm.type(new int[0], new int[] {Wasm.I32});
        byte[] module = wasm.memory(1)
                .export("run", wasm.function(type, (Object) body.toByteArray()))
                .build();
        try (Sandbox sandbox = Sandbox.open(cache)) {
            Outcome outcome =
                    FakeHost.await(sandbox.prepare(new Program.WasmModule("nans.wasm", module), Isolation.THREAD)
                            .start(new Invocation("{}", Limits.DEFAULT, new FakeHost())));
            Outcome.Failed failed = assertInstanceOf(Outcome.Failed.class, outcome);
            assertEquals("run returned " + (checks + 1) + " and set no error", failed.message(), "which check failed");
        }
    }
}
