package nexus.aiagents.sandbox.internal.wasm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import nexus.aiagents.sandbox.ProgramRejected;
import nexus.aiagents.sandbox.internal.metering.Execution;
import nexus.aiagents.sandbox.internal.wasi.Wasi;
import run.endive.runtime.HostFunction;
import run.endive.runtime.ImportValues;
import run.endive.wasm.types.ValType;

/// Every function that a module can import.
final class HostSurface {
    /// Made once: a function finds its run by the thread that it is called on.
    private static final List<HostFunction> ALL = of(() -> Execution.guest(WasmSession.class));

    static final Map<String, String> SIGNATURES = signatures();

    private HostSurface() {}

    private static List<HostFunction> of(Supplier<WasmSession> session) {
        List<HostFunction> all =
                new ArrayList<>(Wasi.functions(() -> session.get().wasi()));
        all.addAll(PluginAbi.functions(session));
        all.addAll(NexusAbi.functions(session));
        all.addAll(AbortAbi.functions());
        return all;
    }

    private static Map<String, String> signatures() {
        Map<String, String> result = new HashMap<>();
        for (HostFunction function : ALL) {
            result.put(
                    function.module() + "." + function.name(),
                    letters(function.paramTypes()) + " -> " + letters(function.returnTypes()));
        }
        return Map.copyOf(result);
    }

    private static String letters(List<ValType> types) {
        StringBuilder letters = new StringBuilder();
        types.forEach(type -> letters.append(type.equals(ValType.I32) ? 'i' : 'I'));
        return letters.toString();
    }

    /// Finds out before a run what could not be linked.
    static void check(ModuleScan.Scanned scanned) throws ProgramRejected {
        for (ModuleScan.Import each : scanned.imports()) {
            String name = each.module() + "." + each.name();
            String offered = SIGNATURES.get(name);
            if (offered == null) {
                throw new ProgramRejected(
                        "unknown-import",
                        "the module imports " + BinaryReader.shown(name)
                                + ", which the sandbox does not offer; it offers the functions of"
                                + " extism:host/env, extism:host/user, nexus and wasi_snapshot_preview1");
            }
            String wanted =
                    each.signature().parameters() + " -> " + each.signature().results();
            if (!offered.equals(wanted)) {
                throw new ProgramRejected(
                        "unknown-import",
                        "the module imports " + name + " as (" + wanted + "), the sandbox offers it as (" + offered
                                + "), where i is i32 and I is i64");
            }
        }
    }

    /// What a module gets of it, for all of its instances.
    static ImportValues values(ModuleScan.Scanned scanned) {
        HostFunction[] needed = ALL.stream()
                .filter(f -> scanned.imports().stream()
                        .anyMatch(i -> i.module().equals(f.module()) && i.name().equals(f.name())))
                .toArray(HostFunction[]::new);
        return ImportValues.builder().addFunction(needed).build();
    }
}
