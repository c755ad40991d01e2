package nexus.aiagents.engine.run;

import java.util.ArrayList;
import java.util.List;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.pool.PoolRun;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.engine.project.Pinned;
import nexus.aiagents.engine.project.SagaSpec;
import nexus.aiagents.engine.project.WorkflowSpec;
import nexus.aiagents.engine.saga.SagaRun;
import nexus.aiagents.engine.workflow.WorkflowRun;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// How a run's definition stands in the journal, and how it is read from there. That of a saga has all
/// that the run is pinned to, so that it can be taken up again long after it ended.
final class Definitions {
    private Definitions() {}

    static EngineEvent.RunStarted started(StoredRun.AgentRun run, AgentSpec agent) {
        return new EngineEvent.RunStarted(
                run.runId(), "agent", agent.name(), agent.hash(), RunJson.write(agent), run.inputJson());
    }

    static EngineEvent.RunStarted started(PoolRun run, @Nullable String parent, @Nullable String step) {
        String definition = RunJson.write(run.pool());
        return new EngineEvent.RunStarted(
                run.runId(),
                "pool",
                run.pool().name(),
                SagaRun.digest(definition),
                definition,
                run.inputJson(),
                parent,
                step,
                null);
    }

    static EngineEvent.RunStarted started(
            SagaRun run, @Nullable String parent, @Nullable String step, @Nullable String forkedFrom) {
        ObjectNode definition = RunJson.JSON.valueToTree(run.saga());
        definition.set("pinned", RunJson.JSON.valueToTree(run.pinned()));
        definition.set("budgets", RunJson.JSON.valueToTree(run.budgets()));
        String hash = run.pinned().equals(Pinned.NONE)
                ? run.saga().hash()
                : SagaRun.digest(run.saga().hash() + RunJson.write(run.pinned()));
        return new EngineEvent.RunStarted(
                run.runId(),
                "saga",
                run.saga().name(),
                hash,
                definition.toString(),
                run.inputJson(),
                parent,
                step,
                forkedFrom);
    }

    static EngineEvent.RunStarted started(
            WorkflowRun run, @Nullable String parent, @Nullable String step, @Nullable String forkedFrom) {
        ObjectNode definition = RunJson.JSON.valueToTree(run.workflow());
        definition.set("pinned", RunJson.JSON.valueToTree(run.pinned()));
        definition.set("budgets", RunJson.JSON.valueToTree(run.budgets()));
        String hash = run.pinned().equals(Pinned.NONE)
                ? run.workflow().hash()
                : SagaRun.digest(run.workflow().hash() + RunJson.write(run.pinned()));
        return new EngineEvent.RunStarted(
                run.runId(),
                "workflow",
                run.workflow().name(),
                hash,
                definition.toString(),
                run.inputJson(),
                parent,
                step,
                forkedFrom);
    }

    /// @param startedAt milliseconds since 1970
    static WorkflowRun workflow(EngineEvent.RunStarted started, long startedAt) {
        ObjectNode definition = (ObjectNode) RunJson.JSON.readTree(started.definition());
        return new WorkflowRun(
                started.runId(),
                RunJson.JSON.treeToValue(definition, WorkflowSpec.class),
                started.inputJson(),
                pinned(definition),
                budgets(definition),
                startedAt);
    }

    private static Pinned pinned(ObjectNode definition) {
        Pinned pinned = RunJson.JSON.treeToValue(definition.path("pinned"), Pinned.class);
        return pinned == null ? Pinned.NONE : pinned;
    }

    private static List<String> budgets(ObjectNode definition) {
        List<String> budgets = new ArrayList<>();
        if (definition.path("budgets") instanceof ArrayNode list) {
            list.forEach(budget -> budgets.add(budget.asString()));
        }
        return budgets;
    }

    /// @param startedAt milliseconds since 1970
    static SagaRun saga(EngineEvent.RunStarted started, long startedAt) {
        ObjectNode definition = (ObjectNode) RunJson.JSON.readTree(started.definition());
        return new SagaRun(
                started.runId(),
                RunJson.JSON.treeToValue(definition, SagaSpec.class),
                started.inputJson(),
                pinned(definition),
                budgets(definition),
                startedAt);
    }
}
