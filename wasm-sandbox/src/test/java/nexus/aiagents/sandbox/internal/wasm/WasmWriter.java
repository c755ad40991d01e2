package nexus.aiagents.sandbox.internal.wasm;

import java.io.ByteArrayOutputStream;

/// Bytes and numbers as WebAssembly writes them.
final class WasmWriter extends ByteArrayOutputStream {
    void bytes(int... all) {
        for (int each : all) {
            write(each);
        }
    }

    void numbers(int[] all) {
        number(all.length);
        for (int each : all) {
            number(each);
        }
    }

    /// @param value not below zero
    void number(int value) {
        int left = value;
        while (left > 0x7f) {
            write(left & 0x7f | 0x80);
            left >>>= 7;
        }
        write(left);
    }

    void signed(int value) {
        int left = value;
        while (left < -64 || left > 63) {
            write(left & 0x7f | 0x80);
            left >>= 7;
        }
        write(left & 0x7f);
    }
}
