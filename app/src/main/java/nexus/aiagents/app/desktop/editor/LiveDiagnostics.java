package nexus.aiagents.app.desktop.editor;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import nexus.aiagents.app.desktop.fx.Background;
import nexus.aiagents.app.desktop.fx.BackgroundTask;
import nexus.aiagents.engine.ScriptCheck;
import nexus.aiagents.engine.project.Analysis;
import nexus.aiagents.engine.project.LanguageService;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Checks the project after every keystroke, without waiting for a pause: while one check runs only the
/// newest wish for another is kept. JavaFX thread.
final class LiveDiagnostics {
    private static final Logger LOG = LoggerFactory.getLogger(LiveDiagnostics.class);
    static final Analysis NOTHING = new Analysis(null, List.of(), List.of());

    private final Background background;
    private final LanguageService language;
    private final Supplier<Map<String, String>> unsaved;
    private final Supplier<Map<String, String>> scripts;
    private final ScriptCheck scriptCheck = new ScriptCheck();
    private final ReadOnlyObjectWrapper<Analysis> analysis = new ReadOnlyObjectWrapper<>(NOTHING);
    private @Nullable Path folder;
    private @Nullable BackgroundTask running;
    private boolean again;

    /// @param unsaved the texts that differ from the disk, by path
    /// @param scripts the JavaScript that is open, by path
    LiveDiagnostics(
            Background background,
            LanguageService language,
            Supplier<Map<String, String>> unsaved,
            Supplier<Map<String, String>> scripts) {
        this.background = background;
        this.language = language;
        this.unsaved = unsaved;
        this.scripts = scripts;
    }

    /// Not set again while nothing is another. To be listened to by an `InvalidationListener`: a
    /// `ChangeListener` compares the old with the new, which takes too long for a large project.
    ReadOnlyObjectProperty<Analysis> analysis() {
        return analysis.getReadOnlyProperty();
    }

    void follow(@Nullable Path project) {
        BackgroundTask stale = running;
        if (stale != null) {
            stale.cancel();
            running = null;
        }
        folder = project;
        again = false;
        analysis.set(NOTHING);
        check();
    }

    void check() {
        Path project = folder;
        if (project == null) {
            return;
        }
        if (running != null) {
            again = true;
            return;
        }
        Map<String, String> texts = unsaved.get();
        Map<String, String> programs = scripts.get();
        Analysis before = analysis.get();
        running = background.quietly(
                _ -> {
                    Analysis now = scriptCheck.with(language.analyze(project, texts), programs);
                    return now.equals(before) ? before : now; // a large one is not compared where it is shown
                },
                this::done,
                e -> {
                    LOG.error("the project could not be checked", e);
                    done(analysis.get());
                });
    }

    private void done(Analysis result) {
        running = null;
        analysis.set(result);
        if (again) {
            again = false;
            check();
        }
    }
}
