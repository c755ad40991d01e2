package nexus.aiagents.sandbox.internal.wasm;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import nexus.aiagents.sandbox.ProgramRejected;
import nexus.aiagents.sandbox.internal.jit.MethodSplitter;
import nexus.aiagents.sandbox.internal.metering.CompilerChanged;
import org.jspecify.annotations.Nullable;
import run.endive.wasm.WasmEngineException;

/// Makes the code of modules that passed the scan. What compiles a hostile module can break the JVM it
/// runs in, so it is a port: the app has its modules compiled in another process.
@FunctionalInterface
public interface ModuleCompiler {
    /// What one module may take to compile.
    Duration TIME = Duration.ofSeconds(60);

    /// @param module as {@link ModuleScan} lets it through
    /// @return the compiler's jar with fuel put in
    /// @throws ProgramRejected if it is not valid, or takes too much to compile
    byte[] compile(byte[] module) throws ProgramRejected;

    /// Compiles in this JVM, on a thread that nobody waits for longer than {@link #TIME}.
    static byte[] here(byte[] module) throws ProgramRejected {
        return bounded(() -> CompiledCode.of(LargeFunctions.of(module)));
    }

    /// On a thread of its own: nothing can stop a compiler from outside, but one can stop waiting for it.
    static <T> T bounded(Callable<T> work) throws ProgramRejected {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(null, task, "wasm compiler", 32L << 20, false);
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(TIME.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw tooSlow();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProgramRejected("interrupted", "preparing the program was interrupted");
        } catch (ExecutionException e) {
            throw rejection(e.getCause());
        }
    }

    static ProgramRejected tooSlow() {
        return new ProgramRejected(
                "too-complex", "the module takes longer than " + TIME.toSeconds() + " seconds to compile");
    }

    static ProgramRejected tooLarge() {
        return new ProgramRejected(
                "too-large",
                "a function of the module is too large to compile for the JVM; build it for small size (-Os)"
                        + " or split it");
    }

    private static ProgramRejected rejection(@Nullable Throwable cause) {
        String whole = cause == null ? "unknown" : String.valueOf(cause.getMessage());
        String message = whole.length() <= 500 ? whole : whole.substring(0, 500) + " …";
        return switch (cause) {
            case ProgramRejected rejected -> rejected;
            case MethodSplitter.Unsplittable _ -> tooLarge();
            case CompilerChanged _ ->
                new ProgramRejected("no-compiler", "no module can be compiled in this installation: " + message);
            case WasmEngineException _
            when message.contains("size limits") || message.contains("too large") -> tooLarge();
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
}
