package nexus.aiagents.app.desktop.tree;

import javafx.geometry.BoundingBox;
import javafx.scene.Node;

/// Where things are in the picture, for tests of the whole window.
public final class TreeFlows {
    private TreeFlows() {}

    /// Null while it is not drawn.
    public static BoundingBox place(Node picture, String id) {
        return ((TreePicture) picture).place(id);
    }

    public static double scale(Node picture) {
        return ((TreePicture) picture).scale();
    }

    /// How far the pulse of a node has come; null while there is none.
    public static Double pulse(Node picture, String id) {
        return ((TreePicture) picture).pulsing().get(id);
    }
}
