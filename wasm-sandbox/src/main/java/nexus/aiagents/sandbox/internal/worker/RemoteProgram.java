package nexus.aiagents.sandbox.internal.worker;

import nexus.aiagents.sandbox.Invocation;
import nexus.aiagents.sandbox.PreparedProgram;
import nexus.aiagents.sandbox.Program;
import nexus.aiagents.sandbox.Run;
import org.jspecify.annotations.Nullable;

/// A program that runs in workers. Each loads it before its first run of it. Thread-safe.
///
/// @param code of a WebAssembly module
record RemoteProgram(WorkerPool pool, long id, Program source, byte @Nullable [] code) implements PreparedProgram {
    @Override
    public String name() {
        return source.name();
    }

    @Override
    public void awaitReady() throws InterruptedException {
        pool.awaitReady(this);
    }

    @Override
    public Run start(Invocation invocation) {
        return pool.start(this, invocation);
    }
}
