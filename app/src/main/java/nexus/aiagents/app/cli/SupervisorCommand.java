package nexus.aiagents.app.cli;

import nexus.aiagents.app.cli.Terminal.Tone;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.SupervisorView;
import picocli.CommandLine.Command;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "supervisor",
        description = "Shows who restarts whom.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = SupervisorCommand.Status.class)
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
            } else {
                view.agents().stream()
                        .filter(a -> a.name().equals(child.name()))
                        .forEach(a -> add(table, a, child, depth + 1));
            }
        }
    }

    private static void add(Table table, AgentView agent, SupervisorView.ChildView child, int depth) {
        table.cell("  ".repeat(depth) + agent.name())
                .cell(Format.lower(agent.state()))
                .cell(child.restart())
                .cell(agent.restarts())
                .end();
    }
}
