package nexus.aiagents.app.desktop.agent;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javafx.geometry.Insets;
import javafx.scene.Node;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Control;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.control.TextInputControl;
import javafx.scene.layout.VBox;
import nexus.aiagents.app.desktop.agent.InputFields.Field;
import org.jspecify.annotations.Nullable;

/// The form for an agent's input: a control for each property of its schema. JavaFX thread.
final class InputForm extends ScrollPane {
    private final VBox box = new VBox(12);
    private final List<Consumer<String>> readers = new ArrayList<>();
    private final Consumer<String> onChange;
    private String json = "{}";
    private boolean reading;

    /// @param onChange hears the input as JSON whenever a person changed it here
    InputForm(Consumer<String> onChange) {
        super();
        this.onChange = onChange;
        setId("agent-input-form");
        setContent(box);
        box.setPadding(new Insets(0, 16, 0, 0));
        setFitToWidth(true);
        setMinHeight(96);
        getStyleClass().addAll("input-form", "edge-to-edge");
        setAccessibleText("Input, field by field");
    }

    /// Makes the controls.
    void show(@Nullable InputFields fields) {
        readers.clear();
        box.getChildren().clear();
        if (fields != null) {
            fields.fields().forEach(field -> box.getChildren().add(row(field)));
        }
    }

    /// Fills them.
    void read(String input) {
        json = input;
        reading = true;
        readers.forEach(reader -> reader.accept(input));
        reading = false;
    }

    private void typed(Field field, String text) {
        if (!reading) {
            json = InputFields.with(field, json, text);
            onChange.accept(json);
        }
    }

    private Node row(Field field) {
        Control control = control(field);
        control.setId("input-" + field.name());
        String needed = field.required() ? ", needed" : "";
        control.setAccessibleText(field.name() + needed);
        control.setAccessibleHelp(field.description());
        control.setMaxWidth(Double.MAX_VALUE);
        VBox row = new VBox(4);
        if (control instanceof CheckBox check) {
            check.setText(field.name());
        } else {
            Label name = new Label(field.name() + (field.required() ? " *" : ""));
            name.getStyleClass().add("strong");
            name.setLabelFor(control);
            row.getChildren().add(name);
        }
        row.getChildren().add(control);
        if (!field.description().isEmpty()) {
            Label description = new Label(field.description());
            description.getStyleClass().addAll("muted", "small");
            description.setWrapText(true);
            description.setMinHeight(USE_PREF_SIZE);
            row.getChildren().add(description);
        }
        return row;
    }

    private Control control(Field field) {
        return switch (field.kind()) {
            case YES_NO -> check(field);
            case CHOICE -> choice(field);
            case TEXT -> text(field, new TextField());
            case NUMBER, WHOLE -> number(field);
            case JSON -> area(field);
        };
    }

    private CheckBox check(Field field) {
        CheckBox check = new CheckBox();
        check.selectedProperty().addListener((_, _, now) -> typed(field, String.valueOf(now)));
        readers.add(input -> check.setSelected(InputFields.text(field, input).equals("true")));
        return check;
    }

    private ComboBox<String> choice(Field field) {
        ComboBox<String> choice = new ComboBox<>();
        choice.getItems().setAll(field.choices());
        choice.setConverter(new javafx.util.StringConverter<>() {
            @Override
            public String toString(@Nullable String value) {
                var known = InputFields.read(value);
                return known == null ? "" : known.asString(known.toString());
            }

            @Override
            public @Nullable String fromString(String text) {
                return null;
            }
        });
        choice.valueProperty().addListener((_, _, now) -> typed(field, now == null ? "" : now));
        readers.add(input -> {
            String text = InputFields.text(field, input);
            choice.setValue(text.isEmpty() ? null : text);
        });
        return choice;
    }

    private TextField number(Field field) {
        TextField number = text(field, new TextField());
        number.setPromptText(field.kind() == InputFields.Kind.WHOLE ? "A whole number" : "A number");
        return number;
    }

    private TextArea area(Field field) {
        TextArea area = text(field, new TextArea());
        area.setPromptText("JSON");
        area.setPrefRowCount(3);
        area.getStyleClass().add("mono");
        return area;
    }

    private <T extends TextInputControl> T text(Field field, T control) {
        control.textProperty().addListener((_, _, now) -> typed(field, now));
        readers.add(input -> {
            String text = InputFields.text(field, input);
            if (!text.equals(control.getText())) {
                control.setText(text);
            }
        });
        return control;
    }
}
