package nexus.aiagents.sandbox.internal.wasm;

import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import nexus.aiagents.sandbox.PreparedProgram;
import nexus.aiagents.sandbox.Program.WasmModule;
import nexus.aiagents.sandbox.ProgramRejected;
import nexus.aiagents.sandbox.internal.metering.FuelInjector;
import nexus.aiagents.sandbox.internal.metering.Watchdog;
import run.endive.compiler.InterpreterFallback;
import run.endive.compiler.MachineFactoryCompiler;
import run.endive.runtime.Instance;
import run.endive.runtime.Machine;
import run.endive.wasm.Parser;

/// Prepares WebAssembly modules, one at a time. Thread-safe.
public final class WasmRuntime {

    /// Part of the name of compiled code: another version of any of these makes other code.
    private static final String VERSIONS = "-endive1.0.0-fuel" + FuelInjector.VERSION;

    private final Path cacheFolder;
    private final Watchdog watchdog;
    private final ModuleCompiler compiler;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, WeakReference<Compiled>> known = new HashMap<>();

    /// A module with the code that runs it.
    record Compiled(
            ModuleScan.Scanned scanned, run.endive.wasm.WasmModule module, Function<Instance, Machine> machines) {}

    /// A module that passed the scan, with its code, to be loaded elsewhere.
    ///
    /// @param jar as {@link ModuleCompiler} made it
    public record Coded(byte[] module, byte[] jar) {}

    public WasmRuntime(Path cacheFolder, Watchdog watchdog, ModuleCompiler compiler) {
        this.cacheFolder = cacheFolder;
        this.watchdog = watchdog;
        this.compiler = compiler;
        CompiledCode.deleteUnused(cacheFolder);
    }

    public PreparedProgram prepare(WasmModule program) throws ProgramRejected {
        ModuleScan.Scanned scanned = checked(program.bytes());
        return new WasmProgram(program.name(), watchdog, compiled(scanned), WasmProgram.Shape.of(scanned));
    }

    /// The same without loading it into this JVM.
    public Coded code(WasmModule program) throws ProgramRejected {
        ModuleScan.Scanned scanned = checked(program.bytes());
        lock.lock();
        try {
            return new Coded(scanned.bytes(), jar(fileOf(scanned), scanned));
        } finally {
            lock.unlock();
        }
    }

    /// Loads what {@link #code} made.
    public static PreparedProgram load(String name, Coded coded, Watchdog watchdog) throws ProgramRejected {
        ModuleScan.Scanned scanned = checked(coded.module());
        CompiledCode code = CompiledCode.inMemory();
        code.keep(coded.jar());
        Compiled compiled = ModuleCompiler.bounded(() -> loaded(scanned, code));
        return new WasmProgram(name, watchdog, compiled, WasmProgram.Shape.of(scanned));
    }

    private static ModuleScan.Scanned checked(byte[] bytes) throws ProgramRejected {
        ModuleScan.Scanned scanned = ModuleScan.scan(bytes);
        WasmProgram.Shape.of(scanned);
        HostSurface.check(scanned);
        return scanned;
    }

    private CompiledCode fileOf(ModuleScan.Scanned scanned) {
        String hash = HexFormat.of().formatHex(CompiledCode.sha256(scanned.bytes()));
        return new CompiledCode(cacheFolder.resolve(hash + VERSIONS + CompiledCode.SUFFIX));
    }

    private byte[] jar(CompiledCode code, ModuleScan.Scanned scanned) throws ProgramRejected {
        byte[] kept = code.get("");
        if (kept != null) {
            return kept;
        }
        byte[] made = compiler.compile(scanned.bytes());
        code.keep(made);
        return made;
    }

    private Compiled compiled(ModuleScan.Scanned scanned) throws ProgramRejected {
        String hash = HexFormat.of().formatHex(CompiledCode.sha256(scanned.bytes()));
        lock.lock();
        try {
            WeakReference<Compiled> earlier = known.get(hash);
            Compiled compiled = earlier == null ? null : earlier.get();
            if (compiled == null) {
                compiled = compile(scanned);
                known.values().removeIf(reference -> reference.get() == null);
                known.put(hash, new WeakReference<>(compiled));
            }
            return compiled;
        } finally {
            lock.unlock();
        }
    }

    private Compiled compile(ModuleScan.Scanned scanned) throws ProgramRejected {
        CompiledCode code = fileOf(scanned);
        if (code.isThere()) {
            try {
                return ModuleCompiler.bounded(() -> loaded(scanned, code));
            } catch (ProgramRejected e) {
                if (e.code().equals("interrupted")) {
                    throw e;
                }
                code.discard();
            }
        }
        jar(code, scanned);
        return ModuleCompiler.bounded(() -> loaded(scanned, code));
    }

    /// @param code is there: nothing is compiled here
    private static Compiled loaded(ModuleScan.Scanned scanned, CompiledCode code) {
        run.endive.wasm.WasmModule module = Parser.parse(scanned.bytes());
        return new Compiled(scanned, module, machines(module, code));
    }

    static Function<Instance, Machine> machines(run.endive.wasm.WasmModule module, CompiledCode code) {
        return MachineFactoryCompiler.builder(module)
                .withInterpreterFallback(InterpreterFallback.FAIL)
                .withCache(code)
                .compile();
    }
}
