package nexus.aiagents.engine.supervise;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.supervise.SupervisorState.Verb;

/// The supervisors of a project, alive: one event loop on a virtual thread decides, journals, then acts.
/// Every transition is durable before its effects start. Thread-safe. It can be started again after it stopped.
public final class SupervisionTree implements AutoCloseable {

    /// What closing waits for children that may take as long as they like, before all are killed.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TreeLoop loop;

    public SupervisionTree(Project project, AgentLauncher launcher, Journal journal, Clock clock) {
        this(project, launcher, journal, clock, System::nanoTime);
    }

    /// @param nanos a monotonic clock for restart windows, back-off and shutdown times
    SupervisionTree(Project project, AgentLauncher launcher, Journal journal, Clock clock, LongSupplier nanos) {
        this.loop = new TreeLoop(project, launcher, journal, clock, nanos);
        loop.begin();
    }

    /// Starts every supervisor that is down, children in order. Completes when all are up, or when it is clear
    /// that one did not come up; what that one had started is down again then.
    public CompletionStage<CommandResult> start() {
        return loop.ask(TreeLoop.Message.StartTree::new);
    }

    /// Stops all, children in reverse order. Completes when all are down.
    public CompletionStage<CommandResult> stop() {
        return loop.ask(TreeLoop.Message.StopTree::new);
    }

    /// Starts an agent that is down, backing off or stopped by a person. Completes when it is up.
    public CompletionStage<CommandResult> startAgent(String agent) {
        return loop.ask(answer -> new TreeLoop.Message.Verbs(Verb.START, agent, answer));
    }

    /// Stops it and keeps it down until a person starts it. Completes when it is down.
    public CompletionStage<CommandResult> stopAgent(String agent) {
        return loop.ask(answer -> new TreeLoop.Message.Verbs(Verb.STOP, agent, answer));
    }

    /// Stops it if it is up, then starts it; does not count as a restart of its supervisor.
    public CompletionStage<CommandResult> restartAgent(String agent) {
        return loop.ask(answer -> new TreeLoop.Message.Verbs(Verb.RESTART, agent, answer));
    }

    /// Whether an agent is a child of a supervisor of this project, up or not.
    public boolean isSupervised(String agent) {
        return loop.supervisorOf(agent) != null;
    }

    /// Whether a supervisor that no other supervises is starting or up.
    public boolean isUp() {
        return loop.isUp();
    }

    /// Stops all and ends the loop. Children that still have not ended after half a minute are killed.
    @Override
    public void close() {
        boolean interrupted = false;
        try {
            CompletableFuture<CommandResult> stopped = stop().toCompletableFuture();
            try {
                stopped.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException _) {
                loop.killAll();
                stopped.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException _) {
            interrupted = true;
            loop.killAll();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the agents could not be stopped", e);
        } finally {
            loop.end();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
