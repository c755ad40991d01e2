package nexus.aiagents.app.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import nexus.aiagents.engine.control.Command.BackUp;
import nexus.aiagents.engine.control.EngineClient;
import nexus.aiagents.engine.journal.Backups.Backup;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "backup",
        description =
                "Copies of the project's history and state: they are made by themselves every day, and can be put back.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {BackupCommand.Create.class, BackupCommand.Listing.class, BackupCommand.Restore.class})
final class BackupCommand {
    private BackupCommand() {}

    @Command(name = "create", description = "Makes a copy now, also while the project is at work.")
    static final class Create extends Action {
        @Override
        int run(Context context) {
            return submit(context, new BackUp());
        }
    }

    @Command(
            name = "list",
            description = "Lists the copies, newest first. Works also when the store can not be opened.")
    static final class Listing extends Action {
        @Override
        int run(Context context) {
            Terminal terminal = context.terminal();
            Path folder = project();
            Optional<EngineClient> running = context.projects().running(folder);
            List<Backup> backups;
            if (running.isPresent()) {
                try (EngineClient engine = running.get()) {
                    backups = engine.backups();
                }
            } else {
                backups = context.projects().backups(folder);
            }
            if (terminal.json()) {
                backups.forEach(b -> terminal.json(Json.object("backup", b)));
                return Exit.DONE;
            }
            Table table = new Table("BACKUP", "MADE", "KIND", "LAST ENTRY", "SIZE");
            for (Backup b : backups) {
                table.cell(b.name())
                        .cell(Format.moment(b.at()))
                        .cell(b.kind())
                        .cell(Format.count(b.lastSeq()))
                        .cell(Format.count(Math.max(1, b.bytes() >> 10)) + " KB")
                        .end();
            }
            table.printOr(terminal, "There is none yet; naos backup create makes one.");
            return Exit.DONE;
        }
    }

    @Command(
            name = "restore",
            description =
                    "Puts a copy in the place of the store, which is kept beside it. The project must not be open.")
    static final class Restore extends Action {
        @Parameters(paramLabel = "BACKUP", description = "One of naos backup list.")
        private String name = "";

        @Override
        int run(Context context) {
            @Nullable Path before = context.projects().restore(project(), name);
            String message = "the store is as it was in " + name
                    + (before == null ? "" : "; as it was until now it is kept in " + before);
            if (context.terminal().json()) {
                context.terminal().json(Json.object("done").put("message", message));
            } else {
                context.terminal().line(message);
            }
            return Exit.DONE;
        }
    }
}
