package nexus.aiagents.app.cli;

import java.nio.file.Path;
import java.time.Instant;
import nexus.aiagents.engine.control.Command.Down;
import nexus.aiagents.engine.control.Command.StopAgent;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.EngineClient;
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
            context.projects().refuseWhileHeld(folder);
            done(context, new CommandResult.Done("Nothing to stop: no process has " + folder + " open."));
            return Exit.DONE;
        }
        try (Session session = new Session(running, Instant.now())) {
            done(context, session.require(agent == null ? new Down() : new StopAgent(agent)));
            return Exit.DONE;
        }
    }
}
