package nexus.aiagents.sandbox.internal.wasm;

import java.nio.charset.StandardCharsets;
import java.util.List;
import nexus.aiagents.sandbox.internal.wasi.GuestMemory;
import nexus.aiagents.sandbox.internal.wasi.HostFunctions;
import run.endive.runtime.HostFunction;
import run.endive.runtime.TrapException;

/// Where a failed assertion of AssemblyScript ends, unless its build names another function: as a trap that
/// says what failed and where.
final class AbortAbi {
    private static final int MOST_BYTES = 2_000;

    private AbortAbi() {}

    static List<HostFunction> functions() {
        return new HostFunctions("env")
                .addSilent("abort", "iiii", (in, a) -> {
                    GuestMemory memory = new GuestMemory(in.memory());
                    throw new TrapException("abort: " + text(memory, (int) a[0]) + " at " + text(memory, (int) a[1])
                            + ":" + Integer.toUnsignedString((int) a[2]) + ":" + Integer.toUnsignedString((int) a[3]));
                })
                .list();
    }

    /// Its strings are UTF-16, with their length in bytes before them; null is address 0.
    private static String text(GuestMemory memory, int address) {
        if (address == 0) {
            return "?";
        }
        long length = Integer.toUnsignedLong(memory.readInt(address - 4));
        int shown = (int) Math.min(length, MOST_BYTES) & ~1;
        return new String(memory.read(address, shown), StandardCharsets.UTF_16LE);
    }
}
