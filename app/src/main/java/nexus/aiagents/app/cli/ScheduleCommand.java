package nexus.aiagents.app.cli;

import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import nexus.aiagents.app.cli.Terminal.Tone;
import nexus.aiagents.engine.control.Command.PauseSchedule;
import nexus.aiagents.engine.control.Command.ResumeSchedule;
import nexus.aiagents.engine.control.Command.RunScheduleNow;
import nexus.aiagents.engine.project.Similar;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.ScheduleView;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "schedule",
        description =
                "Lists schedules, pauses them and runs one now. They run only while a process has the project up.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ScheduleCommand.ListSchedules.class,
            ScheduleCommand.RunNow.class,
            ScheduleCommand.Pause.class,
            ScheduleCommand.Resume.class
        })
final class ScheduleCommand {
    @Command(name = "list", description = "Lists the schedules of the project with their next times.")
    static final class ListSchedules extends Action {
        @Override
        int run(Context context) {
            Terminal terminal = context.terminal();
            try (Session session = open(context, false)) {
                ProjectView view = session.engine().view();
                if (terminal.json()) {
                    view.schedules().forEach(s -> terminal.json(Json.object("schedule", s)));
                    return Exit.DONE;
                }
                print(terminal, view);
                return Exit.DONE;
            }
        }

        private static void print(Terminal terminal, ProjectView view) {
            Table table = new Table("SCHEDULE", "CRON", "ZONE", "NEXT", "LAST", "RUNS", "LEFT OUT", "");
            for (ScheduleView s : view.schedules()) {
                table.cell(s.id())
                        .cell(s.cron())
                        .cell(s.timezone())
                        .cell(s.active() ? Tone.GOOD : Tone.DIM, moment(s.next()))
                        .cell(moment(s.lastStarted()))
                        .cell(s.started())
                        .cell(s.skipped())
                        .cell(Tone.DIM, note(s))
                        .end();
            }
            table.printOr(terminal, "Nothing in the project has a schedule.");
        }

        private static String moment(@Nullable Instant at) {
            return at == null ? "-" : Format.moment(at);
        }

        private static String note(ScheduleView s) {
            if (s.paused()) {
                return "paused";
            }
            if (!s.active()) {
                return "not up: naos up runs it";
            }
            return (s.running() > 0 ? s.running() + " under way" : "")
                    + (s.waiting() > 0 ? ", " + s.waiting() + " wait" : "");
        }
    }

    abstract static class OnOne extends Action {
        @Parameters(paramLabel = "NAME", description = "What it runs, or kind/NAME where several have that name.")
        private String name = "";

        /// @throws Failure if it is unknown, or could be several
        String id(Session session) {
            List<String> ids = session.engine().view().schedules().stream()
                    .map(ScheduleView::id)
                    .toList();
            if (ids.contains(name)) {
                return name;
            }
            List<String> fitting = ids.stream()
                    .filter(id -> id.substring(id.indexOf('/') + 1).equals(name))
                    .toList();
            if (fitting.size() > 1) {
                throw new Failure(Exit.USAGE, "ambiguous", "say which: " + String.join(", ", fitting));
            }
            if (fitting.isEmpty()) {
                List<String> names = ids.stream()
                        .map(id -> id.substring(id.indexOf('/') + 1))
                        .toList();
                throw Failure.unknown("schedule", name, Similar.to(name, names) == null ? ids : names);
            }
            return fitting.getFirst();
        }
    }

    @Command(name = "run-now", description = "Runs it once, now, and stays with the run. Its times stay as they are.")
    static final class RunNow extends OnOne {
        @Override
        int run(Context context) {
            Terminal terminal = context.terminal();
            try (Session session = open(context, true)) {
                RunView run = new Follower(session, context, terminal::aside).start(new RunScheduleNow(id(session)));
                new RunReport(terminal, run).print();
                return Exit.of(run);
            }
        }
    }

    abstract static class Verb extends OnOne {
        private final Function<String, nexus.aiagents.engine.control.Command> command;

        Verb(Function<String, nexus.aiagents.engine.control.Command> command) {
            this.command = command;
        }

        @Override
        int run(Context context) {
            try (Session session = open(context, false)) {
                done(context, session.require(command.apply(id(session))));
                return Exit.DONE;
            }
        }
    }

    @Command(name = "pause", description = "Lets its times pass. They are not made up for.")
    static final class Pause extends Verb {
        Pause() {
            super(PauseSchedule::new);
        }
    }

    @Command(name = "resume", description = "Lets a paused schedule go on with its next time.")
    static final class Resume extends Verb {
        Resume() {
            super(ResumeSchedule::new);
        }
    }
}
