package nexus.aiagents.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.view.RunView;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// The reference pages say what the command really does. `-Dreference.write=true` writes the generated one.
class ReferenceTest {
    private static final Path REFERENCE = Path.of("..", "docs", "reference");

    @TempDir
    Path folder;

    @Test
    void the_page_of_the_command_is_what_the_command_says() throws IOException {
        String page = page();
        Path file = REFERENCE.resolve("naos.md");
        if (Boolean.getBoolean("reference.write")) {
            Files.writeString(file, page);
        }
        assertEquals(
                page,
                Files.readString(file).replace("\r\n", "\n"),
                "docs/reference/naos.md is out of date: run this test with -Dreference.write=true");
    }

    @Test
    void every_json_line_has_the_fields_its_page_promises() throws IOException {
        Map<String, Set<String>> promised = promised();
        Map<String, Set<String>> found = printed();
        assertEquals(new TreeSet<>(promised.keySet()), new TreeSet<>(found.keySet()), "types of lines");
        found.forEach((type, fields) -> assertEquals(promised.get(type), fields, type));
    }

    @Test
    void every_event_is_on_the_page_with_its_fields() throws IOException {
        String page = Files.readString(REFERENCE.resolve("json-output.md"));
        for (Class<?> event : EngineEvent.class.getPermittedSubclasses()) {
            List<String> fields = new ArrayList<>();
            for (var component : event.getRecordComponents()) {
                fields.add("`" + component.getName().replaceFirst("Json$", "") + "`");
            }
            String row = "| `" + event.getSimpleName() + "` | " + String.join(", ", fields) + " |";
            assertTrue(page.contains(row), "docs/reference/json-output.md should have the row\n" + row);
        }
    }

    /// Rows of the table of lines: `| \`type\` | \`field\`, … | when |`.
    private static Map<String, Set<String>> promised() throws IOException {
        String page = Files.readString(REFERENCE.resolve("json-output.md"));
        String table = page.substring(page.indexOf("## Lines"), page.indexOf("## " + "Inside"));
        Map<String, Set<String>> lines = new LinkedHashMap<>();
        table.lines().filter(line -> line.startsWith("| `")).forEach(line -> {
            String[] cells = line.split("\\|");
            Set<String> fields = new LinkedHashSet<>();
            for (String field : cells[2].split(",")) {
                fields.add(field.strip().replace("`", ""));
            }
            lines.put(cells[1].strip().replace("`", ""), fields);
        });
        return lines;
    }

    /// One line of every type, as the command prints it.
    private Map<String, Set<String>> printed() throws IOException {
        Map<String, Set<String>> found = new LinkedHashMap<>();
        Shell shell = new Shell(folder);
        Files.writeString(folder.resolve("nexus.yaml"), "project: {name: demo}\n---\nagent: {name: a, sourc: a.js}\n");
        collect(found, shell.naos("validate", "--json"));
        Files.writeString(folder.resolve("nexus.yaml"), "project: {name: demo}\n");
        collect(found, shell.naos("create", "b", "--json"));
        Files.writeString(folder.resolve("nexus.yaml"), """
                project: {name: demo}
                ---
                model: {name: m, provider: openai, model: gpt-5, apiKeyEnv: KEY}
                """);
        collect(found, shell.naos("secret", "list", "--json"));
        Files.writeString(folder.resolve("nexus.yaml"), "project: {name: demo}\n");
        collect(found, shell.naos("nonsense", "--json"));
        Files.writeString(folder.resolve("mcp.json"), "{\"mcpServers\": {\"a\": {\"command\": \"x\"}}}");
        collect(found, shell.naos("import", "mcp.json", "tools", "--json"));
        collect(found, replayed());
        Files.writeString(folder.resolve("alone.js"), "export default () => { throw new Error('no output'); };\n");
        collect(found, shell.naos("sandbox", "run", "alone.js", "--json"));
        collect(found, shell.naos("sandbox", "inspect", "alone.js", "--json"));
        shell.engine.record(new EngineEvent.AgentLogged("researcher", null, "info", "hello"));
        shell.engine.record(new EngineEvent.CallStarted("c1", "researcher", null, null, "{}", true));
        shell.engine.record(new EngineEvent.HostCallDenied("researcher", null, "http", "not granted", "grants: {}"));
        Files.writeString(folder.resolve("journal.jsonl"), "not an entry\n");
        for (String line : List.of(
                "status",
                "init --list",
                "saga list",
                "workflow list",
                "pool list",
                "schedule list",
                "audit",
                "audit verify",
                "audit verify --file journal.jsonl",
                "runs list --state failed",
                "backup list",
                "logs",
                "agent pause researcher",
                "agent runs researcher",
                "grants researcher",
                "grants asks",
                "trust",
                "trust explain researcher",
                "supervisor list research-team",
                "supervisor count research-team",
                "cost preview research-bot --max-dollars 1",
                "supervisor what-if researcher")) {
            collect(found, shell.naos((line + " --json").split(" ")));
        }
        shell.engine.remote = true;
        collect(found, shell.naos("reload", "--plan", "--json"));
        shell.engine.remote = false;
        RunView run = FakeEngine.rolledBack("r1");
        shell.engine.old.addAll(List.of(FakeEngine.rolledBack("r8"), FakeEngine.rolledBack("r9")));
        collect(found, shell.naos("runs", "compare", "r8", "r9", "--json"));
        shell.engine.willRun(run);
        collect(found, shell.naos("saga", "run", "publish-article", "--json"));
        return found;
    }

    /// Of a real project.
    private Shell.Result replayed() throws IOException {
        Path project = Files.createDirectories(folder.resolve("replayed"));
        Files.writeString(project.resolve("nexus.yaml"), "project: {name: p}\n---\nagent: {name: a, source: a.js}\n");
        Files.writeString(project.resolve("a.js"), "export default () => { throw new Error('' + Date.now()); };\n");
        var out = new ByteArrayOutputStream();
        var to = new PrintStream(out, true, StandardCharsets.UTF_8);
        var context = new Context(
                new Terminal(to, to, true, false, true),
                new EngineProjects(),
                project,
                new ByteArrayInputStream(new byte[0]),
                _ -> {},
                false);
        Naos.run(context, "run", "a", "--json");
        out.reset();
        Naos.run(context, "replay", "--json");
        String run = new Shell.Result(0, out.toString(StandardCharsets.UTF_8), "")
                .last()
                .path("runId")
                .asString();
        Naos.run(context, "replay", run, "--json");
        return new Shell.Result(0, out.toString(StandardCharsets.UTF_8), "");
    }

    private static void collect(Map<String, Set<String>> found, Shell.Result result) {
        for (var line : result.json()) {
            Set<String> fields = new LinkedHashSet<>(line.propertyNames());
            fields.remove("type");
            String type = line.path("type").asString();
            if (type.equals("event") || type.equals("entry") || type.equals("log")) {
                Set<String> common = new LinkedHashSet<>(List.of("seq", "at", "event"));
                if (type.equals("entry")) {
                    common.add("hash");
                } else if (type.equals("log")) {
                    common.addAll(List.of("agent"));
                }
                assertTrue(fields.containsAll(common), type + " " + fields);
                fields = common;
            }
            found.put(type, fields);
        }
    }

    private String page() {
        CommandLine root = Naos.model(new Shell(folder).context(false));
        StringBuilder page = new StringBuilder("""
            # The `naos` command

            <!-- Generated from the command itself by ReferenceTest; -Dreference.write=true writes it. -->

            The same engine as the desktop, for a terminal and for scripts. While another process has the project
            open, a desktop or a `naos up`, commands go to that process; else the command opens the project itself.

            | exit code | meaning |
            |---|---|
            """);
        root.getCommandSpec()
                .usageMessage()
                .exitCodeList()
                .forEach((code, meaning) -> page.append("| ")
                        .append(code)
                        .append(" | ")
                        .append(meaning)
                        .append(" |\n"));
        page.append("\n"
                + "Every command takes these options; what `--json` prints is in"
                + " [json-output.md](json-output.md).\n\n");
        options(page, root.getCommandSpec(), false);
        root.getSubcommands().values().stream().distinct().forEach(command -> command(page, command.getCommandSpec()));
        return page.toString();
    }

    private static void command(StringBuilder page, CommandSpec spec) {
        page.append("\n## ").append(spec.qualifiedName()).append("\n\n");
        page.append(String.join(" ", spec.usageMessage().description()));
        for (String alias : spec.aliases()) {
            page.append(" Also: `naos ").append(alias).append("`.");
        }
        page.append("\n\n");
        page.append("```\n").append(synopsis(spec)).append("\n```\n");
        options(page, spec, true);
        spec.subcommands().values().stream().distinct().forEach(sub -> command(page, sub.getCommandSpec()));
    }

    private static String synopsis(CommandSpec spec) {
        StringBuilder line = new StringBuilder(spec.qualifiedName());
        if (!spec.subcommands().isEmpty()) {
            boolean optional = spec.userObject() instanceof Action;
            line.append(optional ? " [COMMAND]" : " COMMAND");
        }
        for (PositionalParamSpec p : spec.positionalParameters()) {
            line.append(p.required() ? " " + p.paramLabel() : " [" + p.paramLabel() + "]");
        }
        for (OptionSpec o : spec.options()) {
            if (!o.inherited()) {
                line.append(" [").append(names(o)).append("]");
            }
        }
        return line.toString();
    }

    private static String names(OptionSpec option) {
        return option.longestName() + (option.arity().max() == 0 ? "" : " " + option.paramLabel());
    }

    private static void options(StringBuilder page, CommandSpec spec, boolean own) {
        List<String> rows = new ArrayList<>();
        for (PositionalParamSpec p : spec.positionalParameters()) {
            rows.add("| `" + p.paramLabel() + "` | " + String.join(" ", p.description()) + " |");
        }
        for (OptionSpec o : spec.options()) {
            if (!own || !o.inherited()) {
                String shorter = o.names().length > 1 ? "`" + o.shortestName() + "`, " : "";
                rows.add("| " + shorter + "`" + names(o) + "` | " + String.join(" ", o.description()) + " |");
            }
        }
        if (!rows.isEmpty()) {
            page.append(own ? "\n" : "").append("| | |\n|---|---|\n");
            rows.forEach(row -> page.append(row).append("\n"));
        }
    }
}
