package nexus.aiagents.engine.workflow;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import nexus.aiagents.engine.project.WorkflowSpec;

/// What the steps of a workflow need, by index. Made once for a run.
public final class WorkflowGraph {
    private final List<List<Integer>> needs = new ArrayList<>();
    private final List<List<Integer>> neededBy = new ArrayList<>();
    private final List<Integer> order = new ArrayList<>();
    private final Map<String, Integer> byName = new HashMap<>();

    public WorkflowGraph(WorkflowSpec workflow) {
        for (int i = 0; i < workflow.steps().size(); i++) {
            byName.put(workflow.steps().get(i).name(), i);
            neededBy.add(new ArrayList<>());
        }
        for (int i = 0; i < workflow.steps().size(); i++) {
            List<Integer> own =
                    workflow.steps().get(i).needs().stream().map(this::index).toList();
            needs.add(own);
            for (int need : own) {
                neededBy.get(need).add(i);
            }
        }
        sort();
    }

    private void sort() {
        int[] open = new int[needs.size()];
        Deque<Integer> ready = new ArrayDeque<>();
        for (int i = 0; i < open.length; i++) {
            open[i] = needs.get(i).size();
            if (open[i] == 0) {
                ready.add(i);
            }
        }
        while (!ready.isEmpty()) {
            int i = ready.remove();
            order.add(i);
            for (int after : neededBy.get(i)) {
                if (--open[after] == 0) {
                    ready.add(after);
                }
            }
        }
        if (order.size() < needs.size()) {
            throw new IllegalArgumentException("the steps need each other in a circle");
        }
    }

    /// @return -1 if there is none of this name
    public int index(String step) {
        return byName.getOrDefault(step, -1);
    }

    public List<Integer> needs(int step) {
        return needs.get(step);
    }

    /// Each behind those that it needs.
    List<Integer> order() {
        return order;
    }

    /// All that is over when this step begins.
    public BitSet ancestors(int step) {
        return reach(step, needs);
    }

    /// All that may use this step's output, by whatever way.
    BitSet descendants(int step) {
        return reach(step, neededBy);
    }

    private static BitSet reach(int from, List<List<Integer>> edges) {
        BitSet reached = new BitSet();
        Deque<Integer> open = new ArrayDeque<>(edges.get(from));
        while (!open.isEmpty()) {
            int i = open.remove();
            if (!reached.get(i)) {
                reached.set(i);
                open.addAll(edges.get(i));
            }
        }
        return reached;
    }
}
