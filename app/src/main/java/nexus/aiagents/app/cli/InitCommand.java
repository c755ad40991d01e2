package nexus.aiagents.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;
import nexus.aiagents.app.cli.Terminal.Tone;
import nexus.aiagents.app.templates.Templates;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "init", description = "Makes a project in a folder that is new or empty.")
final class InitCommand extends Action {
    /// For the help and for shells that complete.
    static final class Candidates implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            try {
                return Templates.projects().sequencedKeySet().iterator();
            } catch (IOException _) {
                return List.of("blank").iterator(); // what is missing is said when it is needed
            }
        }
    }

    @Parameters(arity = "0..1", paramLabel = "DIR", description = "The folder. Default: this one.")
    private Path folder = Path.of("");

    @Option(
            names = {"-t", "--template"},
            paramLabel = "T",
            defaultValue = "blank",
            completionCandidates = Candidates.class,
            description = "What to begin with: ${COMPLETION-CANDIDATES}. --list says what each is. Default: blank")
    private String template = "blank";

    @Option(
            names = {"-l", "--list"},
            description = "Only says what a project can begin with.")
    private boolean list;

    @Override
    int run(Context context) throws IOException {
        SequencedMap<String, String> templates = Templates.projects();
        if (list) {
            list(context.terminal(), templates);
            return Exit.DONE;
        }
        if (!templates.containsKey(template)) {
            throw Failure.unknown("template", template, templates.sequencedKeySet());
        }
        Path target = context.folder().resolve(folder).toAbsolutePath().normalize();
        refuseWhatIsThere(target);
        try {
            Files.createDirectories(target);
        } catch (IOException e) {
            throw Failure.writing(target, e);
        }
        List<String> written =
                Templates.write(Templates.files(template), target, Map.of(), Map.of("PROJECT", projectName(target)));
        Terminal terminal = context.terminal();
        if (terminal.json()) {
            var line = Json.object("created")
                    .put("folder", target.toString())
                    .put("template", template)
                    .putNull("build");
            var files = line.putArray("files");
            written.forEach(files::add);
            terminal.json(line);
            return Exit.DONE;
        }
        terminal.line(terminal.tint(Tone.GOOD, "Made " + target) + " (" + written.size() + " files)");
        terminal.line("");
        if (!folder.toString().isEmpty()) {
            terminal.line("  cd " + quoted(folder.toString()));
        }
        if (template.equals("blank")) {
            terminal.line("  naos create researcher --template research");
            terminal.line("  naos run researcher --input '{\"topic\":\"otters\"}'");
        } else {
            terminal.line("  README.md says what to try");
        }
        return Exit.DONE;
    }

    private static void list(Terminal terminal, SequencedMap<String, String> templates) {
        Table table = new Table("TEMPLATE", "");
        templates.forEach((name, description) -> {
            if (terminal.json()) {
                terminal.json(Json.object("template").put("name", name).put("description", description));
            } else {
                table.cell(name).cell(description).end();
            }
        });
        if (!terminal.json()) {
            table.print(terminal);
        }
    }

    private static void refuseWhatIsThere(Path target) throws IOException {
        if (Files.exists(target) && !Files.isDirectory(target)) {
            throw new Failure(Exit.USAGE, "exists", target + " is a file; name a folder that is new or empty");
        }
        if (!Files.exists(target)) {
            return;
        }
        try (Stream<Path> inside = Files.list(target)) {
            boolean used = inside.anyMatch(p -> !String.valueOf(p.getFileName()).startsWith("."));
            if (used) {
                throw new Failure(
                        Exit.USAGE, "exists", target + " is not empty, and nothing is overwritten; name a new folder");
            }
        }
    }

    /// As one can paste it into a shell.
    private static String quoted(String path) {
        return path.matches("[\\p{L}\\p{N}_./\\\\:-]+") ? path : "\"" + path + "\"";
    }

    private static String projectName(Path target) {
        @Nullable Path last = target.getFileName();
        String name = (last == null ? "" : last.toString())
                .replaceAll("[^A-Za-z0-9_-]+", "-")
                .replaceAll("^-+|-+$", "");
        return name.isEmpty() ? "project" : name;
    }
}
