package nexus.aiagents.sandbox.internal.wasm;

import nexus.aiagents.sandbox.Invocation;
import nexus.aiagents.sandbox.PreparedProgram;
import nexus.aiagents.sandbox.Run;
import nexus.aiagents.sandbox.internal.metering.Execution;
import nexus.aiagents.sandbox.internal.metering.Watchdog;

/// A compiled WebAssembly program.
record WasmProgram(String name, Watchdog watchdog, WasmRuntime.Compiled compiled, Entry entry)
        implements PreparedProgram {

    @Override
    public Run start(Invocation invocation) {
        return Execution.start(
                name,
                invocation,
                watchdog,
                execution -> new WasmSession(execution, invocation, name).run(compiled, entry));
    }
}
