package nexus.aiagents.app.desktop.cost;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import javafx.scene.paint.Color;
import nexus.aiagents.app.desktop.parts.Tone;
import nexus.aiagents.app.desktop.shell.Palette;
import org.junit.jupiter.api.Test;

class ColorsTest {
    @Test
    void every_text_on_a_canvas_can_be_read_in_light_and_dark() {
        for (Palette palette : List.of(Palette.LIGHT, Palette.DARK)) {
            for (Color behind : List.of(palette.background(), palette.surface())) {
                assertTrue(contrast(palette.text(), behind) >= 4.5);
                for (Tone tone : Tone.values()) {
                    assertTrue(contrast(tone.in(palette), behind) >= 4.5, tone + " on " + behind);
                }
            }
        }
    }

    @Test
    void every_series_of_a_chart_stands_out() {
        for (Palette palette : List.of(Palette.LIGHT, Palette.DARK)) {
            for (Color color : ChartColors.of(palette)) {
                assertTrue(contrast(color, palette.surface()) >= 3, color + " on " + palette.surface());
            }
        }
    }

    private static double contrast(Color a, Color b) {
        double x = luminance(a) + 0.05;
        double y = luminance(b) + 0.05;
        return Math.max(x, y) / Math.min(x, y);
    }

    private static double luminance(Color c) {
        return 0.2126 * channel(c.getRed()) + 0.7152 * channel(c.getGreen()) + 0.0722 * channel(c.getBlue());
    }

    private static double channel(double v) {
        return v <= 0.04045 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4);
    }
}
