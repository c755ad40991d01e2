package nexus.aiagents.app.cli;

import java.util.List;
import java.util.stream.Collectors;
import nexus.aiagents.engine.control.Command.RunWorkflow;
import nexus.aiagents.engine.control.EngineClient;
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
                EngineClient engine = session.engine();
                List<String> names = engine.view().workflows().stream()
                        .map(WorkflowView::name)
                        .toList();
                RunView found = new RunLookup(engine).choose(KIND, run, names);
                new RunReport(context.terminal(), found).print();
                if (!engine.isRemote() && !context.terminal().json() && Follower.isUnderWay(found)) {
                    context.terminal()
                            .line("It was interrupted; naos up, or the next naos workflow run, goes on with it.");
                }
                return Exit.DONE;
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
                RunLookup lookup = new RunLookup(session.engine());
                List<WorkflowView> workflows = session.engine().view().workflows();
                List<RunView> runs = lookup.latest(KIND, max);
                Terminal terminal = context.terminal();
                if (terminal.json()) {
                    workflows.forEach(w -> terminal.json(Json.object("workflow", w)));
                    runs.forEach(r -> terminal.json(Json.run(r)));
                } else {
                    print(terminal, workflows);
                    lookup.print(terminal, KIND, runs);
                }
                return Exit.DONE;
            }
        }

        private static void print(Terminal terminal, List<WorkflowView> known) {
            Table workflows = new Table("WORKFLOW", "STEPS");
            known.forEach(w -> workflows
                    .cell(w.name())
                    .cell(w.steps().stream().map(ListRuns::step).collect(Collectors.joining(", ")))
                    .end());
            workflows.printOr(terminal, "The project has no workflow.");
            terminal.line("");
        }

        private static String step(WorkflowStepView step) {
            return step.name() + (step.needs().isEmpty() ? "" : " ← " + String.join(" + ", step.needs()));
        }
    }
}
