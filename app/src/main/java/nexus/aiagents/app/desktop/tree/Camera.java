package nexus.aiagents.app.desktop.tree;

/// What part of a picture is seen, and how large. Pure but for its own three numbers.
final class Camera {
    static final double LARGEST = 2;
    static final double SMALLEST = 0.002;
    private static final double MARGIN = 32;

    private double scale = 1;
    private double left;
    private double top;

    double scale() {
        return scale;
    }

    double screenX(double x) {
        return x * scale + left;
    }

    double screenY(double y) {
        return y * scale + top;
    }

    double worldX(double x) {
        return (x - left) / scale;
    }

    double worldY(double y) {
        return (y - top) / scale;
    }

    void pan(double dx, double dy) {
        left += dx;
        top += dy;
    }

    /// Keeps the point of the screen where it is.
    void zoom(double factor, double x, double y) {
        double next = Math.clamp(scale * factor, SMALLEST, LARGEST);
        left = x - (x - left) * next / scale;
        top = y - (y - top) * next / scale;
        scale = next;
    }

    /// Shows all of it, never larger than life. A picture that is not high enough stands in the middle.
    void fit(double width, double height, double viewWidth, double viewHeight) {
        double across = (viewWidth - 2 * MARGIN) / Math.max(1, width);
        double down = (viewHeight - 2 * MARGIN) / Math.max(1, height);
        scale = Math.clamp(Math.min(across, down), SMALLEST, 1);
        left = Math.max(MARGIN, (viewWidth - width * scale) / 2);
        top = Math.max(MARGIN, (viewHeight - height * scale) / 2);
    }

    /// Moves as little as needed to see the box.
    void reveal(double x, double y, double width, double height, double viewWidth, double viewHeight) {
        double x0 = screenX(x);
        double y0 = screenY(y);
        double x1 = x0 + width * scale;
        double y1 = y0 + height * scale;
        left += x0 < MARGIN ? MARGIN - x0 : x1 > viewWidth - MARGIN ? viewWidth - MARGIN - x1 : 0;
        top += y0 < MARGIN ? MARGIN - y0 : y1 > viewHeight - MARGIN ? viewHeight - MARGIN - y1 : 0;
    }
}
