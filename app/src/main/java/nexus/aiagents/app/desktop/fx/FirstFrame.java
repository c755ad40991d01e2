package nexus.aiagents.app.desktop.fx;

import javafx.animation.AnimationTimer;
import javafx.application.Platform;

/// Does what can wait once the first frame of the application has been drawn, which is when the second
/// begins. For the benchmark of the start (`-Dnexus.exitAfterFirstFrame=true`) it says so and ends the
/// application instead.
public final class FirstFrame extends AnimationTimer {
    private static final boolean ENDS = Boolean.getBoolean("nexus.exitAfterFirstFrame");

    private final Runnable work;
    private int frames;

    private FirstFrame(Runnable work) {
        this.work = work;
    }

    /// @param work on the JavaFX thread
    public static void then(Runnable work) {
        new FirstFrame(work).start();
    }

    @Override
    public void handle(long now) {
        if (++frames < 2) {
            return;
        }
        stop();
        if (ENDS) {
            System.out.println("first frame");
            Platform.exit();
        } else {
            work.run();
        }
    }
}
