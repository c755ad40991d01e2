package nexus.aiagents.app.cli;

import nexus.aiagents.engine.control.Command.RunPool;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.RunView;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "pool",
        description = "Gives the same work to several agents and makes one answer of theirs.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {PoolCommand.Run.class, PoolCommand.ListPools.class})
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
