package nexus.aiagents.app.cli;

import java.util.function.Function;
import nexus.aiagents.engine.control.Command.AllowRunaway;
import nexus.aiagents.engine.control.Command.CrashAgent;
import nexus.aiagents.engine.control.Command.HangAgent;
import nexus.aiagents.engine.control.Command.OverspendAgent;
import nexus.aiagents.engine.control.Command.PauseAgent;
import nexus.aiagents.engine.control.Command.RestartAgent;
import nexus.aiagents.engine.control.Command.ResumeAgent;
import nexus.aiagents.engine.control.Command.SlowAgent;
import nexus.aiagents.engine.control.Command.StartAgent;
import nexus.aiagents.engine.control.Command.StopAgent;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "agent",
        description =
                "Starts, stops and pauses single agents of a team that is up, makes trouble for them on purpose, or lists their runs.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            AgentCommand.Start.class,
            AgentCommand.Stop.class,
            AgentCommand.Restart.class,
            AgentCommand.Crash.class,
            AgentCommand.Hang.class,
            AgentCommand.Slow.class,
            AgentCommand.Overspend.class,
            AgentCommand.Pause.class,
            AgentCommand.Resume.class,
            AgentCommand.Allow.class,
            AgentRuns.class
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

    @Command(
            name = "hang",
            description = "Lets the next call of an agent to the host go unanswered, to see who notices.")
    static final class Hang extends Verb {
        Hang() {
            super(HangAgent::new);
        }
    }

    /// Trouble that is over by itself.
    abstract static class ForAWhile extends Action {
        @Parameters(paramLabel = "NAME", description = "The agent.")
        private String name = "";

        @Option(
                names = "--for",
                paramLabel = "TIME",
                defaultValue = "1m",
                description = "How long that lasts, at most 1h. Default: ${DEFAULT-VALUE}.")
        private String howLong = "";

        abstract nexus.aiagents.engine.control.Command command(String agent, long forMillis);

        @Override
        int run(Context context) {
            return submit(context, command(name, Times.span("--for", howLong).toMillis()));
        }
    }

    @Command(name = "slow", description = "Makes all calls of an agent to the host take longer for a while.")
    static final class Slow extends ForAWhile {
        @Option(
                names = "--by",
                paramLabel = "TIME",
                defaultValue = "2s",
                description = "How much longer each call takes. Default: ${DEFAULT-VALUE}.")
        private String by = "";

        @Override
        SlowAgent command(String agent, long forMillis) {
            return new SlowAgent(agent, Times.span("--by", by).toMillis(), forMillis);
        }
    }

    @Command(
            name = "overspend",
            description =
                    "Holds all that is left of an agent's budget for a while, to see what happens at the limit. Nothing is billed.")
    static final class Overspend extends ForAWhile {
        @Override
        OverspendAgent command(String agent, long forMillis) {
            return new OverspendAgent(agent, forMillis);
        }
    }

    @Command(name = "pause", description = "Lets an agent wait at its next call to the world.")
    static final class Pause extends Verb {
        Pause() {
            super(PauseAgent::new);
        }
    }

    @Command(
            name = "resume",
            description = "Lets a paused agent go on, and one run again whose program ended its workers.")
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
