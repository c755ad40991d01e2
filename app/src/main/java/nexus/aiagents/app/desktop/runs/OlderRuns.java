package nexus.aiagents.app.desktop.runs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import nexus.aiagents.app.desktop.shell.Workspace;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.journal.RunQuery;
import nexus.aiagents.engine.journal.RunRecord;
import nexus.aiagents.engine.view.RunView;

/// Fetches runs that the snapshot does not hold any more from the journal. JavaFX thread.
final class OlderRuns {
    /// What is looked through, newest first.
    private static final int SEARCHED = 50_000;

    private static final int SHOWN = 50;

    private final Workspace workspace;
    private final RunsViewModel runs;

    OlderRuns(Workspace workspace, RunsViewModel runs) {
        this.workspace = workspace;
        this.runs = runs;
    }

    /// Does nothing if there is no such run; it may be one that has yet to come.
    void fetch(String runId) {
        EngineClient engine = workspace.client().get();
        if (engine == null) {
            return;
        }
        workspace
                .background()
                .quietly(
                        _ -> engine.run(runId).stream()
                                .flatMap(found -> Stream.ofNullable(found.run()))
                                .toList(),
                        found -> show(engine, found),
                        _ -> {});
    }

    /// Those whose name, id or error holds this text.
    void search(String text) {
        EngineClient engine = workspace.client().get();
        String wanted = text.strip().toLowerCase(Locale.ROOT);
        if (engine == null || wanted.isEmpty()) {
            return;
        }
        Set<String> held = runs.ids();
        workspace
                .background()
                .run("Search runs", _ -> search(engine, wanted, held), found -> show(engine, found), _ -> {});
    }

    private static List<RunView> search(EngineClient engine, String wanted, Set<String> held) {
        List<RunView> found = new ArrayList<>();
        for (RunRecord record : engine.runs(RunQuery.newest(SEARCHED))) {
            String said = record.name() + " " + record.id() + " " + record.kind() + " " + record.errorCode();
            if (found.size() < SHOWN
                    && !held.contains(record.id())
                    && said.toLowerCase(Locale.ROOT).contains(wanted)) {
                engine.run(record.id()).map(EngineClient.FoundRun::run).ifPresent(found::add);
            }
        }
        return found;
    }

    private void show(EngineClient of, List<RunView> found) {
        if (workspace.client().get() == of) {
            runs.also(found);
        }
    }
}
