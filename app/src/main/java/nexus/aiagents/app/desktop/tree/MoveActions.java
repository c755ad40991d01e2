package nexus.aiagents.app.desktop.tree;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.stage.Window;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.Dialogs;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.SupervisorView;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/// Gives the selected node, or one that was dragged, another supervisor or another place; and takes that
/// back. JavaFX thread.
final class MoveActions {
    final Action moveTo;
    final Action up;
    final Action down;
    final Action undo;

    private final Workspace workspace;
    private final Supplier<@Nullable Window> window;
    private final ReadOnlyObjectWrapper<TreeNode> node = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyObjectWrapper<Relocation> last = new ReadOnlyObjectWrapper<>();
    private final Deque<Relocation> done = new ArrayDeque<>();

    MoveActions(Workspace workspace, Supplier<@Nullable Window> window) {
        this.workspace = workspace;
        this.window = window;
        moveTo = action("moveTo", "Move to…", Feather.MOVE, null, this::whyNotMoved, this::ask);
        up = action(
                "moveUp",
                "Move up",
                Feather.ARROW_UP,
                new KeyCodeCombination(KeyCode.UP, KeyCombination.ALT_DOWN),
                (view, selected) -> whyNotShifted(view, selected, -1),
                (view, selected) -> shift(view, selected, -1));
        down = action(
                "moveDown",
                "Move down",
                Feather.ARROW_DOWN,
                new KeyCodeCombination(KeyCode.DOWN, KeyCombination.ALT_DOWN),
                (view, selected) -> whyNotShifted(view, selected, 1),
                (view, selected) -> shift(view, selected, 1));
        undo = new Action(
                "tree.undoMove",
                "Undo the move",
                Feather.CORNER_UP_LEFT,
                new KeyCodeCombination(KeyCode.Z, KeyCombination.SHORTCUT_DOWN),
                Bindings.createStringBinding(() -> last.get() == null ? "Nothing was moved." : "", last),
                this::undo);
    }

    List<Action> ofNode() {
        return List.of(moveTo, up, down);
    }

    List<Action> all() {
        return List.of(moveTo, up, down, undo);
    }

    void show(@Nullable TreeNode now) {
        node.set(now);
    }

    /// Another project: what was done in the last one can not be undone here.
    void forget() {
        done.clear();
        last.set(null);
    }

    /// A node was let go of over another.
    void dropped(Relocation.Wish wish) {
        ProjectView view = workspace.view().get();
        if (view != null && Relocation.whyNot(view, wish).isEmpty()) {
            Relocation move = Relocation.of(view, wish);
            Window owner = window.get();
            boolean sure = !move.asks()
                    || (owner != null
                            && Dialogs.confirm(
                                    owner, move.act() + "?", move.consequence(), move.act(), "Leave it there"));
            if (sure) {
                perform(move);
            }
        }
    }

    private void ask(ProjectView view, TreeNode selected) {
        new MoveDialog(window.get(), view, selected, targets(view, selected))
                .ask()
                .ifPresent(this::perform);
    }

    private static List<String> targets(ProjectView view, TreeNode selected) {
        return view.supervisors().stream()
                .map(SupervisorView::name)
                .filter(name -> {
                    String why = Relocation.whyNot(view, new Relocation.Wish(selected, name, null));
                    SupervisorView from = Relocation.parentOf(view, selected);
                    return why.isEmpty() || (from != null && from.name().equals(name));
                })
                .toList();
    }

    private String whyNotMoved(ProjectView view, TreeNode selected) {
        String fixed = Relocation.whyFixed(view, selected);
        if (!fixed.isEmpty()) {
            return fixed;
        }
        SupervisorView from = Relocation.parentOf(view, selected);
        boolean alone = targets(view, selected).stream().allMatch(t -> from != null && t.equals(from.name()))
                && (from == null || from.children().size() < 2);
        return alone ? "There is no other place for " + selected.name() + "." : "";
    }

    private static String whyNotShifted(ProjectView view, TreeNode selected, int by) {
        SupervisorView from = Relocation.parentOf(view, selected);
        if (from == null) {
            return "Select a supervisor's child first.";
        }
        int at = Relocation.placeOf(from, selected.name());
        if (at < 0) {
            return Relocation.whyFixed(view, selected);
        }
        long named = from.children().stream().filter(c -> !c.instance()).count();
        int next = at + by;
        return next < 0
                ? selected.name() + " is the first already."
                : next >= named ? selected.name() + " is the last already." : "";
    }

    private void shift(ProjectView view, TreeNode selected, int by) {
        SupervisorView from = Relocation.parentOf(view, selected);
        if (from != null) {
            int to = Relocation.placeOf(from, selected.name()) + by;
            perform(Relocation.of(view, new Relocation.Wish(selected, from.name(), to)));
        }
    }

    private void perform(Relocation move) {
        var _ = workspace.submit(move.command()).thenAccept(result -> {
            if (!(result instanceof CommandResult.Refused)) {
                done.push(move);
                last.set(move);
            }
        });
    }

    private void undo() {
        Relocation move = done.poll();
        last.set(done.peek());
        if (move != null) {
            send(move.undo().iterator(), move.name());
        }
    }

    /// One after the other; what is down already need not be stopped.
    private void send(Iterator<Command> commands, String name) {
        if (!commands.hasNext()) {
            return;
        }
        Command next = commands.next();
        if (next instanceof Command.StopChild && !isUp(name)) {
            send(commands, name);
            return;
        }
        var _ = workspace.submit(next).thenAccept(result -> {
            if (!(result instanceof CommandResult.Refused)) {
                send(commands, name);
            }
        });
    }

    private boolean isUp(String name) {
        ProjectView view = workspace.view().get();
        return view != null
                && view.up()
                && (view.agents().stream().noneMatch(a -> a.name().equals(name))
                        || view.agents().stream().anyMatch(a -> a.name().equals(name) && a.isAlive()));
    }

    private interface Act {
        void on(ProjectView view, TreeNode selected);
    }

    private Action action(
            String id,
            String title,
            Feather icon,
            @Nullable KeyCombination shortcut,
            BiFunction<ProjectView, TreeNode, String> why,
            Act act) {
        return new Action(
                "tree." + id,
                title,
                icon,
                shortcut,
                Bindings.createStringBinding(
                        () -> {
                            ProjectView view = workspace.view().get();
                            TreeNode selected = node.get();
                            return view == null || selected == null
                                    ? "Select an agent, a pool or a supervisor first."
                                    : why.apply(view, selected);
                        },
                        node,
                        workspace.view()),
                () -> {
                    ProjectView view = workspace.view().get();
                    TreeNode selected = node.get();
                    if (view != null && selected != null) {
                        act.on(view, selected);
                    }
                });
    }
}
