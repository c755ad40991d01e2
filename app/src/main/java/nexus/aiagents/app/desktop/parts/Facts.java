package nexus.aiagents.app.desktop.parts;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.Priority;

/// Names and values in two columns; a name without a value is left out. Values that did not change are left
/// alone.
public final class Facts extends GridPane {
    private final Map<String, Row> values = new LinkedHashMap<>();

    private record Row(Label name, Label value) {}

    public Facts(double nameWidth) {
        getStyleClass().add("facts");
        ColumnConstraints name = new ColumnConstraints(nameWidth);
        ColumnConstraints value = new ColumnConstraints();
        value.setHgrow(Priority.ALWAYS);
        getColumnConstraints().addAll(name, value);
    }

    public void show(String name, String value) {
        show(name, value, "");
    }

    /// @param styleClass of the value, empty: none
    public void show(String name, String value, String styleClass) {
        Row row = values.computeIfAbsent(name, this::add);
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
        label.getStyleClass().setAll("label", "fact-value");
        if (!styleClass.isEmpty()) {
            label.getStyleClass().add(styleClass);
        }
    }

    public void clear() {
        values.clear();
        getChildren().clear();
    }

    private Row add(String name) {
        int row = values.size();
        Label key = new Label(name);
        key.getStyleClass().add("fact-name");
        Label value = new Label();
        value.setWrapText(true);
        value.setTooltip(new Tooltip());
        value.setMinHeight(USE_PREF_SIZE);
        add(key, 0, row);
        add(value, 1, row);
        GridPane.setValignment(key, javafx.geometry.VPos.TOP);
        return new Row(key, value);
    }
}
