package nexus.aiagents.engine.project;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// All that is known about the YAML of a project: the engine, the editor and `naos validate` ask the same
/// service.
/// Thread-safe; every method may take a while and belongs on a background thread.
public final class LanguageService {

    /// Reads and checks the project in `folder`.
    ///
    /// @param unsaved text that replaces files on the disk, by path relative to the folder, with `/`
    public Analysis analyze(Path folder, Map<String, String> unsaved) {
        throw new IllegalStateException(folder + " " + unsaved.size());
    }

    /// What could stand at a place of `text`.
    public List<Completion> complete(Path folder, Map<String, String> unsaved, String file, int line, int column) {
        return List.of();
    }

    /// The description, default and unit of what stands there, null if nothing is known.
    public @Nullable String hover(String text, int line, int column) {
        return null;
    }

    /// @param insert what to insert in place of the word at the caret
    public record Completion(String label, String insert, String detail) {}
}
