package nexus.aiagents.app.cli;

import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import nexus.aiagents.app.cli.Terminal.Tone;
import nexus.aiagents.engine.control.Command.AddChild;
import nexus.aiagents.engine.control.Command.DeleteChild;
import nexus.aiagents.engine.control.Command.MoveChild;
import nexus.aiagents.engine.control.Command.RestartChild;
import nexus.aiagents.engine.control.Command.StartChild;
import nexus.aiagents.engine.control.Command.StopChild;
import nexus.aiagents.engine.supervise.Consequence;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.SupervisorView;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "supervisor",
        description = "Shows who restarts whom, and adds, moves, stops and deletes children of a team that is up.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            SupervisorCommand.Status.class,
            SupervisorCommand.ListChildren.class,
            SupervisorCommand.Count.class,
            SupervisorCommand.WhatIf.class,
            SupervisorCommand.Add.class,
            SupervisorCommand.Start.class,
            SupervisorCommand.Stop.class,
            SupervisorCommand.Restart.class,
            SupervisorCommand.Delete.class,
            SupervisorCommand.Move.class
        })
final class SupervisorCommand {
    @Command(name = "status", description = "Shows the supervision tree and how many restarts are left.")
    static final class Status extends Action {
        @Override
        int run(Context context) {
            Terminal terminal = context.terminal();
            try (Session session = open(context, false)) {
                ProjectView view = session.engine().view();
                if (terminal.json()) {
                    view.supervisors().forEach(s -> terminal.json(json(s)));
                } else {
                    print(terminal, view, "The project has no supervisor.");
                }
                return Exit.DONE;
            }
        }
    }

    /// One that names a supervisor and only looks.
    abstract static class Look extends Action {
        @Parameters(paramLabel = "SUPERVISOR", description = "The supervisor.")
        private String supervisor = "";

        @Override
        final int run(Context context) {
            try (Session session = open(context, false)) {
                ProjectView view = session.engine().view();
                SupervisorView found = view.supervisors().stream()
                        .filter(s -> s.name().equals(supervisor))
                        .findFirst()
                        .orElseThrow(() -> Failure.unknown(
                                "supervisor",
                                supervisor,
                                view.supervisors().stream()
                                        .map(SupervisorView::name)
                                        .toList()));
                show(context.terminal(), view, found);
                return Exit.DONE;
            }
        }

        abstract void show(Terminal terminal, ProjectView view, SupervisorView supervisor);
    }

    @Command(name = "list", description = "Lists the children of a supervisor in their order, instances last.")
    static final class ListChildren extends Look {
        @Override
        void show(Terminal terminal, ProjectView view, SupervisorView supervisor) {
            Table table = new Table("CHILD", "KIND", "RESTART", "STATE", "");
            for (SupervisorView.ChildView child : supervisor.children()) {
                String state = state(view, child);
                if (terminal.json()) {
                    terminal.json(Json.object("child", child)
                            .put("supervisor", supervisor.name())
                            .put("state", state));
                } else {
                    table.cell(child.name())
                            .cell(child.kind())
                            .cell(child.restart())
                            .cell(state)
                            .cell(child.held() == null ? "" : "stays down: " + child.held())
                            .end();
                }
            }
            if (!terminal.json()) {
                table.print(terminal);
            }
        }

        private static String state(ProjectView view, SupervisorView.ChildView child) {
            Stream<String> states = switch (child.kind()) {
                case "supervisor" ->
                    view.supervisors().stream()
                            .filter(s -> s.name().equals(child.name()))
                            .map(s -> Format.lower(s.state()));
                case "pool" -> queues(view, child.name()).map(ProjectView.QueueView::state);
                default ->
                    view.agents().stream()
                            .filter(a -> a.name().equals(child.name()))
                            .map(a -> Format.lower(a.state()));
            };
            return states.findFirst().orElse("stopped");
        }
    }

    @Command(name = "count", description = "Counts the children of a supervisor: all, those alive, and what they are.")
    static final class Count extends Look {
        @Override
        void show(Terminal terminal, ProjectView view, SupervisorView supervisor) {
            SupervisorView.Counts counts = view.count(supervisor.name());
            if (terminal.json()) {
                terminal.json(Json.object("count", counts).put("supervisor", supervisor.name()));
            } else {
                terminal.line(counts.specs() + " children, " + counts.active() + " of them alive; "
                        + counts.supervisors() + " supervisors, " + counts.agents() + " agents"
                        + (counts.pools() == 0 ? "" : ", " + counts.pools() + " pools"));
            }
        }
    }

    @Command(name = "what-if", description = "Says who would be restarted, and by whom, if a child failed now.")
    static final class WhatIf extends Action {
        @Parameters(paramLabel = "CHILD", description = "An agent, an instance of one, a pool or a supervisor.")
        private String child = "";

        @Override
        int run(Context context) {
            try (Session session = open(context, false)) {
                Consequence consequence = Consequence.of(session.engine().view(), child);
                if (consequence.steps().isEmpty()) {
                    throw Failure.unknown(
                            "child of a supervisor",
                            child,
                            children(session.engine().view()));
                }
                Terminal terminal = context.terminal();
                if (terminal.json()) {
                    terminal.json(Json.object("consequence", consequence).put("child", child));
                } else {
                    consequence.sentences().forEach(terminal::line);
                }
                return Exit.DONE;
            }
        }
    }

    private static List<String> children(ProjectView view) {
        return view.supervisors().stream()
                .flatMap(supervisor -> supervisor.children().stream())
                .map(SupervisorView.ChildView::name)
                .toList();
    }

    @Command(
            name = "add",
            description =
                    "Adds a child behind all others and starts it. A named one is written into the YAML; where the"
                            + " supervisor has a template, it makes one more instance, without a name.")
    static final class Add extends Action {
        @Parameters(paramLabel = "SUPERVISOR", description = "The supervisor.")
        private String supervisor = "";

        @Parameters(
                arity = "0..1",
                index = "1",
                paramLabel = "CHILD",
                description = "An agent, a supervisor or a pool with a queue that is no child yet.")
        private @Nullable String child;

        @Option(names = "--restart", paramLabel = "TYPE", description = "permanent, transient or temporary.")
        private @Nullable String restart;

        @Option(
                names = "--shutdown",
                paramLabel = "TIME",
                description = "How long it may take to stop: 5s, infinity or brutal-kill.")
        private @Nullable String shutdown;

        @Option(names = "--significant", description = "Its end counts for the supervisor's autoShutdown.")
        private boolean significant;

        @Override
        int run(Context context) {
            return submit(context, new AddChild(supervisor, child, restart, shutdown, significant));
        }
    }

    abstract static class Verb extends Action {
        private final BiFunction<String, String, nexus.aiagents.engine.control.Command> command;

        @Parameters(index = "0", paramLabel = "SUPERVISOR", description = "The supervisor.")
        private String supervisor = "";

        @Parameters(
                index = "1",
                paramLabel = "CHILD",
                description = "The child: AGENT, AGENT#N, a supervisor or a pool.")
        private String child = "";

        Verb(BiFunction<String, String, nexus.aiagents.engine.control.Command> command) {
            this.command = command;
        }

        @Override
        int run(Context context) {
            return submit(context, command.apply(supervisor, child));
        }
    }

    @Command(name = "start", description = "Starts a child that is down, also one that would wait longer.")
    static final class Start extends Verb {
        Start() {
            super(StartChild::new);
        }
    }

    @Command(name = "stop", description = "Stops a child and keeps it down until it is started; an instance is gone.")
    static final class Stop extends Verb {
        Stop() {
            super(StopChild::new);
        }
    }

    @Command(name = "restart", description = "Stops a child if it is up and starts it; not counted as a restart.")
    static final class Restart extends Verb {
        Restart() {
            super(RestartChild::new);
        }
    }

    @Command(name = "delete", description = "Takes a child that is down off the list, and out of the YAML.")
    static final class Delete extends Verb {
        Delete() {
            super(DeleteChild::new);
        }
    }

    @Command(
            name = "move",
            description =
                    "Moves a child, in the YAML with its settings and comments and at once: to another supervisor,"
                            + " where it is stopped and started again if it is up, or to another place among its"
                            + " siblings.")
    static final class Move extends Action {
        @Parameters(index = "0", paramLabel = "SUPERVISOR", description = "The supervisor that it has now.")
        private String supervisor = "";

        @Parameters(index = "1", paramLabel = "CHILD", description = "The child: an agent, a supervisor or a pool.")
        private String child = "";

        @Parameters(
                index = "2",
                arity = "0..1",
                paramLabel = "TO",
                description = "The supervisor that it gets; without it only its place changes.")
        private @Nullable String to;

        @Option(
                names = "--place",
                paramLabel = "N",
                description = "Which of the named children it becomes, from 1; without it the last.")
        private @Nullable Integer place;

        @Override
        int run(Context context) {
            if (place != null && place < 1) {
                throw Failure.usage("--place " + place + ": places count from 1.");
            }
            String target = to == null ? supervisor : to;
            return submit(context, new MoveChild(supervisor, child, target, place == null ? null : place - 1));
        }
    }

    static ObjectNode json(SupervisorView supervisor) {
        return Json.object("supervisor", supervisor).put("restartsLeft", supervisor.restartsLeft());
    }

    static void print(Terminal terminal, ProjectView view, String nothing) {
        if (view.supervisors().isEmpty()) {
            if (!nothing.isEmpty()) {
                terminal.line(nothing);
            }
            return;
        }
        terminal.line("");
        Table table = new Table("SUPERVISION TREE", "STATE", "STRATEGY", "RESTARTS");
        view.supervisors().stream().filter(s -> s.parent() == null).forEach(s -> add(table, view, s, 0));
        table.print(terminal);
    }

    private static void add(Table table, ProjectView view, SupervisorView s, int depth) {
        Tone tone = switch (s.state()) {
            case RUNNING -> Tone.GOOD;
            case FAILED -> Tone.BAD;
            case STOPPED -> Tone.DIM;
        };
        table.cell("  ".repeat(depth) + s.name())
                .cell(tone, Format.lower(s.state()))
                .cell(s.strategy())
                .cell(s.inWindow() + " of " + s.maxRestarts() + " in " + s.withinSeconds() + " s")
                .end();
        for (SupervisorView.ChildView child : s.children()) {
            if (child.kind().equals("supervisor")) {
                view.supervisors().stream()
                        .filter(c -> c.name().equals(child.name()))
                        .forEach(c -> add(table, view, c, depth + 1));
            } else if (child.kind().equals("pool")) {
                queues(view, child.name()).forEach(q -> add(table, q, child, depth + 1));
            } else {
                view.agents().stream()
                        .filter(a -> a.name().equals(child.name()))
                        .forEach(a -> add(table, a, child, depth + 1));
            }
        }
    }

    private static Stream<ProjectView.QueueView> queues(ProjectView view, String pool) {
        return view.pools().stream()
                .filter(p -> p.name().equals(pool))
                .map(ProjectView.PoolView::queue)
                .filter(Objects::nonNull);
    }

    private static void add(Table table, ProjectView.QueueView queue, SupervisorView.ChildView child, int depth) {
        table.cell("  ".repeat(depth) + child.name())
                .cell(queue.state())
                .cell(child.restart())
                .cell(queue.workers() + (queue.workers() == 1 ? " worker" : " workers"))
                .end();
    }

    private static void add(Table table, AgentView agent, SupervisorView.ChildView child, int depth) {
        table.cell("  ".repeat(depth) + agent.name())
                .cell(Format.lower(agent.state()))
                .cell(child.restart())
                .cell(agent.restarts())
                .end();
    }
}
