package nexus.aiagents.sandbox;

import java.nio.file.Path;
import nexus.aiagents.sandbox.internal.metering.Watchdog;
import nexus.aiagents.sandbox.internal.script.ScriptRuntime;
import nexus.aiagents.sandbox.internal.wasm.CodeKey;
import nexus.aiagents.sandbox.internal.wasm.ModuleInspector;
import nexus.aiagents.sandbox.internal.wasm.WasmRuntime;
import nexus.aiagents.sandbox.internal.worker.WorkerPool;

/// Checks, compiles and runs untrusted programs on Chicory (Endive). WebAssembly is compiled in a process
/// of its own: what breaks a compiler breaks nothing else. Thread-safe.
public final class Sandbox implements AutoCloseable {
    private final Watchdog watchdog;
    private final WorkerPool workers;
    private final WasmRuntime modules;
    private final ScriptRuntime scripts;

    private Sandbox(Path cacheFolder, Capacity capacity, WorkerOptions options, WorkerListener listener) {
        watchdog = new Watchdog(capacity);
        workers = new WorkerPool(options, listener);
        modules = new WasmRuntime(cacheFolder, watchdog, workers);
        scripts = new ScriptRuntime(watchdog);
    }

    /// @param cacheFolder where compiled code is kept between starts; made if it is missing
    public static Sandbox open(Path cacheFolder) {
        return open(cacheFolder, Capacity.ofThisProcess());
    }

    /// Keeps compiled code where the app keeps data of whoever runs this process: for programs outside of
    /// any project.
    public static Sandbox openForThisUser() {
        return open(CodeKey.folderOfThisUser().resolve("compiled-code"));
    }

    /// @param capacity of all runs in this JVM together
    public static Sandbox open(Path cacheFolder, Capacity capacity) {
        return open(cacheFolder, capacity, WorkerOptions.DEFAULT, WorkerListener.NONE);
    }

    /// @param capacity of all runs in this JVM together
    /// @param options of the workers, which programs run in that are isolated by process
    public static Sandbox open(Path cacheFolder, Capacity capacity, WorkerOptions options, WorkerListener listener) {
        return new Sandbox(cacheFolder, capacity, options, listener);
    }

    /// Prepares a program to run in this JVM.
    ///
    /// @throws ProgramRejected if it can not be run, with the place and the remedy
    public PreparedProgram prepare(Program program) throws ProgramRejected {
        return prepare(program, Isolation.THREAD);
    }

    /// What programs are run by, as a hash: where two sandboxes have the same, the same program does
    /// the same with the same answers and counts the same fuel; where not, fuel may differ.
    public static String fingerprint() {
        return ScriptRuntime.fingerprint();
    }

    /// Scans and compiles a program, bounded in time and memory. The same bytes are compiled once.
    ///
    /// @throws ProgramRejected if it can not be run, with the place and the remedy
    public PreparedProgram prepare(Program program, Isolation isolation) throws ProgramRejected {
        return switch (program) {
            case Program.Script script when isolation == Isolation.THREAD -> scripts.prepare(script);
            case Program.Script script -> {
                ScriptRuntime.checkSize(script);
                yield workers.prepare(script, null);
            }
            case Program.WasmModule module when isolation == Isolation.THREAD -> modules.prepare(module);
            case Program.WasmModule module -> workers.prepare(module, modules.code(module));
        };
    }

    /// Workers that start from now on follow these.
    public void configure(WorkerOptions options) {
        workers.configure(options);
    }

    /// Lets a program run in workers again that ended one after the other and was refused as `quarantined`.
    ///
    /// @param program the name that it was prepared by
    /// @return false if it was not refused
    public boolean pardon(String program) {
        return workers.pardon(program);
    }

    /// The same for a module that is entered by any function that it exports: an entry of a plug-in, or a
    /// function of numbers, which takes a JSON array of them and returns its result, `null` or an array.
    public PreparedProgram prepare(Program.WasmModule module, String function) throws ProgramRejected {
        return modules.prepare(module, function);
    }

    /// Looks into a module without compiling or running anything of it. Anything can be looked into.
    public static ModuleInfo inspect(Program.WasmModule module) {
        return ModuleInspector.inspect(module.bytes());
    }

    /// Cancels all runs under way; nothing can be started afterwards.
    @Override
    public void close() {
        watchdog.close();
        workers.close();
    }
}
