package nexus.aiagents.sandbox.internal.wasm;

import java.util.List;
import java.util.function.Supplier;
import nexus.aiagents.sandbox.internal.wasi.GuestMemory;
import nexus.aiagents.sandbox.internal.wasi.HostFunctions;
import run.endive.runtime.HostFunction;

/// Our host calls for modules that are no Extism plug-ins: everything is a range of linear memory.
final class NexusAbi {
    private NexusAbi() {}

    static List<HostFunction> functions(Supplier<WasmSession> session) {
        return new HostFunctions("nexus")
                .add("call", "iiii", 'i', (in, a) -> {
                    GuestMemory memory = new GuestMemory(in.memory());
                    return session.get()
                            .call(memory.readText((int) a[0], (int) a[1]), memory.readText((int) a[2], (int) a[3]));
                })
                .addSilent(
                        "answer",
                        "i",
                        (in, a) -> new GuestMemory(in.memory())
                                .write((int) a[0], session.get().latestAnswer()))
                .list();
    }
}
