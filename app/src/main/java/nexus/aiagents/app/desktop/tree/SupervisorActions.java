package nexus.aiagents.app.desktop.tree;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javafx.beans.binding.Bindings;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.stage.Window;
import nexus.aiagents.app.desktop.shell.Action;
import nexus.aiagents.app.desktop.shell.Dialogs;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.SupervisorView;
import nexus.aiagents.engine.view.SupervisorView.ChildView;
import nexus.aiagents.engine.view.SupervisorView.State;
import nexus.aiagents.engine.view.SupervisorView.TemplateView;
import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.feather.Feather;

/// What can be done to the selected supervisor, and the deletion of the selected child. JavaFX thread.
final class SupervisorActions {
    final Action delete;
    /// All that is about a supervisor.
    final List<Action> ofSupervisor;

    private final Workspace workspace;
    private final Supplier<@Nullable Window> window;
    private final ReadOnlyObjectWrapper<TreeNode> node = new ReadOnlyObjectWrapper<>();

    SupervisorActions(Workspace workspace, Supplier<@Nullable Window> window) {
        this.workspace = workspace;
        this.window = window;
        delete = new Action(
                "tree.deleteChild",
                "Delete child…",
                Feather.TRASH_2,
                null,
                Bindings.createStringBinding(this::whyNotDeleted, node, workspace.view()),
                this::askDelete);
        ofSupervisor = List.of(
                action("addChild", "Add child…", Feather.PLUS, this::whyNotAdded, this::add),
                action(
                        "startSupervisor",
                        "Start supervisor",
                        Feather.PLAY,
                        s -> isUp(s) ? s.name() + " is already up." : whyTop(s),
                        s -> send(s, Command.StartChild::new)),
                action(
                        "stopSupervisor",
                        "Stop supervisor",
                        Feather.SQUARE,
                        s -> isUp(s) ? whyTop(s) : s.name() + " is not running.",
                        s -> send(s, Command.StopChild::new)),
                action(
                        "restartSupervisor",
                        "Restart supervisor",
                        Feather.ROTATE_CW,
                        SupervisorActions::whyTop,
                        s -> send(s, Command.RestartChild::new)));
    }

    void show(@Nullable TreeNode now) {
        node.set(now);
    }

    private interface OnChild {
        Command of(String supervisor, String child);
    }

    private void send(SupervisorView supervisor, OnChild child) {
        String parent = supervisor.parent();
        if (parent != null) {
            workspace.send(child.of(parent, supervisor.name()));
        }
    }

    private static String whyTop(SupervisorView supervisor) {
        return supervisor.parent() == null ? "It is at the top: start and stop the whole team." : "";
    }

    private static boolean isUp(SupervisorView supervisor) {
        return supervisor.state() == State.RUNNING;
    }

    private List<AddChildDialog.Candidate> candidates(SupervisorView parent) {
        ProjectView view = workspace.view().get();
        return view == null ? List.of() : AddChildDialog.Candidate.of(view, parent);
    }

    private String whyNotAdded(SupervisorView s) {
        TemplateView template = s.template();
        if (template == null) {
            return candidates(s).isEmpty() ? "Everything that can be a child has a supervisor." : "";
        }
        if (!isUp(s)) {
            return s.name() + " is not running: what it makes from its template starts at once.";
        }
        return s.children().size() < template.max()
                ? ""
                : "There are " + template.max() + " of " + template.agent() + ", its most.";
    }

    private void add(SupervisorView s) {
        if (s.template() != null) {
            workspace.send(new Command.AddChild(s.name(), null, null, null, false));
            return;
        }
        new AddChildDialog(window.get(), s.name(), candidates(s)).ask().ifPresent(workspace::send);
    }

    private record Listed(String supervisor, ChildView child) {}

    /// The selected node as a child, null: it is none.
    private @Nullable Listed listed() {
        TreeNode selected = node.get();
        ProjectView view = workspace.view().get();
        if (selected == null || view == null) {
            return null;
        }
        String kind = selected.kind().name();
        for (SupervisorView s : view.supervisors()) {
            for (ChildView child : s.children()) {
                if (child.name().equals(selected.name()) && child.kind().equalsIgnoreCase(kind)) {
                    return new Listed(s.name(), child);
                }
            }
        }
        return null;
    }

    private String whyNotDeleted() {
        TreeNode selected = node.get();
        Listed listed = listed();
        if (selected == null || listed == null) {
            return "Select a supervisor's child first.";
        }
        AgentView agent = selected.agent();
        SupervisorView supervisor = selected.supervisor();
        boolean starts = agent != null && agent.state() == AgentView.State.BACKING_OFF
                || supervisor != null && supervisor.backoffUntil() != null;
        boolean up = agent != null && agent.isAlive() || supervisor != null && isUp(supervisor);
        if (starts) {
            return selected.name() + " is about to start: stop it first.";
        }
        return up ? selected.name() + " is up: stop it first." : "";
    }

    private void askDelete() {
        Listed listed = listed();
        Window owner = window.get();
        if (listed == null || owner == null) {
            return;
        }
        String name = listed.child().name();
        boolean sure = Dialogs.confirm(
                owner,
                "Delete " + name + " from " + listed.supervisor() + "?",
                "It is no child any more, and its entry is taken out of the YAML. " + name
                        + " itself stays in the project.",
                "Delete child",
                "Keep it");
        if (sure) {
            workspace.send(new Command.DeleteChild(listed.supervisor(), name));
        }
    }

    private Action action(
            String id, String title, Feather icon, Function<SupervisorView, String> why, Consumer<SupervisorView> act) {
        return new Action(
                "tree." + id,
                title,
                icon,
                null,
                Bindings.createStringBinding(
                        () -> {
                            SupervisorView selected = supervisor();
                            return selected == null ? "Select a supervisor first." : why.apply(selected);
                        },
                        node,
                        workspace.view()),
                () -> {
                    SupervisorView selected = supervisor();
                    if (selected != null) {
                        act.accept(selected);
                    }
                });
    }

    private @Nullable SupervisorView supervisor() {
        TreeNode selected = node.get();
        return selected == null ? null : selected.supervisor();
    }
}
