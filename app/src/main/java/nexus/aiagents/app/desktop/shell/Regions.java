package nexus.aiagents.app.desktop.shell;

import java.util.ArrayList;
import java.util.List;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import org.jspecify.annotations.Nullable;

/// F6 goes round the parts of the window, and of a screen those that are marked.
public final class Regions {
    private static final String MARK = "nexus.region";

    private Regions() {}

    /// Makes it a part of its screen that F6 stops at.
    public static void mark(Node part) {
        part.getProperties().put(MARK, true);
    }

    private static void addMarked(Node node, List<Node> parts) {
        if (node.getProperties().containsKey(MARK) && node.isVisible()) {
            parts.add(node);
        } else if (node instanceof Parent parent && node.isVisible()) {
            parent.getChildrenUnmodifiable().forEach(child -> addMarked(child, parts));
        }
    }

    static void cycle(Scene scene, List<? extends Node> whole, boolean back) {
        List<Node> regions = new ArrayList<>();
        for (Node region : whole) {
            regions.add(region);
            addMarked(region, regions);
        }
        int at = -1;
        for (int i = 0; i < regions.size(); i++) {
            if (isInside(scene.getFocusOwner(), regions.get(i))) {
                at = i;
            }
        }
        int size = regions.size();
        for (int step = 1; step <= size; step++) {
            int next = Math.floorMod(back ? at - step : at + step, size);
            Node target = firstFocusable(regions.get(next));
            if (target != null) {
                target.requestFocus();
                return;
            }
        }
    }

    private static boolean isInside(@Nullable Node node, Node region) {
        for (Node n = node; n != null; n = n.getParent()) {
            if (n == region) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable Node firstFocusable(Node node) {
        if (!node.isVisible() || node.isDisabled()) {
            return null;
        }
        if (node.isFocusTraversable()) {
            return node;
        }
        if (node instanceof Parent parent) {
            for (Node child : parent.getChildrenUnmodifiable()) {
                Node found = firstFocusable(child);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }
}
