package nexus.aiagents.engine.project;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Supervisors must be trees: no circles, and one parent for every child.
final class Trees {
    private final Map<String, SupervisorSpec> supervisors;
    private final Scope scope;

    Trees(Map<String, SupervisorSpec> supervisors, Scope scope) {
        this.supervisors = supervisors;
        this.scope = scope;
    }

    void check() {
        Map<String, String> parents = new HashMap<>();
        for (SupervisorSpec supervisor : supervisors.values()) {
            for (SupervisorSpec.ChildSpec child : supervisor.everyChild().toList()) {
                String first = parents.putIfAbsent(child.name(), supervisor.name());
                if (first != null) {
                    scope.add(Code.TWO_SUPERVISORS.at(
                            place(supervisor, child.name()),
                            "`" + child.name() + "` is already a child of `" + first
                                    + "`: remove it from one of the two"));
                }
            }
        }
        Set<String> done = new HashSet<>();
        for (String name : supervisors.keySet()) {
            walk(name, new ArrayList<>(), done);
        }
    }

    private void walk(String name, List<String> path, Set<String> done) {
        SupervisorSpec supervisor = supervisors.get(name);
        if (supervisor == null || done.contains(name)) {
            return;
        }
        path.add(name);
        for (SupervisorSpec.ChildSpec child : supervisor.everyChild().toList()) {
            int at = path.indexOf(child.name());
            if (at >= 0) {
                String circle = String.join("` → `", path.subList(at, path.size())) + "` → `" + child.name();
                scope.add(Code.CYCLE.at(
                        place(supervisor, child.name()),
                        "supervisors in a circle: `" + circle + "`: remove this child"));
            } else {
                walk(child.name(), path, done);
            }
        }
        path.removeLast();
        done.add(name);
    }

    /// Where a supervisor names a child.
    private Position place(SupervisorSpec supervisor, String child) {
        Definition definition = scope.find(Kind.SUPERVISOR, supervisor.name());
        if (definition == null) {
            return supervisor.at();
        }
        Body body = new Body(definition.body());
        for (YamlNode item : body.has("children") ? body.list("children") : body.list("agents")) {
            YamlNode name = item instanceof YamlNode.Mapping map ? map.get("name") : item;
            if (name != null && child.equals(name.string())) {
                return name.at();
            }
        }
        return supervisor.at();
    }
}
