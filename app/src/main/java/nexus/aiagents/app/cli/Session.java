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

    private final EngineClient engine;
    private final Instant openedAt;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread hook = new Thread(this::interrupted, "naos-interrupted");
    private volatile IntSupplier onInterrupt = () -> -1;

    /// @param openedAt when it was about to be opened
    Session(EngineClient engine, Instant openedAt) {
        this.engine = engine;
        this.openedAt = openedAt;
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
        int code = onInterrupt.getAsInt();
        if (closed.compareAndSet(false, true)) {
            engine.close();
        }
        if (code >= 0) {
            System.out.flush();
            Runtime.getRuntime().halt(code);
        }
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
