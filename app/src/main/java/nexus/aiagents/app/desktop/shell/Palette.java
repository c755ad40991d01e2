package nexus.aiagents.app.desktop.shell;

import javafx.scene.paint.Color;

/// The theme's colours for what is drawn on a canvas, where style sheets do not reach. The same values as
/// in the style sheet; text colours have a contrast of at least 4.5:1 on `background` and `surface`.
///
/// @param background behind everything @param surface cards and panels @param raised hovered or selected
/// @param accent     selection and links @param done violet: finished or compensated
public record Palette(
        Color background,
        Color surface,
        Color raised,
        Color border,
        Color text,
        Color muted,
        Color accent,
        Color success,
        Color warning,
        Color danger,
        Color done) {

    public static final Palette LIGHT = new Palette(
            Color.web("#f6f8fa"),
            Color.web("#ffffff"),
            Color.web("#eff2f5"),
            Color.web("#d0d7de"),
            Color.web("#1f2328"),
            Color.web("#57606a"),
            Color.web("#0969da"),
            Color.web("#1a7f37"),
            Color.web("#8f5f00"),
            Color.web("#cf222e"),
            Color.web("#7a46d4"));

    public static final Palette DARK = new Palette(
            Color.web("#0d1117"),
            Color.web("#161b22"),
            Color.web("#21262d"),
            Color.web("#30363d"),
            Color.web("#e6edf3"),
            Color.web("#9198a1"),
            Color.web("#58a6ff"),
            Color.web("#3fb950"),
            Color.web("#d29922"),
            Color.web("#f85149"),
            Color.web("#a371f7"));
}
