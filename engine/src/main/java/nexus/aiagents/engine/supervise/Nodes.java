package nexus.aiagents.engine.supervise;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import nexus.aiagents.engine.control.CommandResult.Refused;
import nexus.aiagents.engine.project.Instances;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.project.Similar;
import nexus.aiagents.engine.project.SupervisorSpec;
import nexus.aiagents.engine.supervise.SupervisorState.Phase;
import org.jspecify.annotations.Nullable;

/// The supervisors of a project and who is whose child. Confined to the loop, but for {@link
/// #supervisorOf}.
final class Nodes {

    /// One supervisor: its machine, and the generation its parent knows it by.
    static final class Node {
        SupervisorState state;

        @Nullable
        String parent;

        int generation;
        /// It is not in the project any more and goes when it is down.
        boolean leaving;

        final Map<String, AgentSlot> slots = new HashMap<>();

        Node(SupervisorState state, @Nullable String parent) {
            this.state = state;
            this.parent = parent;
        }

        String name() {
            return state.spec().name();
        }

        AgentSlot slot(String agent, int generation) {
            AgentSlot slot = slots.get(agent);
            if (slot == null || slot.generation != generation) {
                throw new IllegalStateException("no agent " + agent + " of generation " + generation);
            }
            return slot;
        }
    }

    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private volatile Map<String, String> parents;

    Nodes(Project project) {
        this.parents = project.parents();
        project.supervisors()
                .forEach((name, spec) -> nodes.put(name, new Node(SupervisorState.of(spec), parents.get(name))));
    }

    static List<String> rootsOf(Project project) {
        return project.roots().stream().map(SupervisorSpec::name).toList();
    }

    /// @param child an agent, an instance of one, or a supervisor
    @Nullable
    String supervisorOf(String child) {
        return parents.get(Instances.agentOf(child));
    }

    @Nullable
    Node get(String supervisor) {
        return nodes.get(supervisor);
    }

    Refused unknownSupervisor(String name) {
        return new Refused("unknown-name", Similar.unknown("supervisor", name, nodes.keySet()));
    }

    /// A team that is started anew starts whole: what was stopped by hand before does not stay down.
    void forgetOperators() {
        for (Node node : nodes.values()) {
            if (node.state.phase() == Phase.STOPPED) {
                node.state = node.state.fresh();
            }
        }
    }

    /// A supervisor that is up and would get another parent, which can not be done while it is up.
    @Nullable
    String movedWhileUp(Project next) {
        Map<String, String> now = next.parents();
        for (Node node : nodes.values()) {
            if (node.state.phase() != Phase.STOPPED
                    && next.supervisors().containsKey(node.name())
                    && (node.leaving || !Objects.equals(node.parent, now.get(node.name())))) {
                return node.name();
            }
        }
        return null;
    }

    /// @return the supervisors whose definition is another now, parents last, so that what a parent
    ///     starts is there
    Map<String, SupervisorSpec> change(Project next) {
        Map<String, String> now = next.parents();
        Map<String, SupervisorSpec> changed = new LinkedHashMap<>();
        nodes.values().removeIf(node -> {
            node.leaving = !next.supervisors().containsKey(node.name());
            return node.leaving && node.state.phase() == Phase.STOPPED;
        });
        next.supervisors().forEach((name, spec) -> {
            Node node = nodes.get(name);
            if (node == null) {
                nodes.put(name, new Node(SupervisorState.of(spec), now.get(name)));
            } else {
                node.parent = now.get(name);
                if (!node.state.spec().anywhere().equals(spec.anywhere())) {
                    changed.put(name, spec);
                }
            }
        });
        parents = now;
        return changed;
    }

    /// Who is whose child is another now; what they go by stays.
    void rewire(Project next) {
        Map<String, String> now = next.parents();
        nodes.values().forEach(node -> node.parent = now.get(node.name()));
        parents = now;
    }

    void down(Node node) {
        node.slots.clear();
        if (node.leaving) {
            nodes.remove(node.name());
        }
    }
}
