package nexus.aiagents.engine.imports;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads what other tools keep: `nexus.config.yaml`, the `agents.yaml` and `tasks.yaml` of CrewAI, and
/// lists of MCP servers. It only reads; {@link Imported#write} makes the project.
public final class Importer {
    private static final List<String> SERVER_LISTS =
            List.of(".mcp.json", "mcp.json", ".vscode/mcp.json", ".cursor/mcp.json", "claude_desktop_config.json");
    private static final String WHAT_CAN_BE =
            "What can be imported: a nexus.config.yaml, the agents.yaml and tasks.yaml of CrewAI, and a JSON file with"
                    + " mcpServers.";

    private Importer() {}

    /// @param source a file, or the folder that it is in
    /// @throws NotImportable if it is none of them, or is broken
    /// @throws IOException   if it can not be read
    public static Imported read(Path source) throws IOException, NotImportable {
        Path absolute = source.toAbsolutePath().normalize();
        if (Files.isDirectory(absolute)) {
            return readFolder(absolute);
        }
        if (!Files.isRegularFile(absolute)) {
            throw new NotImportable(absolute + " is not there. " + WHAT_CAN_BE);
        }
        String name = String.valueOf(absolute.getFileName()).toLowerCase(Locale.ROOT);
        if (name.matches("nexus\\.config\\.ya?ml")) {
            return NexusConfig.read(absolute);
        }
        if (name.matches("(agents|tasks)\\.ya?ml")) {
            return crew(absolute.getParent());
        }
        if (name.endsWith(".json")) {
            return McpServers.read(absolute);
        }
        throw new NotImportable(absolute.getFileName() + " is nothing that can be imported. " + WHAT_CAN_BE);
    }

    private static Imported readFolder(Path folder) throws IOException, NotImportable {
        Path config = either(folder, "nexus.config");
        if (config != null) {
            return NexusConfig.read(config);
        }
        Optional<Path> crew = crewFolder(folder);
        if (crew.isPresent()) {
            return crew(crew.get());
        }
        for (String list : SERVER_LISTS) {
            if (Files.isRegularFile(folder.resolve(list))) {
                return McpServers.read(folder.resolve(list));
            }
        }
        throw new NotImportable(folder + " has nothing that can be imported. " + WHAT_CAN_BE);
    }

    private static Imported crew(@Nullable Path folder) throws IOException, NotImportable {
        Path agents = folder == null ? null : either(folder, "agents");
        Path tasks = folder == null ? null : either(folder, "tasks");
        if (agents == null || tasks == null) {
            throw new NotImportable(
                    "An agents.yaml and a tasks.yaml belong together, and " + folder + " has only one.");
        }
        return Crew.read(agents, tasks);
    }

    /// Where CrewAI's own project layout has them.
    private static Optional<Path> crewFolder(Path folder) throws IOException {
        for (String place : List.of("", "config")) {
            if (either(folder.resolve(place), "agents") != null && either(folder.resolve(place), "tasks") != null) {
                return Optional.of(folder.resolve(place));
            }
        }
        if (!Files.isDirectory(folder.resolve("src"))) {
            return Optional.empty();
        }
        try (Stream<Path> packages = Files.list(folder.resolve("src"))) {
            return packages.sorted()
                    .map(p -> p.resolve("config"))
                    .filter(p -> either(p, "agents") != null && either(p, "tasks") != null)
                    .findFirst();
        }
    }

    private static @Nullable Path either(Path folder, String name) {
        for (String ending : List.of(".yaml", ".yml")) {
            if (Files.isRegularFile(folder.resolve(name + ending))) {
                return folder.resolve(name + ending);
            }
        }
        return null;
    }
}
