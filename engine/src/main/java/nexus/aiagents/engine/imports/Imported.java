package nexus.aiagents.engine.imports;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;
import nexus.aiagents.engine.project.WriteTrouble;

/// What a project made of something else would hold, before any of it is written.
///
/// @param kind    what it was made of: `nexus.config.yaml`, `CrewAI`, `MCP servers`
/// @param name    what the project is called
/// @param files   by their path in the project, with `/`
/// @param carried what came over, and as what
/// @param left    what did not, and why
public record Imported(
        String kind, String name, SequencedMap<String, byte[]> files, List<Item> carried, List<Item> left) {

    /// @param what `agent researcher`, `supervisor main: strategy` @param text as what, or why not
    public record Item(String what, String text) {}

    public Imported {
        files = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(files));
        carried = List.copyOf(carried);
        left = List.copyOf(left);
    }

    /// Writes the project into a folder that is new or empty. Nothing that is there is overwritten, and
    /// what was written goes again if the rest can not be.
    ///
    /// @throws FileAlreadyExistsException there is something in the folder
    /// @throws IOException                it can not be written; its message says why and what to do
    public void write(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            try (Stream<Path> inside = Files.list(folder)) {
                if (inside.anyMatch(p -> !String.valueOf(p.getFileName()).startsWith("."))) {
                    throw new FileAlreadyExistsException(folder.toString());
                }
            }
        } else if (Files.exists(folder)) {
            throw new FileAlreadyExistsException(folder.toString());
        }
        List<Path> written = new ArrayList<>();
        Path target = folder;
        try {
            for (var file : files.entrySet()) {
                target = folder.resolve(file.getKey());
                Files.createDirectories(target.getParent());
                Files.write(target, file.getValue(), StandardOpenOption.CREATE_NEW);
                written.add(target);
            }
        } catch (IOException e) {
            throw WriteTrouble.undone(target, e, written);
        }
    }
}
