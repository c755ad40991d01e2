package nexus.aiagents.app.desktop.parts;

import java.util.Optional;
import javafx.beans.binding.Bindings;
import javafx.geometry.Insets;
import javafx.scene.control.ButtonBar;
import javafx.scene.control.ButtonType;
import javafx.scene.control.Dialog;
import javafx.scene.control.Label;
import javafx.scene.layout.VBox;
import javafx.stage.Window;
import nexus.aiagents.app.desktop.shell.Theme;
import org.jspecify.annotations.Nullable;

/// Asks for another input, one JSON value.
public final class InputDialog extends Dialog<String> {

    /// @param title what is about to be done: `Retry draft with another input`
    /// @param text  what that means, a sentence
    /// @param act   the button that does it
    /// @param json  what the input was
    public InputDialog(@Nullable Window owner, String title, String text, String act, String json) {
        initOwner(owner);
        setTitle(title);
        setHeaderText(title);
        setResizable(true);
        Theme.adopt(getDialogPane(), owner);
        JsonField input = new JsonField("step-input", JsonText.pretty(json), 12);
        Label meaning = new Label(text);
        meaning.setWrapText(true);
        meaning.setMinHeight(Label.USE_PREF_SIZE);
        meaning.getStyleClass().add("muted");
        Label label = new Label("Input");
        label.setLabelFor(input.area());
        VBox content = new VBox(16, meaning, new VBox(4, label, input));
        content.setPadding(new Insets(16));
        content.setPrefWidth(520);
        getDialogPane().setContent(content);
        ButtonType go = new ButtonType(act, ButtonBar.ButtonData.OK_DONE);
        ButtonType stay = new ButtonType("Leave it", ButtonBar.ButtonData.CANCEL_CLOSE);
        getDialogPane().getButtonTypes().addAll(go, stay);
        var button = getDialogPane().lookupButton(go);
        button.setId("step-input-go");
        button.disableProperty()
                .bind(Bindings.createBooleanBinding(() -> !input.problem().get().isEmpty(), input.problem()));
        setResultConverter(pressed -> pressed == go ? input.text() : null);
        setOnShown(_ -> input.area().requestFocus());
    }

    public Optional<String> ask() {
        return showAndWait();
    }
}
