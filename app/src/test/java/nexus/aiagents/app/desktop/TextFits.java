package nexus.aiagents.app.desktop;

import java.util.ArrayList;
import java.util.List;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Cell;
import javafx.scene.control.Labeled;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TabPane;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Pane;
import javafx.scene.layout.VBox;

/// Finds words that nobody can read: cut off though they are not meant to give way, outside the window,
/// or on top of each other. Giving way is meant where a label says so by a minimum width of 0, and in
/// columns that say so.
final class TextFits {
    private static final double SLACK = 1.5;

    private TextFits() {}

    /// JavaFX thread, after layout.
    static List<String> problems(Node root) {
        List<String> found = new ArrayList<>();
        look(root, root.getLayoutBounds().getWidth(), root.getLayoutBounds().getHeight(), false, found);
        return found;
    }

    private static void look(Node node, double width, double height, boolean scrolled, List<String> found) {
        if (!node.isVisible() || node.getOpacity() == 0 || node.getStyleClass().contains("gives-way")) {
            return;
        }
        if (node instanceof Labeled label && hasText(label)) {
            if (label.isTextTruncated() && (label.getMinWidth() != 0 || node instanceof Cell<?>)) {
                found.add("cut: " + label.getText());
            }
            Bounds at = label.localToScene(label.getLayoutBounds());
            if (!scrolled && (at.getMaxX() > width + SLACK || at.getMaxY() > height + SLACK)) {
                found.add("outside: " + label.getText());
            }
        }
        if (node instanceof HBox || node instanceof VBox || node instanceof FlowPane) {
            overlaps((Pane) node, found);
        }
        if (node instanceof Parent parent) {
            boolean inside = scrolled || node instanceof ScrollPane || isVirtual(node) || isHeader(node);
            for (Node child : parent.getChildrenUnmodifiable()) {
                look(child, width, height, inside, found);
            }
        }
    }

    private static boolean hasText(Labeled label) {
        return label.getText() != null && !label.getText().isBlank() && label.getWidth() > 0;
    }

    /// What scrolls by itself: virtual flows and the tabs of a pane that has more of them than room.
    private static boolean isVirtual(Node node) {
        return node.getStyleClass().contains("virtual-flow");
    }

    private static boolean isHeader(Node node) {
        return node.getParent() instanceof TabPane && node.getStyleClass().contains("tab-header-area");
    }

    private static void overlaps(Pane row, List<String> found) {
        List<Node> shown = row.getChildren().stream()
                .filter(Node::isManaged)
                .filter(n -> n.isVisible()
                        && n.getLayoutBounds().getWidth() > 0
                        && n.getLayoutBounds().getHeight() > 0)
                .toList();
        for (int i = 0; i + 1 < shown.size(); i++) {
            Bounds a = box(shown.get(i));
            Bounds b = box(shown.get(i + 1));
            double across = Math.min(a.getMaxX(), b.getMaxX()) - Math.max(a.getMinX(), b.getMinX());
            double down = Math.min(a.getMaxY(), b.getMaxY()) - Math.max(a.getMinY(), b.getMinY());
            if (across > SLACK && down > SLACK) {
                found.add("overlap: " + name(shown.get(i)) + " and " + name(shown.get(i + 1)));
            }
        }
    }

    private static Bounds box(Node node) {
        return node.localToParent(node.getLayoutBounds());
    }

    private static String name(Node node) {
        return node instanceof Labeled label && hasText(label) ? label.getText() : String.valueOf(node);
    }
}
