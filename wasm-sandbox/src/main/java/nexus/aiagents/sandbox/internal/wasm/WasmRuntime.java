package nexus.aiagents.sandbox.internal.wasm;

import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import nexus.aiagents.sandbox.PreparedProgram;
import nexus.aiagents.sandbox.Program.WasmModule;
import nexus.aiagents.sandbox.ProgramRejected;
import nexus.aiagents.sandbox.internal.metering.Watchdog;
import org.jspecify.annotations.Nullable;
import run.endive.compiler.InterpreterFallback;
import run.endive.compiler.MachineFactoryCompiler;
import run.endive.runtime.ImportValues;
import run.endive.runtime.Instance;
import run.endive.runtime.Machine;
import run.endive.wasm.Parser;

/// Prepares WebAssembly modules: several at once, but each only once. Thread-safe.
public final class WasmRuntime {
    private static final int MANY = 1_000;

    private final CodeCache cache;
    private final Watchdog watchdog;
    private final ModuleCompiler compiler;
    private final Map<String, Kept> known = new ConcurrentHashMap<>();

    /// One compiler at a time: each may need much memory.
    private final ReentrantLock compiling = new ReentrantLock();

    /// A module with the code that runs it.
    ///
    /// @param module without its start function
    record Compiled(
            ModuleScan.Scanned scanned,
            run.endive.wasm.WasmModule module,
            OptionalInt start,
            Function<Instance, Machine> machines,
            ImportValues imports) {}

    /// What is known of a module, and the lock of whoever finds it out.
    private static final class Kept {
        final ReentrantLock lock = new ReentrantLock();
        WeakReference<@Nullable Compiled> compiled = new WeakReference<>(null);
    }

    /// @param cacheFolder where compiled code is kept between starts
    public WasmRuntime(Path cacheFolder, Watchdog watchdog, ModuleCompiler compiler) {
        this(new CodeCache(cacheFolder, CodeKey.ofThisUser(), CodeCache.MOST_BYTES), watchdog, compiler);
    }

    WasmRuntime(CodeCache cache, Watchdog watchdog, ModuleCompiler compiler) {
        this.cache = cache;
        this.watchdog = watchdog;
        this.compiler = compiler;
    }

    public PreparedProgram prepare(WasmModule program) throws ProgramRejected {
        ModuleScan.Scanned scanned = checked(program.bytes());
        return new WasmProgram(program.name(), watchdog, compiled(scanned), Entry.of(scanned));
    }

    /// The same with any exported function as the entry.
    public PreparedProgram prepare(WasmModule program, String function) throws ProgramRejected {
        ModuleScan.Scanned scanned = ModuleScan.scan(program.bytes());
        Entry entry = Entry.named(scanned, function);
        HostSurface.check(scanned);
        return new WasmProgram(program.name(), watchdog, compiled(scanned), entry);
    }

    /// Only the code of a module, to be loaded elsewhere.
    public byte[] code(WasmModule program) throws ProgramRejected {
        ModuleScan.Scanned scanned = checked(program.bytes());
        byte[] hash = CodeCache.sha256(scanned.bytes());
        return alone(hash, _ -> {
            byte[] kept = cache.read(hash);
            return kept == null ? made(scanned, hash) : kept;
        });
    }

    /// Loads a module with its code.
    ///
    /// @param jar as {@link #code} gave it
    public static PreparedProgram load(WasmModule program, byte[] jar, Watchdog watchdog) throws ProgramRejected {
        ModuleScan.Scanned scanned = checked(program.bytes());
        return new WasmProgram(program.name(), watchdog, loaded(scanned, jar), Entry.of(scanned));
    }

    private static ModuleScan.Scanned checked(byte[] bytes) throws ProgramRejected {
        ModuleScan.Scanned scanned = ModuleScan.scan(bytes);
        var _ = Entry.of(scanned);
        HostSurface.check(scanned);
        return scanned;
    }

    private byte[] made(ModuleScan.Scanned scanned, byte[] hash) throws ProgramRejected {
        byte[] jar;
        compiling.lock();
        try {
            jar = compiler.compile(scanned.bytes());
        } finally {
            compiling.unlock();
        }
        cache.write(hash, jar);
        return jar;
    }

    @FunctionalInterface
    private interface Work<T> {
        T with(Kept kept) throws ProgramRejected;
    }

    private <T> T alone(byte[] hash, Work<T> work) throws ProgramRejected {
        if (known.size() > MANY) {
            known.values().removeIf(kept -> !kept.lock.isLocked() && kept.compiled.get() == null);
        }
        Kept kept = known.computeIfAbsent(HexFormat.of().formatHex(hash), _ -> new Kept());
        kept.lock.lock();
        try {
            return work.with(kept);
        } finally {
            kept.lock.unlock();
        }
    }

    private Compiled compiled(ModuleScan.Scanned scanned) throws ProgramRejected {
        byte[] hash = CodeCache.sha256(scanned.bytes());
        return alone(hash, kept -> {
            Compiled compiled = kept.compiled.get();
            if (compiled == null) {
                compiled = readOrMade(scanned, hash);
                kept.compiled = new WeakReference<>(compiled);
            }
            return compiled;
        });
    }

    private Compiled readOrMade(ModuleScan.Scanned scanned, byte[] hash) throws ProgramRejected {
        byte[] jar = cache.read(hash);
        if (jar != null) {
            try {
                return loaded(scanned, jar);
            } catch (ProgramRejected e) {
                if (e.code().equals("interrupted")) {
                    throw e;
                }
                cache.discard(hash);
            }
        }
        return loaded(scanned, made(scanned, hash));
    }

    /// Nothing is compiled here.
    private static Compiled loaded(ModuleScan.Scanned scanned, byte[] jar) throws ProgramRejected {
        return ModuleCompiler.bounded(() -> {
            CodeCheck.check(jar);
            run.endive.wasm.WasmModule whole = Parser.parse(CodeSection.skeleton(scanned.bytes()));
            Instantiation.requireExported(whole);
            run.endive.wasm.WasmModule module = Instantiation.withoutStart(whole);
            return new Compiled(
                    scanned.withoutBytes(),
                    module,
                    Instantiation.start(whole),
                    machines(module, CompiledCode.made(jar)),
                    HostSurface.values(scanned));
        });
    }

    static Function<Instance, Machine> machines(run.endive.wasm.WasmModule module, CompiledCode code) {
        return MachineFactoryCompiler.builder(module)
                .withInterpreterFallback(InterpreterFallback.FAIL)
                .withCache(code)
                .compile();
    }
}
