package nexus.aiagents.engine.project;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The definitions that a run may come to use besides its own, as they were when it began. Immutable.
///
/// @param sagas by name
/// @param pools by name
public record Pinned(Map<String, SagaSpec> sagas, Map<String, PoolSpec> pools) {
    public static final Pinned NONE = new Pinned(Map.of(), Map.of());

    public Pinned {
        sagas = sagas == null ? Map.of() : Map.copyOf(sagas);
        pools = pools == null ? Map.of() : Map.copyOf(pools);
    }

    /// What this saga can reach.
    public static Pinned of(SagaSpec saga, Project project) {
        Map<String, SagaSpec> sagas = new LinkedHashMap<>();
        Map<String, PoolSpec> pools = new LinkedHashMap<>();
        collect(saga, project, sagas, pools);
        return new Pinned(sagas, pools);
    }

    private static void collect(
            SagaSpec saga, Project project, Map<String, SagaSpec> sagas, Map<String, PoolSpec> pools) {
        for (SagaSpec.StepSpec step : saga.steps()) {
            switch (step.kind()) {
                case AGENT -> {}
                case POOL -> put(pools, step.action(), project.pools().get(step.action()));
                case SAGA -> {
                    SagaSpec nested = project.sagas().get(step.action());
                    if (!sagas.containsKey(step.action()) && put(sagas, step.action(), nested) && nested != null) {
                        collect(nested, project, sagas, pools);
                    }
                }
            }
        }
    }

    private static <T> boolean put(Map<String, T> into, String name, @Nullable T spec) {
        if (spec == null) {
            return false;
        }
        into.put(name, spec);
        return true;
    }
}
