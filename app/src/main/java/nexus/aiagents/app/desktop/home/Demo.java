package nexus.aiagents.app.desktop.home;

import java.nio.file.Files;
import java.nio.file.Path;
import nexus.aiagents.app.desktop.shell.Notification;
import nexus.aiagents.app.desktop.shell.Screen;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;

/// The first minute: a team that runs, an agent that crashes and comes back, a saga that rolls back and a
/// budget that stops a runaway.
public final class Demo {
    static final String SAGA = "publish-article";
    static final String INPUT = "{\"topic\":\"otters\",\"failAt\":\"publish\"}";

    private final Workspace workspace;
    private final ProjectTemplates templates;

    public Demo(Workspace workspace, ProjectTemplates templates) {
        this.workspace = workspace;
        this.templates = templates;
    }

    /// Copies the sample once, opens it, starts its team and a saga that fails on purpose. What a person
    /// changed in the copy stays. JavaFX thread.
    public void run() {
        Path folder = workspace.folders().data().resolve("demo").resolve(ProjectTemplates.RESEARCH_TEAM);
        workspace
                .background()
                .run(
                        "Preparing the demo",
                        _ -> {
                            if (!Files.exists(folder.resolve("nexus.yaml"))) {
                                templates.unpack(ProjectTemplates.RESEARCH_TEAM, folder);
                            }
                            return folder;
                        },
                        ready -> workspace.open(ready, _ -> start()),
                        e -> workspace
                                .notifications()
                                .post(
                                        Notification.Kind.FAILED,
                                        "The demo could not be copied",
                                        "To " + folder + ": " + e.getMessage()
                                                + ". Make room or give yourself the right to write there."));
    }

    private void start() {
        workspace.show(Screen.SUPERVISORS, null);
        boolean up = workspace.client().get().view().up();
        if (up) {
            runSaga();
            return;
        }
        var _ = workspace.submit(new Command.Up()).thenAccept(result -> {
            if (result instanceof CommandResult.Done) {
                runSaga();
            }
        });
    }

    private void runSaga() {
        workspace.send(new Command.RunSaga(SAGA, INPUT));
    }
}
