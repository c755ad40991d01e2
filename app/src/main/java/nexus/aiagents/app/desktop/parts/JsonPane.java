package nexus.aiagents.app.desktop.parts;

import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import org.jspecify.annotations.Nullable;

/// Read-only JSON, or other text, under a heading; it can be selected and copied.
public final class JsonPane extends VBox {
    private final Label heading = new Label();
    private final TextArea area = new TextArea();

    public JsonPane(String title) {
        heading.setText(title);
        heading.getStyleClass().add("eyebrow");
        area.setEditable(false);
        area.setWrapText(true);
        area.getStyleClass().addAll("mono", "json-pane");
        area.setMinHeight(48);
        setSpacing(4);
        setMinWidth(0);
        setVgrow(area, Priority.ALWAYS);
        getChildren().addAll(heading, area);
    }

    /// @param nothing shown where there is no JSON
    public void show(String title, @Nullable String json, String nothing) {
        showText(title, json == null ? nothing : JsonText.pretty(json), false);
    }

    public void showText(String title, String text, boolean error) {
        heading.setText(title);
        area.setAccessibleText(title);
        if (!text.equals(area.getText())) {
            area.setText(text);
        }
        Styles.toggle(area, "error-text", error);
    }
}
