package nexus.aiagents.app.desktop.tree;

import javafx.geometry.BoundingBox;
import javafx.scene.canvas.GraphicsContext;
import nexus.aiagents.app.desktop.shell.Palette;
import nexus.aiagents.engine.view.ProjectView;
import org.jspecify.annotations.Nullable;

/// A node that was pressed on, until it is let go of: where it would come, and how that looks. JavaFX
/// thread.
final class NodeDrag {
    private static final BoundingBox NOWHERE = new BoundingBox(0, 0, 0, 0);

    private final TreeViewModel tree;
    private final DropPainter drops = new DropPainter();
    private @Nullable String held;
    private DropPainter.@Nullable Drag moved;

    NodeDrag(TreeViewModel tree) {
        this.tree = tree;
    }

    /// @param id null: none
    void hold(@Nullable String id) {
        held = id;
    }

    boolean isHeld() {
        return held != null;
    }

    /// The node goes along with the pointer.
    void move(double x, double y, boolean upper) {
        moved = new DropPainter.Drag(x, y, upper);
    }

    boolean isMoved() {
        return moved != null;
    }

    void letGo() {
        held = null;
        moved = null;
    }

    /// Where it would come; null: nowhere.
    ///
    /// @param over the node that the pointer is over, null: none
    Relocation.@Nullable Wish wish(@Nullable String over) {
        DropPainter.Drag now = moved;
        TreeNode node = tree.model().get().node(held);
        TreeNode target = tree.model().get().node(over);
        ProjectView view = tree.view();
        return now == null || node == null || target == null || view == null
                ? null
                : Relocation.over(view, node, target, now.before());
    }

    /// @param over  the node that the pointer is over, null: none
    /// @param place where that one is drawn
    void draw(GraphicsContext g, Palette palette, @Nullable String over, @Nullable BoundingBox place) {
        DropPainter.Drag now = moved;
        TreeNode node = tree.model().get().node(held);
        ProjectView view = tree.view();
        if (now == null || node == null || view == null) {
            return;
        }
        Relocation.Wish wish = wish(over);
        TreeNode target = tree.model().get().node(over);
        boolean into = wish != null && target != null && target.name().equals(wish.supervisor());
        String why = wish == null ? "" : Relocation.whyNot(view, wish);
        String words = wish == null
                ? node.name()
                : !why.isEmpty()
                        ? why
                        : into ? node.name() + " into " + wish.supervisor() : node.name() + beside(now, target);
        drops.draw(g, palette, now, words, why.isEmpty(), into, wish == null || place == null ? NOWHERE : place);
    }

    private static String beside(DropPainter.Drag drag, @Nullable TreeNode target) {
        return target == null ? "" : (drag.before() ? " before " : " after ") + target.name();
    }
}
