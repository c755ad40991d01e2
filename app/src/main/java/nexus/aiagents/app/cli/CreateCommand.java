package nexus.aiagents.app.cli;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import nexus.aiagents.app.cli.Terminal.Tone;
import nexus.aiagents.app.templates.Templates;
import nexus.aiagents.engine.project.Analysis;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "create", description = "Adds an agent to the project: its YAML, and its source where it has one.")
final class CreateCommand extends Action {
    private static final List<String> TEMPLATES = List.of(
            "javascript", "typescript", "research", "model", "assemblyscript", "c", "dotnet", "go", "rust", "zig");
    private static final Pattern BUILD = Pattern.compile("(?m)^ +build: (.+)$");
    private static final String MODEL = """
            ---
            # A model answers for the agents that are granted it. This one is built in and needs no key.
            model:
              name: default
              provider: scripted
              model: scripted-small
            """;

    @Parameters(paramLabel = "NAME", description = "The new agent's name.")
    private String name = "";

    @Option(
            names = {"-t", "--template"},
            paramLabel = "T",
            defaultValue = "javascript",
            description = {
                "What it begins as: javascript or typescript, a program; research, a program that asks a model; "
                        + "model, a prompt alone; assemblyscript, c, dotnet, go, rust or zig, a program "
                        + "that its compiler makes WebAssembly of. Default: javascript"
            })
    private String template = "javascript";

    @Override
    int run(Context context) throws IOException {
        if (!TEMPLATES.contains(template)) {
            throw Failure.unknown("template", template, TEMPLATES);
        }
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9_-]{0,63}")) {
            throw Failure.usage("an agent can not be called " + name
                    + "; take letters, digits, - and _, up to 64, beginning with a letter or digit.");
        }
        Path folder = project();
        Analysis analysis = context.projects().analyze(folder);
        if (named(analysis, "agent").contains(name)) {
            throw new Failure(Exit.USAGE, "exists", "the project has an agent " + name + " already; take another name");
        }
        List<String> models = named(analysis, "model");
        Map<String, String> fill = Map.of(
                "NAME", name,
                "MODEL", models.isEmpty() ? "default" : models.getFirst(),
                "MODEL_BLOCK", models.isEmpty() ? MODEL.strip() : "");
        List<String> written = write(folder, fill);
        @Nullable String build = build(folder);
        Terminal terminal = context.terminal();
        if (terminal.json()) {
            var line = Json.object("created")
                    .put("folder", folder.toString())
                    .put("template", template)
                    .put("build", build);
            var files = line.putArray("files");
            written.forEach(files::add);
            terminal.json(line);
        } else {
            terminal.line(terminal.tint(Tone.GOOD, "Added " + name) + ": " + String.join(", ", written));
            if (build != null) {
                terminal.line("  " + build);
            }
            String key = build == null ? "topic" : "text";
            terminal.line("  naos run " + name + " --input '{\"" + key + "\":\"otters\"}'");
        }
        return Exit.DONE;
    }

    /// The command that makes the program, as its YAML names it; null where there is none to make.
    private @Nullable String build(Path folder) throws IOException {
        Matcher found = BUILD.matcher(Files.readString(folder.resolve("agents/" + name + ".yaml")));
        return found.find() ? found.group(1) : null;
    }

    private List<String> write(Path folder, Map<String, String> fill) throws IOException {
        SequencedMap<String, URL> files = Templates.files("agents/" + template);
        Map<String, String> to = new HashMap<>();
        files.sequencedKeySet().forEach(path -> to.put(path, "agents/" + path.replaceFirst("^agent(?=[./])", name)));
        return Templates.write(files, folder, to, fill);
    }

    /// The names of that kind in the project.
    static List<String> named(Analysis analysis, String kind) {
        return analysis.outline().stream()
                .filter(symbol -> symbol.kind().equals(kind))
                .map(Analysis.Symbol::name)
                .toList();
    }
}
