package nexus.aiagents.sandbox;

import static nexus.aiagents.sandbox.Wasm.bytes;
import static nexus.aiagents.sandbox.Wasm.sleb;

import java.nio.charset.StandardCharsets;

/// Commands of WASI for tests.
final class CommandModule {
    private CommandModule() {}

    /// Writes this to stdout.
    static byte[] printing(String text) {
        int length = text.getBytes(StandardCharsets.UTF_8).length;
        Wasm wasm = new Wasm()
                .memory(1)
                .data(0, "\u0010\u0000\u0000\u0000" + (char) length + "\u0000\u0000\u0000")
                .data(16, text);
        int[] four = {Wasm.I32, Wasm.I32, Wasm.I32, Wasm.I32};
        int write = wasm.importFunction("wasi_snapshot_preview1", "fd_write", wasm.type(four, new int[] {Wasm.I32}));
        int start = wasm.type(new int[0], new int[0]);
        byte[] body = bytes(0x41, 1, 0x41, 0, 0x41, 1, 0x41, sleb(1_000), 0x10, write, 0x1a);
        return wasm.export("_start", wasm.function(start, (Object) body)).build();
    }
}
