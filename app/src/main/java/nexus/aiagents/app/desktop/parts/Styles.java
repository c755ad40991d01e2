package nexus.aiagents.app.desktop.parts;

import javafx.collections.ObservableList;
import javafx.scene.Node;
import javafx.scene.Scene;

/// Style classes of which one is set at a time. Nothing is touched, and no style computed anew, where it is
/// set already.
public final class Styles {
    private Styles() {}

    /// The colour of a text.
    public static void tone(Node node, Tone wanted) {
        ObservableList<String> classes = node.getStyleClass();
        for (Tone tone : Tone.values()) {
            toggle(classes, tone.styleClass(), tone == wanted);
        }
    }

    public static void toggle(Node node, String styleClass, boolean on) {
        toggle(node.getStyleClass(), styleClass, on);
    }

    private static void toggle(ObservableList<String> classes, String styleClass, boolean on) {
        if (on && !classes.contains(styleClass)) {
            classes.add(styleClass);
        } else if (!on) {
            classes.remove(styleClass);
        }
    }

    /// Lists make and style their cells as soon as they are asked to scroll, and find no colours while
    /// what they stand in was never styled.
    ///
    /// @return to be run before: styles the node and what it stands in, once for each time it comes
    ///     into a window
    public static Runnable early(Node node) {
        boolean[] styled = {false};
        node.sceneProperty().addListener((_, _, _) -> styled[0] = false);
        return () -> {
            if (!styled[0] && node.getScene() != null) {
                styled[0] = true;
                node.applyCss();
            }
        };
    }

    /// Whether its window was closed: nothing has a colour there any more.
    public static boolean isGone(Node node) {
        Scene scene = node.getScene();
        return scene != null && (scene.getWindow() == null || !scene.getWindow().isShowing());
    }
}
