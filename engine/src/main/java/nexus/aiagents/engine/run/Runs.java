package nexus.aiagents.engine.run;

import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.engine.project.Pinned;
import nexus.aiagents.engine.project.PoolSpec;
import nexus.aiagents.engine.project.SagaSpec;
import nexus.aiagents.engine.project.WorkflowSpec;
import nexus.aiagents.engine.supervise.AgentLauncher;
import org.jspecify.annotations.Nullable;

/// Starts runs and keeps them going across crashes of the process. Thread-safe.
public interface Runs extends AutoCloseable {

    /// Completes when the run is durable.
    CompletionStage<CommandResult> startAgent(AgentSpec agent, String inputJson);

    /// @param pinned what its steps may call besides agents
    CompletionStage<CommandResult> startSaga(SagaSpec saga, Pinned pinned, String inputJson);

    /// @param pinned what its steps may call besides agents
    CompletionStage<CommandResult> startWorkflow(WorkflowSpec workflow, Pinned pinned, String inputJson);

    /// Asks the pool; where it is a queue, brings it a job.
    CompletionStage<CommandResult> startPool(PoolSpec pool, String inputJson);

    CompletionStage<CommandResult> cancel(String runId);

    /// Nothing new is begun until it is resumed.
    CompletionStage<CommandResult> pause(String runId);

    CompletionStage<CommandResult> resume(String runId);

    CompletionStage<CommandResult> approve(String runId, String step, @Nullable String comment);

    CompletionStage<CommandResult> reject(String runId, String step, @Nullable String comment);

    /// @param step which of those that wait, null: the first
    CompletionStage<CommandResult> retryParked(String runId, @Nullable String step, @Nullable String inputJson);

    /// @param step which of those that wait, null: the first
    CompletionStage<CommandResult> skipParked(String runId, @Nullable String step, boolean resolved);

    /// A pool without agreement that waits for a person.
    ///
    /// @param choice from 1, 0: none of the answers
    CompletionStage<CommandResult> decidePool(String runId, int choice);

    /// Takes a run that is parked, or that has ended, up again from this step.
    CompletionStage<CommandResult> retryFrom(String runId, String step, @Nullable String inputJson);

    /// A new run that takes over the outputs before this step.
    CompletionStage<CommandResult> fork(String runId, String step, @Nullable String inputJson);

    /// Whether it has begun and not ended; one that waits for a person is under way too.
    boolean isUnderWay(String runId);

    /// From now on these are the pools of the project.
    ///
    /// @param supervised those with a queue that a supervisor opens and closes; the others are open as
    ///     long as the project is
    void configure(Collection<PoolSpec> pools, Set<String> supervised);

    /// Opens a queue for the supervisor whose child it is, as {@link AgentLauncher#launch} starts an
    /// agent. Asked to end it takes up no more jobs and finishes those at work; when it is killed they
    /// are cut short. Either way what is left waits until it is opened again.
    AgentLauncher.LiveAgent launchPool(String pool, Consumer<AgentLauncher.Exit> onExit)
            throws AgentLauncher.StartFailed, InterruptedException;

    /// @param workers null: their number follows the queue again
    CompletionStage<CommandResult> scalePool(String pool, @Nullable Integer workers);

    CompletionStage<CommandResult> drainPool(String pool);

    CompletionStage<CommandResult> resumePool(String pool);

    /// Goes on with every run that was under way when the process ended.
    ///
    /// @return how many
    int recover();

    /// Leaves runs at their last durable point, so that the next open goes on with them: starts nothing
    /// more, lets the calls under way come to their end for as long as `grace`, then cancels them
    /// without compensating. Does not wait for that. What is stopped afterwards, such as an agent that is
    /// being called, fails no step.
    void leave(Duration grace);

    /// Leaves them, unless that was done, and waits until they are left.
    void close(Duration grace);

    /// Without any grace.
    @Override
    default void close() {
        close(Duration.ZERO);
    }
}
