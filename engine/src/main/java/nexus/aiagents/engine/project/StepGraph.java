package nexus.aiagents.engine.project;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What the steps of a workflow need. A list in which no step says so is a chain.
final class StepGraph {
    private final boolean chain;
    private final Map<String, List<String>> needs;
    private final List<String> order;
    private final Map<String, Set<String>> ancestors = new HashMap<>();

    private StepGraph(boolean chain, Map<String, List<String>> needs, List<String> order) {
        this.chain = chain;
        this.needs = needs;
        this.order = order;
        for (String name : order) {
            Set<String> all = new LinkedHashSet<>();
            for (String need : needs(name)) {
                all.addAll(ancestors.getOrDefault(need, Set.of()));
                all.add(need);
            }
            ancestors.put(name, all);
        }
    }

    /// Says what is wrong with `needs` and leaves it out.
    static StepGraph read(Map<String, Body> steps, Scope scope) {
        boolean chain = steps.values().stream().noneMatch(step -> step.has("needs"));
        Map<String, List<String>> needs = new LinkedHashMap<>();
        String previous = null;
        for (Map.Entry<String, Body> step : steps.entrySet()) {
            needs.put(
                    step.getKey(),
                    !chain
                            ? needs(step.getKey(), step.getValue(), steps, scope)
                            : previous == null ? List.of() : List.of(previous));
            previous = step.getKey();
        }
        return new StepGraph(chain, needs, new Sorting(steps, needs, scope).sorted());
    }

    private static List<String> needs(String name, Body step, Map<String, Body> steps, Scope scope) {
        List<String> needs = new ArrayList<>();
        for (YamlNode item : step.list("needs")) {
            String need = item.string();
            if (need == null) {
                continue;
            }
            if (need.equals(name)) {
                scope.add(Code.SELF_NEED.at(item.at(), "`" + name + "` can not need itself: remove it"));
            } else if (!steps.containsKey(need)) {
                scope.unknown(Code.UNKNOWN_NEED, item.at(), "no step is called `" + need + "`", need, steps.keySet());
            } else {
                needs.add(need);
            }
        }
        return List.copyOf(needs);
    }

    boolean chain() {
        return chain;
    }

    List<String> needs(String name) {
        return needs.getOrDefault(name, List.of());
    }

    /// Each behind those that it needs.
    List<String> inOrder() {
        return order;
    }

    /// All that is over when this step begins.
    Set<String> ancestors(String name) {
        return ancestors.getOrDefault(name, Set.of());
    }

    /// Depth first with a stack of its own: a chain may be longer than the thread's stack is deep.
    private static final class Sorting {
        private record Visit(String name, int next) {}

        private final Map<String, Body> steps;
        private final Map<String, List<String>> needs;
        private final Scope scope;
        private final Set<String> sorted = new LinkedHashSet<>();

        Sorting(Map<String, Body> steps, Map<String, List<String>> needs, Scope scope) {
            this.steps = steps;
            this.needs = needs;
            this.scope = scope;
        }

        List<String> sorted() {
            for (String name : needs.keySet()) {
                visit(name);
            }
            return List.copyOf(sorted);
        }

        private void visit(String from) {
            List<Visit> path = new ArrayList<>();
            Set<String> onPath = new LinkedHashSet<>();
            if (!sorted.contains(from)) {
                path.add(new Visit(from, 0));
                onPath.add(from);
            }
            while (!path.isEmpty()) {
                Visit visit = path.removeLast();
                List<String> all = needs.getOrDefault(visit.name(), List.of());
                if (visit.next() == all.size()) {
                    sorted.add(visit.name());
                    onPath.remove(visit.name());
                    continue;
                }
                path.add(new Visit(visit.name(), visit.next() + 1));
                String need = all.get(visit.next());
                if (onPath.contains(need)) {
                    circle(visit.name(), need, onPath);
                } else if (!sorted.contains(need)) {
                    path.add(new Visit(need, 0));
                    onPath.add(need);
                }
            }
        }

        private void circle(String name, String need, Set<String> onPath) {
            List<String> path = List.copyOf(onPath);
            List<String> circle = path.subList(path.indexOf(need), path.size());
            Body step = steps.get(name);
            if (step == null) {
                return;
            }
            for (YamlNode item : step.list("needs")) {
                if (need.equals(item.string())) {
                    scope.add(Code.STEP_CYCLE.at(
                            item.at(),
                            "steps that need each other in a circle: `" + String.join("` → `", circle) + "` → `" + need
                                    + "`: remove this need"));
                    return;
                }
            }
        }
    }
}
