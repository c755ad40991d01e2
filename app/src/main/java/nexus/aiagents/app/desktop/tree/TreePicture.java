package nexus.aiagents.app.desktop.tree;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import javafx.beans.value.ObservableValue;
import javafx.scene.AccessibleRole;
import javafx.scene.canvas.Canvas;
import javafx.scene.control.Tooltip;
import javafx.scene.input.KeyEvent;
import javafx.scene.input.MouseButton;
import javafx.scene.input.MouseEvent;
import javafx.scene.input.ScrollEvent;
import javafx.scene.layout.Region;
import nexus.aiagents.app.desktop.fx.Every;
import nexus.aiagents.app.desktop.parts.ZoomKeys;
import nexus.aiagents.app.desktop.shell.Palette;
import nexus.aiagents.engine.view.AgentView;
import nexus.aiagents.engine.view.ProjectView;
import org.jspecify.annotations.Nullable;

/// The tree as one canvas: drag a node to give it another place, elsewhere to pan, wheel to scroll,
/// Ctrl and wheel or + and - to zoom, 0 to see all of it, arrows to walk. It is drawn when something
/// changed, at most once a pulse. For a screen reader the list stands beside it.
public final class TreePicture extends Region {
    private static final double STEP = 1.2;
    /// What the pointer has to move before a node goes along.
    private static final double GRIP = 6;
    private static final double LEAST_TO_GRIP = 0.3;

    private final TreeViewModel tree;
    private final ObservableValue<Palette> palette;
    private final Clock clock;
    private final Canvas canvas = new Canvas();
    private final Camera camera = new Camera();
    private final TreePainter painter = new TreePainter();
    private final Pulses pulses = new Pulses(
            this::redraw,
            () -> getScene() != null && getScene().getPreferences().isReducedMotion());
    private final Every counting = new Every(Duration.ofMillis(250), this::redraw);
    private final Tooltip card = new Tooltip();
    private final IfItDies ifItDies = new IfItDies();
    private final NodeDrag drag;
    private Consumer<Relocation.Wish> onDrop = _ -> {};
    private TidyLayout layout = TidyLayout.of(TreeModel.EMPTY);
    private @Nullable String hovered;
    private boolean fitted;
    private boolean touched;
    private boolean dirty = true;
    private double dragX;
    private double dragY;

    public TreePicture(TreeViewModel tree, ObservableValue<Palette> palette, Clock clock) {
        this.tree = tree;
        this.drag = new NodeDrag(tree);
        this.palette = palette;
        this.clock = clock;
        setId("tree-picture");
        getStyleClass().add("tree-picture");
        setAccessibleRole(AccessibleRole.IMAGE_VIEW);
        setFocusTraversable(true);
        getChildren().add(canvas);
        card.setWrapText(true);
        card.setMaxWidth(380);
        card.setShowDelay(javafx.util.Duration.millis(450));
        tree.model().addListener((_, before, now) -> modelChanged(before, now));
        tree.selected().addListener((_, _, id) -> selectionChanged(id));
        palette.addListener((_, _, _) -> redraw());
        focusedProperty().addListener((_, _, _) -> redraw());
        listen();
        modelChanged(TreeModel.EMPTY, tree.model().get());
    }

    private void listen() {
        setOnMousePressed(this::pressed);
        setOnMouseDragged(this::dragged);
        setOnMouseReleased(this::released);
        setOnMouseMoved(e -> hover(at(e.getX(), e.getY())));
        setOnMouseExited(_ -> hover(null));
        setOnScroll(this::scrolled);
        setOnKeyPressed(this::key);
        setOnKeyTyped(new ZoomKeys(this::zoomIn, this::zoomOut, this::fit)::typed);
        parentProperty().addListener((_, _, parent) -> {
            if (parent == null) {
                rest();
            }
        });
    }

    /// Stops every timer; the next change of the model starts them again.
    public void rest() {
        pulses.rest();
        counting.stop();
    }

    /// A node restarted.
    public void pulse(String id) {
        pulses.begin(id);
    }

    /// A node was let go of over another, where it may be.
    void onDrop(Consumer<Relocation.Wish> listener) {
        onDrop = listener;
    }

    /// How many pulses there have been.
    public int pulsesShown() {
        return pulses.shown();
    }

    public void zoomIn() {
        zoom(STEP, getWidth() / 2, getHeight() / 2);
    }

    public void zoomOut() {
        zoom(1 / STEP, getWidth() / 2, getHeight() / 2);
    }

    public void fit() {
        touched = false;
        fitted = true;
        camera.fit(layout.width(), layout.height(), getWidth(), getHeight());
        redraw();
    }

    /// The person has not moved it yet: it is fitted again when the tree or the window changes.
    void forget() {
        touched = false;
        fitted = false;
    }

    /// How far the pulse of each node has come, 0 to 1.
    Map<String, Double> pulsing() {
        return pulses.progress();
    }

    double scale() {
        return camera.scale();
    }

    /// Where a node is drawn, for tests and menus; null if there is none.
    javafx.geometry.@Nullable BoundingBox place(String id) {
        Integer index = tree.model().get().byId().get(id);
        return index == null
                ? null
                : new javafx.geometry.BoundingBox(
                        camera.screenX(layout.x(index)),
                        camera.screenY(layout.y(index)),
                        TidyLayout.NODE_WIDTH * camera.scale(),
                        TidyLayout.NODE_HEIGHT * camera.scale());
    }

    private void modelChanged(TreeModel before, TreeModel now) {
        boolean moved = before.byId() != now.byId() && !before.byId().equals(now.byId());
        if (moved) {
            layout = TidyLayout.of(now);
            fitted = fitted && touched;
        }
        boolean waiting = false;
        for (TreeNode node : now.nodes()) {
            waiting |= node.agent() != null && node.agent().state() == AgentView.State.BACKING_OFF;
        }
        if (waiting && getScene() != null) {
            counting.play();
        } else {
            counting.stop();
        }
        describe();
        redraw();
    }

    private void describe() {
        TreeNode node = tree.model().get().node(tree.selected().get());
        setAccessibleText("Supervision tree, "
                + tree.model().get().nodes().size() + " nodes"
                + (node == null ? "" : ". Selected: " + node.spoken(clock.instant())));
    }

    private void selectionChanged(@Nullable String id) {
        Integer index = id == null ? null : tree.model().get().byId().get(id);
        if (index != null && fitted) {
            camera.reveal(
                    layout.x(index),
                    layout.y(index),
                    TidyLayout.NODE_WIDTH,
                    TidyLayout.NODE_HEIGHT,
                    getWidth(),
                    getHeight());
        }
        describe();
        redraw();
    }

    private @Nullable String at(double x, double y) {
        int index = layout.at(camera.worldX(x), camera.worldY(y));
        return index < 0 ? null : tree.model().get().nodes().get(index).id();
    }

    private void hover(@Nullable String id) {
        if (!java.util.Objects.equals(hovered, id)) {
            hovered = id;
            TreeNode node = tree.model().get().node(id);
            card.hide();
            if (node == null || drag.isHeld()) {
                Tooltip.uninstall(this, card);
            } else {
                card.setText(words(node));
                Tooltip.install(this, card);
            }
            redraw();
        }
    }

    /// All of it, also what has no room in the picture, and who restarts it.
    String words(TreeNode node) {
        String dies = ifItDies.of(tree.view(), node);
        return node.name() + "\n" + node.status(clock.instant())
                + (node.note().isEmpty() ? "" : "\n" + node.note())
                + (dies.isEmpty() ? "" : "\n\nIf it dies: " + dies);
    }

    private void pressed(MouseEvent e) {
        requestFocus();
        dragX = e.getX();
        dragY = e.getY();
        drag.hold(null);
        card.hide();
        double x = camera.worldX(e.getX());
        double y = camera.worldY(e.getY());
        for (TreeNode node : tree.model().get().nodes()) {
            int index = tree.model().get().byId().getOrDefault(node.id(), -1);
            if (e.getButton() == MouseButton.PRIMARY && TreePainter.onFold(node, layout, index, x, y)) {
                tree.toggleFold(node.id());
                return;
            }
        }
        String id = at(e.getX(), e.getY());
        if (id != null) {
            tree.selected().set(id);
            // Far away, where nodes have no names, a drag moves the picture.
            boolean near = camera.scale() >= LEAST_TO_GRIP;
            drag.hold(near && e.getButton() == MouseButton.PRIMARY && !TreeModel.ON_CALL.equals(id) ? id : null);
            if (e.getClickCount() == 2) {
                tree.toggleFold(id);
            }
        }
    }

    private void dragged(MouseEvent e) {
        if (drag.isHeld()) {
            boolean goesAlong = drag.isMoved() || Math.hypot(e.getX() - dragX, e.getY() - dragY) > GRIP;
            if (goesAlong) {
                String over = at(e.getX(), e.getY());
                Integer index = tree.model().get().index(over);
                boolean upper = index != null && camera.worldY(e.getY()) < layout.y(index) + TidyLayout.NODE_HEIGHT / 2;
                drag.move(e.getX(), e.getY(), upper);
                hovered = over;
                redraw();
            }
            return;
        }
        if (e.getButton() == MouseButton.PRIMARY || e.getButton() == MouseButton.MIDDLE) {
            touched = true;
            camera.pan(e.getX() - dragX, e.getY() - dragY);
            dragX = e.getX();
            dragY = e.getY();
            redraw();
        }
    }

    private void released(MouseEvent e) {
        Relocation.Wish wish = drag.wish(hovered);
        boolean wasDragged = drag.isMoved();
        drag.letGo();
        if (wasDragged) {
            redraw();
            ProjectView view = tree.view();
            if (wish != null && view != null && Relocation.whyNot(view, wish).isEmpty()) {
                onDrop.accept(wish);
            }
        }
    }

    private void scrolled(ScrollEvent e) {
        if (e.isControlDown() || e.isMetaDown()) {
            zoom(Math.exp(e.getDeltaY() / 300), e.getX(), e.getY());
        } else {
            touched = true;
            camera.pan(e.getDeltaX(), e.getDeltaY());
            redraw();
        }
        e.consume();
    }

    private void zoom(double factor, double x, double y) {
        touched = true;
        camera.zoom(factor, x, y);
        redraw();
    }

    private void key(KeyEvent e) {
        if (e.isAltDown()) {
            return;
        }
        switch (e.getCode()) {
            case UP -> tree.move(-1);
            case DOWN -> tree.move(1);
            case LEFT -> tree.moveToParent();
            case RIGHT -> tree.moveToChild();
            case ESCAPE -> {
                if (!drag.isMoved()) {
                    return;
                }
                drag.letGo();
                redraw();
            }
            case SPACE -> {
                if (tree.selected().get() != null) {
                    tree.toggleFold(tree.selected().get());
                }
            }
            default -> {
                return;
            }
        }
        e.consume();
    }

    private void redraw() {
        dirty = true;
        requestLayout();
    }

    @Override
    protected void layoutChildren() {
        double width = getWidth();
        double height = getHeight();
        if (canvas.getWidth() != width || canvas.getHeight() != height) {
            canvas.setWidth(width);
            canvas.setHeight(height);
            dirty = true;
            fitted = fitted && touched;
        }
        if (width <= 0 || height <= 0 || !dirty) {
            return;
        }
        if (!fitted) {
            fitted = true;
            camera.fit(layout.width(), layout.height(), width, height);
        }
        dirty = false;
        painter.draw(
                canvas.getGraphicsContext2D(),
                new TreePainter.Frame(
                        tree.model().get(),
                        layout,
                        camera,
                        palette.getValue(),
                        tree.selected().get(),
                        hovered,
                        isFocused(),
                        pulses.progress(),
                        clock.instant(),
                        width,
                        height));
        drag.draw(canvas.getGraphicsContext2D(), palette.getValue(), hovered, hovered == null ? null : place(hovered));
    }
}
