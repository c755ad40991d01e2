package nexus.aiagents.app.desktop.shell;

import java.util.Locale;
import nexus.aiagents.app.desktop.shell.UserSettings.Outcome;
import nexus.aiagents.engine.view.ProjectView;
import nexus.aiagents.engine.view.RunView;
import org.jspecify.annotations.Nullable;

/// Remembers what the open project has come to, for the list of recent projects. JavaFX thread.
final class LastOutcome {
    private final SettingsStore settings;
    private @Nullable Outcome told;

    LastOutcome(SettingsStore settings) {
        this.settings = settings;
    }

    /// What the last of its runs is at, and what it has spent. Jobs of a queue are no news.
    static Outcome of(ProjectView view) {
        Figures figures = Figures.of(view);
        RunView last = view.runs().stream()
                .filter(r -> r.parentRunId() == null && !r.kind().equals("job"))
                .findFirst()
                .orElse(null);
        String state = last == null ? "" : last.state().name().toLowerCase(Locale.ROOT);
        return new Outcome(last == null ? "" : last.name(), state, figures.microDollars(), figures.scripted());
    }

    /// Called with every snapshot; only another state of the last run is written down.
    void follow(String folder, ProjectView view) {
        Outcome now = of(view);
        Outcome before = told;
        if (before == null || !before.run().equals(now.run()) || !before.state().equals(now.state())) {
            write(folder, now);
        }
    }

    /// The project closes: what it spent meanwhile is written down too.
    void leave(String folder, ProjectView view) {
        write(folder, of(view));
        told = null;
    }

    private void write(String folder, Outcome now) {
        told = now;
        settings.update(s -> s.withOutcome(folder, now));
    }
}
