package nexus.aiagents.sandbox.internal.wasm;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import nexus.aiagents.sandbox.Invocation;
import nexus.aiagents.sandbox.PreparedProgram;
import nexus.aiagents.sandbox.ProgramRejected;
import nexus.aiagents.sandbox.Run;
import nexus.aiagents.sandbox.internal.metering.Execution;
import nexus.aiagents.sandbox.internal.metering.Watchdog;
import nexus.aiagents.sandbox.internal.wasm.ModuleScan.Signature;

/// A compiled WebAssembly program.
record WasmProgram(String name, Watchdog watchdog, WasmRuntime.Compiled compiled, Shape shape)
        implements PreparedProgram {
    static final String RUN = "run";
    static final String START = "_start";

    /// How a program is called.
    enum Shape {
        /// An Extism plug-in.
        PLUGIN,
        /// A WASI preview 1 command.
        COMMAND;

        static Shape of(ModuleScan.Scanned scanned) throws ProgramRejected {
            Map<String, Signature> exports = scanned.exports();
            Signature run = exports.get(RUN);
            if (run != null) {
                check(RUN, run, run.results().isEmpty() || run.results().equals("i"));
                return PLUGIN;
            }
            Signature start = exports.get(START);
            if (start != null) {
                check(START, start, start.results().isEmpty());
                return COMMAND;
            }
            throw new ProgramRejected(
                    "no-entry",
                    "the module exports neither the function run (an Extism plug-in) nor _start (a WASI command)");
        }

        private static void check(String name, Signature signature, boolean resultsFit) throws ProgramRejected {
            if (!resultsFit || !signature.parameters().isEmpty()) {
                throw new ProgramRejected(
                        "no-entry",
                        "the exported function " + name + " must take nothing and return nothing"
                                + (name.equals(RUN) ? " or one i32" : ""));
            }
        }

        /// What has to be called before the entry.
        List<String> initializers(ModuleScan.Scanned scanned) {
            return this == COMMAND
                    ? List.of()
                    : Stream.of("_initialize", "__wasm_call_ctors")
                            .filter(name -> new Signature("", "")
                                    .equals(scanned.exports().get(name)))
                            .limit(1)
                            .toList();
        }
    }

    @Override
    public Run start(Invocation invocation) {
        return Execution.start(
                name,
                invocation,
                watchdog,
                execution -> new WasmSession(execution, invocation, name).run(compiled, shape));
    }
}
