package nexus.aiagents.engine.agent;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.engine.project.Diagnostic;
import nexus.aiagents.engine.project.Position;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.sandbox.Isolation;
import nexus.aiagents.sandbox.ProgramRejected;

/// Whether the programs of a project could be run, found out without running them.
public final class ProgramCheck {
    private ProgramCheck() {}

    /// Scans and compiles each program once.
    public static List<Diagnostic> of(Project project, AgentServices.Preparer preparer) {
        Programs programs = new Programs(preparer, Programs.Keeper.NONE);
        Set<String> seen = new LinkedHashSet<>();
        List<Diagnostic> problems = new ArrayList<>();
        for (AgentSpec spec : project.agents().values()) {
            String source = spec.source();
            if (source == null || !seen.add(spec.runtime() + source)) {
                continue;
            }
            try {
                programs.prepared(project.folder(), spec, Isolation.THREAD); // it is not run
            } catch (ProgramRejected e) {
                String message = String.valueOf(e.getMessage());
                problems.add(Diagnostic.programRejected(
                        e.line() == 0 ? "`" + source + "` can not be run: " + message : message,
                        place(spec, source, e)));
            }
        }
        return problems;
    }

    /// In the program where the line is known, else at the agent that names it.
    private static Position place(AgentSpec spec, String source, ProgramRejected e) {
        if (e.line() == 0) {
            return spec.at();
        }
        String folder = source.substring(0, source.lastIndexOf('/') + 1);
        String file = e.file().isEmpty() ? source : folder + e.file();
        int column = Math.max(0, e.column() - 1);
        return new Position(file, e.line() - 1, column, e.line() - 1, column + 1);
    }
}
