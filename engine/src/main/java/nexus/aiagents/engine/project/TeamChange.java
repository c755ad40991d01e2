package nexus.aiagents.engine.project;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import nexus.aiagents.engine.project.ReloadPlan.Act;
import nexus.aiagents.engine.project.ReloadPlan.Does;
import org.jspecify.annotations.Nullable;

/// What becomes of the supervisors and agents that are up. Whoever is still a child of the same supervisor
/// runs on, unless it is an agent whose own definition or program is another: that one alone restarts,
/// which does not count as a restart of its supervisor. Pure.
final class TeamChange {
    private final Project running;
    private final Project edited;
    private final ReloadPlan.Live live;
    private final Map<String, String> before;
    private final Map<String, String> after;

    TeamChange(Project running, Project edited, ReloadPlan.Live live) {
        this.running = running;
        this.edited = edited;
        this.live = live;
        before = running.parents();
        after = edited.parents();
    }

    List<Act> acts() {
        String moved = live.moved();
        if (moved != null) {
            return List.of(new Act(
                    Does.RESTART_TEAM,
                    "",
                    "",
                    "supervisor " + moved + " is up and gets another parent, for which all have to stop"));
        }
        List<Act> acts = new ArrayList<>();
        stops(acts);
        restarts(acts);
        starts(acts);
        return acts;
    }

    private void stops(List<Act> acts) {
        for (String agent : sorted(live.agents())) {
            String parent = before.get(Instances.agentOf(agent));
            String next = after.get(Instances.agentOf(agent));
            if (parent != null && !parent.equals(next)) {
                acts.add(new Act(
                        Does.STOP,
                        agent,
                        parent,
                        next == null
                                ? "it is no child of " + parent + " any more"
                                : "it goes from " + parent + " to " + next));
            }
        }
        for (String supervisor : sorted(live.supervisors())) {
            if (running.supervisors().containsKey(supervisor)
                    && !edited.supervisors().containsKey(supervisor)) {
                acts.add(new Act(
                        Does.STOP, supervisor, parent(before, supervisor), "it is not in the project any more"));
            }
        }
        for (String pool : running.supervisedPools().stream().sorted().toList()) {
            String parent = parent(before, pool);
            if (live.supervisors().contains(parent) && !parent.equals(after.get(pool))) {
                acts.add(new Act(Does.STOP, pool, parent, "it is no child of " + parent + " any more"));
            }
        }
    }

    private void restarts(List<Act> acts) {
        Set<String> others = ReloadPlan.otherAgents(running, edited);
        for (String agent : sorted(live.agents())) {
            String name = Instances.agentOf(agent);
            String parent = before.get(name);
            if (others.contains(name) && parent != null && parent.equals(after.get(name))) {
                acts.add(new Act(Does.RESTART, agent, parent, "its definition or its program is another"));
            }
        }
    }

    private void starts(List<Act> acts) {
        for (SupervisorOf child : childrenOf(edited)) {
            boolean wasThere = Objects.equals(before.get(child.name()), child.supervisor());
            if (!wasThere && isUpAfterwards(child.supervisor())) {
                acts.add(new Act(
                        Does.START, child.name(), child.supervisor(), "it is a new child of " + child.supervisor()));
            }
        }
        edited.roots().stream()
                .map(SupervisorSpec::name)
                .filter(root -> live.teamUp() && !live.supervisors().contains(root))
                .filter(root -> !running.supervisors().containsKey(root) || before.containsKey(root))
                .forEach(root -> acts.add(new Act(Does.START, root, "", "it is a new supervisor, with its children")));
    }

    private record SupervisorOf(String name, String supervisor) {}

    /// Named children; a template makes none of its own accord while its supervisor is up.
    private static List<SupervisorOf> childrenOf(Project project) {
        return project.supervisors().values().stream()
                .flatMap(supervisor ->
                        supervisor.children().stream().map(child -> new SupervisorOf(child.name(), supervisor.name())))
                .toList();
    }

    private boolean isUpAfterwards(String supervisor) {
        return live.supervisors().contains(supervisor) && edited.supervisors().containsKey(supervisor);
    }

    private static String parent(Map<String, String> parents, String child) {
        @Nullable String parent = parents.get(child);
        return parent == null ? "" : parent;
    }

    private static List<String> sorted(Set<String> names) {
        return names.stream().sorted().toList();
    }
}
