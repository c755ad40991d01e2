package nexus.aiagents.app.desktop.fx;

import javafx.animation.AnimationTimer;
import javafx.application.Platform;

/// For the benchmark of the start: ends the application once its first frame has been drawn, which is
/// when the second begins. Asked for by `-Dnexus.exitAfterFirstFrame=true`.
public final class FirstFrame extends AnimationTimer {
    private int frames;

    private FirstFrame() {}

    public static void endAfterItIfAsked() {
        if (Boolean.getBoolean("nexus.exitAfterFirstFrame")) {
            new FirstFrame().start();
        }
    }

    @Override
    public void handle(long now) {
        if (++frames == 2) {
            stop();
            Platform.exit();
        }
    }
}
