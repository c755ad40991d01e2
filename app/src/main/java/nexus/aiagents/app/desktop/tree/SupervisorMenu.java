package nexus.aiagents.app.desktop.tree;

import java.util.ArrayList;
import java.util.List;
import javafx.scene.control.MenuItem;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.view.SupervisorView;
import nexus.aiagents.engine.view.SupervisorView.State;
import nexus.aiagents.engine.view.SupervisorView.TemplateView;

/// What can be done to a supervisor: another instance of its template, and what its parent can do to it.
final class SupervisorMenu {
    private final Workspace workspace;

    SupervisorMenu(Workspace workspace) {
        this.workspace = workspace;
    }

    List<MenuItem> items(SupervisorView supervisor) {
        boolean up = supervisor.state() == State.RUNNING;
        List<MenuItem> items = new ArrayList<>();
        TemplateView template = supervisor.template();
        if (template != null) {
            boolean room = supervisor.children().size() < template.max();
            items.add(item(
                    "Add another " + template.agent(),
                    up && room,
                    new Command.AddChild(supervisor.name(), null, null, null, false)));
        }
        String parent = supervisor.parent();
        if (parent != null) {
            items.add(item("Start", !up, new Command.StartChild(parent, supervisor.name())));
            items.add(item("Stop", up, new Command.StopChild(parent, supervisor.name())));
            items.add(item("Restart", up, new Command.RestartChild(parent, supervisor.name())));
        } else {
            items.add(item("Start the team", !up, new Command.Up()));
            items.add(item("Stop the team", up, new Command.Down()));
        }
        return items;
    }

    private MenuItem item(String title, boolean enabled, Command command) {
        MenuItem item = new MenuItem(title);
        item.setDisable(!enabled);
        item.setOnAction(_ -> workspace.send(command));
        return item;
    }
}
