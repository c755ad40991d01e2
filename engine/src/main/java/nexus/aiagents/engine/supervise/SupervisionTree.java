package nexus.aiagents.engine.supervise;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.project.SupervisorSpec.ChildSpec;
import nexus.aiagents.engine.supervise.SupervisorState.Verb;
import org.jspecify.annotations.Nullable;

/// The supervisors of a project, alive: one event loop on a virtual thread decides, journals, then acts.
/// Every transition is durable before its effects start. Thread-safe. It can be started again after it
/// stopped.
public final class SupervisionTree implements AutoCloseable {

    /// What closing waits for children that may take as long as they like, before all are killed.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TreeLoop loop;

    public SupervisionTree(Project project, AgentLauncher launcher, Journal journal, Clock clock) {
        this(project, launcher, journal, clock, System::nanoTime, new SplittableRandom());
    }

    /// @param nanos  a monotonic clock for restart windows, back-off and shutdown times
    /// @param random for the jitter of back-off
    SupervisionTree(
            Project project,
            AgentLauncher launcher,
            Journal journal,
            Clock clock,
            LongSupplier nanos,
            RandomGenerator random) {
        this.loop = new TreeLoop(project, launcher, journal, clock, nanos, random);
        loop.begin();
    }

    /// Starts every supervisor that is down, children in order. Completes when all are up, or when it
    /// is clear that one did not come up; what that one had started is down again then.
    public CompletionStage<CommandResult> start() {
        return loop.ask(Message.StartTree::new);
    }

    /// Stops all, children in reverse order. Completes when all are down.
    public CompletionStage<CommandResult> stop() {
        return loop.ask(Message.StopTree::new);
    }

    /// Starts a child that is down, backing off or stopped by a person. Completes when it is up.
    ///
    /// @param supervisor null: whoever has that child
    public CompletionStage<CommandResult> startChild(@Nullable String supervisor, String child) {
        return verb(Verb.START, supervisor, child);
    }

    /// Stops it and keeps it down until a person starts it; an instance of a template is gone then.
    /// Completes when it is down.
    public CompletionStage<CommandResult> stopChild(@Nullable String supervisor, String child) {
        return verb(Verb.STOP, supervisor, child);
    }

    /// Stops it if it is up, then starts it; does not count as a restart of its supervisor.
    public CompletionStage<CommandResult> restartChild(@Nullable String supervisor, String child) {
        return verb(Verb.RESTART, supervisor, child);
    }

    /// Takes one that is down off the list.
    public CompletionStage<CommandResult> deleteChild(String supervisor, String child) {
        return verb(Verb.DELETE, supervisor, child);
    }

    private CompletionStage<CommandResult> verb(Verb verb, @Nullable String supervisor, String child) {
        return loop.ask(answer -> new Message.Verbs(verb, supervisor, child, answer));
    }

    /// Makes another instance of the supervisor's template. Completes when it is up; one that does not
    /// come up is no child.
    public CompletionStage<CommandResult> addInstance(String supervisor) {
        return loop.ask(answer -> new Message.Add(supervisor, null, null, answer));
    }

    /// Adds a child behind all others and starts it. Completes when it is up; one that does not come up
    /// is no child.
    ///
    /// @param project the project with that child
    public CompletionStage<CommandResult> addChild(String supervisor, ChildSpec child, Project project) {
        return loop.ask(answer -> new Message.Add(supervisor, child, project, answer));
    }

    /// Stops one of the supervisors at the top. Completes when all below it are down.
    public CompletionStage<CommandResult> stopRoot(String supervisor) {
        return loop.ask(answer -> new Message.StopRoot(supervisor, answer));
    }

    /// Goes by these supervisors from now on; what runs and is still there runs on. Refused with
    /// `running`, and nothing is changed, if a supervisor that is up would get another parent.
    ///
    /// @param startNew supervisors that are at the top now, and were not, are started if the team is up
    public CompletionStage<CommandResult> change(Project project, boolean startNew) {
        return change(project, startNew, Set.of());
    }

    /// @param held names of new children that stay down until a person starts them
    public CompletionStage<CommandResult> change(Project project, boolean startNew, Set<String> held) {
        return loop.ask(answer -> new Message.Change(project, startNew, held, answer));
    }

    /// A supervisor that is up and would get another parent: while there is one, {@link #change} is
    /// refused.
    public CompletionStage<Optional<String>> movedWhileUp(Project project) {
        return loop.movedWhileUp(project);
    }

    /// Whether an agent is a child of a supervisor of this project, up or not.
    public boolean isSupervised(String agent) {
        return loop.isSupervised(agent);
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
