package nexus.aiagents.app.cli;

import java.nio.file.Path;
import java.time.Instant;
import nexus.aiagents.engine.control.Command.Down;
import nexus.aiagents.engine.control.Command.StopAgent;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.RunView;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "stop",
        aliases = "down",
        description =
                "Stops the team that another process keeps running, children in reverse order; or one agent of it.")
final class StopCommand extends Action {
    @Parameters(
            arity = "0..1",
            paramLabel = "AGENT",
            description = "Only this agent; its supervisor keeps it down until it is started again. Default: the team.")
    private @Nullable String agent;

    @Override
    int run(Context context) {
        Path folder = project();
        @Nullable EngineClient running = context.projects().running(folder).orElse(null);
        if (running == null) {
            done(context, new CommandResult.Done("Nothing to stop: no process has " + folder + " open."));
            return Exit.DONE;
        }
        try (Session session = new Session(running, Instant.now())) {
            CommandResult result = session.submit(agent == null ? new Down() : new StopAgent(agent));
            if (result instanceof CommandResult.Refused refused) {
                throw Failure.refused(withWayOut(refused, session.engine().view()));
            }
            done(context, result);
            return Exit.DONE;
        }
    }

    /// What works without the team being up is a run, and those are ended by another command.
    private CommandResult.Refused withWayOut(CommandResult.Refused refused, ProjectView view) {
        return view.runs().stream()
                .filter(run -> !run.state().isFinal())
                .filter(run -> agent == null || works(run, agent))
                .findFirst()
                .map(run -> new CommandResult.Refused(
                        refused.code(),
                        refused.message() + "; the run " + run.id() + " of " + run.name()
                                + " is under way: naos runs cancel " + run.id() + " ends it"))
                .orElse(refused);
    }

    private static boolean works(RunView run, String agent) {
        return run.name().equals(agent) || run.steps().stream().anyMatch(step -> agent.equals(step.agent()));
    }
}
