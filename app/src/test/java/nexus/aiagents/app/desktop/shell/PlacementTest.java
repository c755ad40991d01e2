package nexus.aiagents.app.desktop.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import javafx.geometry.Rectangle2D;
import nexus.aiagents.app.desktop.shell.UserSettings.Window;
import org.junit.jupiter.api.Test;

class PlacementTest {
    private static final Rectangle2D LEFT = new Rectangle2D(-1920, 0, 1920, 1080);
    private static final Rectangle2D MAIN = new Rectangle2D(0, 0, 1920, 1050);
    private static final Rectangle2D SMALL = new Rectangle2D(0, 0, 1366, 720);

    @Test
    void a_window_comes_back_to_where_it_was_also_on_a_monitor_to_the_left() {
        Window saved = new Window(-1500, 40, 1400, 900, false);
        assertEquals(saved, Placement.on(saved, List.of(MAIN, LEFT)));
    }

    @Test
    void a_window_whose_monitor_is_gone_is_placed_by_the_system_in_a_size_that_fits() {
        Window now = Placement.on(new Window(-1800, 40, 1800, 1000, true), List.of(SMALL));
        assertFalse(now.isPlaced());
        assertEquals(1366, now.width());
        assertEquals(720, now.height());
        assertTrue(now.maximized());
    }

    @Test
    void a_window_whose_title_can_not_be_grasped_is_placed_by_the_system() {
        assertFalse(Placement.on(new Window(1900, 10, 1000, 700, false), List.of(MAIN))
                .isPlaced());
        assertFalse(Placement.on(new Window(100, 1045, 1000, 700, false), List.of(MAIN))
                .isPlaced());
        assertFalse(Placement.on(new Window(100, -300, 1000, 700, false), List.of(MAIN))
                .isPlaced());
    }

    @Test
    void nonsense_in_the_file_gives_an_ordinary_window() {
        for (double odd : new double[] {Double.NaN, Double.POSITIVE_INFINITY, -5}) {
            Window now = Placement.on(new Window(odd, 10, 1000, odd, false), List.of(MAIN));
            assertTrue(now.width() >= Placement.MIN_WIDTH && now.height() >= Placement.MIN_HEIGHT, now.toString());
        }
        assertEquals(
                Placement.MIN_WIDTH,
                Placement.on(new Window(0, 0, 3, 3, false), List.of(MAIN)).width());
        assertEquals(1280, Placement.on(Window.DEFAULT, List.of()).width());
    }
}
