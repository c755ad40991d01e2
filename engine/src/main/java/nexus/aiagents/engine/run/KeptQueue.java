package nexus.aiagents.engine.run;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.pool.QueueEvent;
import nexus.aiagents.engine.supervise.AgentLauncher;
import org.jspecify.annotations.Nullable;

/// A queue from when a supervisor opens it until it is closed again. Thread-safe; its end is told on a
/// thread of its own, because what follows from it may take its time.
final class KeptQueue implements AgentLauncher.LiveAgent {
    private final QueueWorker worker;
    private final long incarnation;
    private final Consumer<AgentLauncher.Exit> onExit;
    private final AtomicBoolean over = new AtomicBoolean();
    private @Nullable ExitReason asked;
    private boolean workerGone;

    KeptQueue(QueueWorker worker, long incarnation, Consumer<AgentLauncher.Exit> onExit) {
        this.worker = worker;
        this.incarnation = incarnation;
        this.onExit = onExit;
    }

    @Override
    public long incarnation() {
        return incarnation;
    }

    /// Its workers take up nothing more; it has ended when the last of them has finished.
    @Override
    public void shutdown() {
        if (ask(ExitReason.SHUTDOWN)) {
            worker.post(new QueueEvent.Close());
        }
    }

    /// Jobs at work are cut short, and are worked on when it is opened again.
    @Override
    public void kill(ExitReason reason) {
        if (ask(reason)) {
            worker.post(new QueueEvent.Kill());
        }
    }

    /// @return whether there is still somebody to do it
    private synchronized boolean ask(ExitReason reason) {
        if (asked == null) {
            asked = reason;
        }
        if (workerGone) {
            end(asked);
        }
        return !over.get();
    }

    /// It can not do its work, and is closed. What is under way may come to its end first.
    void failed(ExitReason reason) {
        ask(reason);
    }

    /// Nothing is at work in it, or nothing that counts, and nothing is taken up. Means its end if it
    /// is to end.
    synchronized void rests() {
        if (asked != null) {
            end(asked);
        }
    }

    /// @param closing the project is being closed: then the supervisor stops it too, and asks
    synchronized void workerGone(boolean closing) {
        workerGone = true;
        if (asked != null) {
            end(asked);
        } else if (!closing) {
            end(ExitReason.error("queue-failed", "its state could not be stored, so it can not go on"));
        }
    }

    boolean isOver() {
        return over.get();
    }

    private void end(ExitReason reason) {
        if (over.compareAndSet(false, true)) {
            Thread.startVirtualThread(() -> onExit.accept(AgentLauncher.Exit.of(reason)));
        }
    }
}
