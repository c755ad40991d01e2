package nexus.aiagents.app.cli;

import java.time.Instant;
import java.util.List;
import nexus.aiagents.app.cli.Terminal.Tone;
import nexus.aiagents.engine.control.Command.AddGrant;
import nexus.aiagents.engine.control.Command.DecideGrant;
import nexus.aiagents.engine.control.Command.RemoveGrant;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.AgentView.DenialView;
import nexus.aiagents.engine.view.AgentView.GrantView;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.ProjectView.AskView;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "grants",
        description =
                "Shows what agents may do, what they use of it and what they were denied, and decides what they ask.",
        synopsisSubcommandLabel = "[COMMAND]",
        subcommands = {
            GrantsCommand.Asks.class,
            GrantsCommand.Allow.class,
            GrantsCommand.Deny.class,
            GrantsCommand.Add.class,
            GrantsCommand.Remove.class
        })
final class GrantsCommand extends Action {
    @Parameters(paramLabel = "AGENT", arity = "0..1", description = "The agent; all of them without it.")
    private @Nullable String name;

    @Override
    int run(Context context) {
        try (Session session = open(context, false)) {
            ProjectView view = session.engine().view();
            List<AgentView> agents = view.agents().stream()
                    .filter(a -> name == null || a.name().equals(name))
                    .toList();
            if (agents.isEmpty() && name != null) {
                throw Failure.unknown(
                        "agent",
                        name,
                        view.agents().stream().map(AgentView::name).toList());
            }
            if (context.terminal().json()) {
                agents.forEach(a -> context.terminal().json(json(a)));
            } else {
                print(context.terminal(), agents);
                view.asks().stream()
                        .filter(ask -> name == null || ask.agent().equals(name))
                        .forEach(ask -> context.terminal()
                                .line(ask.agent() + " waits for your leave: " + ask.what() + "; naos grants allow "
                                        + ask.id() + ", or deny"));
            }
            return Exit.DONE;
        }
    }

    private static ObjectNode json(AgentView agent) {
        ObjectNode json = Json.object("grants", agent.grants());
        return json.put("agent", agent.name());
    }

    private static void print(Terminal terminal, List<AgentView> agents) {
        Table table = new Table("AGENT", "GRANT", "NAME", "", "USED", "LAST", "");
        for (AgentView agent : agents) {
            for (GrantView grant : agent.grants().declared()) {
                boolean unseen = grant.kind().equals("env");
                table.cell(agent.name())
                        .cell(grant.kind())
                        .cell(grant.name())
                        .cell(Tone.DIM, grant.detail())
                        .cell(unseen ? "-" : Format.count(grant.used()))
                        .cell(moment(grant.lastUsed()))
                        .cell(Tone.CAUTION, grant.used() == 0 && !unseen ? "never used" : "")
                        .end();
            }
            for (DenialView denial : agent.grants().denied()) {
                table.cell(agent.name())
                        .cell(Tone.BAD, "denied")
                        .cell(Format.brief(denial.what(), 60))
                        .cell("")
                        .cell(Format.count(denial.count()))
                        .cell(moment(denial.last()))
                        .cell(Tone.DIM, denial.remedy())
                        .end();
            }
        }
        table.printOr(terminal, "Nothing is granted in the YAML, and nothing was denied.");
    }

    private static String moment(@Nullable Instant at) {
        return at == null ? "-" : Format.moment(at);
    }

    @Command(name = "asks", description = "Lists the calls that wait until you allow or refuse them.")
    static final class Asks extends Action {
        @Override
        int run(Context context) {
            Terminal terminal = context.terminal();
            try (Session session = open(context, false)) {
                List<AskView> asks = session.engine().view().asks();
                if (terminal.json()) {
                    asks.forEach(ask -> terminal.json(Json.object("ask", ask)));
                    return Exit.DONE;
                }
                Table table = new Table("ASK", "AGENT", "WANTS", "RUN", "SINCE");
                for (AskView ask : asks) {
                    table.cell(ask.id())
                            .cell(ask.agent())
                            .cell(ask.inWords())
                            .cell(ask.runId() == null ? "-" : ask.runId())
                            .cell(Format.moment(ask.at()))
                            .end();
                }
                table.printOr(terminal, "No agent waits for your leave.");
                return Exit.DONE;
            }
        }
    }

    @Command(name = "allow", description = "Lets a call that waits be made; without an option this once.")
    static final class Allow extends Action {
        @Parameters(paramLabel = "ASK", description = "What waits, from `naos grants asks`.")
        private String ask = "";

        @ArgGroup
        private @Nullable HowLong howLong;

        static final class HowLong {
            @Option(names = "--run", description = "Calls like it too, to the end of this run.")
            private boolean run;

            @Option(names = "--until-closed", description = "Calls like it too, until the project is closed.")
            private boolean project;

            @SuppressWarnings("UnusedVariable") // what is left if it is none of the others
            @Option(names = "--always", description = "Writes the grant into the YAML.")
            private boolean always;
        }

        @Override
        int run(Context context) {
            HowLong asked = howLong;
            String decision = asked == null ? "once" : asked.run ? "run" : asked.project ? "project" : "always";
            return submit(context, new DecideGrant(ask, decision));
        }
    }

    @Command(name = "deny", description = "Refuses a call that waits, and others like it in the same run.")
    static final class Deny extends Action {
        @Parameters(paramLabel = "ASK", description = "What waits, from `naos grants asks`.")
        private String ask = "";

        @Override
        int run(Context context) {
            return submit(context, new DecideGrant(ask, "deny"));
        }
    }

    @Command(name = "add", description = "Writes a grant into the YAML and applies it.")
    static final class Add extends Action {
        @Parameters(index = "0", paramLabel = "AGENT", description = "The agent.")
        private String agent = "";

        @Parameters(index = "1", paramLabel = "KIND", description = "models, http, files, agents, kv, env or secrets.")
        private String kind = "";

        @Parameters(
                index = "2",
                paramLabel = "ITEM",
                description =
                        "A name for models, agents and env; else as it stands in the list, as JSON: '{\"host\": \"a.org\"}',"
                                + " '{\"path\": \"notes\", \"mode\": \"rw\"}'; for kv true.")
        private String item = "";

        @Override
        int run(Context context) {
            return submit(context, new AddGrant(agent, kind, item));
        }
    }

    @Command(name = "remove", description = "Takes a grant out of the YAML; an agent that is up is restarted.")
    static final class Remove extends Action {
        @Parameters(index = "0", paramLabel = "AGENT", description = "The agent.")
        private String agent = "";

        @Parameters(index = "1", paramLabel = "KIND", description = "models, http, files, agents, kv, env or secrets.")
        private String kind = "";

        @Parameters(
                index = "2",
                paramLabel = "NAME",
                arity = "0..1",
                description = "The name, host or path; none for kv.")
        private String grant = "";

        @Override
        int run(Context context) {
            return submit(context, new RemoveGrant(agent, kind, grant));
        }
    }
}
