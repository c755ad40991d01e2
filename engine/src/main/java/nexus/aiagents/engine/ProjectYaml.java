package nexus.aiagents.engine;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.CommandResult.Refused;
import nexus.aiagents.engine.project.Analysis;
import nexus.aiagents.engine.project.Diagnostic;
import nexus.aiagents.engine.project.LanguageService;
import nexus.aiagents.engine.project.Project;
import org.jspecify.annotations.Nullable;

/// The YAML of an open project: its files, what they would mean, and the texts of what runs.
record ProjectYaml(ProjectFolder folder, LanguageService language, RunningTexts texts) {
    private static final int PROBLEMS_TOLD = 3;

    /// A change of one block in one file.
    ///
    /// @param kind  of the block: `pool`
    /// @param text  throws IllegalArgumentException where the change has no place
    /// @param taken of the project as its files would say it: the one from now on, null if the block is not
    ///     in it. What else was edited in the files waits for a reload
    record Edit(String kind, String file, UnaryOperator<String> text, Function<Project, @Nullable Project> taken) {}

    /// Writes what a person decided, if the project is right with it: into the file and into what runs. One
    /// change at a time; the caller sees to that.
    ///
    /// @param done what to answer once it is written; gets the project from now on
    Outcome write(Project project, Edit edit, Function<Project, CommandResult> done) {
        String file = edit.file();
        try {
            String after = edit.text().apply(folder.read(file));
            Analysis analysis = analyze(Map.of(file, after));
            Project read = analysis.project();
            Project next = read == null ? null : edit.taken().apply(read);
            if (next == null || analysis.hasErrors()) {
                return new Outcome(projectErrors("so nothing was written", analysis), project);
            }
            folder.replace(file, after);
            texts.edit(file, edit.text());
            return new Outcome(done.apply(next), next);
        } catch (IllegalArgumentException e) {
            return Outcome.refused(project, "bad-input", String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return Outcome.refused(
                    project, "store", "the file of the " + edit.kind() + " can not be written: " + e.getMessage());
        }
    }

    /// @param edited texts that stand for files of the disk
    Analysis analyze(Map<String, String> edited) {
        return language.analyze(folder.root(), edited);
    }

    static Refused projectErrors(String consequence, Analysis analysis) {
        List<String> told = analysis.diagnostics().stream()
                .filter(Diagnostic::isError)
                .limit(PROBLEMS_TOLD)
                .map(d -> d.at().file() + ":" + (d.at().line() + 1) + ": " + d.message())
                .toList();
        return new Refused("project-errors", "the project has errors, " + consequence + ": " + String.join("; ", told));
    }
}
