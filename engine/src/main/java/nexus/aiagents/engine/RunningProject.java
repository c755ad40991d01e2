package nexus.aiagents.engine;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import nexus.aiagents.engine.control.CommandResult;
import nexus.aiagents.engine.project.Project;
import nexus.aiagents.engine.view.ViewFold;

/// The project as it runs now, after reloads and commands. Thread-safe.
final class RunningProject {
    private final ViewFold views;
    /// Held while the project or its files are being changed.
    private final ReentrantLock changing = new ReentrantLock();

    private volatile Project now;

    RunningProject(Project project, ViewFold views) {
        this.now = project;
        this.views = views;
    }

    Project now() {
        return now;
    }

    /// @param change one at a time
    /// @param goBy   lets everything that works by the project go by the changed one
    CommandResult change(Function<Project, Outcome> change, Consumer<Project> goBy) {
        return alone(() -> {
            Outcome outcome = change.apply(now);
            if (outcome.project() != now) {
                become(outcome.project(), goBy);
            }
            return outcome.result();
        });
    }

    /// While nobody else changes the project.
    CommandResult alone(Supplier<CommandResult> work) {
        changing.lock();
        try {
            return work.get();
        } finally {
            changing.unlock();
        }
    }

    void become(Project next, Consumer<Project> goBy) {
        goBy.accept(next);
        now = next;
        views.reloaded(next);
    }
}
