package nexus.aiagents.sandbox.internal.wasm;

import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import nexus.aiagents.sandbox.PreparedProgram;
import nexus.aiagents.sandbox.Program.WasmModule;
import nexus.aiagents.sandbox.ProgramRejected;
import nexus.aiagents.sandbox.internal.metering.FuelInjector;
import nexus.aiagents.sandbox.internal.metering.Watchdog;
import org.jspecify.annotations.Nullable;
import run.endive.compiler.InterpreterFallback;
import run.endive.compiler.MachineFactoryCompiler;
import run.endive.runtime.Instance;
import run.endive.runtime.Machine;
import run.endive.wasm.Parser;
import run.endive.wasm.WasmEngineException;

/// Compiles WebAssembly modules, one at a time. Thread-safe.
public final class WasmRuntime {
    private static final Duration COMPILE_TIME = Duration.ofSeconds(60);
    private static final long COMPILE_STACK = 32L << 20;

    /// Part of the name of compiled code: another version of any of these makes other code.
    private static final String VERSIONS = "-endive1.0.0-fuel" + FuelInjector.VERSION;

    private final Path cacheFolder;
    private final Watchdog watchdog;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, WeakReference<Compiled>> known = new HashMap<>();

    /// A module with the code that runs it.
    record Compiled(
            ModuleScan.Scanned scanned, run.endive.wasm.WasmModule module, Function<Instance, Machine> machines) {}

    public WasmRuntime(Path cacheFolder, Watchdog watchdog) {
        this.cacheFolder = cacheFolder;
        this.watchdog = watchdog;
        CompiledCode.deleteUnused(cacheFolder);
    }

    public PreparedProgram prepare(WasmModule program) throws ProgramRejected {
        ModuleScan.Scanned scanned = ModuleScan.scan(program.bytes());
        WasmProgram.Shape shape = WasmProgram.Shape.of(scanned);
        HostSurface.check(scanned);
        return new WasmProgram(program.name(), watchdog, compiled(scanned), shape);
    }

    private Compiled compiled(ModuleScan.Scanned scanned) throws ProgramRejected {
        String hash = HexFormat.of().formatHex(CompiledCode.sha256(scanned.bytes()));
        lock.lock();
        try {
            WeakReference<Compiled> earlier = known.get(hash);
            Compiled compiled = earlier == null ? null : earlier.get();
            if (compiled == null) {
                compiled = compileBounded(scanned, hash);
                known.values().removeIf(reference -> reference.get() == null);
                known.put(hash, new WeakReference<>(compiled));
            }
            return compiled;
        } finally {
            lock.unlock();
        }
    }

    /// On a thread of its own: nothing can stop a compiler from outside, but one can stop waiting for it.
    private Compiled compileBounded(ModuleScan.Scanned scanned, String hash) throws ProgramRejected {
        CompiledCode code = new CompiledCode(cacheFolder.resolve(hash + VERSIONS + CompiledCode.SUFFIX));
        FutureTask<Compiled> task = new FutureTask<>(() -> compile(scanned, code));
        Thread thread = new Thread(null, task, "wasm compiler", COMPILE_STACK, false);
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(COMPILE_TIME.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new ProgramRejected(
                    "too-complex", "the module takes longer than " + COMPILE_TIME.toSeconds() + " seconds to compile");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProgramRejected("interrupted", "preparing the program was interrupted");
        } catch (ExecutionException e) {
            throw rejection(e.getCause());
        }
    }

    private static ProgramRejected rejection(@Nullable Throwable cause) {
        String message = cause == null ? "unknown" : String.valueOf(cause.getMessage());
        return switch (cause) {
            case WasmEngineException _
            when message.contains("size limits") || message.contains("too large") ->
                new ProgramRejected(
                        "too-large",
                        "a function of the module is too large to compile for the JVM; build it for small size (-Os)"
                                + " or split it");
            case WasmEngineException _ -> new ProgramRejected("invalid", "not a valid WebAssembly module: " + message);
            case OutOfMemoryError _, StackOverflowError _ ->
                new ProgramRejected("too-complex", "the module can not be compiled within the memory there is");
            case null, default ->
                new ProgramRejected(
                        "invalid",
                        "the module can not be compiled: "
                                + (cause == null ? "" : cause.getClass().getSimpleName() + ": ") + message);
        };
    }

    private static Compiled compile(ModuleScan.Scanned scanned, CompiledCode code) {
        run.endive.wasm.WasmModule module = Parser.parse(scanned.bytes());
        if (code.isThere()) {
            try {
                return new Compiled(scanned, module, machines(module, code));
            } catch (RuntimeException | LinkageError e) {
                code.discard();
            }
        }
        // The first pass only fills the cache, with fuel put in on the way; the code that runs is loaded
        // from there.
        machines(module, code);
        return new Compiled(scanned, module, machines(module, code));
    }

    private static Function<Instance, Machine> machines(run.endive.wasm.WasmModule module, CompiledCode code) {
        return MachineFactoryCompiler.builder(module)
                .withInterpreterFallback(InterpreterFallback.FAIL)
                .withCache(code)
                .compile();
    }
}
