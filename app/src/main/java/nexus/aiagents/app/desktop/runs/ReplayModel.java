package nexus.aiagents.app.desktop.runs;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import nexus.aiagents.app.desktop.fx.BackgroundTask;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.replay.Recording;
import nexus.aiagents.engine.replay.ReplayReport;
import nexus.aiagents.engine.replay.ReplayRequest;
import nexus.aiagents.engine.replay.Replayer;
import nexus.aiagents.engine.view.RunView;
import org.jspecify.annotations.Nullable;

/// What is recorded of the selected run, and its latest replay. JavaFX thread.
final class ReplayModel {
    private static final String NOTHING =
            "Nothing of this run is recorded: by default only what fails is. `record: always` in an agent's block keeps all.";

    private final Workspace workspace;
    private final ObservableList<Recording> recordings = FXCollections.observableArrayList();
    private final ReadOnlyStringWrapper whyNot = new ReadOnlyStringWrapper(NOTHING);
    private final ReadOnlyObjectWrapper<ReplayReport> report = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper("");
    private final Map<Integer, String> answers = new TreeMap<>();
    private @Nullable String run;
    private String looked = "";
    private @Nullable BackgroundTask task;

    ReplayModel(Workspace workspace) {
        this.workspace = workspace;
    }

    /// Newest first.
    ObservableList<Recording> recordings() {
        return recordings;
    }

    /// Empty while there is something to replay.
    ReadOnlyStringProperty whyNot() {
        return whyNot.getReadOnlyProperty();
    }

    /// Null until there was one.
    ReadOnlyObjectProperty<ReplayReport> report() {
        return report.getReadOnlyProperty();
    }

    /// Why there is none, empty if there is.
    ReadOnlyStringProperty problem() {
        return problem.getReadOnlyProperty();
    }

    boolean isForked() {
        return !answers.isEmpty();
    }

    /// Looks again where something may have been recorded since.
    void show(RunView now) {
        int attempts = now.steps().stream()
                .mapToInt(s -> s.attempts() + s.undoAttempts())
                .sum();
        String state = now.id() + " " + now.state() + " " + attempts;
        EngineClient client = workspace.client().get();
        if (state.equals(looked) || client == null) {
            return;
        }
        looked = state;
        if (!now.id().equals(run)) {
            run = now.id();
            recordings.clear();
            whyNot.set(NOTHING);
            reset();
        }
        String id = now.id();
        workspace
                .background()
                .quietly(_ -> client.recordings(Recording.Query.ofRun(id)), found -> found(id, found), this::failed);
    }

    private void found(String id, List<Recording> found) {
        if (id.equals(run) && !found.equals(recordings)) {
            recordings.setAll(found);
            whyNot.set(found.isEmpty() ? NOTHING : "");
        }
    }

    private void failed(Throwable e) {
        problem.set(String.valueOf(e.getMessage()));
    }

    /// Forgets changed answers and what was replayed.
    void reset() {
        BackgroundTask running = task;
        if (running != null) {
            running.cancel();
            task = null;
        }
        answers.clear();
        report.set(null);
        problem.set("");
    }

    /// Tells the program this from now on, and replays.
    void change(Recording recording, int call, String answerJson) {
        answers.put(call, answerJson);
        replay(recording);
    }

    void replay(Recording recording) {
        EngineClient client = workspace.client().get();
        if (client == null) {
            return;
        }
        BackgroundTask earlier = task;
        if (earlier != null) {
            earlier.cancel();
        }
        problem.set("");
        ReplayRequest request = new ReplayRequest(0, answers);
        String of = run;
        task = workspace
                .background()
                .run(
                        "Replay " + recording.agent(),
                        _ -> {
                            try (Replayer replayer = Replayer.open()) {
                                return replayer.replay(client.recording(recording.id()), request, _ -> true);
                            }
                        },
                        done -> {
                            if (of != null && of.equals(run)) {
                                report.set(done);
                            }
                        },
                        e -> {
                            report.set(null);
                            failed(e);
                        });
    }
}
