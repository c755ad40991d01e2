package nexus.aiagents.app.desktop.tree;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.ProjectView.PoolView;
import nexus.aiagents.engine.view.SupervisorView;
import org.jspecify.annotations.Nullable;

/// Brings a {@link TreeModel} up to date where nodes changed and the tree did not, which is so nearly every
/// time: of a large team a snapshot holds mostly what the one before it held.
final class TreeUpdate {
    private final TreeModel model;
    private final TreeNode[] nodes;

    private TreeUpdate(TreeModel model) {
        this.model = model;
        this.nodes = model.nodes().toArray(TreeNode[]::new);
    }

    static @Nullable TreeModel of(TreeModel model, ProjectView before, ProjectView now) {
        if (!sameTree(before, now)) {
            return null;
        }
        TreeUpdate update = new TreeUpdate(model);
        boolean shown = update.supervisors(before.supervisors(), now.supervisors())
                && update.agents(before.agents(), now.agents())
                && update.pools(before.pools(), now.pools());
        return shown
                ? new TreeModel(
                        Collections.unmodifiableList(Arrays.asList(update.nodes)), model.byId(), model.matches())
                : null;
    }

    private static boolean sameTree(ProjectView before, ProjectView now) {
        int agents = now.agents().size();
        int supervisors = now.supervisors().size();
        if (agents != before.agents().size()
                || supervisors != before.supervisors().size()
                || now.pools().size() != before.pools().size()) {
            return false;
        }
        for (int i = 0; i < supervisors; i++) {
            if (!samePlace(before.supervisors().get(i), now.supervisors().get(i))) {
                return false;
            }
        }
        for (int i = 0; i < agents; i++) {
            AgentView was = before.agents().get(i);
            AgentView is = now.agents().get(i);
            if (was != is && !was.name().equals(is.name())) {
                return false;
            }
        }
        return true;
    }

    private static boolean samePlace(SupervisorView was, SupervisorView is) {
        return was == is
                || (was.name().equals(is.name())
                        && java.util.Objects.equals(was.parent(), is.parent())
                        && was.children().equals(is.children()));
    }

    private boolean supervisors(List<SupervisorView> before, List<SupervisorView> now) {
        for (int i = 0; i < now.size(); i++) {
            SupervisorView is = now.get(i);
            if (is == before.get(i)) {
                continue;
            }
            Integer at = model.byId().get(TreeModel.supervisorId(is.name()));
            if (at == null) {
                return false; // folded away
            }
            nodes[at] = nodes[at].with(null, is, null);
        }
        return true;
    }

    private boolean agents(List<AgentView> before, List<AgentView> now) {
        for (int i = 0; i < now.size(); i++) {
            AgentView is = now.get(i);
            AgentView was = before.get(i);
            if (is == was) {
                continue;
            }
            Integer at = model.byId().get(TreeModel.agentId(is.name()));
            if (at == null) {
                return false; // folded away, and its cost counts above
            }
            nodes[at] = nodes[at].with(is, null, null);
            long more = is.microDollars() - was.microDollars();
            for (int above = at; more != 0 && above >= 0; above = nodes[above].parent()) {
                nodes[above] = nodes[above].withCost(nodes[above].microDollars() + more);
            }
        }
        return true;
    }

    private boolean pools(List<PoolView> before, List<PoolView> now) {
        for (int i = 0; i < now.size(); i++) {
            PoolView is = now.get(i);
            if (!is.name().equals(before.get(i).name())) {
                return false;
            }
            Integer at = model.byId().get(TreeModel.poolId(is.name()));
            if (at != null) {
                nodes[at] = nodes[at].with(null, null, is);
            }
        }
        return true;
    }
}
