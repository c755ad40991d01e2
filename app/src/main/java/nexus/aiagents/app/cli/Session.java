package nexus.aiagents.app.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.EngineClient;

/// An open project that is closed properly however the command ends, Ctrl-C included.
final class Session implements AutoCloseable {
    static final String BY = "naos";
    private static final Duration ANSWER = Duration.ofMinutes(2);
    private static final Duration MERCY = Duration.ofSeconds(20);

    private final EngineClient engine;
    private final Instant openedAt;
    /// Asked for now: whoever closes asks nothing any more.
    private final Duration shutdown;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread hook = new Thread(this::interrupted, "naos-interrupted");
    private volatile IntSupplier onInterrupt = () -> -1;

    /// @param openedAt when it was about to be opened
    Session(EngineClient engine, Instant openedAt) {
        this.engine = engine;
        this.openedAt = openedAt;
        this.shutdown = Duration.ofMillis(
                engine.isRemote() ? 0 : engine.view().lifecycle().shutdownMillis());
        Runtime.getRuntime().addShutdownHook(hook);
    }

    EngineClient engine() {
        return engine;
    }

    Instant openedAt() {
        return openedAt;
    }

    /// @param action runs at Ctrl-C, before the project is closed; what it returns is the exit code, below
    ///     zero: the usual one of an interrupted command
    void onInterrupt(IntSupplier action) {
        onInterrupt = action;
    }

    /// Waits for the answer.
    CommandResult submit(Command command) {
        try {
            return engine.submit(command, BY).toCompletableFuture().get(ANSWER.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException _) {
            throw new Failure(
                    Exit.FAILED,
                    "no-answer",
                    "no answer for " + ANSWER.toMinutes() + " minutes; naos status may know more");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new Failure(Exit.FAILED, "interrupted", "interrupted");
        }
    }

    /// @throws Failure if it is refused
    CommandResult require(Command command) {
        CommandResult result = submit(command);
        if (result instanceof CommandResult.Refused refused) {
            throw Failure.refused(refused);
        }
        return result;
    }

    private void interrupted() {
        Thread.ofPlatform().daemon().name("naos-too-late").start(this::endAnyhow);
        int code = onInterrupt.getAsInt();
        if (closed.compareAndSet(false, true)) {
            engine.close();
        }
        if (code >= 0) {
            System.out.flush();
            Runtime.getRuntime().halt(code);
        }
    }

    /// Closing is bounded by itself; this is for what nobody thought of.
    private void endAnyhow() {
        try {
            Thread.sleep(shutdown.plus(MERCY));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(Exit.FAILED);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            engine.close();
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException _) {
                return; // the process is ending; the hook finds nothing left to do
            }
        }
    }
}
