package nexus.aiagents.engine.project;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nexus.aiagents.engine.project.SagaSpec.ActionKind;
import nexus.aiagents.engine.project.SagaSpec.StepSpec;

/// What sagas that call each other have to mind.
final class SagaCircles {
    private final Map<String, SagaSpec> sagas;
    private final Scope scope;

    SagaCircles(Map<String, SagaSpec> sagas, Scope scope) {
        this.sagas = sagas;
        this.scope = scope;
    }

    void check() {
        Set<String> done = new HashSet<>();
        for (String name : sagas.keySet()) {
            walk(name, new ArrayList<>(), done);
        }
        sagas.values().forEach(this::pivots);
    }

    private void walk(String name, List<String> path, Set<String> done) {
        SagaSpec saga = sagas.get(name);
        if (saga == null || done.contains(name)) {
            return;
        }
        path.add(name);
        for (StepSpec step : saga.steps()) {
            if (step.kind() != ActionKind.SAGA) {
                continue;
            }
            int at = path.indexOf(step.action());
            if (at >= 0) {
                String circle = String.join("` → `", path.subList(at, path.size())) + "` → `" + step.action();
                scope.add(Code.SAGA_CYCLE.at(
                        step.at(), "sagas in a circle would never end: `" + circle + "`: remove this step"));
            } else {
                walk(step.action(), path, done);
            }
        }
        path.removeLast();
        done.add(name);
    }

    /// A saga with a pivot can not be undone, so the step that calls it has to be a pivot, or come after one.
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
