package nexus.aiagents.app.desktop.parts;

import java.util.Set;
import javafx.scene.Node;
import javafx.scene.control.Control;
import javafx.scene.control.ScrollBar;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseEvent;
import javafx.scene.input.ScrollEvent;
import javafx.scene.layout.Region;
import nexus.aiagents.app.desktop.fx.Fx;

/// Keeps the newest line of a list or table in sight until the person goes back to read. JavaFX thread.
public final class Following {
    private static final Set<KeyCode> BACK = Set.of(KeyCode.UP, KeyCode.PAGE_UP, KeyCode.HOME);

    private Following() {}

    /// @param follow what a person switches it with; switched off when they scroll, by whatever means
    /// @param toEnd  scrolls to the last line if `follow` is on
    public static void of(Control lines, ToggleButton follow, Runnable toEnd) {
        // What scrolls inside keeps the events of the mouse for itself: they are seen on their way there.
        lines.addEventFilter(ScrollEvent.SCROLL, _ -> follow.setSelected(false));
        lines.addEventFilter(MouseEvent.MOUSE_PRESSED, e -> {
            if (e.getTarget() instanceof Node node && isOfScrollBar(node)) {
                follow.setSelected(false);
            }
        });
        lines.addEventFilter(KeyEvent.KEY_PRESSED, e -> {
            if (BACK.contains(e.getCode())) {
                follow.setSelected(false);
            }
        });
        // What scrolls inside knows where its last line is only once it has its own height.
        lines.skinProperty()
                .addListener((_, _, _) -> lines.lookupAll(".virtual-flow").stream()
                        .map(Region.class::cast)
                        .forEach(flow -> flow.heightProperty().addListener((_, _, _) -> Fx.later(toEnd))));
    }

    private static boolean isOfScrollBar(Node node) {
        for (Node n = node; n != null; n = n.getParent()) {
            if (n instanceof ScrollBar) {
                return true;
            }
        }
        return false;
    }
}
