package nexus.aiagents.sandbox;

import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import nexus.aiagents.sandbox.internal.metering.Watchdog;
import nexus.aiagents.sandbox.internal.script.ScriptRuntime;
import nexus.aiagents.sandbox.internal.wasm.ModuleCompiler;
import nexus.aiagents.sandbox.internal.wasm.WasmRuntime;
import org.jspecify.annotations.Nullable;

/// Checks, compiles and runs untrusted programs on Chicory (Endive). Thread-safe.
public final class Sandbox implements AutoCloseable {
    private final Watchdog watchdog;
    private final WasmRuntime modules;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable ScriptRuntime scripts;

    private Sandbox(Path cacheFolder, Capacity capacity) {
        watchdog = new Watchdog(capacity);
        modules = new WasmRuntime(cacheFolder, watchdog, ModuleCompiler::here);
    }

    /// @param cacheFolder where compiled code is kept between starts; made if it is missing
    public static Sandbox open(Path cacheFolder) {
        return open(cacheFolder, Capacity.ofThisProcess());
    }

    /// @param capacity of all runs together
    public static Sandbox open(Path cacheFolder, Capacity capacity) {
        return new Sandbox(cacheFolder, capacity);
    }

    /// What programs are run by, as a hash: where two sandboxes have the same, the same program does the same
    /// with the same answers and counts the same fuel; where not, fuel may differ.
    public static String fingerprint() {
        return ScriptRuntime.fingerprint();
    }

    /// Scans and compiles a program, bounded in time and memory. The same bytes are compiled once.
    ///
    /// @throws ProgramRejected if it can not be run, with the place and the remedy
    public PreparedProgram prepare(Program program) throws ProgramRejected {
        return switch (program) {
            case Program.Script script -> scripts().prepare(script);
            case Program.WasmModule module -> modules.prepare(module);
        };
    }

    /// Loaded when the first script comes: a project without one does not pay for it.
    private ScriptRuntime scripts() {
        lock.lock();
        try {
            if (scripts == null) {
                scripts = ScriptRuntime.load(watchdog);
            }
            return scripts;
        } finally {
            lock.unlock();
        }
    }

    /// Cancels all runs under way; nothing can be started afterwards.
    @Override
    public void close() {
        watchdog.close();
    }
}
