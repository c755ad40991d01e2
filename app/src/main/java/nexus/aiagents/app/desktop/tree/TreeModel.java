package nexus.aiagents.app.desktop.tree;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.ProjectView.PoolView;
import nexus.aiagents.engine.view.SupervisorView;
import org.jspecify.annotations.Nullable;

/// The supervision tree of a snapshot, flattened in pre-order: supervisors, their children, and at last the
/// agents under no supervisor. Pure.
public record TreeModel(List<TreeNode> nodes, Map<String, Integer> byId, Map<String, Integer> matches) {
    public static final String ON_CALL = "on-call";
    public static final TreeModel EMPTY = new TreeModel(List.of(), Map.of(), Map.of());

    public static String agentId(String name) {
        return "a:" + name;
    }

    static String poolId(String name) {
        return "p:" + name;
    }

    public static String supervisorId(String name) {
        return "s:" + name;
    }

    /// @param collapsed ids whose children are left out; a filter opens them
    /// @param filter    keeps what has it in its name, state or last error, and what is above that;
    ///     empty: all
    public static TreeModel of(ProjectView view, Set<String> collapsed, String filter) {
        return new Builder(view, collapsed, filter.strip().toLowerCase(Locale.ROOT)).build();
    }

    /// The same tree with what a later snapshot says of its nodes: only those that changed are made
    /// anew, and {@link #byId} is the very same map. This model must be that of `before`, without a filter.
    ///
    /// @return null if the tree itself may be another one
    @Nullable
    TreeModel with(ProjectView before, ProjectView now) {
        return TreeUpdate.of(this, before, now);
    }

    /// Its place among the nodes, null if there is none.
    @Nullable
    Integer index(@Nullable String id) {
        return id == null ? null : byId.get(id);
    }

    public @Nullable TreeNode node(@Nullable String id) {
        Integer index = index(id);
        return index == null ? null : nodes.get(index);
    }

    /// How many nodes the filter itself hit.
    public int hits() {
        return matches.size();
    }

    private static final class Builder {
        private final ProjectView view;
        private final Set<String> collapsed;
        private final String filter;
        private final Map<String, SupervisorView> supervisors = new LinkedHashMap<>();
        private final Map<String, AgentView> agents = new LinkedHashMap<>();
        private final Map<String, PoolView> pools = new HashMap<>();
        private final Map<String, Integer> matches = new HashMap<>();
        private final List<TreeNode> nodes = new ArrayList<>();
        private final Set<String> placed = new HashSet<>();

        Builder(ProjectView view, Set<String> collapsed, String filter) {
            this.view = view;
            this.collapsed = collapsed;
            this.filter = filter;
            view.supervisors().forEach(s -> supervisors.put(s.name(), s));
            view.agents().forEach(a -> agents.put(a.name(), a));
            view.pools().forEach(p -> pools.put(p.name(), p));
        }

        TreeModel build() {
            for (SupervisorView s : view.supervisors()) {
                if (s.parent() == null || !supervisors.containsKey(s.parent())) {
                    addSupervisor(s, -1, 0);
                }
            }
            addOnCall();
            if (!filter.isEmpty()) {
                keepMatches();
            }
            Map<String, Integer> byId = HashMap.newHashMap(nodes.size());
            for (int i = 0; i < nodes.size(); i++) {
                byId.put(nodes.get(i).id(), i);
            }
            return new TreeModel(List.copyOf(nodes), byId, matches);
        }

        private void addSupervisor(SupervisorView s, int parent, int depth) {
            if (!placed.add(supervisorId(s.name()))) {
                return;
            }
            int index = nodes.size();
            String id = supervisorId(s.name());
            boolean folded = filter.isEmpty() && collapsed.contains(id);
            nodes.add(new TreeNode(
                    id,
                    TreeNode.Kind.SUPERVISOR,
                    s.name(),
                    parent,
                    depth,
                    s.children().size(),
                    folded,
                    0,
                    null,
                    s,
                    null,
                    null));
            long cost = 0;
            for (SupervisorView.ChildView child : s.children()) {
                cost += addChild(child, index, depth + 1);
            }
            if (folded) {
                nodes.subList(index + 1, nodes.size()).clear();
            }
            nodes.set(index, nodes.get(index).withCost(cost));
        }

        private long addChild(SupervisorView.ChildView child, int parent, int depth) {
            int at = nodes.size();
            SupervisorView below = child.kind().equals("supervisor") ? supervisors.get(child.name()) : null;
            AgentView agent = agents.get(child.name());
            if (below != null) {
                addSupervisor(below, parent, depth);
            } else if (child.kind().equals("pool")) {
                addPool(child.name(), parent, depth);
            } else if (agent != null && placed.add(agentId(agent.name()))) {
                addAgent(agent, parent, depth);
            }
            if (at < nodes.size() && child.held() != null) {
                nodes.set(at, nodes.get(at).withHeld(child.held()));
            }
            return at < nodes.size() ? nodes.get(at).microDollars() : 0;
        }

        private void addPool(String name, int parent, int depth) {
            PoolView pool = pools.get(name);
            if (pool != null && placed.add(poolId(name))) {
                nodes.add(new TreeNode(
                        poolId(name), TreeNode.Kind.POOL, name, parent, depth, 0, false, 0, null, null, pool, null));
            }
        }

        private void addAgent(AgentView agent, int parent, int depth) {
            nodes.add(new TreeNode(
                    agentId(agent.name()),
                    TreeNode.Kind.AGENT,
                    agent.name(),
                    parent,
                    depth,
                    0,
                    false,
                    agent.microDollars(),
                    agent,
                    null,
                    null,
                    null));
        }

        private void addOnCall() {
            List<AgentView> free = view.agents().stream()
                    .filter(a -> !placed.contains(agentId(a.name())))
                    .toList();
            if (free.isEmpty()) {
                return;
            }
            int index = nodes.size();
            boolean folded = filter.isEmpty() && collapsed.contains(ON_CALL);
            long cost = free.stream().mapToLong(AgentView::microDollars).sum();
            nodes.add(new TreeNode(
                    ON_CALL, TreeNode.Kind.GROUP, "On call", -1, 0, free.size(), folded, cost, null, null, null, null));
            if (!folded) {
                free.forEach(a -> addAgent(a, index, 1));
            }
        }

        private void keepMatches() {
            boolean[] keep = new boolean[nodes.size()];
            for (int i = nodes.size() - 1; i >= 0; i--) {
                TreeNode node = nodes.get(i);
                if (node.text().contains(filter)) {
                    matches.put(node.id(), i);
                    keep[i] = true;
                }
                if (keep[i] && node.parent() >= 0) {
                    keep[node.parent()] = true;
                }
            }
            int[] moved = new int[nodes.size()];
            List<TreeNode> kept = new ArrayList<>();
            for (int i = 0; i < keep.length; i++) {
                if (keep[i]) {
                    TreeNode node = nodes.get(i);
                    moved[i] = kept.size();
                    kept.add(node.parent() < 0 ? node : node.withParent(moved[node.parent()]));
                }
            }
            nodes.clear();
            nodes.addAll(kept);
        }
    }
}
