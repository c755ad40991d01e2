package nexus.aiagents.app.cli;

import java.util.List;
import nexus.aiagents.app.cli.Terminal.Tone;
import nexus.aiagents.engine.control.Command.DecideTrust;
import nexus.aiagents.engine.control.Command.SignAgent;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.AgentView.TrustView;
import nexus.aiagents.engine.view.ProjectView;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "trust",
        description = "Shows scores and signatures of agents, signs them, and lets one run that its score would not.",
        synopsisSubcommandLabel = "[COMMAND]",
        subcommands = {
            TrustCommand.Sign.class,
            TrustCommand.Verify.class,
            TrustCommand.Allow.class,
            TrustCommand.Refuse.class,
            TrustCommand.Reset.class,
            TrustExplain.class
        })
final class TrustCommand extends Action {
    @Override
    int run(Context context) {
        return show(this, context, null);
    }

    /// @return the exit code
    private static int show(Action action, Context context, @Nullable String name) {
        try (Session session = action.open(context, false)) {
            List<AgentView> agents = agents(session.engine().view(), name);
            if (context.terminal().json()) {
                agents.forEach(a ->
                        context.terminal().json(Json.object("trust", a.trust()).put("agent", a.name())));
                return Exit.DONE;
            }
            Table table = new Table("AGENT", "GATE", "SCORE", "TIER", "RATING", "SIGNATURE", "");
            for (AgentView agent : agents) {
                TrustView trust = agent.trust();
                table.cell(agent.name())
                        .cell(
                                trust.allowed() ? Tone.GOOD : trust.asks() ? Tone.CAUTION : Tone.BAD,
                                trust.allowed() ? "open" : trust.asks() ? "asks" : "closed")
                        .cell(trust.score())
                        .cell("T" + trust.tier())
                        .cell(trust.rating())
                        .cell(trust.signature())
                        .cell(Tone.DIM, Format.brief(trust.why(), 100))
                        .end();
            }
            table.printOr(context.terminal(), "The project has no agent.");
            return Exit.DONE;
        }
    }

    private static List<AgentView> agents(ProjectView view, @Nullable String name) {
        List<AgentView> agents = view.agents().stream()
                .filter(a -> name == null || a.name().equals(name))
                .toList();
        if (agents.isEmpty() && name != null) {
            throw Failure.unknown(
                    "agent", name, view.agents().stream().map(AgentView::name).toList());
        }
        return agents;
    }

    @Command(
            name = "sign",
            description = "Vouches with your key for an agent as it is: definition, grants and program.")
    static final class Sign extends Action {
        @Parameters(paramLabel = "AGENT", description = "The agent.")
        private String agent = "";

        @Override
        int run(Context context) {
            return submit(context, new SignAgent(agent));
        }
    }

    @Command(name = "verify", description = "Says whether agents are signed and unchanged; exit code 1 if one is not.")
    static final class Verify extends Action {
        @Parameters(paramLabel = "AGENT", arity = "0..1", description = "The agent; all of them without it.")
        private @Nullable String name;

        @Override
        int run(Context context) {
            show(this, context, name);
            try (Session session = open(context, false)) {
                boolean all = agents(session.engine().view(), name).stream()
                        .allMatch(a -> a.trust().signature().equals("verified"));
                return all ? Exit.DONE : Exit.FAILED;
            }
        }
    }

    abstract static class Decision extends Action {
        private final String decision;

        @Parameters(paramLabel = "AGENT", description = "The agent.")
        private String agent = "";

        @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept in the journal.")
        private String reason = "";

        Decision(String decision) {
            this.decision = decision;
        }

        @Nullable
        Long minutes() {
            return null;
        }

        @Override
        int run(Context context) {
            return submit(context, new DecideTrust(agent, decision, reason, minutes()));
        }
    }

    abstract static class ForAWhile extends Decision {
        @Option(
                names = "--minutes",
                paramLabel = "N",
                description = "How long that is good. Without it: until you say otherwise.")
        private @Nullable Long minutes;

        ForAWhile(String decision) {
            super(decision);
        }

        @Override
        @Nullable
        Long minutes() {
            return minutes;
        }
    }

    @Command(name = "allow", description = "Lets an agent run whatever its score; what waits for that goes on.")
    static final class Allow extends ForAWhile {
        Allow() {
            super("allow");
        }
    }

    @Command(name = "refuse", description = "Lets an agent not run whatever its score; what waits for that ends.")
    static final class Refuse extends ForAWhile {
        Refuse() {
            super("refuse");
        }
    }

    @Command(name = "reset", description = "Takes back what was said: the score decides again.")
    static final class Reset extends Decision {
        Reset() {
            super("reset");
        }
    }
}
