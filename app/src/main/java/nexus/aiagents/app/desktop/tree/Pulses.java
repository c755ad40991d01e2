package nexus.aiagents.app.desktop.tree;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import javafx.animation.AnimationTimer;

/// The pulses of nodes that restarted, as long as they last. JavaFX thread.
final class Pulses {
    private static final double NANOS = 1.4e9;

    private final Map<String, Long> begun = new HashMap<>();
    private final AnimationTimer timer;
    private final BooleanSupplier still;
    private int shown;

    /// @param redraw called for every picture of a pulse, and once after the last
    /// @param still  whether motion is to be reduced
    Pulses(Runnable redraw, BooleanSupplier still) {
        this.still = still;
        timer = new AnimationTimer() {
            @Override
            public void handle(long now) {
                begun.values().removeIf(start -> now - start > NANOS);
                if (begun.isEmpty()) {
                    stop();
                }
                redraw.run();
            }
        };
    }

    void begin(String id) {
        begun.put(id, System.nanoTime());
        shown++;
        timer.start();
    }

    void rest() {
        timer.stop();
        begun.clear();
    }

    /// How many there have been.
    int shown() {
        return shown;
    }

    /// How far each has come, 0 to 1; where motion is to be reduced it stands.
    Map<String, Double> progress() {
        if (begun.isEmpty()) {
            return Map.of();
        }
        boolean standing = still.getAsBoolean();
        long now = System.nanoTime();
        Map<String, Double> result = new HashMap<>();
        begun.forEach((id, start) -> result.put(id, standing ? 0.3 : Math.clamp((now - start) / NANOS, 0, 1)));
        return result;
    }
}
