package nexus.aiagents.engine.project;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A saga or a workflow that comes to call itself, by whatever way through the others, would never end.
final class CallCircles {
    private final Map<String, SagaSpec> sagas;
    private final Map<String, WorkflowSpec> workflows;
    private final Scope scope;
    private final Set<Called> done = new HashSet<>();

    /// @param kind `SAGA` or `WORKFLOW`: either may have the other's name
    private record Called(Kind kind, String name) {
        @Override
        public String toString() {
            return kind.key() + " " + name;
        }
    }

    /// @param at where the step is
    private record Call(Called called, Position at) {}

    CallCircles(Map<String, SagaSpec> sagas, Map<String, WorkflowSpec> workflows, Scope scope) {
        this.sagas = sagas;
        this.workflows = workflows;
        this.scope = scope;
    }

    void check() {
        sagas.keySet().forEach(name -> walk(new Called(Kind.SAGA, name), new ArrayList<>()));
        workflows.keySet().forEach(name -> walk(new Called(Kind.WORKFLOW, name), new ArrayList<>()));
    }

    private void walk(Called from, List<Called> path) {
        if (done.contains(from)) {
            return;
        }
        path.add(from);
        for (Call call : calls(from)) {
            int at = path.indexOf(call.called());
            if (at < 0) {
                walk(call.called(), path);
            } else {
                tell(from, path.subList(at, path.size()), call);
            }
        }
        path.removeLast();
        done.add(from);
    }

    private void tell(Called from, List<Called> circle, Call call) {
        boolean alike = circle.stream().allMatch(called -> called.kind() == from.kind());
        List<Called> around = new ArrayList<>(circle);
        around.add(call.called());
        String way = String.join(
                "` → `",
                around.stream().map(c -> alike ? c.name() : c.toString()).toList());
        String who = alike ? from.kind().key() + "s" : "sagas and workflows";
        Code code = from.kind() == Kind.SAGA ? Code.SAGA_CYCLE : Code.WORKFLOW_CYCLE;
        scope.add(code.at(
                call.at(), who + " that call each other in a circle never end: `" + way + "`: remove this step"));
    }

    private List<Call> calls(Called from) {
        List<Call> calls = new ArrayList<>();
        if (from.kind() == Kind.SAGA && sagas.get(from.name()) instanceof SagaSpec saga) {
            saga.steps().forEach(step -> add(calls, kind(step.kind().name()), step.action(), step.at()));
        } else if (from.kind() == Kind.WORKFLOW && workflows.get(from.name()) instanceof WorkflowSpec workflow) {
            workflow.steps().forEach(step -> {
                Kind kind = kind(step.target().kind().name());
                add(calls, kind, step.target().name(), kind == null ? step.at() : place(workflow, step, kind));
            });
        }
        return calls;
    }

    private static void add(List<Call> calls, @Nullable Kind kind, String name, Position at) {
        if (kind != null) {
            calls.add(new Call(new Called(kind, name), at));
        }
    }

    /// @return null if what is called can call nothing in its turn
    private static @Nullable Kind kind(String called) {
        Kind kind = Kind.valueOf(called);
        return kind == Kind.SAGA || kind == Kind.WORKFLOW ? kind : null;
    }

    /// Where a step names what it calls.
    private Position place(WorkflowSpec workflow, WorkflowSpec.StepSpec step, Kind called) {
        Definition definition = scope.find(Kind.WORKFLOW, workflow.name());
        if (definition != null) {
            for (YamlNode item : new Body(definition.body()).list("steps")) {
                if (item instanceof YamlNode.Mapping map
                        && map.get("name") instanceof YamlNode.Scalar name
                        && name.text().equals(step.name())) {
                    return new Body(map).at(called.key());
                }
            }
        }
        return step.at();
    }
}
