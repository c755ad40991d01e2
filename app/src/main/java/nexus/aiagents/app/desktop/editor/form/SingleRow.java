package nexus.aiagents.app.desktop.editor.form;

import java.util.List;
import javafx.collections.FXCollections;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.TraversalDirection;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Control;
import javafx.scene.control.Label;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.control.TextInputControl;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import nexus.aiagents.engine.project.Form;
import nexus.aiagents.engine.project.Form.Shape;
import nexus.aiagents.engine.project.FormChange;
import org.kordamp.ikonli.feather.Feather;

/// A field with one value: a line or several of text, a switch, or a choice.
final class SingleRow extends Row {
    private final Label label = new Label();
    private final Control control;
    /// What the model says is being put into the control.
    private boolean updating;

    SingleRow(FormHost host, Form.Field field) {
        super(host, field);
        control = make(field);
        control.setMinWidth(0);
        control.setMaxWidth(Double.MAX_VALUE);
        control.setId("form-" + id(field.path()));
        control.setAccessibleText(isItem() ? "Item " + field.name() : field.name());
        HBox.setHgrow(control, Priority.ALWAYS);
        HBox line = new HBox();
        line.getStyleClass().add("form-line");
        line.setAlignment(control instanceof TextArea ? Pos.TOP_LEFT : Pos.CENTER_LEFT);
        if (!isItem()) {
            label.getStyleClass().add("form-label");
            label.setLabelFor(control);
            line.getChildren().add(label);
        }
        String unit = field.facts().unit();
        if (field.shape() == Shape.DOLLARS) {
            line.getChildren().add(unit("$"));
        }
        line.getChildren().add(control);
        String behind = field.shape() == Shape.DOLLARS
                ? unit.replaceFirst("^dollars ?", "")
                : field.shape() == Shape.INTEGER || field.shape() == Shape.NUMBER ? unit : "";
        if (!behind.isEmpty()) {
            line.getChildren().add(unit(behind));
        }
        if (field.facts().expands() && field.isSet()) {
            buttons()
                    .getChildren()
                    .add(button(
                            Feather.MORE_HORIZONTAL,
                            "Say more of it",
                            () -> host.make(new FormChange.Expand(field().path()))));
        }
        makeButtons();
        line.getChildren().add(buttons());
        getChildren().addAll(line, problem(), note());
    }

    static String id(List<Object> path) {
        StringBuilder id = new StringBuilder();
        for (Object part : path) {
            id.append(id.isEmpty() ? "" : "-").append(String.valueOf(part).replaceAll("[^A-Za-z0-9_]", "_"));
        }
        return id.toString();
    }

    private static Label unit(String text) {
        Label label = new Label(text);
        label.getStyleClass().addAll("small", "muted");
        label.setMinWidth(Region.USE_PREF_SIZE);
        return label;
    }

    private Control make(Form.Field field) {
        return switch (field.shape()) {
            case BOOLEAN -> {
                CheckBox box = new CheckBox();
                box.setOnAction(_ -> {
                    box.setText(String.valueOf(box.isSelected()));
                    host.make(new FormChange.Set(field().path(), String.valueOf(box.isSelected())));
                });
                yield box;
            }
            case CHOICE -> {
                ComboBox<String> choice = new ComboBox<>();
                choice.setPromptText(field.facts().required() ? "required" : "");
                choice.valueProperty().addListener((_, _, word) -> {
                    if (!updating && word != null) {
                        host.make(new FormChange.Set(field().path(), word));
                    }
                });
                yield choice;
            }
            case PARAGRAPH -> {
                TextArea area = new TextArea();
                area.setWrapText(true);
                area.addEventFilter(KeyEvent.KEY_PRESSED, e -> {
                    if (e.getCode() == KeyCode.TAB && !e.isShortcutDown() && !e.isAltDown()) {
                        area.requestFocusTraversal(
                                e.isShiftDown() ? TraversalDirection.PREVIOUS : TraversalDirection.NEXT);
                        e.consume();
                    }
                });
                follow(area);
                yield area;
            }
            case NAME -> suggesting(field);
            default -> !field.facts().words().isEmpty() ? suggesting(field) : line(field);
        };
    }

    private TextField line(Form.Field field) {
        TextField line = new TextField();
        line.setPromptText(prompt(field));
        follow(line);
        return line;
    }

    private static String prompt(Form.Field field) {
        return field.facts().required() ? "required" : field.facts().standard();
    }

    private ComboBox<String> suggesting(Form.Field field) {
        ComboBox<String> combo = new ComboBox<>();
        combo.setEditable(true);
        combo.setPromptText(prompt(field));
        combo.getEditor().setPromptText(prompt(field));
        follow(combo.getEditor());
        return combo;
    }

    private void follow(TextInputControl input) {
        input.textProperty().addListener((_, _, text) -> {
            if (!updating) {
                host.type(field().path(), trimmed(text == null ? "" : text));
            }
        });
        input.focusedProperty().addListener((_, _, focused) -> {
            if (!focused) {
                host.endTyping();
            }
        });
    }

    /// Spaces around what is no free text are slips.
    private String trimmed(String typed) {
        Shape shape = field().shape();
        return shape == Shape.TEXT || shape == Shape.PARAGRAPH ? typed : typed.strip();
    }

    @Override
    Node control() {
        return control;
    }

    void label(String text) {
        label.setText(text);
        label.setMnemonicParsing(true);
    }

    @Override
    void show(Form.Field now, Shown shown) {
        String text = now.value() instanceof Form.Value.Single single ? single.text() : "";
        updating = true;
        try {
            switch (control) {
                case CheckBox box -> {
                    box.setSelected(text.equalsIgnoreCase("true"));
                    box.setIndeterminate(!now.isSet());
                    box.setText(now.isSet() ? text : "");
                }
                case ComboBox<?> combo -> {
                    @SuppressWarnings("unchecked")
                    ComboBox<String> words = (ComboBox<String>) combo;
                    show(words, now, text, shown.names().fitting(now.facts()));
                }
                case TextArea area -> {
                    put(area, text);
                    area.setPrefRowCount(Math.clamp(text.lines().count() + 1, 3, 9));
                }
                case TextInputControl input -> put(input, text);
                default -> {}
            }
        } finally {
            updating = false;
        }
    }

    /// What a person is typing is left alone: the list would put its own value over it.
    private void show(ComboBox<String> words, Form.Field now, String text, List<String> fitting) {
        boolean typing = words.isEditable()
                && words.isFocused()
                && trimmed(
                                words.getEditor().getText() == null
                                        ? ""
                                        : words.getEditor().getText())
                        .equals(text);
        if (!words.getItems().equals(fitting) && (!typing || words.getItems().isEmpty())) {
            words.setItems(FXCollections.observableArrayList(fitting));
        }
        if (!typing) {
            words.setValue(now.isSet() ? text : null);
        }
        if (words.isEditable()) {
            put(words.getEditor(), text);
        }
    }

    private void put(TextInputControl input, String text) {
        String typed = input.getText() == null ? "" : input.getText();
        if (trimmed(typed).equals(text)) {
            return;
        }
        int caret = input.getCaretPosition();
        input.setText(text);
        input.positionCaret(Math.min(caret, text.length()));
    }
}
