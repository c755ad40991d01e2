package nexus.aiagents.app.desktop.shell;

import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import org.jspecify.annotations.Nullable;

/// Something shown above the window until it is dismissed: by Escape, by a click beside it, or by
/// itself. The focus goes back to where it was.
final class Overlay extends StackPane {
    private final Region scrim = new Region();
    private @Nullable Node focusBefore;

    Overlay() {
        scrim.getStyleClass().add("scrim");
        scrim.setOnMousePressed(_ -> dismiss());
        addEventHandler(KeyEvent.KEY_PRESSED, e -> {
            if (e.getCode() == KeyCode.ESCAPE) {
                dismiss();
                e.consume();
            }
        });
        setVisible(false);
        setManaged(false);
    }

    void present(Node panel, Pos at, Node focus) {
        focusBefore = getScene() == null ? null : getScene().getFocusOwner();
        StackPane.setAlignment(panel, at);
        getChildren().setAll(scrim, panel);
        setManaged(true);
        setVisible(true);
        applyCss();
        layout();
        focus.requestFocus();
    }

    boolean isPresenting() {
        return isVisible();
    }

    void dismiss() {
        setVisible(false);
        setManaged(false);
        getChildren().clear();
        if (focusBefore != null) {
            focusBefore.requestFocus();
            focusBefore = null;
        }
    }
}
