package nexus.aiagents.app.desktop.parts;

import javafx.scene.canvas.Canvas;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.layout.Region;

/// A canvas as large as its region, drawn anew at most once a pulse.
public final class Drawing extends Region {
    /// Draws all of it; the canvas is empty.
    @FunctionalInterface
    public interface Painter {
        void paint(GraphicsContext g, double width, double height);
    }

    private final Canvas canvas = new Canvas();
    private final Painter painter;
    private boolean dirty = true;

    public Drawing(Painter painter) {
        this.painter = painter;
        getChildren().add(canvas);
        setMinSize(0, 0);
    }

    public void redraw() {
        dirty = true;
        requestLayout();
    }

    @Override
    protected void layoutChildren() {
        if (canvas.getWidth() != getWidth() || canvas.getHeight() != getHeight()) {
            canvas.setWidth(getWidth());
            canvas.setHeight(getHeight());
            dirty = true;
        }
        if (dirty && getWidth() > 0 && getHeight() > 0) {
            dirty = false;
            GraphicsContext g = canvas.getGraphicsContext2D();
            g.clearRect(0, 0, getWidth(), getHeight());
            painter.paint(g, getWidth(), getHeight());
        }
    }
}
