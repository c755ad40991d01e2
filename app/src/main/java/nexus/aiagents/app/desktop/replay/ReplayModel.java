package nexus.aiagents.app.desktop.replay;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
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
import org.jspecify.annotations.Nullable;

/// What is recorded of a run or of an agent, and the latest replay of it. JavaFX thread.
final class ReplayModel {
    static final int MOST = 200;

    private final Workspace workspace;
    private final ObservableList<Recording> recordings = FXCollections.observableArrayList();
    private final ReadOnlyStringWrapper whyNot = new ReadOnlyStringWrapper("Nothing is selected.");
    private final ReadOnlyObjectWrapper<ReplayReport> report = new ReadOnlyObjectWrapper<>();
    private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper("");
    private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper();
    private final Map<Integer, String> answers = new TreeMap<>();
    /// Of the program instead of those in the record; empty: as it was.
    private Map<String, String> files = Map.of();
    private String subject = "";
    private String nothing = "";
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

    ReadOnlyBooleanProperty busy() {
        return busy.getReadOnlyProperty();
    }

    /// Whether it is told something else than then, or runs with another source.
    boolean isChanged() {
        return !answers.isEmpty() || !files.isEmpty();
    }

    /// Looks again where something may have been recorded since.
    ///
    /// @param of    whose records: another one forgets what was replayed
    /// @param state changes when something may have been recorded
    /// @param none  said where there is none
    void show(String of, String state, Recording.Query query, String none) {
        EngineClient client = workspace.client().get();
        if ((of + state).equals(looked) || client == null) {
            return;
        }
        looked = of + state;
        nothing = none;
        if (!of.equals(subject)) {
            subject = of;
            recordings.clear();
            whyNot.set(none);
            reset();
        }
        workspace.background().quietly(_ -> client.recordings(query), found -> found(of, found), this::failed);
    }

    private void found(String of, List<Recording> found) {
        if (of.equals(subject) && !found.equals(recordings)) {
            whyNot.set(found.isEmpty() ? nothing : ""); // first: who hears of the records may replay at once
            recordings.setAll(found);
        }
    }

    private void failed(Throwable e) {
        problem.set(String.valueOf(e.getMessage()));
    }

    /// Forgets changed answers, another source and what was replayed.
    void reset() {
        BackgroundTask running = task;
        if (running != null) {
            running.cancel();
            task = null;
        }
        busy.set(false);
        answers.clear();
        files = Map.of();
        report.set(null);
        problem.set("");
    }

    /// Tells the program this from now on, and replays.
    void change(Recording recording, int call, String answerJson) {
        answers.put(call, answerJson);
        replay(recording);
    }

    /// Runs with another source from now on, and replays.
    ///
    /// @param source files of the program, instead of those in the record
    void edit(Recording recording, Map<String, String> source) {
        files = Map.copyOf(source);
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
        busy.set(true);
        ReplayRequest request = new ReplayRequest(0, answers, files);
        String of = subject;
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
                            if (of.equals(subject)) {
                                busy.set(false);
                                report.set(done);
                            }
                        },
                        e -> {
                            busy.set(false);
                            report.set(null);
                            failed(e);
                        });
    }
}
