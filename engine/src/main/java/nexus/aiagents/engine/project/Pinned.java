package nexus.aiagents.engine.project;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The definitions that a run may come to use besides its own, as they were when it began. The maps
/// keep their order, so that the same definitions are always the same text. Immutable.
///
/// @param sagas     by name
/// @param pools     by name
/// @param workflows by name
public record Pinned(Map<String, SagaSpec> sagas, Map<String, PoolSpec> pools, Map<String, WorkflowSpec> workflows) {
    public static final Pinned NONE = new Pinned(Map.of(), Map.of(), Map.of());

    public Pinned {
        sagas = kept(sagas);
        pools = kept(pools);
        workflows = kept(workflows);
    }

    /// Without workflows.
    public Pinned(Map<String, SagaSpec> sagas, Map<String, PoolSpec> pools) {
        this(sagas, pools, Map.of());
    }

    private static <T> Map<String, T> kept(@Nullable Map<String, T> map) {
        return map == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    /// What this saga can reach.
    public static Pinned of(SagaSpec saga, Project project) {
        Reach reach = new Reach(project);
        reach.from(saga);
        return reach.pinned();
    }

    /// What this workflow can reach.
    public static Pinned of(WorkflowSpec workflow, Project project) {
        Reach reach = new Reach(project);
        reach.from(workflow);
        return reach.pinned();
    }

    private static final class Reach {
        private final Project project;
        private final Map<String, SagaSpec> sagas = new LinkedHashMap<>();
        private final Map<String, PoolSpec> pools = new LinkedHashMap<>();
        private final Map<String, WorkflowSpec> workflows = new LinkedHashMap<>();

        Reach(Project project) {
            this.project = project;
        }

        Pinned pinned() {
            return new Pinned(sagas, pools, workflows);
        }

        void from(SagaSpec saga) {
            for (SagaSpec.StepSpec step : saga.steps()) {
                switch (step.kind()) {
                    case AGENT -> {}
                    case POOL -> pool(step.action());
                    case SAGA -> saga(step.action());
                    case WORKFLOW -> workflow(step.action());
                }
            }
        }

        void from(WorkflowSpec workflow) {
            for (WorkflowSpec.StepSpec step : workflow.steps()) {
                String name = step.target().name();
                switch (step.target().kind()) {
                    case AGENT -> {}
                    case POOL -> pool(name);
                    case SAGA -> saga(name);
                    case WORKFLOW -> workflow(name);
                }
            }
        }

        private void pool(String name) {
            PoolSpec pool = project.pools().get(name);
            if (pool != null) {
                pools.put(name, pool);
            }
        }

        private void workflow(String name) {
            WorkflowSpec nested = project.workflows().get(name);
            if (nested != null && workflows.putIfAbsent(name, nested) == null) {
                from(nested);
            }
        }

        private void saga(String name) {
            SagaSpec nested = project.sagas().get(name);
            if (nested != null && sagas.putIfAbsent(name, nested) == null) {
                from(nested);
            }
        }
    }
}
