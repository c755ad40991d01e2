package nexus.aiagents.app.desktop.settings;

import java.util.Optional;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.AccessibleRole;
import javafx.scene.control.Button;
import javafx.scene.control.ButtonBar;
import javafx.scene.control.ButtonType;
import javafx.scene.control.Dialog;
import javafx.scene.control.Label;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyCodeCombination;
import javafx.scene.input.KeyCombination;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.stage.Window;
import nexus.aiagents.app.desktop.parts.Tone;
import nexus.aiagents.app.desktop.shell.KeyRules;
import nexus.aiagents.app.desktop.shell.Keymap;
import nexus.aiagents.app.desktop.shell.Keymap.Bound;
import nexus.aiagents.app.desktop.shell.Theme;
import org.jspecify.annotations.Nullable;

/// Asks for the keys of an action by having them pressed. Says why some can not be had, and who has them.
final class KeyDialog extends Dialog<KeyCombination> {
    private static final String USE = "Use these keys";

    private final Keymap keymap;
    private final Bound row;
    private final Label pressed = new Label("Press the new keys");
    private final Label said = new Label();
    private final StackPane field = new StackPane(pressed);
    private final Button use;
    private @Nullable KeyCodeCombination keys;

    KeyDialog(@Nullable Window owner, Keymap keymap, Bound row) {
        this.keymap = keymap;
        this.row = row;
        initOwner(owner);
        setTitle("Keys of " + row.action().title());
        setHeaderText(row.action().title());
        Theme.adopt(getDialogPane(), owner);
        pressed.getStyleClass().add("h2");
        field.setId("key-field");
        field.getStyleClass().add("key-field");
        field.setFocusTraversable(true);
        field.setMinHeight(72);
        field.setAccessibleRole(AccessibleRole.TEXT_FIELD);
        field.setAccessibleText("Press the new keys of " + row.action().title());
        said.setId("key-said");
        said.setWrapText(true);
        said.setMinHeight(40);
        said.setAlignment(Pos.TOP_LEFT);
        said.setText(
                row.action().shortcut() == null
                        ? "It has no keys now. Escape leaves it so."
                        : "It has " + row.action().keysText() + " now. Escape leaves it so.");
        said.getStyleClass().add("muted");
        VBox content = new VBox(12, field, said);
        content.setPadding(new Insets(16));
        content.setPrefWidth(440);
        getDialogPane().setContent(content);
        ButtonType go = new ButtonType(USE, ButtonBar.ButtonData.OK_DONE);
        ButtonType stay = new ButtonType("Leave it", ButtonBar.ButtonData.CANCEL_CLOSE);
        getDialogPane().getButtonTypes().addAll(go, stay);
        use = (Button) getDialogPane().lookupButton(go);
        use.setId("key-use");
        use.setMinWidth(Region.USE_PREF_SIZE);
        use.setDisable(true);
        field.addEventFilter(KeyEvent.KEY_PRESSED, this::press);
        field.setOnMousePressed(_ -> field.requestFocus());
        setResultConverter(answer -> answer == go ? keys : null);
        setOnShown(_ -> field.requestFocus());
    }

    /// @return nothing if it is left
    Optional<KeyCombination> ask() {
        return showAndWait();
    }

    private void press(KeyEvent e) {
        KeyCode code = e.getCode();
        boolean alone = !e.isShiftDown() && !e.isControlDown() && !e.isAltDown() && !e.isMetaDown();
        boolean accepts = code == KeyCode.ENTER && keys != null;
        boolean onward = code == KeyCode.TAB && !e.isControlDown() && !e.isAltDown() && !e.isMetaDown() && keys != null;
        if (alone && (code == KeyCode.ESCAPE || accepts) || onward) {
            return; // the dialog's own
        }
        e.consume();
        if (code.isModifierKey()) {
            return; // more is to come
        }
        show(KeyRules.pressed(
                code, e.isShiftDown(), e.isControlDown(), e.isAltDown(), e.isMetaDown(), KeyRules.isMac()));
    }

    private void show(KeyCodeCombination now) {
        pressed.setText(now.getDisplayText());
        String refusal = KeyRules.refusal(now, KeyRules.isMac());
        Bound other = refusal == null ? keymap.taken(row, now) : null;
        keys = refusal == null ? now : null;
        use.setDisable(refusal != null);
        use.setText(other == null ? USE : "Take over");
        said.getStyleClass().setAll("label", refusal != null || other != null ? Tone.WARNING.styleClass() : "muted");
        if (refusal != null) {
            said.setText(refusal);
        } else if (other != null) {
            said.setText("'" + other.action().title() + "' has them"
                    + (other.where().isEmpty() ? "" : " on " + other.where()) + ". It would have none.");
        } else {
            said.setText("They are free. Enter keeps them.");
        }
    }
}
