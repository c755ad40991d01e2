package nexus.aiagents.app.desktop.runs;

/// What part of a time line is seen, and how large. Pure but for its own two numbers.
final class TimeWindow {
    static final double LARGEST = 200;

    private double zoom = 1;
    private double left;

    double zoom() {
        return zoom;
    }

    /// How much of the line is out of sight on the left.
    double left() {
        return left;
    }

    void fit() {
        zoom = 1;
        left = 0;
    }

    /// Keeps what is at `x` where it is.
    ///
    /// @param room how much of the line can be seen
    void zoom(double factor, double x, double room) {
        double next = Math.clamp(zoom * factor, 1, LARGEST);
        left = (x + left) * next / zoom - x;
        zoom = next;
        pan(0, room);
    }

    void pan(double by, double room) {
        left = Math.clamp(left + by, 0, Math.max(0, room * (zoom - 1)));
    }
}
