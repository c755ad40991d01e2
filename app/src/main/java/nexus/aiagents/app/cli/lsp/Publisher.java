package nexus.aiagents.app.cli.lsp;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import nexus.aiagents.engine.ScriptCheck;
import nexus.aiagents.engine.project.Diagnostic;
import nexus.aiagents.engine.project.LanguageService;
import org.eclipse.lsp4j.PublishDiagnosticsParams;
import org.eclipse.lsp4j.services.LanguageClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Checks one project after every change, without waiting for a pause: while one check runs only the wish
/// for another is kept. Tells the editor what is wrong in every file, also in those that are not open.
final class Publisher {
    private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);

    private final Path folder;
    private final LanguageService language;
    private final Documents documents;
    private final LanguageClient client;
    private final Executor background;
    private final ScriptCheck scripts;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean running;
    private boolean again;
    private Set<String> told = Set.of();
    private volatile List<Diagnostic> last = List.of();

    Publisher(
            Path folder,
            LanguageService language,
            ScriptCheck scripts,
            Documents documents,
            LanguageClient client,
            Executor background) {
        this.folder = folder;
        this.language = language;
        this.documents = documents;
        this.client = client;
        this.background = background;
        this.scripts = scripts;
    }

    /// What the last check found.
    List<Diagnostic> diagnostics() {
        return last;
    }

    void check() {
        lock.lock();
        try {
            again = running;
            if (running) {
                return;
            }
            running = true;
        } finally {
            lock.unlock();
        }
        background.execute(this::run);
    }

    private void run() {
        boolean more = true;
        while (more) {
            try {
                Map<String, String> texts = documents.texts(folder);
                publish(scripts.with(language.analyze(folder, texts), texts).diagnostics());
            } catch (RuntimeException e) {
                LOG.error("{} could not be checked", folder, e);
            }
            lock.lock();
            try {
                more = again;
                again = false;
                running = more;
            } finally {
                lock.unlock();
            }
        }
    }

    /// Only the thread that checks calls it.
    private void publish(List<Diagnostic> found) {
        last = found;
        Map<String, List<org.eclipse.lsp4j.Diagnostic>> byFile = new LinkedHashMap<>();
        told.forEach(file -> byFile.put(file, List.of()));
        found.forEach(d -> byFile.merge(d.at().file(), List.of(Translation.diagnostic(d)), Translation::joined));
        byFile.forEach((file, problems) -> client.publishDiagnostics(new PublishDiagnosticsParams(
                Translation.uri(folder, file), problems, documents.version(folder, file))));
        Set<String> now = new HashSet<>();
        byFile.forEach((file, problems) -> {
            if (!problems.isEmpty()) {
                now.add(file);
            }
        });
        told = now;
    }
}
