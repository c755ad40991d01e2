package nexus.aiagents.engine.project;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Reads the programs of agents that are text.
final class ProgramTexts {
    /// What is larger is nobody's handwriting.
    private static final long LARGEST = 4L << 20;

    private final Path folder;
    private final SourceHashes sources;
    private final Map<String, String> unsaved;

    ProgramTexts(Path folder, SourceHashes sources, Map<String, String> unsaved) {
        this.folder = folder;
        this.sources = sources;
        this.unsaved = unsaved;
    }

    /// By path relative to the folder. What can not be read is left out.
    Map<String, String> of(Project project) {
        Set<Path> files = new LinkedHashSet<>();
        Set<String> entries = new LinkedHashSet<>();
        for (AgentSpec agent : project.agents().values()) {
            String source = agent.source();
            if (source != null && agent.runtime() == AgentSpec.Runtime.JAVASCRIPT && entries.add(source)) {
                try {
                    files.addAll(sources.modules(folder, folder.resolve(source).normalize())
                            .keySet());
                } catch (IOException _) {
                    continue; // it was there a moment ago, when the project was checked
                }
            }
        }
        Map<String, String> texts = new TreeMap<>();
        for (Path file : files) {
            read(file, texts);
        }
        return texts;
    }

    private void read(Path file, Map<String, String> into) {
        String name = folder.normalize().relativize(file).toString().replace('\\', '/');
        String typed = unsaved.get(name);
        try {
            if (typed != null) {
                into.put(name, typed);
            } else if (Files.size(file) <= LARGEST) {
                into.put(name, new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
            }
        } catch (IOException _) {
            into.remove(name); // gone since
        }
    }
}
