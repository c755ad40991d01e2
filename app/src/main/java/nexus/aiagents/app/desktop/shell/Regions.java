package nexus.aiagents.app.desktop.shell;

import java.util.ArrayList;
import java.util.List;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.Scene;
import javafx.scene.TraversalDirection;
import javafx.scene.control.TextField;
import javafx.scene.control.TextInputControl;
import javafx.scene.control.ToggleButton;
import org.fxmisc.richtext.GenericStyledArea;
import org.jspecify.annotations.Nullable;

/// Ways through the window by the keyboard: F6 goes round its parts, and of a screen those that are
/// marked; `/` goes to the filter of a screen.
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
                focusVisibly(scene, target);
                return;
            }
        }
    }

    /// A focus that is only requested shows no ring: it has to be walked to.
    private static void focusVisibly(Scene scene, Node target) {
        target.requestFocus();
        if (target.requestFocusTraversal(TraversalDirection.NEXT)) {
            scene.getFocusOwner().requestFocusTraversal(TraversalDirection.PREVIOUS);
        }
        if (scene.getFocusOwner() != target) {
            target.requestFocus();
        }
    }

    /// The key `/` goes to the filter of the screen in front, unless somebody is typing.
    ///
    /// @return whether it has one
    static boolean toFilter(Scene scene, Node screen) {
        Node owner = scene.getFocusOwner();
        boolean typing = owner instanceof TextInputControl || owner instanceof GenericStyledArea<?, ?, ?>;
        if (typing || (owner != null && !isInside(owner, screen) && isAbove(owner))) {
            return false;
        }
        Node filter = filterIn(screen);
        if (filter == null) {
            return false;
        }
        filter.requestFocus();
        return true;
    }

    /// In something that lies above the window.
    private static boolean isAbove(Node node) {
        for (Node n = node; n != null; n = n.getParent()) {
            if (n instanceof Overlay) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable Node filterIn(Node node) {
        if (!node.isVisible() || node.isDisabled()) {
            return null;
        }
        if (node instanceof TextField field) {
            String prompt = field.getPromptText();
            return prompt.startsWith("Filter") || prompt.startsWith("Search") ? field : null;
        }
        if (node instanceof Parent parent) {
            for (Node child : parent.getChildrenUnmodifiable()) {
                Node found = filterIn(child);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
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
        boolean other = node instanceof ToggleButton toggle // of several, the one that is on
                && toggle.getToggleGroup() != null
                && toggle.getToggleGroup().getSelectedToggle() != null
                && !toggle.isSelected();
        if (node.isFocusTraversable() && !other) {
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
