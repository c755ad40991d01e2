package nexus.aiagents.app.desktop.tree;

import java.time.Instant;
import javafx.scene.text.Font;
import nexus.aiagents.app.desktop.parts.CanvasText;
import nexus.aiagents.app.desktop.shell.Money;
import nexus.aiagents.engine.view.SupervisorView;

/// What a node's card says at one scale. Below a size that can be read the letters shrink no further, so
/// a small card says less: facts are left out whole, only names and what people or programs wrote end in
/// an ellipsis.
///
/// @param cost  empty if there is none
/// @param left  where the lines begin, in pixels from the card's left edge
/// @param right where they end at the latest
record CardText(
        Font title, Font small, String name, String cost, String status, String note, double left, double right) {
    static final double PAD = 12;
    static final double ICON = 12;
    static final double PIP = 6;
    static final double PIP_STEP = 8;
    private static final double GAP = 8;
    private static final int MOST_PIPS = 8;
    private static final double LEAST_FONT = 10;

    static CardText of(TreeNode node, Instant now, double scale, CanvasText text) {
        Font title = text.strong(Math.max(LEAST_FONT, 13.5 * scale));
        Font small = text.regular(Math.max(LEAST_FONT, 11.5 * scale));
        double left = (PAD + ICON + GAP) * scale;
        double right = Math.round(TidyLayout.NODE_WIDTH * scale) - PAD * scale;
        String cost = node.microDollars() == 0 ? "" : Money.format(node.microDollars());
        double costWidth = cost.isEmpty() ? 0 : text.width(cost, small) + GAP * scale;
        SupervisorView supervisor = node.supervisor();
        double pips = supervisor == null ? 0 : pips(supervisor);
        double noteRight = pips == 0 ? right : right - (pips + GAP) * scale;
        return new CardText(
                title,
                small,
                text.fit(node.name(), title, right - left - costWidth),
                cost,
                text.fit(node.statusWords(now), small, right - left),
                text.fit(node.noteWords(), small, noteRight - left),
                left,
                right);
    }

    /// How wide the boxes of its restarts are at full size; 0: it has too many of them to be drawn.
    static double pips(SupervisorView supervisor) {
        int most = supervisor.maxRestarts();
        return most == 0 || most > MOST_PIPS ? 0 : most * PIP_STEP - (PIP_STEP - PIP);
    }
}
