package nexus.aiagents.app.cli;

import java.util.List;
import nexus.aiagents.engine.control.Command.ApproveStep;
import nexus.aiagents.engine.control.Command.CancelRun;
import nexus.aiagents.engine.control.Command.ForkRun;
import nexus.aiagents.engine.control.Command.PauseRun;
import nexus.aiagents.engine.control.Command.RejectStep;
import nexus.aiagents.engine.control.Command.ResumeRun;
import nexus.aiagents.engine.control.Command.RetryFrom;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.RunView;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "runs",
        description = "Shows and steers runs of every kind.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunsCommand.ListRuns.class,
            RunsCommand.Show.class,
            RunsCommand.Pause.class,
            RunsCommand.Resume.class,
            RunsCommand.Cancel.class,
            RunsCommand.Approve.class,
            RunsCommand.Reject.class,
            RunsCommand.Retry.class,
            RunsCommand.Fork.class
        })
final class RunsCommand {
    private RunsCommand() {}

    /// The run that a command is about.
    static final class Chosen {
        @Parameters(index = "0", paramLabel = "RUN", description = "The run's id.")
        private String run = "";
    }

    /// The step that a command is about.
    static final class Step {
        @Parameters(index = "1", paramLabel = "STEP", description = "The step's name.")
        private String step = "";
    }

    /// What a person says to a step.
    static final class Comment {
        @Option(
                names = {"-m", "--comment"},
                paramLabel = "TEXT",
                description = "Why; it is kept in the journal.")
        private @Nullable String comment;
    }

    /// Another input for a step.
    static final class StepInput {
        @Option(
                names = {"-i", "--input"},
                paramLabel = "JSON",
                description = "Another input for the step. Default: the usual one.")
        private @Nullable String input;

        @Nullable
        String json() {
            return input == null ? null : Json.checked(input, "--input");
        }
    }

    @Command(name = "list", description = "Lists the latest runs.")
    static final class ListRuns extends Action {
        @Option(
                names = {"-n", "--max"},
                paramLabel = "N",
                defaultValue = "20",
                description = "At most so many runs. Default: 20")
        private int max = 20;

        @Option(names = "--open", description = "Only runs that have not ended.")
        private boolean open;

        @Override
        int run(Context context) {
            try (Session session = open(context, false)) {
                List<RunView> runs = session.engine().view().runs().stream()
                        .filter(r -> !open || !r.state().isFinal())
                        .limit(Math.max(0, max))
                        .toList();
                if (context.terminal().json()) {
                    runs.forEach(r -> context.terminal().json(Json.run(r)));
                } else {
                    print(context.terminal(), runs, session.engine().isRemote());
                }
                return Exit.DONE;
            }
        }

        private static void print(Terminal terminal, List<RunView> runs, boolean remote) {
            Table table = new Table("RUN", "KIND", "NAME", "STATE", "STARTED", "PART OF", "FAILED AT");
            for (RunView r : runs) {
                String state = !remote && Follower.isUnderWay(r) ? "interrupted" : Format.lower(r.state());
                table.cell(r.id())
                        .cell(r.kind())
                        .cell(r.name())
                        .cell(RunReport.tone(r.state()), state)
                        .cell(Format.moment(r.startedAt()))
                        .cell(r.parentRunId() == null ? "" : r.parentRunId() + " " + r.parentStep())
                        .cell(r.failedStep() == null ? "" : r.failedStep() + ": " + r.errorCode())
                        .end();
            }
            table.printOr(terminal, "None has run yet.");
        }
    }

    @Command(name = "show", description = "Shows a run step by step.")
    static final class Show extends Action {
        @Mixin
        private Chosen chosen = new Chosen();

        @Override
        int run(Context context) {
            try (Session session = open(context, false)) {
                new RunReport(context.terminal(), find(session.engine().view(), chosen.run)).print();
                return Exit.DONE;
            }
        }
    }

    private static RunView find(ProjectView view, String run) {
        return view.runs().stream()
                .filter(r -> r.id().equals(run))
                .findFirst()
                .orElseThrow(() -> new Failure(
                        Exit.USAGE, "unknown-run", "there is no run " + run + "; naos runs list shows them"));
    }

    @Command(name = "pause", description = "Lets what is under way come to its end, and begins nothing new.")
    static final class Pause extends Action {
        @Mixin
        private Chosen chosen = new Chosen();

        @Override
        int run(Context context) {
            return told(this, context, new PauseRun(chosen.run));
        }
    }

    /// For what is done when it is durable, whoever carries it on.
    private static int told(Action action, Context context, nexus.aiagents.engine.control.Command command) {
        try (Session session = action.open(context, true)) {
            Action.done(context, session.require(command));
            return Exit.DONE;
        }
    }

    @Command(name = "resume", description = "Goes on with a paused run.")
    static final class Resume extends Action {
        @Mixin
        private Chosen chosen = new Chosen();

        @Override
        int run(Context context) {
            return steered(this, context, chosen.run, new ResumeRun(chosen.run));
        }
    }

    private static int steered(
            Action action, Context context, String run, nexus.aiagents.engine.control.Command command) {
        try (Session session = action.open(context, true)) {
            return new Follower(session, context, context.terminal()::line).steer(run, command);
        }
    }

    @Command(name = "cancel", description = "Stops a run; what it did is undone.")
    static final class Cancel extends Action {
        @Mixin
        private Chosen chosen = new Chosen();

        @Override
        int run(Context context) {
            return steered(this, context, chosen.run, new CancelRun(chosen.run));
        }
    }

    @Command(name = "approve", description = "Lets a step begin that waits for it.")
    static final class Approve extends Action {
        @Mixin
        private Chosen chosen = new Chosen();

        @Mixin
        private Step step = new Step();

        @Mixin
        private Comment comment = new Comment();

        @Override
        int run(Context context) {
            return steered(
                    this, context, chosen.run, new ApproveStep(chosen.run, step.step, comment.comment));
        }
    }

    @Command(name = "reject", description = "Lets a step fail that waits for approval.")
    static final class Reject extends Action {
        @Mixin
        private Chosen chosen = new Chosen();

        @Mixin
        private Step step = new Step();

        @Mixin
        private Comment comment = new Comment();

        @Override
        int run(Context context) {
            return steered(this, context, chosen.run, new RejectStep(chosen.run, step.step, comment.comment));
        }
    }

    @Command(
            name = "retry-from",
            description = "Takes up a run that ended, or waits for you, from a step; what was done from there on is undone first.")
    static final class Retry extends Action {
        @Mixin
        private Chosen chosen = new Chosen();

        @Mixin
        private Step step = new Step();

        @Mixin
        private StepInput input = new StepInput();

        @Override
        int run(Context context) {
            return steered(this, context, chosen.run, new RetryFrom(chosen.run, step.step, input.json()));
        }
    }

    @Command(name = "fork", description = "Begins a new run that takes over the outputs before a step.")
    static final class Fork extends Action {
        @Mixin
        private Chosen chosen = new Chosen();

        @Mixin
        private Step step = new Step();

        @Mixin
        private StepInput input = new StepInput();

        @Override
        int run(Context context) {
            ForkRun fork = new ForkRun(chosen.run, step.step, input.json());
            try (Session session = open(context, true)) {
                RunView run = new Follower(session, context, context.terminal()::line).start(fork);
                new RunReport(context.terminal(), run).print();
                return Exit.of(run);
            }
        }
    }
}
