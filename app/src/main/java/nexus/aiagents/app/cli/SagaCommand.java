package nexus.aiagents.app.cli;

import java.util.List;
import nexus.aiagents.engine.control.Command.CancelRun;
import nexus.aiagents.engine.control.Command.RetryParked;
import nexus.aiagents.engine.control.Command.RunSaga;
import nexus.aiagents.engine.control.Command.SkipParked;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.ProjectView.SagaView;
import nexus.aiagents.engine.view.RunView;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "saga",
        description = "Runs sagas: steps that are undone in reverse order if one of them fails.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            SagaCommand.Run.class,
            SagaCommand.Status.class,
            SagaCommand.ListRuns.class,
            SagaCommand.Resume.class,
            SagaCommand.Cancel.class,
            SagaCommand.Retry.class,
            SagaCommand.Skip.class
        })
final class SagaCommand {
    private static final String KIND = "saga";

    private SagaCommand() {}

    @Command(name = "run", description = "Runs a saga to its end and shows its steps as they go.")
    static final class Run extends Action {
        @Parameters(paramLabel = "NAME", description = "The saga.")
        private String name = "";

        @Mixin
        private Input input = new Input();

        @Override
        int run(Context context) throws Exception {
            String json = input.json(context);
            try (Session session = open(context, true)) {
                Follower follower = new Follower(session, context, context.terminal()::line);
                RunView run = follower.start(new RunSaga(name, json));
                follower.finishInterrupted().forEach(other -> new RunReport(context.terminal(), other).print());
                new RunReport(context.terminal(), run).print();
                return Exit.of(run);
            }
        }
    }

    @Command(
            name = "resume",
            description = "Takes up runs that were interrupted, where they were, and stays with them to their end.")
    static final class Resume extends Action {
        @Override
        int run(Context context) {
            try (Session session = open(context, true)) {
                List<RunView> runs = new Follower(session, context, context.terminal()::line).finishInterrupted();
                runs.forEach(run -> new RunReport(context.terminal(), run).print());
                if (runs.isEmpty() && !context.terminal().json()) {
                    context.terminal()
                            .line(
                                    session.engine().isRemote()
                                            ? "The process that has the project open took them up; naos saga list"
                                                    + " shows them."
                                            : "No run was interrupted.");
                }
                return runs.stream().mapToInt(Exit::of).max().orElse(Exit.DONE);
            }
        }
    }

    @Command(name = "status", description = "Shows a run step by step. Default: the newest.")
    static final class Status extends Action {
        @Parameters(
                arity = "0..1",
                paramLabel = "RUN",
                description = "The run's id, or the name of a saga for its newest run.")
        private @Nullable String run;

        @Override
        int run(Context context) {
            try (Session session = open(context, false)) {
                List<String> names = session.engine().view().sagas().stream()
                        .map(SagaView::name)
                        .toList();
                return new RunsOfKind(KIND, session.engine(), context.terminal())
                        .status(run, names, "naos saga resume, or naos up, goes on with it.");
            }
        }
    }

    @Command(name = "list", description = "Lists the sagas of the project and their latest runs.")
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
                List<SagaView> sagas = session.engine().view().sagas();
                Table table = new Table("SAGA", "STEPS");
                sagas.forEach(s -> table.cell(s.name()).cell(course(s.steps())).end());
                return new RunsOfKind(KIND, session.engine(), context.terminal()).list(sagas, table, max);
            }
        }

        /// `reserve → address + fraud → invoice`: what runs at the same time stands together.
        static String course(List<ProjectView.SagaStepView> steps) {
            StringBuilder course = new StringBuilder();
            String before = null;
            for (ProjectView.SagaStepView step : steps) {
                if (!course.isEmpty()) {
                    course.append(step.group() != null && step.group().equals(before) ? " + " : " → ");
                }
                course.append(step.name());
                before = step.group();
            }
            return course.toString();
        }
    }

    @Command(name = "cancel", description = "Stops a run; what it did is undone.")
    static final class Cancel extends Action {
        @Parameters(paramLabel = "RUN", description = "The run's id.")
        private String run = "";

        @Override
        int run(Context context) {
            try (Session session = open(context, true)) {
                return new Follower(session, context, context.terminal()::line).steer(run, new CancelRun(run));
            }
        }
    }

    /// Which of several steps that wait.
    static final class Waiting {
        @Option(
                names = "--step",
                paramLabel = "STEP",
                description = "Which of the steps that wait, NAME or NAME[ITEM]. Default: the first.")
        private @Nullable String name;
    }

    @Command(name = "retry", description = "Tries again what a parked run waits for.")
    static final class Retry extends Action {
        @Parameters(paramLabel = "RUN", description = "The run's id.")
        private String run = "";

        @Option(
                names = {"-i", "--input"},
                paramLabel = "JSON",
                description = "Another input for it. Default: the one it had.")
        private @Nullable String input;

        @Mixin
        private Waiting step = new Waiting();

        @Override
        int run(Context context) {
            @Nullable String json = input == null ? null : Json.checked(input, "--input");
            try (Session session = open(context, true)) {
                return new Follower(session, context, context.terminal()::line)
                        .steer(run, new RetryParked(run, step.name, json));
            }
        }
    }

    @Command(name = "skip", description = "Leaves out the compensation a parked run waits for, and goes on.")
    static final class Skip extends Action {
        @Parameters(paramLabel = "RUN", description = "The run's id.")
        private String run = "";

        @Option(names = "--resolved", description = "Records that you have undone it by hand.")
        private boolean resolved;

        @Mixin
        private Waiting step = new Waiting();

        @Override
        int run(Context context) {
            try (Session session = open(context, true)) {
                return new Follower(session, context, context.terminal()::line)
                        .steer(run, new SkipParked(run, step.name, resolved));
            }
        }
    }
}
