package nexus.aiagents.app.desktop.editor;

import javafx.geometry.HPos;
import javafx.geometry.Insets;
import javafx.geometry.VPos;
import javafx.scene.layout.Region;
import javafx.scene.text.Text;

/// What stands left of a line: its number, and a mark if something is wrong in it. One is made for every
/// line that changes, so it is of as few nodes as can be. JavaFX thread.
final class Gutter extends Region {
    private static final double MARK = 8;
    private static final double GAP = 6;

    private final Text number;
    private final Region mark = new Region();
    private final double before;
    private final double room;

    /// @param line  from 1
    /// @param room  for the number, at least
    /// @param marks whether there is room for a mark
    Gutter(int line, double room, boolean marks) {
        this.room = room;
        before = marks ? MARK + GAP : 0;
        number = new Text(String.valueOf(line));
        number.getStyleClass().add("line-number");
        getStyleClass().add("gutter");
        getChildren().add(number);
    }

    /// @param style `error` or `warning`
    void mark(String style) {
        mark.getStyleClass().addAll("gutter-mark", style);
        number.getStyleClass().add(style);
        getChildren().add(mark);
    }

    @Override
    protected double computePrefWidth(double height) {
        Insets in = getInsets();
        return in.getLeft() + before + numberWidth() + in.getRight();
    }

    @Override
    protected double computePrefHeight(double width) {
        return number.prefHeight(-1);
    }

    private double numberWidth() {
        return Math.max(room, number.prefWidth(-1));
    }

    @Override
    protected void layoutChildren() {
        double left = getInsets().getLeft();
        positionInArea(number, left + before, 0, numberWidth(), getHeight(), 0, HPos.RIGHT, VPos.CENTER);
        if (mark.getParent() != null) {
            mark.resize(MARK, MARK);
            positionInArea(mark, left, 0, MARK, getHeight(), 0, HPos.CENTER, VPos.CENTER);
        }
    }
}
