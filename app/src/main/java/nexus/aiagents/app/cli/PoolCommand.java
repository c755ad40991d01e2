package nexus.aiagents.app.cli;

import nexus.aiagents.engine.control.Command.DecidePool;
import nexus.aiagents.engine.control.Command.RunPool;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.RunView;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "pool",
        description = "Gives the same work to several agents and makes one answer of theirs.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            PoolCommand.Run.class,
            PoolCommand.Status.class,
            PoolCommand.Decide.class,
            PoolCommand.ListPools.class
        })
final class PoolCommand {
    @Command(name = "run", description = "Asks a pool once and prints its answer; votes go to standard error.")
    static final class Run extends Action {
        @Parameters(paramLabel = "NAME", description = "The pool.")
        private String name = "";

        @Mixin
        private Input input = new Input();

        @Override
        int run(Context context) throws Exception {
            String json = input.json(context);
            Terminal terminal = context.terminal();
            try (Session session = open(context, true)) {
                RunView run = new Follower(session, context, terminal::aside).start(new RunPool(name, json));
                new RunReport(terminal.json() ? terminal : terminal.beside(), run).print();
                if (!terminal.json() && run.state() == RunView.State.DONE && run.outputJson() != null) {
                    terminal.line(Json.pretty(run.outputJson()));
                }
                return Exit.of(run);
            }
        }
    }

    @Command(
            name = "decide",
            description = "Picks the answer of a pool that found no agreement and waits for a person (onTie: ask).")
    static final class Decide extends Action {
        @Parameters(index = "0", paramLabel = "RUN", description = "The run's id.")
        private String run = "";

        @Parameters(
                index = "1",
                paramLabel = "CHOICE",
                description = "The number of the answer, as naos pool status shows it. 0: none of them, the run fails.")
        private int choice;

        @Override
        int run(Context context) {
            try (Session session = open(context, true)) {
                return new Follower(session, context, context.terminal()::line).steer(run, new DecidePool(run, choice));
            }
        }
    }

    @Command(name = "status", description = "Shows a decision of a pool with its votes. Default: the newest.")
    static final class Status extends Action {
        @Parameters(
                arity = "0..1",
                paramLabel = "RUN",
                description = "The run's id, or the name of a pool for its newest run.")
        private @Nullable String run;

        @Override
        int run(Context context) {
            try (Session session = open(context, false)) {
                RunView found = session.engine().view().runs().stream()
                        .filter(r -> r.kind().equals("pool"))
                        .filter(r ->
                                run == null || r.id().equals(run) || r.name().equals(run))
                        .findFirst()
                        .orElseThrow(() -> new Failure(
                                Exit.USAGE,
                                "unknown-run",
                                run == null
                                        ? "no pool was asked yet; naos pool run NAME asks one"
                                        : "there is no decision " + run));
                new RunReport(context.terminal(), found).print();
                return Exit.DONE;
            }
        }
    }

    @Command(name = "list", description = "Lists the pools of the project.")
    static final class ListPools extends Action {
        @Override
        int run(Context context) {
            Terminal terminal = context.terminal();
            try (Session session = open(context, false)) {
                ProjectView view = session.engine().view();
                if (terminal.json()) {
                    view.pools().forEach(pool -> terminal.json(Json.object("pool", pool)));
                    return Exit.DONE;
                }
                Table table = new Table("POOL", "STRATEGY", "NEEDED", "MEMBERS");
                view.pools()
                        .forEach(pool -> table.cell(pool.name())
                                .cell(pool.strategy())
                                .cell(pool.needed())
                                .cell(String.join(", ", pool.members()))
                                .end());
                table.printOr(terminal, "The project has no pool.");
                return Exit.DONE;
            }
        }
    }
}
