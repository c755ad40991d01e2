package nexus.aiagents.engine.run;

import java.util.concurrent.CompletionStage;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.engine.project.PoolSpec;
import nexus.aiagents.engine.project.SagaSpec;
import org.jspecify.annotations.Nullable;

/// Starts runs and keeps them going across crashes of the process. Thread-safe.
public interface Runs extends AutoCloseable {

    /// Completes when the run is durable.
    CompletionStage<CommandResult> startAgent(AgentSpec agent, String inputJson);

    CompletionStage<CommandResult> startSaga(SagaSpec saga, String inputJson);

    CompletionStage<CommandResult> startPool(PoolSpec pool, String inputJson);

    CompletionStage<CommandResult> cancel(String runId);

    CompletionStage<CommandResult> retryParked(String runId, @Nullable String inputJson);

    CompletionStage<CommandResult> skipParked(String runId, boolean resolved);

    /// A pool without agreement that waits for a person.
    ///
    /// @param choice from 1, 0: none of the answers
    CompletionStage<CommandResult> decidePool(String runId, int choice);

    /// Goes on with every run that was under way when the process ended.
    ///
    /// @return how many
    int recover();

    /// Leaves runs at their last durable point, so that the next open goes on with them: cancels the calls
    /// under way without compensating, waits for them, and starts nothing more.
    @Override
    void close();
}
