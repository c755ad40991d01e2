package nexus.aiagents.app.desktop.agent;

import java.util.HashMap;
import java.util.Map;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.control.Command;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.RunView;
import org.jspecify.annotations.Nullable;

/// Runs of agents with inputs of one's own: each agent keeps the last one. JavaFX thread.
final class TryRuns {

    /// What came of the last one so far.
    ///
    /// @param run   null where it was not begun
    /// @param title over the text
    record Shown(@Nullable RunView run, String title, String text, boolean json, boolean error) {
        static final Shown NOTHING = new Shown(null, "RESULT", "", false, false);
    }

    private final Workspace workspace;
    private final Map<String, String> runs = new HashMap<>();
    private final ReadOnlyObjectWrapper<Shown> shown = new ReadOnlyObjectWrapper<>(Shown.NOTHING);
    private @Nullable String agent;

    TryRuns(Workspace workspace) {
        this.workspace = workspace;
    }

    ReadOnlyObjectProperty<Shown> shown() {
        return shown.getReadOnlyProperty();
    }

    void run(String input) {
        String name = agent;
        if (name == null) {
            return;
        }
        say("RESULT", "Starting…", false);
        var _ = workspace.submit(new Command.RunAgent(name, input)).thenAccept(answer -> answered(name, answer));
    }

    private void answered(String name, CommandResult answer) {
        if (answer instanceof CommandResult.RunStarted started) {
            runs.put(name, started.runId());
        }
        if (!name.equals(agent)) {
            return;
        }
        switch (answer) {
            case CommandResult.RunStarted _ -> look(workspace.view().get());
            case CommandResult.Refused refused -> say("REFUSED", refused.code() + "\n\n" + refused.message(), true);
            case CommandResult.Done done -> say("RESULT", done.message(), false);
            case CommandResult.ChildAdded added -> say("RESULT", added.child() + " is up", false);
        }
    }

    private void say(String title, String text, boolean error) {
        shown.set(new Shown(null, title, text, false, error));
    }

    void show(String name, ProjectView view) {
        if (!name.equals(agent)) {
            agent = name;
            shown.set(Shown.NOTHING);
        }
        look(view);
    }

    private void look(@Nullable ProjectView view) {
        String id = runs.get(agent);
        RunView found = view == null
                ? null
                : view.runs().stream()
                        .filter(r -> r.id().equals(id))
                        .findFirst()
                        .orElse(null);
        if (found == null) {
            return;
        }
        if (found.errorCode() != null) {
            String text = found.errorCode() + "\n\n" + found.errorMessage();
            shown.set(new Shown(found, "ERROR", text, false, true));
        } else {
            String output = found.outputJson();
            shown.set(new Shown(found, "RESULT", output == null ? "Running…" : output, output != null, false));
        }
    }

    void forget() {
        agent = null;
        runs.clear();
        shown.set(Shown.NOTHING);
    }
}
