package nexus.aiagents.app.desktop.shell;

import javafx.event.EventTarget;
import javafx.scene.Node;
import javafx.scene.Scene;
import javafx.scene.control.Labeled;
import javafx.scene.control.Tooltip;
import javafx.scene.input.MouseEvent;
import org.jspecify.annotations.Nullable;

/// Where a text had to give way and says nothing of its own to the one who points at it, it shows
/// itself whole. One tooltip for all of a scene: a table has thousands of texts.
final class WholeText {
    private final Tooltip tooltip = new Tooltip();
    private @Nullable Labeled shownFor;

    private WholeText() {
        tooltip.setWrapText(true);
        tooltip.setMaxWidth(480);
    }

    static void in(Scene scene) {
        WholeText whole = new WholeText();
        scene.addEventFilter(MouseEvent.MOUSE_ENTERED_TARGET, e -> whole.pointedAt(labeled(e.getTarget())));
        scene.addEventFilter(MouseEvent.MOUSE_EXITED_TARGET, e -> {
            if (whole.shownFor != null && e.getTarget() == whole.shownFor) {
                whole.forget();
            }
        });
    }

    private void pointedAt(@Nullable Labeled label) {
        if (label == shownFor) {
            return;
        }
        forget();
        if (label != null && label.isTextTruncated() && label.getTooltip() == null) {
            tooltip.setText(label.getText());
            Tooltip.install(label, tooltip);
            shownFor = label;
        }
    }

    private void forget() {
        if (shownFor != null) {
            Tooltip.uninstall(shownFor, tooltip);
            shownFor = null;
        }
    }

    /// The text that a part belongs to.
    private static @Nullable Labeled labeled(EventTarget target) {
        for (Node n = target instanceof Node node ? node : null; n != null; n = n.getParent()) {
            if (n instanceof Labeled label) {
                return label;
            }
        }
        return null;
    }
}
