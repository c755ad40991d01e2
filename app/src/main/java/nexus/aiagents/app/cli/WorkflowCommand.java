package nexus.aiagents.app.cli;

import java.util.List;
import java.util.stream.Collectors;
import nexus.aiagents.engine.control.Command.RunWorkflow;
import nexus.aiagents.engine.view.ProjectView.WorkflowStepView;
import nexus.aiagents.engine.view.ProjectView.WorkflowView;
import nexus.aiagents.engine.view.RunView;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "workflow",
        description = "Runs workflows: graphs of steps in which outputs become inputs.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {WorkflowCommand.Run.class, WorkflowCommand.Status.class, WorkflowCommand.ListRuns.class})
final class WorkflowCommand {
    private static final String KIND = "workflow";

    private WorkflowCommand() {}

    @Command(
            name = "run",
            description = "Runs a workflow to its end, or until it waits for you, and shows its steps as they go.")
    static final class Run extends Action {
        @Parameters(paramLabel = "NAME", description = "The workflow.")
        private String name = "";

        @Mixin
        private Input input = new Input();

        @Override
        int run(Context context) throws Exception {
            String json = input.json(context);
            try (Session session = open(context, true)) {
                Follower follower = new Follower(session, context, context.terminal()::line);
                RunView run = follower.start(new RunWorkflow(name, json));
                follower.finishInterrupted().forEach(other -> new RunReport(context.terminal(), other).print());
                new RunReport(context.terminal(), run).print();
                return Exit.of(run);
            }
        }
    }

    @Command(name = "status", description = "Shows a run step by step. Default: the newest.")
    static final class Status extends Action {
        @Parameters(
                arity = "0..1",
                paramLabel = "RUN",
                description = "The run's id, or the name of a workflow for its newest run.")
        private @Nullable String run;

        @Override
        int run(Context context) {
            try (Session session = open(context, false)) {
                List<String> names = session.engine().view().workflows().stream()
                        .map(WorkflowView::name)
                        .toList();
                return new RunsOfKind(KIND, session.engine(), context.terminal())
                        .status(run, names, "naos up, or the next naos workflow run, goes on with it.");
            }
        }
    }

    @Command(name = "list", description = "Lists the workflows of the project and their latest runs.")
    static final class ListRuns extends Action {
        @Option(
                names = {"-n", "--max"},
                paramLabel = "N",
                defaultValue = "20",
                description = "At most so many runs. Default: 20")
        private int max = 20;

        @Override
        int run(Context context) {
            try (Session session = open(context, false)) {
                List<WorkflowView> workflows = session.engine().view().workflows();
                Table table = new Table("WORKFLOW", "STEPS");
                workflows.forEach(w -> table.cell(w.name())
                        .cell(w.steps().stream().map(ListRuns::step).collect(Collectors.joining(", ")))
                        .end());
                return new RunsOfKind(KIND, session.engine(), context.terminal()).list(workflows, table, max);
            }
        }

        private static String step(WorkflowStepView step) {
            return step.name() + (step.needs().isEmpty() ? "" : " ← " + String.join(" + ", step.needs()));
        }
    }
}
