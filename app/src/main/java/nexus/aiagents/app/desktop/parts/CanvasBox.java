package nexus.aiagents.app.desktop.parts;

import java.util.HashMap;
import java.util.Map;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.image.PixelFormat;
import javafx.scene.image.WritableImage;
import javafx.scene.paint.Color;
import org.jspecify.annotations.Nullable;

/// Boxes with round corners on a canvas. Drawn in software a rounded path costs many times what a rectangle
/// does, so only the corners are round: small pictures, made once. JavaFX thread.
public final class CanvasBox {
    private static final int KEPT = 400;
    /// Corners are this many times finer than the canvas, for screens that show it enlarged.
    private static final int FINE = 2;

    private record Key(Color fill, @Nullable Color border, int radius, int line) {}

    private final Map<Key, WritableImage> corners = new HashMap<>();

    /// All in whole pixels.
    ///
    /// @param border of `line` pixels, inside; null: none
    public void draw(
            GraphicsContext g,
            double x,
            double y,
            double w,
            double h,
            double radius,
            Color fill,
            @Nullable Color border,
            int line) {
        int r = (int) Math.min(Math.round(radius), Math.floor(Math.min(w, h) / 2));
        g.setFill(fill);
        if (r < 2) {
            g.fillRect(x, y, w, h);
        } else {
            g.fillRect(x + r, y, w - 2 * r, h);
            g.fillRect(x, y + r, r, h - 2 * r);
            g.fillRect(x + w - r, y + r, r, h - 2 * r);
            corners(g, x, y, w, h, r, fill, border, line);
        }
        if (border != null) {
            int edge = r < 2 ? 0 : r;
            g.setFill(border);
            g.fillRect(x + edge, y, w - 2 * edge, line);
            g.fillRect(x + edge, y + h - line, w - 2 * edge, line);
            g.fillRect(x, y + edge, line, h - 2 * edge);
            g.fillRect(x + w - line, y + edge, line, h - 2 * edge);
        }
    }

    private void corners(
            GraphicsContext g,
            double x,
            double y,
            double w,
            double h,
            int r,
            Color fill,
            @Nullable Color border,
            int line) {
        if (corners.size() > KEPT) {
            corners.clear();
        }
        WritableImage all = corners.computeIfAbsent(new Key(fill, border, r, line), CanvasBox::disc);
        int s = r * FINE;
        g.drawImage(all, 0, 0, s, s, x, y, r, r);
        g.drawImage(all, s, 0, s, s, x + w - r, y, r, r);
        g.drawImage(all, 0, s, s, s, x, y + h - r, r, r);
        g.drawImage(all, s, s, s, s, x + w - r, y + h - r, r, r);
    }

    /// A disc of this radius with its border; its quarters are the corners.
    private static WritableImage disc(Key key) {
        int size = 2 * key.radius() * FINE;
        double radius = key.radius() * FINE;
        double inner = key.border() == null ? radius : radius - key.line() * FINE;
        Color border = key.border() == null ? key.fill() : key.border();
        int[] pixels = new int[size * size];
        for (int py = 0; py < size; py++) {
            for (int px = 0; px < size; px++) {
                double distance = Math.hypot(px + 0.5 - radius, py + 0.5 - radius);
                double covered = Math.clamp(radius - distance + 0.5, 0, 1);
                double filled = Math.min(covered, Math.clamp(inner - distance + 0.5, 0, 1));
                pixels[py * size + px] = mixed(key.fill(), filled, border, covered - filled);
            }
        }
        WritableImage image = new WritableImage(size, size);
        image.getPixelWriter().setPixels(0, 0, size, size, PixelFormat.getIntArgbPreInstance(), pixels, 0, size);
        return image;
    }

    private static int mixed(Color a, double partA, Color b, double partB) {
        double alphaA = a.getOpacity() * partA;
        double alphaB = b.getOpacity() * partB;
        return channel(alphaA + alphaB) << 24
                | channel(a.getRed() * alphaA + b.getRed() * alphaB) << 16
                | channel(a.getGreen() * alphaA + b.getGreen() * alphaB) << 8
                | channel(a.getBlue() * alphaA + b.getBlue() * alphaB);
    }

    private static int channel(double value) {
        return (int) Math.round(Math.clamp(value, 0, 1) * 255);
    }
}
