package nexus.aiagents.app.desktop.tree;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.SupervisorView;
import nexus.aiagents.engine.view.SupervisorView.ChildView;
import org.jspecify.annotations.Nullable;

/// Giving a node another supervisor or another place: whether that can be, what it takes, what is started
/// again by it, and how it is taken back. Pure.
///
/// @param act         what is about to be done, as it stands on a button: `Move writer to night-shift`
/// @param consequence for a person, sentences
/// @param asks        something is stopped, so a person is asked first
/// @param undo        what takes it back, in this order
public record Relocation(
        String name, String act, String consequence, boolean asks, Command command, List<Command> undo) {

    /// A node that has been taken hold of, and where it would come.
    ///
    /// @param place among the named children of the supervisor, itself left out; null: the last
    public record Wish(
            TreeNode node, String supervisor, @Nullable Integer place) {}

    /// Where a dragged node would come if it were let go of over another one; null: nowhere.
    ///
    /// @param before over the upper half of it
    public static @Nullable Wish over(ProjectView view, TreeNode dragged, TreeNode target, boolean before) {
        if (dragged.id().equals(target.id())) {
            return null;
        }
        SupervisorView above = parentOf(view, target);
        SupervisorView itself = target.supervisor();
        if (itself != null && (above == null || !isSibling(view, dragged, target))) {
            return new Wish(dragged, itself.name(), null);
        }
        if (above == null) {
            return null;
        }
        List<String> others = others(above, dragged.name());
        int at = others.indexOf(target.name());
        return at < 0 ? null : new Wish(dragged, above.name(), before ? at : at + 1);
    }

    /// One that stands beside a supervisor is put before or after it, not into it.
    private static boolean isSibling(ProjectView view, TreeNode dragged, TreeNode target) {
        SupervisorView a = parentOf(view, dragged);
        return a != null && dragged.supervisor() != null && a == parentOf(view, target);
    }

    private static List<String> others(SupervisorView supervisor, String but) {
        return supervisor.children().stream()
                .filter(c -> !c.instance())
                .map(ChildView::name)
                .filter(n -> !n.equals(but))
                .toList();
    }

    /// Empty if it can be, else why not, a sentence.
    public static String whyNot(ProjectView view, Wish wish) {
        TreeNode node = wish.node();
        SupervisorView to = named(view, wish.supervisor());
        String fixed = whyFixed(view, node);
        if (!fixed.isEmpty()) {
            return fixed;
        }
        if (to == null) {
            return "There is no supervisor " + wish.supervisor() + ".";
        }
        if (to.template() != null) {
            return to.name() + " makes its children from a template.";
        }
        SupervisorView itself = node.supervisor();
        if (itself != null && isAt(view, to, itself.name())) {
            return to.name() + " is below " + node.name() + " itself.";
        }
        SupervisorView from = parentOf(view, node);
        if (from == to && placeOf(to, node.name()) == place(to, wish)) {
            return node.name() + " stands there already.";
        }
        return "";
    }

    /// Why a node can have no other place at all; empty if it can.
    static String whyFixed(ProjectView view, TreeNode node) {
        if (node.kind() == TreeNode.Kind.GROUP) {
            return "Select an agent, a pool or a supervisor first.";
        }
        SupervisorView from = parentOf(view, node);
        if (from == null) {
            return "";
        }
        boolean instance = from.children().stream().anyMatch(c -> c.name().equals(node.name()) && c.instance());
        return instance || from.template() != null
                ? node.name() + " is made from the template of " + from.name() + "."
                : "";
    }

    private static boolean isAt(ProjectView view, SupervisorView at, String name) {
        Set<String> seen = new HashSet<>();
        for (SupervisorView s = at; s != null && seen.add(s.name()); s = named(view, s.parent())) {
            if (s.name().equals(name)) {
                return true;
            }
        }
        return false;
    }

    private static int place(SupervisorView to, Wish wish) {
        int others = others(to, wish.node().name()).size();
        return wish.place() == null ? others : Math.min(others, wish.place());
    }

    /// Among the named children, -1 if it is none of them.
    static int placeOf(SupervisorView supervisor, String child) {
        return supervisor.children().stream()
                .filter(c -> !c.instance())
                .map(ChildView::name)
                .toList()
                .indexOf(child);
    }

    /// @param wish one that {@link #whyNot} has nothing against
    public static Relocation of(ProjectView view, Wish wish) {
        TreeNode node = wish.node();
        String name = node.name();
        SupervisorView from = parentOf(view, node);
        String to = wish.supervisor();
        if (from == null) {
            return new Relocation(
                    name,
                    "Add " + name + " to " + to,
                    name + " becomes the last child of " + to + " and is written into the YAML. "
                            + (node.supervisor() == null
                                    ? "It starts if " + to + " is up."
                                    : started(view, node) + " From then on a failure of it is up to " + to + "."),
                    true,
                    new Command.AddChild(to, name, null, null, false),
                    List.of(new Command.StopChild(to, name), new Command.DeleteChild(to, name)));
        }
        Command back = new Command.MoveChild(to, name, from.name(), placeOf(from, name));
        Command there = new Command.MoveChild(from.name(), name, to, wish.place());
        if (from.name().equals(to)) {
            return new Relocation(
                    name,
                    "Move " + name,
                    "Nothing is stopped. The order counts when " + to + " starts and stops"
                            + (from.strategy().equals("rest-for-one") ? ", and for who is restarted with whom." : "."),
                    false,
                    there,
                    List.of(back));
        }
        return new Relocation(
                name,
                "Move " + name + " to " + to,
                "Its entry goes from " + from.name() + " to " + to + " in the YAML, with its settings and comments. "
                        + started(view, node),
                true,
                there,
                List.of(back));
    }

    private static String started(ProjectView view, TreeNode node) {
        List<String> alive = alive(view, node);
        if (alive.isEmpty()) {
            return "Nothing is running that would have to be started again.";
        }
        String names = String.join(", ", alive.subList(0, Math.min(5, alive.size())))
                + (alive.size() > 5 ? " and " + (alive.size() - 5) + " more" : "");
        return "Stopped and started again: " + names + ".";
    }

    private static List<String> alive(ProjectView view, TreeNode node) {
        List<String> alive = new ArrayList<>();
        SupervisorView supervisor = node.supervisor();
        if (supervisor == null) {
            boolean up = node.agent() == null
                    ? node.pool() != null
                            && node.pool().queue() != null
                            && !node.pool().queue().state().equals("closed")
                    : node.agent().isAlive();
            return up ? List.of(node.name()) : List.of();
        }
        below(view, supervisor, new HashSet<>(), alive);
        return alive;
    }

    private static void below(ProjectView view, SupervisorView supervisor, Set<String> seen, List<String> alive) {
        if (!seen.add(supervisor.name())) {
            return;
        }
        Set<String> names = new HashSet<>();
        for (ChildView child : supervisor.children()) {
            SupervisorView nested = child.kind().equals("supervisor") ? named(view, child.name()) : null;
            if (nested != null) {
                below(view, nested, seen, alive);
            } else {
                names.add(child.name());
            }
        }
        view.agents().stream()
                .filter(a -> names.contains(a.name()) && a.isAlive())
                .map(AgentView::name)
                .forEach(alive::add);
    }

    static @Nullable SupervisorView parentOf(ProjectView view, TreeNode node) {
        String kind = node.kind().name();
        for (SupervisorView supervisor : view.supervisors()) {
            for (ChildView child : supervisor.children()) {
                if (child.name().equals(node.name()) && child.kind().equalsIgnoreCase(kind)) {
                    return supervisor;
                }
            }
        }
        return null;
    }

    static @Nullable SupervisorView named(ProjectView view, @Nullable String name) {
        return view.supervisors().stream()
                .filter(s -> s.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /// The places that a node can have among the children of a supervisor, in words: `First`,
    /// `After writer`. The last of them is the end.
    static List<String> places(SupervisorView supervisor, String child) {
        List<String> places = new ArrayList<>(List.of("First"));
        others(supervisor, child).forEach(other -> places.add("After " + other));
        return places;
    }
}
