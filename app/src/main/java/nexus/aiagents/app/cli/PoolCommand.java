package nexus.aiagents.app.cli;

import java.util.List;
import java.util.stream.Stream;
import nexus.aiagents.engine.control.Command.DecidePool;
import nexus.aiagents.engine.control.Command.DrainPool;
import nexus.aiagents.engine.control.Command.LimitPool;
import nexus.aiagents.engine.control.Command.ResumePool;
import nexus.aiagents.engine.control.Command.RunPool;
import nexus.aiagents.engine.control.Command.ScalePool;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.ProjectView.PoolView;
import nexus.aiagents.engine.view.RunView;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "pool",
        description = "Gives work to pools: all members decide together, or share the jobs of a queue.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            PoolCommand.Run.class,
            PoolCommand.ListPools.class,
            PoolCommand.Status.class,
            PoolCommand.Decide.class,
            PoolCommand.Scale.class,
            PoolCommand.Limits.class,
            PoolCommand.Drain.class,
            PoolCommand.Resume.class
        })
final class PoolCommand {
    private PoolCommand() {}

    static boolean isPools(RunView run) {
        return run.kind().equals("pool") || run.kind().equals("job");
    }

    @Command(
            name = "run",
            description =
                    "Asks a pool once, or brings its queue a job, and prints the answer; votes go to standard error.")
    static final class Run extends Action {
        @Parameters(paramLabel = "NAME", description = "The pool.")
        private String name = "";

        @Mixin
        private Input input = new Input();

        @Option(
                names = "--no-wait",
                description = "Prints the run's id as soon as it is durable and does not wait for its end.")
        private boolean noWait;

        @Override
        int run(Context context) throws Exception {
            String json = input.json(context);
            Terminal terminal = context.terminal();
            try (Session session = open(context, true)) {
                if (noWait) {
                    return started(terminal, session.require(new RunPool(name, json)));
                }
                RunView run = new Follower(session, context, terminal::aside).start(new RunPool(name, json));
                new RunReport(terminal.json() ? terminal : terminal.beside(), run).print();
                if (!terminal.json() && run.state() == RunView.State.DONE && run.outputJson() != null) {
                    terminal.line(Json.pretty(run.outputJson()));
                }
                return Exit.of(run);
            }
        }

        private static int started(Terminal terminal, CommandResult result) {
            if (!(result instanceof CommandResult.RunStarted(String runId))) {
                throw new IllegalStateException("no run came of it: " + result);
            }
            if (terminal.json()) {
                terminal.json(Json.object("done").put("message", "run " + runId + " started"));
            } else {
                terminal.line(runId);
            }
            return Exit.DONE;
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

    @Command(
            name = "status",
            description =
                    "Shows a pool with its queue and its newest run, or one run with its votes. Default: the newest"
                            + " run.")
    static final class Status extends Action {
        @Parameters(arity = "0..1", paramLabel = "NAME", description = "A pool, or the id of a run.")
        private @Nullable String name;

        @Override
        int run(Context context) {
            Terminal terminal = context.terminal();
            try (Session session = open(context, false)) {
                ProjectView view = session.engine().view();
                List<PoolView> pools =
                        view.pools().stream().filter(p -> p.name().equals(name)).toList();
                List<RunView> runs = view.runs().stream()
                        .filter(PoolCommand::isPools)
                        .filter(r ->
                                name == null || r.id().equals(name) || r.name().equals(name))
                        .limit(1)
                        .toList();
                if (pools.isEmpty() && runs.isEmpty() && name != null) {
                    runs = session.engine().run(name).stream()
                            .flatMap(found -> Stream.ofNullable(found.run()))
                            .filter(PoolCommand::isPools)
                            .toList();
                }
                if (pools.isEmpty() && runs.isEmpty()) {
                    throw name == null
                            ? new Failure(
                                    Exit.USAGE, "unknown-run", "no pool was asked yet; naos pool run NAME asks one")
                            : Failure.unknown(
                                    "pool and no run of one",
                                    name,
                                    view.pools().stream().map(PoolView::name).toList());
                }
                pools.forEach(pool -> new PoolReport(terminal, pool).print());
                runs.forEach(run -> new RunReport(terminal, run).print());
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
                Table table = new Table("POOL", "STRATEGY", "NEEDED", "MEMBERS", "WORKERS", "QUEUE");
                for (PoolView pool : view.pools()) {
                    ProjectView.QueueView queue = pool.queue();
                    table.cell(pool.name())
                            .cell(pool.strategy())
                            .cell(queue == null ? pool.needed() : "")
                            .cell(String.join(", ", pool.members()))
                            .cell(queue == null ? "" : queue.workers())
                            .cell(queue == null ? "" : PoolReport.depth(queue))
                            .end();
                }
                table.printOr(terminal, "The project has no pool.");
                return Exit.DONE;
            }
        }
    }

    @Command(
            name = "scale",
            description = "Says how many workers a queue has, or lets their number follow the queue again.")
    static final class Scale extends Action {
        @Parameters(index = "0", paramLabel = "NAME", description = "The pool.")
        private String name = "";

        @Parameters(
                index = "1",
                paramLabel = "WORKERS",
                description = "How many, between the pool's min and max; auto: as many as the queue needs.")
        private String workers = "";

        @Override
        int run(Context context) {
            if (workers.equals("auto")) {
                return submit(context, new ScalePool(name, null));
            }
            try {
                return submit(context, new ScalePool(name, Integer.valueOf(workers)));
            } catch (NumberFormatException e) {
                throw new Failure(Exit.USAGE, "bad-input", "say how many workers as a number, or auto");
            }
        }
    }

    @Command(
            name = "limits",
            description = "Changes the least and the most workers of a queue, in the YAML with its comments kept and"
                    + " at once.")
    static final class Limits extends Action {
        @Parameters(paramLabel = "NAME", description = "The pool.")
        private String name = "";

        @Option(names = "--min", paramLabel = "N", description = "Never fewer workers, 0 to 1000.")
        private @Nullable Integer min;

        @Option(names = "--max", paramLabel = "N", description = "Never more workers, 1 to 1000.")
        private @Nullable Integer max;

        @Override
        int run(Context context) {
            if (min == null && max == null) {
                throw Failure.usage("say what to change: --min, --max or both.");
            }
            return submit(context, new LimitPool(name, min, max));
        }
    }

    @Command(
            name = "drain",
            description = "Lets a queue take no new jobs and finish those it has, until it is resumed.")
    static final class Drain extends Action {
        @Parameters(paramLabel = "NAME", description = "The pool.")
        private String name = "";

        @Override
        int run(Context context) {
            return submit(context, new DrainPool(name));
        }
    }

    @Command(name = "resume", description = "Lets a drained queue take jobs again.")
    static final class Resume extends Action {
        @Parameters(paramLabel = "NAME", description = "The pool.")
        private String name = "";

        @Override
        int run(Context context) {
            return submit(context, new ResumePool(name));
        }
    }
}
