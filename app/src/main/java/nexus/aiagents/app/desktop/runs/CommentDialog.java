package nexus.aiagents.app.desktop.runs;

import java.util.Optional;
import javafx.geometry.Insets;
import javafx.scene.control.ButtonBar;
import javafx.scene.control.ButtonType;
import javafx.scene.control.Dialog;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.layout.VBox;
import javafx.stage.Window;
import nexus.aiagents.app.desktop.shell.Theme;
import org.jspecify.annotations.Nullable;

/// Asks why a step is approved or rejected. Saying nothing is an answer too.
final class CommentDialog extends Dialog<String> {

    /// @param act what is about to be done, and the button that does it: `Approve publish`
    CommentDialog(@Nullable Window owner, String act) {
        initOwner(owner);
        setTitle(act);
        setHeaderText(act);
        Theme.adopt(getDialogPane(), owner);
        TextField why = new TextField();
        why.setId("step-comment");
        why.setPromptText("Why (you need not say it)");
        why.setAccessibleText("Why");
        Label kept = new Label("It is kept in the journal.");
        kept.getStyleClass().addAll("muted", "small");
        VBox content = new VBox(4, why, kept);
        content.setPadding(new Insets(16));
        content.setPrefWidth(440);
        getDialogPane().setContent(content);
        ButtonType go = new ButtonType(act, ButtonBar.ButtonData.OK_DONE);
        ButtonType stay = new ButtonType("Leave it", ButtonBar.ButtonData.CANCEL_CLOSE);
        getDialogPane().getButtonTypes().addAll(go, stay);
        getDialogPane().lookupButton(go).setId("step-comment-go");
        setResultConverter(pressed -> pressed == go ? why.getText().strip() : null);
        setOnShown(_ -> why.requestFocus());
    }

    /// @return empty text if nothing was said; nothing if it is left
    Optional<String> ask() {
        return showAndWait();
    }
}
