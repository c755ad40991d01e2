package nexus.aiagents.app.desktop.tree;

import java.util.List;
import java.util.Optional;
import javafx.geometry.Insets;
import javafx.scene.Node;
import javafx.scene.control.ButtonBar;
import javafx.scene.control.ButtonType;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Dialog;
import javafx.scene.control.Label;
import javafx.scene.layout.VBox;
import javafx.stage.Window;
import nexus.aiagents.app.desktop.shell.Theme;
import nexus.aiagents.engine.control.Command;
import org.jspecify.annotations.Nullable;

/// Asks which agent becomes a supervisor's child, and when it is restarted.
final class AddChildDialog extends Dialog<Command.AddChild> {
    private static final List<String> RESTARTS = List.of("permanent", "transient", "temporary");

    /// @param agents those that have no supervisor, at least one
    AddChildDialog(@Nullable Window owner, String supervisor, List<String> agents) {
        initOwner(owner);
        String title = "Add a child to " + supervisor;
        setTitle(title);
        setHeaderText(title);
        Theme.adopt(getDialogPane(), owner);
        ComboBox<String> agent = choice("child-agent", "Which agent", agents);
        ComboBox<String> restart = choice("child-restart", "When it is restarted", RESTARTS);
        Label meaning = new Label();
        meaning.getStyleClass().addAll("muted", "small");
        meaning.setWrapText(true);
        meaning.setMinHeight(Label.USE_PREF_SIZE);
        restart.valueProperty().addListener((_, _, now) -> meaning.setText(meaning(now)));
        meaning.setText(meaning(restart.getValue()));
        Label written =
                new Label("It becomes the last child, is written into the YAML, and starts if its supervisor is up.");
        written.setWrapText(true);
        written.setMinHeight(Label.USE_PREF_SIZE);
        VBox content = new VBox(16, field("Agent", agent), new VBox(4, field("Restart", restart), meaning), written);
        content.setPadding(new Insets(16));
        content.setPrefWidth(440);
        getDialogPane().setContent(content);
        ButtonType add = new ButtonType("Add child", ButtonBar.ButtonData.OK_DONE);
        ButtonType stay = new ButtonType("Add none", ButtonBar.ButtonData.CANCEL_CLOSE);
        getDialogPane().getButtonTypes().addAll(add, stay);
        getDialogPane().lookupButton(add).setId("child-add");
        setResultConverter(pressed -> pressed == add
                ? new Command.AddChild(supervisor, agent.getValue(), restart.getValue(), null, false)
                : null);
    }

    Optional<Command.AddChild> ask() {
        return showAndWait();
    }

    private static String meaning(String restart) {
        return switch (restart) {
            case "transient" -> "It is restarted when it fails, not when it ends normally.";
            case "temporary" -> "It is never restarted.";
            default -> "It is restarted whenever it ends.";
        };
    }

    private static ComboBox<String> choice(String id, String name, List<String> values) {
        ComboBox<String> box = new ComboBox<>();
        box.setId(id);
        box.setAccessibleText(name);
        box.setMaxWidth(Double.MAX_VALUE);
        box.getItems().setAll(values);
        box.setValue(values.getFirst());
        return box;
    }

    private static VBox field(String name, Node control) {
        Label label = new Label(name);
        label.setLabelFor(control);
        return new VBox(4, label, control);
    }
}
