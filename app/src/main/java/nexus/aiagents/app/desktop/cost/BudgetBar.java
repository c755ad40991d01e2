package nexus.aiagents.app.desktop.cost;

import javafx.scene.canvas.GraphicsContext;
import javafx.scene.layout.Region;
import nexus.aiagents.app.desktop.parts.Drawing;
import nexus.aiagents.app.desktop.parts.Mark;
import nexus.aiagents.app.desktop.shell.Palette;
import nexus.aiagents.app.desktop.shell.Theme;
import nexus.aiagents.engine.view.BudgetView;
import org.jspecify.annotations.Nullable;

/// How full a budget is: what is spent, lighter what is only held, and a notch at every alert. Its
/// colour is the engine's own verdict.
final class BudgetBar extends Region {
    private static final double HEIGHT = 12;

    private final Theme theme;
    private final Drawing drawing;
    private @Nullable BudgetView shown;

    BudgetBar(Theme theme) {
        this.theme = theme;
        drawing = new Drawing(this::paint);
        setMinHeight(HEIGHT);
        setMaxHeight(HEIGHT);
        getChildren().add(drawing);
        theme.palette().addListener((_, _, _) -> drawing.redraw());
    }

    void show(BudgetView budget, String words) {
        shown = budget;
        setAccessibleText(words);
        drawing.redraw();
    }

    @Override
    protected void layoutChildren() {
        drawing.resizeRelocate(0, 0, getWidth(), getHeight());
    }

    private void paint(GraphicsContext g, double width, double height) {
        BudgetView b = shown;
        if (b == null) {
            return;
        }
        Palette p = theme.palette().get();
        g.setFill(p.raised());
        g.fillRoundRect(0, 0, width, height, height, height);
        double spent = share(b);
        double used = Math.max(spent, Math.min(1, b.percent() / 100.0));
        var color = Mark.of(b.verdict()).tone().in(p);
        g.setFill(color.deriveColor(0, 1, 1, 0.4));
        g.fillRoundRect(0, 0, Math.max(height, width * used), height, height, height);
        g.setFill(color);
        if (spent > 0) {
            g.fillRoundRect(0, 0, Math.max(height, width * spent), height, height, height);
        }
        g.setFill(p.surface());
        for (int at : b.alertAt()) {
            g.fillRect(Math.round(width * at / 100.0) - 1, 0, 2, height);
        }
    }

    /// What part of the nearest limit is spent, without what is only held.
    static double share(BudgetView b) {
        double dollars = part(b.spentMicroDollars(), b.maxMicroDollars());
        double tokens = part(b.spentTokens(), b.maxTokens());
        double calls = part(b.spentCalls(), b.maxCalls());
        return Math.clamp(Math.max(dollars, Math.max(tokens, calls)), 0, 1);
    }

    private static double part(long spent, @Nullable Long limit) {
        return limit == null || limit == 0 ? 0 : spent / (double) limit;
    }
}
