package nexus.aiagents.engine;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import nexus.aiagents.engine.agent.ProgramCheck;
import nexus.aiagents.engine.journal.Backups;
import nexus.aiagents.engine.project.Analysis;
import nexus.aiagents.engine.project.Diagnostic;
import nexus.aiagents.engine.project.LanguageService;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.sandbox.Sandbox;

/// What can be done with a project without opening it. Thread-safe.
public final class ClosedProject {
    private final ProjectFolder place;

    public ClosedProject(Path folder) {
        this.place = new ProjectFolder(folder.toAbsolutePath().normalize());
    }

    /// Everything that would keep it from running: its YAML, and programs that the sandbox would not take.
    /// Leaves no trace in a folder that was never opened, and takes no lock.
    public Analysis check() {
        Analysis analysis = new LanguageService().analyze(place.root(), Map.of());
        Project project = analysis.project();
        if (project == null || analysis.hasErrors()) {
            return analysis;
        }
        List<Diagnostic> all = new ArrayList<>(analysis.diagnostics());
        try (Sandbox sandbox = sandbox()) {
            all.addAll(ProgramCheck.of(project, sandbox::prepare));
        }
        boolean fine = all.stream().noneMatch(Diagnostic::isError);
        return new Analysis(fine ? project : null, all, analysis.outline());
    }

    /// Compiled code is kept where the project itself will look for it, if it has a place for that.
    private Sandbox sandbox() {
        return place.wasOpened() ? Sandbox.open(place.cache()) : Sandbox.openForThisUser();
    }

    /// The copies of its store, whatever became of the store.
    public Backups backups() {
        return new Backups(place.store(), Clock.systemUTC());
    }

    /// Its records, which can be read whatever became of its YAML.
    public ClosedRecords records() {
        return new ClosedRecords(place);
    }
}
