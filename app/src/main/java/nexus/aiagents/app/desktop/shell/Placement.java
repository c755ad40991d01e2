package nexus.aiagents.app.desktop.shell;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import javafx.geometry.Rectangle2D;

/// Where the window goes when it opens: where it was, unless the monitors are others now. Pure.
public final class Placement {
    public static final double MIN_WIDTH = 880;
    public static final double MIN_HEIGHT = 540;
    /// So much of the title bar has to be seen that the window can be dragged.
    private static final double GRIP_WIDTH = 160;

    private static final double GRIP_HEIGHT = 24;

    private Placement() {}

    /// @param saved   as it was left, or what a file says, which may be anything
    /// @param screens the usable parts of the monitors, the first one is the main one
    /// @return a place that can be seen and a size that fits; a negative x and y: let the system choose
    public static UserSettings.Window on(UserSettings.Window saved, List<Rectangle2D> screens) {
        UserSettings.Window sane = isSane(saved) ? saved : UserSettings.Window.DEFAULT;
        Optional<Rectangle2D> there =
                screens.stream().filter(s -> grip(s, sane) > 0).max(Comparator.comparingDouble(s -> grip(s, sane)));
        Rectangle2D screen = there.orElse(screens.isEmpty() ? new Rectangle2D(0, 0, 1280, 800) : screens.getFirst());
        double width = Math.clamp(sane.width(), MIN_WIDTH, Math.max(MIN_WIDTH, screen.getWidth()));
        double height = Math.clamp(sane.height(), MIN_HEIGHT, Math.max(MIN_HEIGHT, screen.getHeight()));
        boolean placed = there.isPresent() && sane.isPlaced();
        return new UserSettings.Window(
                placed ? sane.x() : UserSettings.Window.DEFAULT.x(),
                placed ? sane.y() : UserSettings.Window.DEFAULT.y(),
                width,
                height,
                sane.maximized());
    }

    private static boolean isSane(UserSettings.Window w) {
        return Double.isFinite(w.x())
                && Double.isFinite(w.y())
                && w.width() > 0
                && w.height() > 0
                && Double.isFinite(w.width())
                && Double.isFinite(w.height());
    }

    /// How much of the title bar is on this screen; too little to grasp is nothing.
    private static double grip(Rectangle2D screen, UserSettings.Window w) {
        double across = Math.min(screen.getMaxX(), w.x() + w.width()) - Math.max(screen.getMinX(), w.x());
        double down = Math.min(screen.getMaxY(), w.y() + GRIP_HEIGHT) - Math.max(screen.getMinY(), w.y());
        return across < GRIP_WIDTH || down < GRIP_HEIGHT ? 0 : across * down;
    }
}
