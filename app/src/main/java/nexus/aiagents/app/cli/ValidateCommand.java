package nexus.aiagents.app.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import nexus.aiagents.app.cli.Terminal.Tone;
import nexus.aiagents.engine.project.Analysis;
import nexus.aiagents.engine.project.Project;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

@Command(name = "validate", description = "Checks the project's YAML and says what to mend, and where.")
final class ValidateCommand extends Action {
    @Override
    int run(Context context) {
        Path folder = project();
        Analysis analysis = context.projects().analyze(folder);
        Reporter reporter = new Reporter(context, folder);
        analysis.diagnostics().forEach(reporter::diagnostic);
        long errors = analysis.diagnostics().stream().filter(d -> d.isError()).count();
        long others = analysis.diagnostics().size() - errors;
        @Nullable Project project = analysis.project();
        Terminal terminal = context.terminal();
        if (terminal.json()) {
            terminal.json(Json.object("validated")
                    .put("project", project == null ? null : project.name())
                    .put("folder", folder.toString())
                    .put("ok", errors == 0)
                    .put("errors", errors)
                    .put("warnings", others));
        } else if (errors > 0) {
            terminal.line(terminal.tint(Tone.BAD, counted(errors, "error")) + other(others));
        } else {
            terminal.line(terminal.tint(Tone.GOOD, "no errors")
                    + other(others)
                    + (project == null ? "" : " in " + project.name() + contents(project)));
        }
        return errors == 0 ? Exit.DONE : Exit.PROJECT;
    }

    private static String other(long warnings) {
        return warnings == 0 ? "" : ", " + counted(warnings, "warning");
    }

    private static String contents(Project p) {
        Map<String, Integer> kinds = new LinkedHashMap<>();
        kinds.put("agent", p.agents().size());
        kinds.put("supervisor", p.supervisors().size());
        kinds.put("saga", p.sagas().size());
        kinds.put("workflow", p.workflows().size());
        kinds.put("pool", p.pools().size());
        kinds.put("schedule", p.schedules().size());
        kinds.put("budget", p.budgets().size());
        return kinds.entrySet().stream()
                .filter(kind -> kind.getValue() > 0)
                .map(kind -> counted(kind.getValue(), kind.getKey()))
                .collect(Collectors.joining(", ", ": ", ""));
    }

    private static String counted(long number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }
}
