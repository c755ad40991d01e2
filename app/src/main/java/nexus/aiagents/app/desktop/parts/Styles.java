package nexus.aiagents.app.desktop.parts;

import javafx.collections.ObservableList;
import javafx.scene.Node;

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
}
