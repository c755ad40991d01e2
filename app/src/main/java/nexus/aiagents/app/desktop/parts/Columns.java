package nexus.aiagents.app.desktop.parts;

import javafx.geometry.Orientation;
import javafx.scene.Node;
import javafx.scene.layout.Region;

/// Columns of one width, as high as the highest.
public final class Columns extends Region {
    private final double gap;

    public Columns(double gap, Node... columns) {
        this.gap = gap;
        getChildren().addAll(columns);
    }

    private double column(double width) {
        int count = getChildren().size();
        return Math.max(0, (width - gap * (count - 1)) / count);
    }

    @Override
    public Orientation getContentBias() {
        return Orientation.HORIZONTAL;
    }

    @Override
    protected double computeMinWidth(double height) {
        return 0;
    }

    @Override
    protected double computeMinHeight(double width) {
        return computePrefHeight(width);
    }

    @Override
    protected double computePrefHeight(double width) {
        double each = column(width < 0 ? prefWidth(-1) : width);
        return getChildren().stream().mapToDouble(c -> c.prefHeight(each)).max().orElse(0);
    }

    @Override
    protected void layoutChildren() {
        double each = column(getWidth());
        double x = 0;
        for (Node child : getChildren()) {
            child.resizeRelocate(snapPositionX(x), 0, snapSizeX(each), getHeight());
            x += each + gap;
        }
    }
}
