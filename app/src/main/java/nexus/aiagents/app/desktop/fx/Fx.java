package nexus.aiagents.app.desktop.fx;

import java.util.concurrent.CompletableFuture;
import javafx.application.Platform;

/// The one door onto the JavaFX thread.
public final class Fx {
    private Fx() {}

    /// Runs `work` on the JavaFX thread, later, also when called there.
    public static void later(Runnable work) {
        Platform.runLater(work);
    }

    /// Runs `work` on the JavaFX thread: at once when called there, else later.
    public static void run(Runnable work) {
        if (Platform.isFxApplicationThread()) {
            work.run();
        } else {
            Platform.runLater(work);
        }
    }

    /// Runs `work` on the JavaFX thread and returns when it is done.
    public static void runAndWait(Runnable work) {
        if (Platform.isFxApplicationThread()) {
            work.run();
        } else {
            CompletableFuture.runAsync(work, Platform::runLater).join();
        }
    }
}
