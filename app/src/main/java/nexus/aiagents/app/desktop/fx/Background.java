package nexus.aiagents.app.desktop.fx;

import java.util.function.Consumer;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs work on virtual threads and hands results back on the JavaFX thread. All of it shows in one list.
public final class Background {
    /// What is done off the JavaFX thread. It may throw; it should end soon when interrupted.
    @FunctionalInterface
    public interface Work<T> {
        T run(BackgroundTask task) throws Exception;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Background.class);

    private final ObservableList<BackgroundTask> tasks = FXCollections.observableArrayList();
    private final ObservableList<BackgroundTask> readOnly = FXCollections.unmodifiableObservableList(tasks);

    /// Work a person may have to wait for: it shows in the list of tasks. JavaFX thread.
    ///
    /// @param onDone   JavaFX thread; not called when cancelled
    /// @param onFailed JavaFX thread; not called when cancelled, a result that can be closed is closed then
    public <T> BackgroundTask run(String title, Work<T> work, Consumer<T> onDone, Consumer<Throwable> onFailed) {
        BackgroundTask task = new BackgroundTask(title);
        tasks.add(task);
        start(task, work, onDone, onFailed);
        return task;
    }

    /// The same for work that is over at once as a rule, and shows nowhere. Any thread.
    public <T> BackgroundTask quietly(Work<T> work, Consumer<T> onDone, Consumer<Throwable> onFailed) {
        BackgroundTask task = new BackgroundTask("");
        start(task, work, onDone, onFailed);
        return task;
    }

    /// What is under way. JavaFX thread.
    public ObservableList<BackgroundTask> tasks() {
        return readOnly;
    }

    private <T> void start(BackgroundTask task, Work<T> work, Consumer<T> onDone, Consumer<Throwable> onFailed) {
        Thread thread = Thread.ofVirtual().name("background " + task.title()).unstarted(() -> {
            Runnable answer;
            Runnable dropped = () -> {};
            try {
                T result = work.run(task);
                answer = () -> onDone.accept(result);
                dropped = () -> closeIfOpen(result);
            } catch (Exception | Error e) {
                answer = () -> onFailed.accept(e);
            }
            finish(task, answer, dropped);
        });
        task.runningOn(thread);
        thread.start();
    }

    private void finish(BackgroundTask task, Runnable answer, Runnable dropped) {
        Fx.later(() -> {
            tasks.remove(task);
            if (task.isCancelled()) {
                Thread.ofVirtual().start(dropped);
            } else {
                answer.run();
            }
        });
    }

    /// A result nobody takes must not stay open.
    private static void closeIfOpen(@Nullable Object result) {
        if (result instanceof AutoCloseable open) {
            try {
                open.close();
            } catch (Exception e) {
                LOG.warn("could not close what a cancelled task had opened", e);
            }
        }
    }
}
