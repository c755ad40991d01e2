package nexus.aiagents.app.cli;

import java.util.function.Function;
import nexus.aiagents.engine.control.Command.AllowRunaway;
import nexus.aiagents.engine.control.Command.CrashAgent;
import nexus.aiagents.engine.control.Command.PauseAgent;
import nexus.aiagents.engine.control.Command.RestartAgent;
import nexus.aiagents.engine.control.Command.ResumeAgent;
import nexus.aiagents.engine.control.Command.StartAgent;
import nexus.aiagents.engine.control.Command.StopAgent;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "agent",
        description = "Starts, stops, pauses and crashes single agents of a team that is up.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            AgentCommand.Start.class,
            AgentCommand.Stop.class,
            AgentCommand.Restart.class,
            AgentCommand.Crash.class,
            AgentCommand.Pause.class,
            AgentCommand.Resume.class,
            AgentCommand.Allow.class
        })
final class AgentCommand {
    abstract static class Verb extends Action {
        private final Function<String, nexus.aiagents.engine.control.Command> command;

        @Parameters(paramLabel = "NAME", description = "The agent.")
        private String name = "";

        Verb(Function<String, nexus.aiagents.engine.control.Command> command) {
            this.command = command;
        }

        @Override
        int run(Context context) {
            return submit(context, command.apply(name));
        }
    }

    @Command(name = "start", description = "Starts an agent that was stopped.")
    static final class Start extends Verb {
        Start() {
            super(StartAgent::new);
        }
    }

    @Command(name = "stop", description = "Stops an agent; its supervisor keeps it down until it is started again.")
    static final class Stop extends Verb {
        Stop() {
            super(StopAgent::new);
        }
    }

    @Command(name = "restart", description = "Stops an agent and starts it again.")
    static final class Restart extends Verb {
        Restart() {
            super(RestartAgent::new);
        }
    }

    @Command(name = "crash", description = "Makes an agent crash, to see what its supervisor does.")
    static final class Crash extends Verb {
        Crash() {
            super(CrashAgent::new);
        }
    }

    @Command(name = "pause", description = "Lets an agent wait at its next call to the world.")
    static final class Pause extends Verb {
        Pause() {
            super(PauseAgent::new);
        }
    }

    @Command(name = "resume", description = "Lets a paused agent go on.")
    static final class Resume extends Verb {
        Resume() {
            super(ResumeAgent::new);
        }
    }

    @Command(
            name = "allow",
            description =
                    "Lets an agent go on that was paused because it runs in circles, now and whenever it does so.")
    static final class Allow extends Verb {
        Allow() {
            super(AllowRunaway::new);
        }
    }
}
