package nexus.aiagents.app.desktop.cost;

import java.util.List;
import javafx.scene.paint.Color;
import nexus.aiagents.app.desktop.shell.Palette;

/// Colours that tell series apart and say nothing else, each at least 3:1 on its background; the last is
/// for the rest.
final class ChartColors {
    private static final List<Color> LIGHT = List.of(
            Color.web("#0969da"),
            Color.web("#8250df"),
            Color.web("#0f766e"),
            Color.web("#b35900"),
            Color.web("#bf3989"),
            Color.web("#57606a"));
    private static final List<Color> DARK = List.of(
            Color.web("#58a6ff"),
            Color.web("#a371f7"),
            Color.web("#2dd4bf"),
            Color.web("#e0913a"),
            Color.web("#f778ba"),
            Color.web("#9198a1"));

    private ChartColors() {}

    static List<Color> of(Palette palette) {
        return palette.surface().getBrightness() < 0.5 ? DARK : LIGHT;
    }
}
