package nexus.aiagents.app.desktop.shell;

import java.util.Optional;
import javafx.scene.control.Alert;
import javafx.scene.control.Button;
import javafx.scene.control.ButtonBar;
import javafx.scene.control.ButtonType;
import javafx.scene.control.DialogPane;
import javafx.scene.control.Label;
import javafx.stage.Window;

/// Questions to the person. Their buttons name the act.
public final class Dialogs {
    private Dialogs() {}

    /// @param act  the button that goes on: `Discard changes`
    /// @param stay the button that does nothing: `Keep editing`; also what Escape means
    /// @return whether to go on
    public static boolean confirm(Window owner, String title, String text, String act, String stay) {
        ButtonType go = new ButtonType(act, ButtonBar.ButtonData.OK_DONE);
        ButtonType no = new ButtonType(stay, ButtonBar.ButtonData.CANCEL_CLOSE);
        Alert alert = new Alert(Alert.AlertType.NONE, text, go, no);
        alert.initOwner(owner);
        alert.setTitle(title);
        alert.setHeaderText(title);
        DialogPane pane = alert.getDialogPane();
        Theme.adopt(pane, owner);
        pane.setMinWidth(440);
        if (act.startsWith("Discard") || act.startsWith("Delete")) { // Enter is no way to lose something
            Button lose = (Button) pane.lookupButton(go);
            lose.setDefaultButton(false);
            lose.getStyleClass().add("danger");
            ((Button) pane.lookupButton(no)).setDefaultButton(true);
        }
        Label content = new Label(text);
        content.setWrapText(true);
        content.setMaxWidth(420);
        pane.setContent(content);
        Optional<ButtonType> answer = alert.showAndWait();
        return answer.filter(a -> a == go).isPresent();
    }
}
