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
        String name = run.saga().name();
        String hash = hash(run.saga().hash(), run.pinned());
        String definition = definition(run.saga(), run.pinned(), run.budgets());
        return new EngineEvent.RunStarted(
                run.runId(), "saga", name, hash, definition, run.inputJson(), parent, step, forkedFrom);
    }

    static EngineEvent.RunStarted started(
            WorkflowRun run, @Nullable String parent, @Nullable String step, @Nullable String forkedFrom) {
        String name = run.workflow().name();
        String hash = hash(run.workflow().hash(), run.pinned());
        String definition = definition(run.workflow(), run.pinned(), run.budgets());
        return new EngineEvent.RunStarted(
                run.runId(), "workflow", name, hash, definition, run.inputJson(), parent, step, forkedFrom);
    }

    private static String definition(Object spec, Pinned pinned, List<String> budgets) {
        ObjectNode definition = RunJson.JSON.valueToTree(spec);
        definition.set("pinned", RunJson.JSON.valueToTree(pinned));
        definition.set("budgets", RunJson.JSON.valueToTree(budgets));
        return definition.toString();
    }

    private static String hash(String own, Pinned pinned) {
        return pinned.equals(Pinned.NONE) ? own : SagaRun.digest(own + RunJson.write(pinned));
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
