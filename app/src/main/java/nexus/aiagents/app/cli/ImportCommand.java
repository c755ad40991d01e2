package nexus.aiagents.app.cli;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.List;
import nexus.aiagents.app.cli.Terminal.Tone;
import nexus.aiagents.engine.imports.Imported;
import nexus.aiagents.engine.imports.Imported.Item;
import nexus.aiagents.engine.imports.Importer;
import nexus.aiagents.engine.imports.NotImportable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "import",
        description = {
            "Makes a project out of what another tool keeps, and says what did not come over.",
            "",
            "What can be imported: a nexus.config.yaml; the agents.yaml and tasks.yaml of CrewAI; a JSON file with"
                    + " mcpServers. What is imported stays as it is."
        })
final class ImportCommand extends Action {
    @Parameters(index = "0", paramLabel = "SOURCE", description = "The file, or the folder it is in.")
    private Path source = Path.of("");

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "DIR",
            description = "The new project's folder, new or empty. Default: one of the project's name, here.")
    private @Nullable Path target;

    @Option(
            names = {"-n", "--preview"},
            description = "Only says what would come over, and writes nothing.")
    private boolean preview;

    @Override
    int run(Context context) throws IOException {
        Imported imported;
        try {
            imported = Importer.read(context.folder().resolve(source));
        } catch (NotImportable e) {
            throw new Failure(Exit.USAGE, "not-importable", String.valueOf(e.getMessage()));
        }
        Path folder = context.folder()
                .resolve(target == null ? Path.of(imported.name()) : target)
                .toAbsolutePath()
                .normalize();
        if (!preview) {
            try {
                imported.write(folder);
            } catch (FileAlreadyExistsException _) {
                throw new Failure(
                        Exit.USAGE, "exists", folder + " is not empty, and nothing is overwritten; name a new folder");
            }
        }
        if (context.terminal().json()) {
            json(context.terminal(), imported, folder);
        } else {
            tell(context.terminal(), imported, folder);
        }
        return Exit.DONE;
    }

    private void json(Terminal terminal, Imported imported, Path folder) {
        var line = Json.object("imported")
                .put("kind", imported.kind())
                .put("folder", folder.toString())
                .put("written", !preview);
        var files = line.putArray("files");
        imported.files().sequencedKeySet().forEach(files::add);
        var carried = line.putArray("carried");
        imported.carried()
                .forEach(item -> carried.addObject().put("what", item.what()).put("text", item.text()));
        var left = line.putArray("left");
        imported.left()
                .forEach(item -> left.addObject().put("what", item.what()).put("text", item.text()));
        terminal.json(line);
    }

    private void tell(Terminal terminal, Imported imported, Path folder) {
        terminal.line(
                terminal.tint(Tone.GOOD, (preview ? "Would make " : "Made ") + folder) + " from " + imported.kind()
                        + " (" + imported.files().size() + (imported.files().size() == 1 ? " file)" : " files)"));
        items(terminal, "CAME OVER", "AS", imported.carried());
        items(terminal, "DID NOT", "WHY", imported.left());
        if (!preview) {
            terminal.line("");
            terminal.line("  naos validate --project " + folder.getFileName());
        }
    }

    private static void items(Terminal terminal, String what, String text, List<Item> items) {
        if (items.isEmpty()) {
            return;
        }
        terminal.line("");
        Table table = new Table(what, text);
        items.forEach(item -> table.cell(item.what()).cell(item.text()).end());
        table.print(terminal);
    }
}
