package nexus.aiagents.app.desktop.tree;

import javafx.geometry.BoundingBox;
import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.paint.Color;
import javafx.scene.text.Font;
import nexus.aiagents.app.desktop.parts.CanvasText;
import nexus.aiagents.app.desktop.shell.Palette;

/// Draws, over the tree, the node that is being dragged and where it would come.
final class DropPainter {
    private static final double HEIGHT = 30;
    private final CanvasText text = new CanvasText();

    /// @param words what would happen, or why it can not
    /// @param into  it becomes a child of the target, else it comes before or behind it
    void draw(
            GraphicsContext g, Palette p, Drag drag, String words, boolean allowed, boolean into, BoundingBox target) {
        Color color = allowed ? p.accent() : p.danger();
        if (target.getWidth() > 0) {
            mark(g, color, into, drag.before(), target);
        }
        Font font = text.strong(12);
        double width = text.width(words, font) + 24;
        double x = drag.x() + 14;
        double y = drag.y() + 10;
        g.setFill(p.surface());
        g.fillRoundRect(x, y, width, HEIGHT, 8, 8);
        g.setStroke(color);
        g.setLineWidth(1.5);
        g.strokeRoundRect(x + 0.75, y + 0.75, width - 1.5, HEIGHT - 1.5, 8, 8);
        g.setFont(font);
        g.setTextBaseline(VPos.CENTER);
        g.setFill(allowed ? p.text() : p.danger());
        g.fillText(words, x + 12, y + HEIGHT / 2);
    }

    private static void mark(GraphicsContext g, Color color, boolean into, boolean before, BoundingBox at) {
        if (into) {
            g.setStroke(color);
            g.setLineWidth(2);
            g.strokeRoundRect(at.getMinX() - 4, at.getMinY() - 4, at.getWidth() + 8, at.getHeight() + 8, 20, 20);
            return;
        }
        double y = before ? at.getMinY() - 9 : at.getMaxY() + 6;
        g.setFill(color);
        g.fillRoundRect(at.getMinX(), y, at.getWidth(), 3, 3, 3);
        g.fillOval(at.getMinX() - 4, y - 2.5, 8, 8);
    }

    /// @param before the pointer is over the upper half of what it is over
    record Drag(double x, double y, boolean before) {}
}
