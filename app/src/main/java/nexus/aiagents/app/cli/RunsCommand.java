package nexus.aiagents.app.cli;

import java.util.List;
import nexus.aiagents.engine.control.Command.ApproveStep;
import nexus.aiagents.engine.control.Command.CancelRun;
import nexus.aiagents.engine.control.Command.ForkRun;
import nexus.aiagents.engine.control.Command.PauseRun;
import nexus.aiagents.engine.control.Command.RejectStep;
import nexus.aiagents.engine.control.Command.ResumeRun;
import nexus.aiagents.engine.control.Command.RetryFrom;
import nexus.aiagents.engine.replay.Recording;
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
            RunsCommand.Fork.class,
            RunsCompare.class
        })
final class RunsCommand {
    private RunsCommand() {}

    /// What a command that is about a run has.
    abstract static class OfRun extends Action {
        @Parameters(index = "0", paramLabel = "RUN", description = "The run's id.")
        String run = "";

        /// For what is done when it is durable, whoever carries it on.
        int told(Context context, nexus.aiagents.engine.control.Command command) {
            try (Session session = open(context, true)) {
                done(context, session.require(command));
                return Exit.DONE;
            }
        }

        int steered(Context context, nexus.aiagents.engine.control.Command command) {
            try (Session session = open(context, true)) {
                return new Follower(session, context, context.terminal()::line).steer(run, command);
            }
        }
    }

    /// What a command that is about a step of a run has.
    abstract static class OfStep extends OfRun {
        @Parameters(index = "1", paramLabel = "STEP", description = "The step's name.")
        String step = "";
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

    @Command(name = "list", description = "Lists the latest runs, or finds some among all there ever were.")
    static final class ListRuns extends Action {
        @Option(
                names = {"-n", "--max", "--limit"},
                paramLabel = "N",
                defaultValue = "20",
                description = "At most so many runs. Default: 20")
        private int max = 20;

        @Option(names = "--open", description = "Only runs that have not ended.")
        private boolean open;

        @Mixin
        private RunSearch search = new RunSearch();

        @Override
        int run(Context context) {
            try (Session session = open(context, false)) {
                if (search.isAsked()) {
                    search.print(context.terminal(), session.engine(), max, open);
                    return Exit.DONE;
                }
                RunLookup lookup = new RunLookup(session.engine());
                List<RunView> runs = open ? lookup.open(max) : lookup.latest(null, max);
                if (context.terminal().json()) {
                    runs.forEach(r -> context.terminal().json(Json.run(r)));
                } else {
                    print(context.terminal(), runs, lookup);
                }
                return Exit.DONE;
            }
        }

        private static void print(Terminal terminal, List<RunView> runs, RunLookup lookup) {
            Table table = new Table("RUN", "KIND", "NAME", "STATE", "STARTED", "PART OF", "FAILED AT");
            for (RunView r : runs) {
                table.cell(r.id())
                        .cell(r.kind())
                        .cell(r.name())
                        .cell(RunReport.tone(r.state()), lookup.state(r))
                        .cell(Format.moment(r.startedAt()))
                        .cell(r.parentRunId() == null ? "" : r.parentRunId() + " " + r.parentStep())
                        .cell(RunLookup.failure(r))
                        .end();
            }
            table.printOr(terminal, "None has run yet.");
        }
    }

    @Command(name = "show", description = "Shows a run of any time step by step.")
    static final class Show extends OfRun {
        @Override
        int run(Context context) {
            try (Session session = open(context, false)) {
                RunView found = new RunLookup(session.engine()).find(run);
                List<Recording> recorded = session.engine().recordings(Recording.Query.ofRun(run));
                if (context.terminal().json()) {
                    new ReplayText(context.terminal()).list(recorded);
                }
                new RunReport(context.terminal(), found).print();
                recorded(context.terminal(), recorded);
                return Exit.DONE;
            }
        }

        private void recorded(Terminal terminal, List<Recording> recorded) {
            if (terminal.json() || recorded.isEmpty()) {
                return;
            }
            List<String> parts = recorded.reversed().stream()
                    .map(r -> r.step() == null ? r.agent() : r.step() + " (" + r.agent() + ")")
                    .distinct()
                    .toList();
            terminal.line("It is recorded: " + Terminal.safe(String.join(", ", parts)) + ". naos replay " + run
                    + (parts.size() > 1 ? " --of-step STEP" : "") + " runs it again.");
        }
    }

    @Command(name = "pause", description = "Lets what is under way come to its end, and begins nothing new.")
    static final class Pause extends OfRun {
        @Override
        int run(Context context) {
            return told(context, new PauseRun(run));
        }
    }

    @Command(name = "resume", description = "Goes on with a paused run.")
    static final class Resume extends OfRun {
        @Override
        int run(Context context) {
            return steered(context, new ResumeRun(run));
        }
    }

    @Command(name = "cancel", description = "Stops a run; a saga undoes what it did, a workflow keeps it.")
    static final class Cancel extends OfRun {
        @Override
        int run(Context context) {
            return steered(context, new CancelRun(run));
        }
    }

    @Command(name = "approve", description = "Lets a step begin that waits for it.")
    static final class Approve extends OfStep {
        @Mixin
        private Comment comment = new Comment();

        @Override
        int run(Context context) {
            return steered(context, new ApproveStep(run, step, comment.comment));
        }
    }

    @Command(name = "reject", description = "Lets a step fail that waits for approval.")
    static final class Reject extends OfStep {
        @Mixin
        private Comment comment = new Comment();

        @Override
        int run(Context context) {
            return steered(context, new RejectStep(run, step, comment.comment));
        }
    }

    @Command(
            name = "retry-from",
            description =
                    "Takes up a run that ended, or waits for you, from a step; a saga first undoes what it did from"
                            + " there on.")
    static final class Retry extends OfStep {
        @Mixin
        private StepInput input = new StepInput();

        @Override
        int run(Context context) {
            return steered(context, new RetryFrom(run, step, input.json()));
        }
    }

    @Command(name = "fork", description = "Begins a new run that takes over the outputs before a step.")
    static final class Fork extends OfStep {
        @Mixin
        private StepInput input = new StepInput();

        @Override
        int run(Context context) {
            ForkRun fork = new ForkRun(run, step, input.json());
            try (Session session = open(context, true)) {
                RunView run = new Follower(session, context, context.terminal()::line).start(fork);
                new RunReport(context.terminal(), run).print();
                return Exit.of(run);
            }
        }
    }
}
