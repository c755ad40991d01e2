package nexus.aiagents.engine;

import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.Journal;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.ViewFold;

/// Says in the journal that this process works on the project, and that it ends. One that only looks at a
/// project which was closed well leaves no trace. Thread-safe.
final class Presence {
    private final Journal journal;
    private final ViewFold views;
    private final String project;
    private final String hash;
    private boolean announced;

    Presence(Journal journal, Project project, ViewFold views) {
        this.journal = journal;
        this.views = views;
        this.project = project.name();
        this.hash = project.hash();
    }

    /// The first time only.
    synchronized void announce() {
        if (!announced) {
            announced = true;
            long unfinished = views.view().runs().stream()
                    .map(RunView::state)
                    .filter(state -> !state.isFinal())
                    .count();
            journal.commitAndWait(Journal.Batch.of(new EngineEvent.ProjectOpened(project, hash, (int) unfinished)));
        }
    }

    synchronized void sayGoodbye() {
        if (announced) {
            journal.commitAndWait(Journal.Batch.of(new EngineEvent.ProjectClosed()));
        }
    }
}
