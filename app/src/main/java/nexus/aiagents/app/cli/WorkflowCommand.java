package nexus.aiagents.app.cli;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nexus.aiagents.engine.control.Command.RunWorkflow;
import nexus.aiagents.engine.project.Similar;
import nexus.aiagents.engine.view.ProjectView;
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
                RunView found = choose(session.engine().view(), run);
                new RunReport(context.terminal(), found).print();
                if (!session.engine().isRemote() && !context.terminal().json() && Follower.isUnderWay(found)) {
                    context.terminal()
                            .line("It was interrupted; naos up, or the next naos workflow run, goes on with it.");
                }
                return Exit.DONE;
            }
        }
    }

    private static RunView choose(ProjectView view, @Nullable String wanted) {
        List<RunView> runs = runs(view);
        return runs.stream()
                .filter(r -> wanted == null || r.id().equals(wanted) || r.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new Failure(
                        Exit.USAGE,
                        "unknown-run",
                        wanted == null
                                ? "no workflow has run yet; naos workflow run NAME starts one"
                                : noSuchRun(wanted, view, runs)));
    }

    private static List<RunView> runs(ProjectView view) {
        return view.runs().stream().filter(r -> r.kind().equals(KIND)).toList();
    }

    private static String noSuchRun(String wanted, ProjectView view, List<RunView> runs) {
        List<String> names = Stream.concat(
                        view.workflows().stream().map(WorkflowView::name),
                        runs.stream().map(RunView::id))
                .toList();
        @Nullable String near = Similar.to(wanted, names);
        if (wanted.equals(near)) {
            return "workflow " + wanted + " has not run yet; naos workflow run " + wanted + " starts it";
        }
        return "there is no run " + wanted + (near == null ? "" : " - did you mean `" + near + "`?")
                + "; naos workflow list shows them";
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
                ProjectView view = session.engine().view();
                List<RunView> runs = runs(view).stream().limit(Math.max(0, max)).toList();
                Terminal terminal = context.terminal();
                if (terminal.json()) {
                    view.workflows().forEach(w -> terminal.json(Json.object("workflow", w)));
                    runs.forEach(r -> terminal.json(Json.run(r)));
                } else {
                    print(terminal, view, runs, session.engine().isRemote());
                }
                return Exit.DONE;
            }
        }

        private static void print(Terminal terminal, ProjectView view, List<RunView> runs, boolean remote) {
            Table workflows = new Table("WORKFLOW", "STEPS");
            view.workflows()
                    .forEach(w -> workflows
                            .cell(w.name())
                            .cell(w.steps().stream().map(ListRuns::step).collect(Collectors.joining(", ")))
                            .end());
            workflows.printOr(terminal, "The project has no workflow.");
            terminal.line("");
            Table table = new Table("RUN", "WORKFLOW", "STATE", "STARTED", "FAILED AT");
            for (RunView r : runs) {
                String state = !remote && Follower.isUnderWay(r) ? "interrupted" : Format.lower(r.state());
                table.cell(r.id())
                        .cell(r.name())
                        .cell(RunReport.tone(r.state()), state)
                        .cell(Format.moment(r.startedAt()))
                        .cell(r.failedStep() == null ? "" : r.failedStep() + ": " + r.errorCode())
                        .end();
            }
            table.printOr(terminal, "None has run yet.");
        }

        private static String step(WorkflowStepView step) {
            return step.name() + (step.needs().isEmpty() ? "" : " ← " + String.join(" + ", step.needs()));
        }
    }
}
