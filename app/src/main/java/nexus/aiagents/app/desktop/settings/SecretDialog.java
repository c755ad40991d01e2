package nexus.aiagents.app.desktop.settings;

import java.util.Optional;
import javafx.geometry.Insets;
import javafx.scene.Node;
import javafx.scene.control.ButtonBar;
import javafx.scene.control.ButtonType;
import javafx.scene.control.Dialog;
import javafx.scene.control.Label;
import javafx.scene.control.PasswordField;
import javafx.scene.layout.VBox;
import javafx.stage.Window;
import nexus.aiagents.app.desktop.shell.Theme;
import org.jspecify.annotations.Nullable;

/// Asks for the value of a key, without showing it.
final class SecretDialog extends Dialog<String> {
    SecretDialog(@Nullable Window owner, String variable) {
        initOwner(owner);
        setTitle("Set " + variable);
        setHeaderText("Set " + variable);
        Theme.adopt(getDialogPane(), owner);
        PasswordField value = new PasswordField();
        value.setId("secret-value");
        value.setPromptText("Value");
        value.setAccessibleText("Value of " + variable);
        Label kept = new Label("It is kept in the keychain of your system, and is shown nowhere.");
        kept.getStyleClass().addAll("muted", "small");
        VBox content = new VBox(8, value, kept);
        content.setPadding(new Insets(16));
        content.setPrefWidth(440);
        getDialogPane().setContent(content);
        ButtonType keep = new ButtonType("Keep in the keychain", ButtonBar.ButtonData.OK_DONE);
        ButtonType cancel = new ButtonType("Cancel", ButtonBar.ButtonData.CANCEL_CLOSE);
        getDialogPane().getButtonTypes().addAll(keep, cancel);
        Node go = getDialogPane().lookupButton(keep);
        go.setId("secret-keep");
        go.disableProperty().bind(value.textProperty().map(String::isBlank));
        setResultConverter(pressed -> pressed == keep ? value.getText().strip() : null);
        setOnShown(_ -> value.requestFocus());
    }

    /// @return nothing if it is left
    Optional<String> ask() {
        return showAndWait();
    }
}
