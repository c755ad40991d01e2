package nexus.aiagents.engine.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A project on the disk, made piece by piece.
final class ProjectFolder {
    static final byte[] EMPTY_MODULE = {0, 'a', 's', 'm', 1, 0, 0, 0};

    private final Path folder;
    private final LanguageService service = new LanguageService(model -> model.startsWith("scripted"));

    ProjectFolder(Path folder) {
        this.folder = folder;
    }

    Path folder() {
        return folder;
    }

    LanguageService service() {
        return service;
    }

    ProjectFolder with(String file, String text) {
        return with(file, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    ProjectFolder with(String file, byte[] bytes) {
        try {
            Path path = folder.resolve(file);
            Files.createDirectories(path.getParent());
            Files.write(path, bytes);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// JavaScript agents of these names, in files of their own.
    ProjectFolder withAgents(String... names) {
        for (String name : names) {
            with("src/" + name + ".js", "export default (input) => input;\n");
            with("agents/" + name + ".yaml", "agent:\n  name: " + name + "\n  source: src/" + name + ".js\n");
        }
        return this;
    }

    Analysis analyze() {
        return service.analyze(folder, Map.of());
    }

    /// The project, which must have no errors.
    Project project() {
        Analysis analysis = analyze();
        assertEquals(
                List.of(),
                analysis.diagnostics().stream().filter(Diagnostic::isError).toList());
        assertNotNull(analysis.project());
        return analysis.project();
    }

    List<String> codes() {
        return analyze().diagnostics().stream().map(Diagnostic::code).toList();
    }

    /// The only diagnostic there is.
    Diagnostic only() {
        List<Diagnostic> all = analyze().diagnostics();
        assertEquals(1, all.size(), () -> all.toString());
        return all.getFirst();
    }

    /// The text that a diagnostic marks; it must lie on one line.
    String marked(Diagnostic diagnostic) {
        Position at = diagnostic.at();
        try {
            String line = Files.readAllLines(folder.resolve(at.file())).get(at.line());
            assertEquals(at.line(), at.endLine());
            return line.substring(at.column(), at.endColumn());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
