package nexus.aiagents.engine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import nexus.aiagents.engine.project.AgentSpec;
import nexus.aiagents.engine.project.Analysis;
import nexus.aiagents.engine.project.Diagnostic;
import nexus.aiagents.engine.project.Position;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.sandbox.Program;
import nexus.aiagents.sandbox.ProgramRejected;
import nexus.aiagents.sandbox.Sandbox;
import org.jspecify.annotations.Nullable;

/// Finds syntax errors in JavaScript and TypeScript while it is typed, by the compiler that will run
/// it. The first check loads that compiler, which takes about half a second; later ones take some
/// milliseconds, and none if the text is the same. Thread-safe.
public final class ScriptCheck {
    private final Map<String, Checked> known = new ConcurrentHashMap<>();
    private final ReentrantLock loading = new ReentrantLock();
    private @Nullable Sandbox sandbox;

    private record Checked(String text, List<Diagnostic> problems) {}

    /// The declarations of everything that a script finds, for editors that know TypeScript: `nexus.d.ts`.
    public static String types() throws IOException {
        try (InputStream in = Sandbox.class.getResourceAsStream("nexus.d.ts")) {
            if (in == null) {
                throw new IOException("nexus.d.ts is missing from the sandbox");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /// Whether a file of this name is JavaScript or TypeScript.
    public static boolean isScript(String file) {
        return file.endsWith(".js") || file.endsWith(".mjs") || file.endsWith(".ts") || file.endsWith(".mts");
    }

    /// @param file inside the project, with `/`
    /// @return the first syntax error, at its place. What it imports is not looked at.
    public List<Diagnostic> check(String file, String text) {
        Checked before = known.get(file);
        if (before != null && before.text().equals(text)) {
            return before.problems();
        }
        List<Diagnostic> problems = List.of();
        try {
            var _ = sandbox().prepare(new Program.Script(file, file, Map.of(file, text)));
        } catch (ProgramRejected e) {
            if (e.code().equals("interrupted")) {
                return problems;
            }
            if (e.code().equals("syntax-error") && e.line() > 0) { // the rest says the whole program, with its files
                int column = Math.max(0, e.column() - 1);
                Position at = new Position(file, e.line() - 1, column, e.line() - 1, column + 1);
                problems = List.of(Diagnostic.programRejected(String.valueOf(e.getMessage()), at));
            }
        }
        known.put(file, new Checked(text, problems));
        return problems;
    }

    /// What a check of the YAML found, and the syntax errors of programs.
    ///
    /// @param texts of any files, by their paths inside the project; those that are no scripts, or can
    ///     be of no agent in the sandbox, are left out: what else there is may be another kind of
    ///     JavaScript
    public Analysis with(Analysis yaml, Map<String, String> texts) {
        List<Diagnostic> all = new ArrayList<>(yaml.diagnostics());
        texts.forEach((file, text) -> {
            if (isScript(file) && mayBeOfAnAgent(file, yaml.project())) {
                all.addAll(check(file, text));
            }
        });
        return all.size() == yaml.diagnostics().size() ? yaml : new Analysis(yaml.project(), all, yaml.outline());
    }

    /// A script beside or below the source of an agent. While the YAML is broken nobody knows.
    private static boolean mayBeOfAnAgent(String file, @Nullable Project project) {
        return project == null
                || project.agents().values().stream()
                        .filter(agent -> agent.runtime() == AgentSpec.Runtime.JAVASCRIPT)
                        .map(AgentSpec::source)
                        .anyMatch(source ->
                                source != null && file.startsWith(source.substring(0, source.lastIndexOf('/') + 1)));
    }

    private Sandbox sandbox() {
        loading.lock();
        try {
            Sandbox ready = sandbox;
            if (ready == null) {
                // Only modules are cached in a folder, and there are none here: it is never made.
                ready = Sandbox.open(
                        Path.of(System.getProperty("java.io.tmpdir"), "nexus-scripts-" + UUID.randomUUID()));
                sandbox = ready;
            }
            return ready;
        } finally {
            loading.unlock();
        }
    }
}
