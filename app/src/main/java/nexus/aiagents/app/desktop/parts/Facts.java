package nexus.aiagents.app.desktop.parts;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javafx.geometry.Orientation;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.Region;

/// Names and values in two columns; a name without a value is left out. Values that did not change are left
/// alone.
public final class Facts extends Region {
    private static final double GAP = 12;
    private static final double ROW_GAP = 8;
    private static final double LEAST = 80;

    private final double nameWidth;
    private final Map<String, Row> rows = new LinkedHashMap<>();

    private record Row(Label name, Label value) {}

    public Facts(double nameWidth) {
        this.nameWidth = nameWidth;
        getStyleClass().add("facts");
    }

    public void show(String name, String value) {
        show(name, value, "");
    }

    /// @param styleClass of the value, empty: none
    public void show(String name, String value, String styleClass) {
        Row row = rows.computeIfAbsent(name, this::add);
        Label label = row.value();
        for (Label part : List.of(row.name(), label)) {
            part.setVisible(!value.isEmpty());
            part.setManaged(!value.isEmpty());
        }
        if (!value.equals(label.getText())) {
            label.setText(value);
            label.setAccessibleText(name + ": " + value);
            label.getTooltip().setText(value);
        }
        List<String> styles =
                styleClass.isEmpty() ? List.of("label", "fact-value") : List.of("label", "fact-value", styleClass);
        if (!label.getStyleClass().equals(styles)) {
            label.getStyleClass().setAll(styles);
        }
    }

    public void clear() {
        rows.clear();
        getChildren().clear();
    }

    private Row add(String name) {
        Label key = new Label(name);
        key.getStyleClass().add("fact-name");
        Label value = new Label();
        value.setWrapText(true);
        value.setTooltip(new Tooltip());
        getChildren().addAll(key, value);
        return new Row(key, value);
    }

    @Override
    public Orientation getContentBias() {
        return Orientation.HORIZONTAL;
    }

    @Override
    protected double computeMinWidth(double height) {
        return nameWidth + GAP + LEAST;
    }

    @Override
    protected double computePrefWidth(double height) {
        return nameWidth + GAP + 2 * LEAST;
    }

    @Override
    protected double computeMinHeight(double width) {
        return computePrefHeight(width);
    }

    @Override
    protected double computePrefHeight(double width) {
        double room = (width < 0 ? prefWidth(-1) : width) - nameWidth - GAP;
        double height = 0;
        for (Row row : rows.values()) {
            if (row.value().isManaged()) {
                height += (height == 0 ? 0 : ROW_GAP) + height(row, room);
            }
        }
        return height;
    }

    private static double height(Row row, double room) {
        return Math.max(row.name().prefHeight(-1), row.value().prefHeight(room));
    }

    @Override
    protected void layoutChildren() {
        double room = Math.max(LEAST, getWidth() - nameWidth - GAP);
        double y = 0;
        for (Row row : rows.values()) {
            if (row.value().isManaged()) {
                double height = height(row, room);
                row.name().resizeRelocate(0, y, nameWidth, row.name().prefHeight(-1));
                row.value().resizeRelocate(nameWidth + GAP, y, room, height);
                y += height + ROW_GAP;
            }
        }
    }
}
