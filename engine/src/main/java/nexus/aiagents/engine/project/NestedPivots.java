package nexus.aiagents.engine.project;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import nexus.aiagents.engine.project.SagaSpec.ActionKind;
import nexus.aiagents.engine.project.SagaSpec.StepSpec;

/// What a saga that calls another has to mind about the way back.
final class NestedPivots {
    private final Map<String, SagaSpec> sagas;
    private final Scope scope;

    NestedPivots(Map<String, SagaSpec> sagas, Scope scope) {
        this.sagas = sagas;
        this.scope = scope;
    }

    void check() {
        sagas.values().forEach(this::pivots);
    }

    /// A saga with a pivot can not be undone, so the step that calls it has to be a pivot, or come
    /// after one.
    private void pivots(SagaSpec saga) {
        boolean past = false;
        for (StepSpec step : saga.steps()) {
            past |= step.pivot();
            if (!past && step.kind() == ActionKind.SAGA && hasPivot(step.action(), new HashSet<>())) {
                scope.add(Code.NESTED_PIVOT.at(
                        step.at(),
                        "the saga `" + step.action() + "` has a pivot, so it can not be undone: make this step the"
                                + " `pivot` of `" + saga.name() + "`"));
            }
        }
    }

    private boolean hasPivot(String name, Set<String> seen) {
        SagaSpec saga = sagas.get(name);
        return saga != null
                && seen.add(name)
                && saga.steps().stream()
                        .anyMatch(step ->
                                step.pivot() || step.kind() == ActionKind.SAGA && hasPivot(step.action(), seen));
    }
}
