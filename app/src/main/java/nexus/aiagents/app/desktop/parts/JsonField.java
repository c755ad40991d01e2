package nexus.aiagents.app.desktop.parts;

import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

/// A text area for one JSON value that says at once what is wrong with it.
public final class JsonField extends VBox {
    private final TextArea area = new TextArea();
    private final Label message = new Label();
    private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper("");

    public JsonField(String id, String json, int rows) {
        getStyleClass().add("json-field");
        area.setId(id);
        area.getStyleClass().add("mono");
        area.setPrefRowCount(rows);
        area.setAccessibleText("Input as JSON");
        message.getStyleClass().addAll("small", "json-problem");
        message.setWrapText(true);
        message.setMinHeight(USE_PREF_SIZE);
        setVgrow(area, Priority.ALWAYS);
        getChildren().addAll(area, message);
        area.textProperty().addListener((_, _, _) -> check());
        area.setText(json);
        check();
    }

    private void check() {
        String wrong = JsonText.problem(area.getText());
        problem.set(wrong);
        message.setText(wrong.isEmpty() ? "One JSON value" : wrong);
        area.setAccessibleHelp(message.getText());
        Styles.tone(message, wrong.isEmpty() ? Tone.NEUTRAL : Tone.DANGER);
    }

    /// Says nothing while there is nothing to write.
    public void quiet(boolean quiet) {
        message.setVisible(!quiet);
    }

    public String text() {
        return area.getText();
    }

    public void setText(String json) {
        area.setText(json);
    }

    public TextArea area() {
        return area;
    }

    /// Empty while it is one JSON value, else what is wrong and where.
    public ReadOnlyStringProperty problem() {
        return problem.getReadOnlyProperty();
    }
}
