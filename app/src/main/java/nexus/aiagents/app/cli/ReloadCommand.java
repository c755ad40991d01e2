package nexus.aiagents.app.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import nexus.aiagents.app.cli.Terminal.Tone;
import nexus.aiagents.engine.control.Command.Reload;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.project.Analysis;
import nexus.aiagents.engine.project.ReloadPlan;
import nexus.aiagents.engine.project.ReloadPlan.Change;
import nexus.aiagents.engine.project.ReloadPlan.Field;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "reload",
        description = "Says how the files differ from what runs in another process and what will restart, then"
                + " applies them.")
final class ReloadCommand extends Action {
    private static final int SHORT = 60;

    @Option(names = "--plan", description = "Only says it.")
    private boolean onlyPlan;

    @Override
    int run(Context context) {
        Path folder = project();
        @Nullable EngineClient running = context.projects().running(folder).orElse(null);
        if (running == null) {
            done(
                    context,
                    new CommandResult.Done("Nothing to apply: no process has " + folder
                            + " open. The files count from the next start on."));
            return Exit.DONE;
        }
        try (Session session = new Session(running, Instant.now())) {
            ReloadPlan plan = session.engine().plan(Map.of());
            if (plan.refusal() != null) {
                Analysis analysis = context.projects().analyze(folder);
                throw analysis.hasErrors()
                        ? Failure.project(analysis.diagnostics())
                        : Failure.refused(new CommandResult.Refused("project-errors", plan.refusal()));
            }
            print(context.terminal(), plan);
            if (!onlyPlan) {
                done(context, session.require(new Reload()));
            }
            return Exit.DONE;
        }
    }

    private static void print(Terminal terminal, ReloadPlan plan) {
        if (terminal.json()) {
            terminal.json(Json.object("plan", plan));
            return;
        }
        if (plan.isEmpty()) {
            terminal.line("The files say what runs.");
            return;
        }
        for (Change change : plan.changes()) {
            terminal.line(mark(terminal, change) + " "
                    + terminal.tint(Tone.STRONG, Terminal.safe((change.kind() + " " + change.name()).strip())) + ": "
                    + Terminal.safe(change.effect()));
            if (change.program()) {
                terminal.line("    its program is another");
            }
            change.fields().forEach(field -> terminal.line("    " + Terminal.safe(told(field))));
        }
        terminal.line(
                plan.isFelt()
                        ? terminal.tint(Tone.CAUTION, Terminal.safe(plan.summary()))
                        : terminal.tint(Tone.GOOD, "nothing that is up restarts"));
    }

    private static String mark(Terminal terminal, Change change) {
        return switch (change.how()) {
            case ADDED -> terminal.tint(Tone.GOOD, "+");
            case REMOVED -> terminal.tint(Tone.BAD, "-");
            case CHANGED -> terminal.tint(Tone.CAUTION, "~");
        };
    }

    private static String told(Field field) {
        return field.path() + ": " + value(field.before()) + " -> " + value(field.after());
    }

    private static String value(@Nullable String text) {
        return text == null ? "(not there)" : Format.brief(text, SHORT);
    }
}
