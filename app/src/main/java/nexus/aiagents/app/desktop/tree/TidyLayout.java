package nexus.aiagents.app.desktop.tree;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Where the nodes of a {@link TreeModel} stand: levels from left to right, every subtree in a band of its
/// own, many leaves of one parent in a grid. Linear in the number of nodes. Pure.
public final class TidyLayout {
    public static final double NODE_WIDTH = 248;
    public static final double NODE_HEIGHT = 72;
    static final double LEVEL_GAP = 56;
    static final double GAP = 16;
    static final double BAND_GAP = 32;
    private static final int COLUMN = 5;
    /// Makes the whole picture about as wide as a window, given how much wider than high a node is.
    private static final double ASPECT = 0.41;

    private final double[] x;
    private final double[] y;
    private final Map<Integer, Panel> panels = new HashMap<>();
    private final boolean[] inPanel;
    private double width;
    private double height;

    private TidyLayout(int size) {
        x = new double[size];
        y = new double[size];
        inPanel = new boolean[size];
    }

    /// What frames the leaves of one parent that stand in a grid.
    record Panel(double x, double y, double width, double height) {}

    public static TidyLayout of(TreeModel model) {
        List<TreeNode> nodes = model.nodes();
        TidyLayout layout = new TidyLayout(nodes.size());
        int[] next = new int[nodes.size()];
        for (int i = nodes.size() - 1; i >= 0; i--) {
            next[i] = i + 1;
            while (next[i] < nodes.size()
                    && nodes.get(next[i]).depth() > nodes.get(i).depth()) {
                next[i] = next[next[i]];
            }
        }
        double top = 0;
        for (int root = 0; root < nodes.size(); root = next[root]) {
            top = layout.place(next, root, 0, top) + BAND_GAP;
        }
        layout.height = Math.max(0, top - BAND_GAP);
        return layout;
    }

    /// @param next index behind each node's subtree
    /// @return where its band ends
    private double place(int[] next, int node, int depth, double top) {
        x[node] = depth * (NODE_WIDTH + LEVEL_GAP);
        width = Math.max(width, x[node] + NODE_WIDTH);
        int children = 0;
        boolean leaves = true;
        for (int c = node + 1; c < next[node]; c = next[c]) {
            children++;
            leaves &= next[c] == c + 1;
        }
        if (children == 0) {
            y[node] = top;
            return top + NODE_HEIGHT;
        }
        double bottom = leaves && children > COLUMN ? grid(node, depth + 1, children, top) : top - GAP;
        if (bottom < top) {
            for (int c = node + 1; c < next[node]; c = next[c]) {
                bottom = place(next, c, depth + 1, bottom + GAP);
            }
        }
        y[node] = (top + bottom - NODE_HEIGHT) / 2;
        return bottom;
    }

    private double grid(int parent, int depth, int count, double top) {
        int columns = Math.clamp(Math.round(Math.sqrt(ASPECT * x.length)), 2, count);
        int rows = (count + columns - 1) / columns;
        for (int i = 0; i < count; i++) {
            int node = parent + 1 + i;
            x[node] = depth * (NODE_WIDTH + LEVEL_GAP) + (i / rows) * (NODE_WIDTH + GAP);
            y[node] = top + GAP + (i % rows) * (NODE_HEIGHT + GAP);
            inPanel[node] = true;
        }
        double left = depth * (NODE_WIDTH + LEVEL_GAP);
        double across = ((count + rows - 1) / rows) * (NODE_WIDTH + GAP) - GAP;
        double bottom = top + rows * (NODE_HEIGHT + GAP) - GAP;
        panels.put(parent, new Panel(left - GAP, top, across + 2 * GAP, bottom - top + 2 * GAP));
        width = Math.max(width, left + across + GAP);
        return bottom + 2 * GAP;
    }

    public double x(int node) {
        return x[node];
    }

    public double y(int node) {
        return y[node];
    }

    boolean inPanel(int node) {
        return inPanel[node];
    }

    Map<Integer, Panel> panels() {
        return panels;
    }

    public double width() {
        return width;
    }

    public double height() {
        return height;
    }

    /// The node at a place, -1 if none.
    public int at(double px, double py) {
        for (int i = 0; i < x.length; i++) {
            if (px >= x[i] && px < x[i] + NODE_WIDTH && py >= y[i] && py < y[i] + NODE_HEIGHT) {
                return i;
            }
        }
        return -1;
    }
}
