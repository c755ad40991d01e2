package nexus.aiagents.engine.project;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import nexus.aiagents.engine.project.WorkflowSpec.Called;

/// A workflow that calls itself, by whatever way, would never end.
final class WorkflowCircles {
    private final Map<String, WorkflowSpec> workflows;
    private final Scope scope;
    private final Set<String> done = new HashSet<>();

    WorkflowCircles(Map<String, WorkflowSpec> workflows, Scope scope) {
        this.workflows = workflows;
        this.scope = scope;
    }

    void check() {
        workflows.keySet().forEach(name -> walk(name, new ArrayList<>()));
    }

    private void walk(String name, List<String> path) {
        WorkflowSpec workflow = workflows.get(name);
        if (workflow == null || done.contains(name)) {
            return;
        }
        path.add(name);
        for (WorkflowSpec.StepSpec step : workflow.steps()) {
            if (step.target().kind() != Called.WORKFLOW) {
                continue;
            }
            int at = path.indexOf(step.target().name());
            if (at >= 0) {
                String circle = String.join("` → `", path.subList(at, path.size())) + "` → `"
                        + step.target().name();
                scope.add(Code.WORKFLOW_CYCLE.at(
                        place(workflow, step),
                        "workflows that call each other in a circle: `" + circle + "`: it would never end"));
            } else {
                walk(step.target().name(), path);
            }
        }
        path.removeLast();
        done.add(name);
    }

    /// Where a step names the workflow it calls.
    private Position place(WorkflowSpec workflow, WorkflowSpec.StepSpec step) {
        Definition definition = scope.find(Kind.WORKFLOW, workflow.name());
        if (definition != null) {
            for (YamlNode item : new Body(definition.body()).list("steps")) {
                if (item instanceof YamlNode.Mapping map
                        && map.get("name") instanceof YamlNode.Scalar name
                        && name.text().equals(step.name())) {
                    return new Body(map).at("workflow");
                }
            }
        }
        return step.at();
    }
}
