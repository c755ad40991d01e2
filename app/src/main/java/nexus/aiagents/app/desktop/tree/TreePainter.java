package nexus.aiagents.app.desktop.tree;

import static nexus.aiagents.app.desktop.tree.TidyLayout.LEVEL_GAP;
import static nexus.aiagents.app.desktop.tree.TidyLayout.NODE_HEIGHT;
import static nexus.aiagents.app.desktop.tree.TidyLayout.NODE_WIDTH;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.paint.Color;
import javafx.scene.text.Font;
import javafx.scene.text.TextAlignment;
import nexus.aiagents.app.desktop.parts.CanvasBox;
import nexus.aiagents.app.desktop.parts.CanvasText;
import nexus.aiagents.app.desktop.parts.Mark;
import nexus.aiagents.app.desktop.parts.Tone;
import nexus.aiagents.app.desktop.shell.Palette;
import nexus.aiagents.engine.view.SupervisorView;
import org.jspecify.annotations.Nullable;

/// Draws the tree: only what is seen, edges as thin boxes, far away as plain boxes of one colour after the
/// other.
final class TreePainter {
    /// From here on a node shows everything, below only its name, far below only its colour.
    static final double FULL = 0.64;

    private static final double NAMED = 0.3;
    private static final double FOLD = 8;
    /// Of a name on two lines.
    private static final double SMALL = 10;

    private static final double LINE = 12;

    private final CanvasText text = new CanvasText();
    private final CanvasBox box = new CanvasBox();

    /// @param pulses ids of nodes that just restarted, and how far their pulse is, 0-1
    record Frame(
            TreeModel model,
            TidyLayout layout,
            Camera camera,
            Palette palette,
            @Nullable String selected,
            @Nullable String hovered,
            boolean focused,
            Map<String, Double> pulses,
            Instant now,
            double width,
            double height) {}

    void draw(GraphicsContext g, Frame f) {
        g.setFill(f.palette().background());
        g.fillRect(0, 0, f.width(), f.height());
        edges(g, f);
        panels(g, f);
        int[] seen = seen(f);
        double scale = f.camera().scale();
        if (scale < NAMED) {
            far(g, f, seen);
        } else {
            boolean full = scale >= FULL;
            for (int i : seen) {
                card(g, f, i, full);
            }
        }
    }

    /// The nodes of which something is in view, in their order.
    static int[] seen(Frame f) {
        double left = f.camera().worldX(0) - NODE_WIDTH;
        double top = f.camera().worldY(0) - NODE_HEIGHT;
        double right = f.camera().worldX(f.width());
        double bottom = f.camera().worldY(f.height());
        int size = f.model().nodes().size();
        int[] seen = new int[size];
        int count = 0;
        for (int i = 0; i < size; i++) {
            double x = f.layout().x(i);
            double y = f.layout().y(i);
            if (x < right && y < bottom && x > left && y > top) {
                seen[count++] = i;
            }
        }
        return Arrays.copyOf(seen, count);
    }

    /// One stem for each parent, one twig for each child, all upright or level.
    private static void edges(GraphicsContext g, Frame f) {
        List<TreeNode> nodes = f.model().nodes();
        Camera c = f.camera();
        g.setFill(edge(f.palette()));
        double[] low = new double[nodes.size()];
        double[] high = new double[nodes.size()];
        Arrays.fill(low, Double.MAX_VALUE);
        Arrays.fill(high, -Double.MAX_VALUE);
        for (int i = 0; i < nodes.size(); i++) {
            int parent = nodes.get(i).parent();
            if (parent < 0 || f.layout().inPanel(i)) {
                continue;
            }
            double y = Math.floor(c.screenY(f.layout().y(i) + NODE_HEIGHT / 2));
            low[parent] = Math.min(low[parent], y);
            high[parent] = Math.max(high[parent], y);
            double from = Math.floor(c.screenX(stem(f.layout(), parent)));
            double to = c.screenX(f.layout().x(i));
            if (y >= 0 && y < f.height() && to > 0 && from < f.width()) {
                g.fillRect(from, y, to - from, 1);
            }
        }
        for (int i = 0; i < nodes.size(); i++) {
            if (high[i] < low[i]) {
                continue;
            }
            double y = Math.floor(c.screenY(f.layout().y(i) + NODE_HEIGHT / 2));
            double x = Math.floor(c.screenX(stem(f.layout(), i)));
            double top = Math.max(0, Math.min(low[i], y));
            double bottom = Math.min(f.height(), Math.max(high[i], y) + 1);
            if (x >= 0 && x < f.width() && bottom > top) {
                g.fillRect(x, top, 1, bottom - top);
            }
            double from = c.screenX(f.layout().x(i) + NODE_WIDTH);
            g.fillRect(from, y, x - from, 1);
        }
    }

    /// Leaves in a grid share one frame and one edge: lines between them would look like parents and
    /// children.
    private void panels(GraphicsContext g, Frame f) {
        Camera c = f.camera();
        double s = c.scale();
        f.layout().panels().forEach((parent, panel) -> {
            double x = c.screenX(panel.x());
            double y = c.screenY(panel.y());
            double w = panel.width() * s;
            double h = panel.height() * s;
            if (x > f.width() || y > f.height() || x + w < 0 || y + h < 0) {
                return;
            }
            double from = c.screenX(f.layout().x(parent) + NODE_WIDTH);
            g.setFill(edge(f.palette()));
            g.fillRect(from, Math.floor(c.screenY(f.layout().y(parent) + NODE_HEIGHT / 2)), x - from, 1);
            double left = Math.round(x);
            double top = Math.round(y);
            box.draw(
                    g,
                    left,
                    top,
                    Math.round(x + w) - left,
                    Math.round(y + h) - top,
                    10 * s,
                    f.palette().background().interpolate(f.palette().raised(), 0.5),
                    s >= NAMED ? f.palette().border() : null,
                    1);
        });
    }

    private static Color edge(Palette palette) {
        return palette.muted().deriveColor(0, 1, 1, 0.55);
    }

    private static double stem(TidyLayout layout, int parent) {
        return layout.x(parent) + NODE_WIDTH + LEVEL_GAP / 2;
    }

    private static void far(GraphicsContext g, Frame f, int[] seen) {
        double w = Math.max(1, NODE_WIDTH * f.camera().scale());
        double h = Math.max(1, NODE_HEIGHT * f.camera().scale());
        List<TreeNode> nodes = f.model().nodes();
        byte[] tones = new byte[seen.length];
        for (int i = 0; i < seen.length; i++) {
            tones[i] = (byte) nodes.get(seen[i]).mark().tone().ordinal();
        }
        // One colour after the other: to change it costs more than a box.
        for (Tone tone : Tone.values()) {
            g.setFill(tone.in(f.palette()));
            for (int i = 0; i < seen.length; i++) {
                if (tones[i] == tone.ordinal()) {
                    g.fillRect(
                            f.camera().screenX(f.layout().x(seen[i])),
                            f.camera().screenY(f.layout().y(seen[i])),
                            w,
                            h);
                }
            }
        }
        Integer chosen = f.model().index(f.selected());
        if (chosen != null) {
            g.setFill(f.palette().accent());
            double x = f.camera().screenX(f.layout().x(chosen));
            double y = f.camera().screenY(f.layout().y(chosen));
            g.fillRect(x - 3, y - 3, w + 6, 2);
            g.fillRect(x - 3, y + h + 1, w + 6, 2);
            g.fillRect(x - 3, y - 3, 2, h + 6);
            g.fillRect(x + w + 1, y - 3, 2, h + 6);
        }
    }

    private void card(GraphicsContext g, Frame f, int index, boolean full) {
        TreeNode node = f.model().nodes().get(index);
        Palette p = f.palette();
        double s = f.camera().scale();
        double x = Math.round(f.camera().screenX(f.layout().x(index)));
        double y = Math.round(f.camera().screenY(f.layout().y(index)));
        double w = Math.round(NODE_WIDTH * s);
        double h = Math.round(NODE_HEIGHT * s);
        double arc = 16 * s;
        Tone tone = node.mark().tone();
        pulse(g, f, node, x, y, w, h);
        boolean chosen = node.id().equals(f.selected());
        box.draw(
                g,
                x,
                y,
                w,
                h,
                8 * s,
                node.id().equals(f.hovered()) && !chosen ? p.raised() : p.surface(),
                chosen ? p.accent() : tone == Tone.DANGER || tone == Tone.WARNING ? tone.in(p) : p.border(),
                chosen ? 2 : 1);
        if (chosen && f.focused()) {
            g.setLineWidth(2);
            g.setStroke(p.accent().deriveColor(0, 1, 1, 0.35));
            g.strokeRoundRect(x - 2.5, y - 2.5, w + 5, h + 5, arc + 6, arc + 6);
        }
        if (full) {
            lines(g, f, node, x, y, s);
        } else {
            name(g, p, node, x, y, w, h);
        }
        fold(g, p, node, x + w, y + h / 2, s);
    }

    private static void pulse(GraphicsContext g, Frame f, TreeNode node, double x, double y, double w, double h) {
        Double t = f.pulses().get(node.id());
        if (t == null) {
            return;
        }
        double grow = 2 + 8 * t;
        g.setStroke(f.palette().warning().deriveColor(0, 1, 1, 1 - t));
        g.setLineWidth(3);
        g.strokeRoundRect(x - grow, y - grow, w + 2 * grow, h + 2 * grow, 16 + 2 * grow, 16 + 2 * grow);
    }

    private void lines(GraphicsContext g, Frame f, TreeNode node, double x, double y, double s) {
        Palette p = f.palette();
        Mark mark = node.mark();
        CardText card = CardText.of(node, f.now(), s, text);
        double left = x + card.left();
        double right = x + card.right();
        double icon = CardText.ICON * s;
        g.setTextBaseline(VPos.CENTER);
        g.setFill(mark.tone().in(p));
        CanvasText.shape(g, mark.shape(), x + CardText.PAD * s, y + 19 * s - icon / 2, icon);
        g.setFont(card.title());
        g.setFill(p.text());
        g.fillText(card.name(), left, y + 19 * s);
        g.setFont(card.small());
        g.setFill(p.muted());
        g.setTextAlign(TextAlignment.RIGHT);
        g.fillText(card.cost(), right, y + 19 * s);
        g.setTextAlign(TextAlignment.LEFT);
        g.setFill(mark.tone() == Tone.NEUTRAL ? p.muted() : mark.tone().in(p));
        g.fillText(card.status(), left, y + 37 * s);
        SupervisorView supervisor = node.supervisor();
        if (supervisor != null && CardText.pips(supervisor) > 0) {
            pips(g, p, supervisor, node.noteTone(), right, y + 54 * s, s);
        }
        g.setFill(node.noteTone() == Tone.NEUTRAL ? p.muted() : node.noteTone().in(p));
        g.fillText(card.note(), left, y + 54 * s);
    }

    /// A box for each restart of the window, those used up filled.
    private static void pips(
            GraphicsContext g, Palette p, SupervisorView supervisor, Tone tone, double right, double y, double s) {
        double size = CardText.PIP * s;
        double from = right - CardText.pips(supervisor) * s;
        for (int i = 0; i < supervisor.maxRestarts(); i++) {
            boolean used = i < supervisor.inWindow();
            g.setFill(used ? (tone == Tone.NEUTRAL ? p.muted() : tone.in(p)) : p.border());
            g.fillRect(from + i * CardText.PIP_STEP * s, y - size / 2, size, size);
        }
    }

    private void name(GraphicsContext g, Palette p, TreeNode node, double x, double y, double w, double h) {
        double icon = Math.min(10, h * 0.5);
        g.setFill(node.mark().tone().in(p));
        CanvasText.shape(g, node.mark().shape(), x + 6, y + (h - icon) / 2, icon);
        if (h < 16) {
            return;
        }
        double size = Math.clamp(h * 0.42, 9, 12);
        double room = w - icon - 18;
        Font font = text.strong(size);
        List<String> lines = text.width(node.name(), font) <= room || h < 2 * LINE
                ? List.of(text.fit(node.name(), font, room))
                : text.twoLines(node.name(), text.strong(SMALL), room);
        g.setFont(lines.size() == 1 ? font : text.strong(SMALL));
        g.setTextBaseline(VPos.CENTER);
        g.setFill(p.text());
        for (int i = 0; i < lines.size(); i++) {
            g.fillText(lines.get(i), x + icon + 12, y + h / 2 + (i - (lines.size() - 1) / 2.0) * LINE);
        }
    }

    private void fold(GraphicsContext g, Palette p, TreeNode node, double x, double y, double s) {
        if (node.children() == 0 || node.kind() == TreeNode.Kind.AGENT || s < FULL) {
            return;
        }
        double r = FOLD * s;
        Color line = p.muted();
        String count = String.valueOf(node.children());
        Font font = text.strong(10);
        double half = node.folded() ? Math.max(r, text.width(count, font) / 2 + 6) : r;
        g.setFill(p.surface());
        g.fillRoundRect(x - half, y - r, 2 * half, 2 * r, 2 * r, 2 * r);
        g.setStroke(line);
        g.setLineWidth(1);
        g.strokeRoundRect(x - half, y - r, 2 * half, 2 * r, 2 * r, 2 * r);
        g.setFill(p.text());
        if (node.folded()) {
            g.setFont(font);
            g.setTextAlign(TextAlignment.CENTER);
            g.fillText(count, x, y);
            g.setTextAlign(TextAlignment.LEFT);
        } else {
            g.fillRect(x - 4 * s, y - 0.5, 8 * s, 1);
        }
    }

    /// Whether a place in the world is on the button that folds the node.
    static boolean onFold(TreeNode node, TidyLayout layout, int index, double x, double y) {
        return node.children() > 0
                && Math.abs(x - layout.x(index) - NODE_WIDTH) <= FOLD * 1.5
                && Math.abs(y - layout.y(index) - NODE_HEIGHT / 2) <= FOLD * 1.5;
    }
}
