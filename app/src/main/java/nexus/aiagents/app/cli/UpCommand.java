package nexus.aiagents.app.cli;

import java.util.concurrent.CountDownLatch;
import nexus.aiagents.app.cli.Terminal.Tone;
import nexus.aiagents.engine.control.Command.Up;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.project.Analysis;
import nexus.aiagents.engine.view.ProjectView;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

@Command(
        name = "up",
        description = "Starts the team and keeps it running, with a line for whatever happens. Ctrl-C stops it.")
final class UpCommand extends Action {
    @Override
    int run(Context context) throws InterruptedException {
        try (Session session = open(context, true)) {
            if (session.engine().isRemote()) {
                CommandResult result = session.submit(new Up());
                boolean already =
                        result instanceof CommandResult.Refused(String code, String _) && code.equals("already");
                done(context, already ? new CommandResult.Done("The team is up already, in another process.") : result);
                return Exit.DONE;
            }
            return keep(context, session);
        }
    }

    /// A program that can not run is an error of the project, told at its place as `naos validate`
    /// tells it.
    private Failure whyNot(Context context, CommandResult.Refused refused) {
        Analysis analysis = context.projects().analyze(project());
        return analysis.hasErrors() ? Failure.project(analysis.diagnostics()) : Failure.refused(refused);
    }

    private int keep(Context context, Session session) throws InterruptedException {
        Terminal terminal = context.terminal();
        ProjectView before = session.engine().view();
        if (!terminal.json()) {
            terminal.line(terminal.tint(Tone.STRONG, before.project()) + "  " + before.folder()
                    + terminal.tint(Tone.DIM, "  Ctrl-C stops it; naos status in another terminal shows it"));
        }
        CountDownLatch over = new CountDownLatch(1);
        // Closing the project, however it comes to that, tells the follower all that is left.
        session.engine().follow(before.seq(), entry -> {
            show(context, entry);
            if (entry.event() instanceof EngineEvent.TeamStopped || terminal.gone()) {
                over.countDown();
            }
        });
        session.onInterrupt(() -> {
            // Not a stop that somebody wants: the team is meant to be up, and the next open is told so.
            session.engine().close();
            return Exit.DONE;
        });
        CommandResult result = session.submit(new Up());
        if (result instanceof CommandResult.Refused refused) {
            throw whyNot(context, refused);
        }
        over.await();
        return Exit.DONE;
    }

    static void show(Context context, JournalEntry entry) {
        Terminal terminal = context.terminal();
        if (terminal.json()) {
            terminal.json(Json.entry("event", entry));
            return;
        }
        EventLines.@Nullable Line line = EventLines.of(entry.event());
        if (line != null) {
            terminal.line(EventLines.text(terminal, entry, line));
        }
    }
}
