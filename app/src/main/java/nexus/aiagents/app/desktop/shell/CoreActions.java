package nexus.aiagents.app.desktop.shell;

import java.util.List;
import javafx.beans.Observable;
import javafx.beans.binding.Bindings;
import javafx.beans.value.ObservableStringValue;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.view.ProjectView;
import org.kordamp.ikonli.feather.Feather;

/// What can be done from anywhere in the window.
final class CoreActions {
    final Action startTeam;
    final Action stopTeam;
    final Action openFolder;
    final Action reopen;
    final Action closeProject;
    final Action lookBack;
    final Action lightTheme;
    final Action darkTheme;
    final Action systemTheme;

    CoreActions(Workspace workspace) {
        startTeam = new Action(
                "team.start",
                "Start team",
                Feather.PLAY,
                new KeyCodeCombination(KeyCode.F5),
                why(workspace, v -> v.up() ? "The team is already running." : ""),
                () -> workspace.send(new Command.Up()));
        stopTeam = new Action(
                "team.stop",
                "Stop team",
                Feather.SQUARE,
                new KeyCodeCombination(KeyCode.F5, KeyCombination.SHIFT_DOWN),
                why(workspace, v -> v.up() ? "" : "The team is not running."),
                () -> workspace.send(new Command.Down()));
        openFolder = Action.always(
                "project.open",
                "Open folder…",
                Feather.FOLDER,
                new KeyCodeCombination(KeyCode.O, KeyCombination.SHORTCUT_DOWN),
                () -> workspace
                        .chooser()
                        .choose("Open a project", workspace.folder().get())
                        .ifPresent(workspace::enter));
        reopen = new Action(
                "project.reopen",
                "Open the project again",
                Feather.REFRESH_CW,
                null,
                Bindings.createStringBinding(
                        () -> workspace.folder().get() == null ? "No project is open." : "", workspace.folder()),
                () -> workspace.open(workspace.folder().get()));
        closeProject = new Action(
                "project.close", "Close project", Feather.X, null, reopen.whyDisabled(), workspace::closeProject);
        lookBack = new Action(
                "time.look-back",
                "Look back in time",
                Feather.CLOCK,
                new KeyCodeCombination(KeyCode.T, KeyCombination.SHORTCUT_DOWN),
                why(workspace, _ -> workspace.past().isActive() ? "You are looking back already." : ""),
                workspace::lookBack);
        lightTheme = theme(workspace, Theme.Choice.LIGHT, "Use the light theme");
        darkTheme = theme(workspace, Theme.Choice.DARK, "Use the dark theme");
        systemTheme = theme(workspace, Theme.Choice.SYSTEM, "Use the theme of the system");
    }

    List<Action> all() {
        return List.of(
                startTeam, stopTeam, lookBack, openFolder, reopen, closeProject, lightTheme, darkTheme, systemTheme);
    }

    private static Action theme(Workspace workspace, Theme.Choice choice, String title) {
        var icon = switch (choice) {
            case LIGHT -> Feather.SUN;
            case DARK -> Feather.MOON;
            case SYSTEM -> Feather.MONITOR;
        };
        return Action.always(
                "theme." + choice.name().toLowerCase(java.util.Locale.ROOT),
                title,
                icon,
                null,
                () -> workspace.chooseTheme(choice));
    }

    private interface Reason {
        String of(ProjectView view);
    }

    private static ObservableStringValue why(Workspace workspace, Reason reason) {
        Observable[] inputs = {
            workspace.view(), workspace.opening(), workspace.past().reach()
        };
        return Bindings.createStringBinding(
                () -> {
                    ProjectView view = workspace.view().get();
                    if (view != null) {
                        return reason.of(view);
                    }
                    return workspace.opening().get() ? "The project is still opening." : "Open a project first.";
                },
                inputs);
    }
}
