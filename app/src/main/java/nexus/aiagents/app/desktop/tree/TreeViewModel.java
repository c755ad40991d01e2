package nexus.aiagents.app.desktop.tree;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.ProjectView;
import org.jspecify.annotations.Nullable;

/// What picture and list share: the tree, the selection, the filter, what is folded away. JavaFX thread.
public final class TreeViewModel {
    private @Nullable String wanted;
    private final ReadOnlyObjectWrapper<TreeModel> model = new ReadOnlyObjectWrapper<>(TreeModel.EMPTY);
    private final StringProperty selected = new SimpleStringProperty();
    private final StringProperty filter = new SimpleStringProperty("");
    private final Set<String> folded = new HashSet<>();
    private Consumer<String> onRestart = _ -> {};
    private Consumer<List<String>> onFolded = _ -> {};
    private @Nullable ProjectView view;

    public TreeViewModel() {
        filter.addListener((_, _, _) -> rebuild());
    }

    public void show(@Nullable ProjectView next) {
        ProjectView before = view;
        view = next;
        TreeModel same = before == null || next == null || !filter.get().isBlank()
                ? null
                : model.get().with(before, next);
        if (same == null) {
            rebuild();
        } else {
            model.set(same);
        }
        if (next == null) {
            return;
        }
        if (before != null) {
            tellRestarts(before.agents(), next.agents());
        }
        selectWanted();
        wanted = null;
        if (model.get().node(selected.get()) == null && filter.get().isBlank()) {
            List<TreeNode> nodes = model.get().nodes();
            selected.set(nodes.isEmpty() ? null : nodes.getFirst().id());
        }
    }

    private void tellRestarts(List<AgentView> before, List<AgentView> now) {
        Map<String, AgentView> moved = null;
        for (int i = 0; i < now.size(); i++) {
            AgentView is = now.get(i);
            AgentView was = i < before.size() ? before.get(i) : null;
            if (was == is) {
                continue;
            }
            if (was == null || !was.name().equals(is.name())) {
                moved = moved == null ? byName(before) : moved;
                was = moved.get(is.name());
            }
            if (was != null && is.restarts() > was.restarts()) {
                onRestart.accept(TreeModel.agentId(is.name()));
            }
        }
    }

    private static Map<String, AgentView> byName(List<AgentView> agents) {
        Map<String, AgentView> byName = HashMap.newHashMap(agents.size());
        agents.forEach(agent -> byName.put(agent.name(), agent));
        return byName;
    }

    /// Another project: nothing of the last one counts.
    public void reset() {
        folded.clear();
        tellFolded();
        wanted = null;
        selected.set(null);
        filter.set("");
        show(null);
    }

    private void rebuild() {
        ProjectView now = view;
        model.set(now == null ? TreeModel.EMPTY : TreeModel.of(now, folded, filter.get()));
    }

    public void toggleFold(String id) {
        TreeNode node = model.get().node(id);
        if (node == null || node.kind() == TreeNode.Kind.AGENT || node.kind() == TreeNode.Kind.POOL) {
            return;
        }
        if (!folded.remove(id)) {
            folded.add(id);
        }
        rebuild();
        tellFolded();
        if (model.get().node(selected.get()) == null) {
            selected.set(id);
        }
    }

    /// Folds these, by their ids, and no others; those that are not there do no harm.
    public void fold(List<String> ids) {
        folded.clear();
        folded.addAll(ids);
        rebuild();
    }

    /// @param listener gets the ids of all that is folded whenever that changes by {@link #toggleFold}
    ///     and the like
    public void onFolded(Consumer<List<String>> listener) {
        onFolded = listener;
    }

    private void tellFolded() {
        onFolded.accept(folded.stream().sorted().toList());
    }

    /// Opens whatever is folded above an agent, a supervisor or a pool of this name and selects it.
    public void reveal(String name) {
        folded.clear();
        tellFolded();
        filter.set("");
        rebuild();
        wanted = name;
        selectWanted();
    }

    /// The node may have yet to come: the project was only just opened.
    private void selectWanted() {
        String name = wanted;
        if (name != null) {
            Stream.of(TreeModel.agentId(name), TreeModel.supervisorId(name), TreeModel.poolId(name))
                    .filter(model.get().byId()::containsKey)
                    .findFirst()
                    .ifPresent(id -> {
                        wanted = null;
                        selected.set(id);
                    });
        }
    }

    /// The node `step` places further down, or up, in the order of the list.
    public void move(int step) {
        List<TreeNode> nodes = model.get().nodes();
        if (nodes.isEmpty()) {
            return;
        }
        Integer at = model.get().index(selected.get());
        int next = at == null ? 0 : Math.clamp(at + (long) step, 0, nodes.size() - 1);
        selected.set(nodes.get(next).id());
    }

    public void moveToParent() {
        TreeNode node = model.get().node(selected.get());
        if (node != null && node.parent() >= 0) {
            selected.set(model.get().nodes().get(node.parent()).id());
        }
    }

    public void moveToChild() {
        Integer at = model.get().index(selected.get());
        List<TreeNode> nodes = model.get().nodes();
        if (at != null && at + 1 < nodes.size() && nodes.get(at + 1).parent() == at) {
            selected.set(nodes.get(at + 1).id());
        }
    }

    /// What it was made of, null: no project is open.
    @Nullable
    ProjectView view() {
        return view;
    }

    /// The next node that the filter itself hit, from the selected one on.
    public void nextMatch() {
        List<TreeNode> nodes = model.get().nodes();
        Integer at = model.get().index(selected.get());
        for (int i = 1; i <= nodes.size(); i++) {
            TreeNode node = nodes.get(Math.floorMod((at == null ? -1 : at) + i, nodes.size()));
            if (model.get().matches().containsKey(node.id())) {
                selected.set(node.id());
                return;
            }
        }
    }

    public void onRestart(Consumer<String> listener) {
        onRestart = listener;
    }

    public ReadOnlyObjectProperty<TreeModel> model() {
        return model.getReadOnlyProperty();
    }

    public StringProperty selected() {
        return selected;
    }

    public StringProperty filter() {
        return filter;
    }
}
