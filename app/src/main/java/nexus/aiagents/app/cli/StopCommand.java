package nexus.aiagents.app.cli;

import java.nio.file.Path;
import java.time.Instant;
import nexus.aiagents.engine.control.Command.Down;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.control.EngineClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

@Command(name = "stop", description = "Stops the team that another process keeps running, children in reverse order.")
final class StopCommand extends Action {
    @Override
    int run(Context context) {
        Path folder = project();
        @Nullable EngineClient running = context.projects().running(folder).orElse(null);
        if (running == null) {
            done(context, new CommandResult.Done("Nothing to stop: no process has " + folder + " open."));
            return Exit.DONE;
        }
        try (Session session = new Session(running, Instant.now())) {
            done(context, session.require(new Down()));
            return Exit.DONE;
        }
    }
}
