package nexus.aiagents.app.desktop.runs;

import java.time.Duration;
import java.time.Instant;
import javafx.geometry.VPos;
import javafx.scene.canvas.GraphicsContext;
import javafx.scene.paint.Color;
import javafx.scene.text.Font;
import javafx.scene.text.TextAlignment;
import nexus.aiagents.app.desktop.parts.CanvasText;
import nexus.aiagents.app.desktop.parts.Mark;
import nexus.aiagents.app.desktop.parts.Tone;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.app.desktop.shell.Palette;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.RunView.StepState;
import nexus.aiagents.engine.view.RunView.StepView;
import org.jspecify.annotations.Nullable;

/// Draws one line of a saga or workflow: the bar of its action, below it the bar of its compensation,
/// and its part of the way back.
final class StepPainter {
    static final double HEIGHT = 64;
    /// Of a line that has no compensation below it.
    static final double LOW = 48;
    private static final double BAR = 16;
    private static final double ACTION_Y = 12;
    private static final double UNDO_Y = 36;
    private static final double LEAST = 6;

    private final CanvasText text = new CanvasText();

    /// @param row among the run's steps, {@link TimelineRow#NONE} for an item
    void draw(GraphicsContext g, SagaPlan plan, StepView step, int row, Palette p, double width, double height) {
        g.clearRect(0, 0, width, height);
        for (TimeScale.Tick tick : plan.scale().ticks(96, 0, width)) {
            g.setFill(p.border().deriveColor(0, 1, 1, 0.6));
            g.fillRect(Math.floor(tick.x()), 0, 1, height);
        }
        for (SagaPlan.Link link : plan.links()) {
            link(g, plan, link, row, p, height);
        }
        Instant start = step.startedAt();
        if (start != null) {
            action(g, plan, step, start, p, width);
        } else {
            Color color = step.state() == StepState.WAITING ? p.warning() : p.muted();
            label(g, whyNotBegun(step), color, plan.scale().x(plan.run().startedAt()), ACTION_Y, width);
        }
        Instant undo = step.undoStartedAt();
        if (undo != null) {
            undo(g, plan, step, undo, p, width);
        } else if (step.undoState() == StepState.SKIPPED) {
            String why = step.compensation() == null ? "Nothing to undo it with" : "Not undone, left out by a person";
            label(g, why, p.muted(), start == null ? 0 : plan.scale().x(start), UNDO_Y, width);
        }
    }

    private void action(GraphicsContext g, SagaPlan plan, StepView step, Instant start, Palette p, double width) {
        Instant end = SagaPlan.actionEnd(step, plan.now());
        double x = plan.scale().x(start);
        double w = Math.max(LEAST, plan.scale().x(end) - x);
        Color color = Mark.of(shownState(step)).tone().in(p);
        g.setFill(color.deriveColor(0, 1, 1, 0.85));
        g.fillRoundRect(x, ACTION_Y, w, BAR, 6, 6);
        attempts(g, step.attempts(), x, w, p);
        String words = Words.duration(Duration.between(start, end));
        if (step.attempts() > 1) {
            words += " · " + Words.plural(step.attempts(), "attempt");
        }
        Instant retry = step.retryAt();
        if (retry != null && retry.isAfter(plan.now())) {
            words += " · again in "
                    + Words.coarse(Duration.between(plan.now(), retry).plusMillis(999));
        }
        words += items(step.items());
        if (step.skipped() != null) {
            words += " · skipped: " + Words.skipped(step.skipped());
        }
        String code = step.errorCode();
        if (code != null) {
            words += " · " + code;
        }
        String message = code == null || step.errorMessage() == null ? "" : ": " + step.errorMessage();
        beside(g, words, message, code == null ? p.muted() : p.danger(), x, w, ACTION_Y, width);
    }

    /// What is to be said of a step that has not begun, empty if it only has to wait its turn.
    static String whyNotBegun(StepView step) {
        String remark = remark(step);
        boolean over = step.state() == StepState.SKIPPED && step.undoState() == null;
        return remark.isEmpty() && over ? "Not begun: the run had ended" : remark;
    }

    /// What it waits for, or why it was skipped; empty if neither.
    static String remark(StepView step) {
        if (step.state() == StepState.WAITING) {
            return "Waits for your approval";
        }
        String why = step.skipped();
        return why == null ? "" : "Skipped: " + Words.skipped(why);
    }

    /// ` · 480 of 500 items, 3 under way, 1 failed`
    static String items(RunView.@Nullable ItemsView items) {
        if (items == null) {
            return "";
        }
        return " · " + Words.count(items.done()) + " of " + Words.plural(items.total(), "item")
                + (items.running() == 0 ? "" : ", " + Words.count(items.running()) + " under way")
                + (items.failed() == 0 ? "" : ", " + Words.count(items.failed()) + " failed")
                + (items.skipped() == 0 ? "" : ", " + Words.count(items.skipped()) + " skipped");
    }

    /// What the action itself came to, whatever was done about it later.
    static StepState shownState(StepView step) {
        return switch (step.state()) {
            case COMPENSATING, COMPENSATED, COMPENSATION_FAILED ->
                step.errorCode() == null ? StepState.DONE : StepState.FAILED;
            default -> step.state();
        };
    }

    private static void attempts(GraphicsContext g, int attempts, double x, double w, Palette p) {
        if (attempts < 2 || w < attempts * 4.0) {
            return;
        }
        g.setFill(p.surface());
        for (int i = 1; i < attempts; i++) {
            g.fillRect(Math.round(x + w * i / attempts), ACTION_Y, 2, BAR);
        }
    }

    private void undo(GraphicsContext g, SagaPlan plan, StepView step, Instant start, Palette p, double width) {
        Instant end = SagaPlan.undoEnd(step, plan.now());
        double x = plan.scale().x(start);
        double w = Math.max(LEAST, plan.scale().x(end) - x);
        boolean failed = step.undoState() == StepState.COMPENSATION_FAILED;
        Color color = (failed ? Tone.DANGER : Tone.DONE).in(p);
        g.setFill(color.deriveColor(0, 1, 1, 0.3));
        g.fillRoundRect(x, UNDO_Y, w, BAR, 6, 6);
        g.setStroke(color);
        g.setLineWidth(1.5);
        g.strokeRoundRect(x + 0.75, UNDO_Y + 0.75, w - 1.5, BAR - 1.5, 6, 6);
        String words = step.undoOrder() + ". " + (step.compensation() == null ? "undo" : step.compensation());
        words += " · " + Words.duration(Duration.between(start, end));
        if (step.undoAttempts() > 1) {
            words += " · " + Words.plural(step.undoAttempts(), "attempt");
        }
        String error = failed && step.undoError() != null ? " · " + step.undoError() : "";
        beside(g, words, error, color, x, w, UNDO_Y, width);
    }

    /// Right of the bar where there is room, else left of it; of one that is out of sight at its edge.
    ///
    /// @param message behind the facts, empty if none
    private void beside(
            GraphicsContext g,
            String facts,
            String message,
            Color color,
            double from,
            double length,
            double y,
            double width) {
        String first = from + length < 0 ? "‹ " + facts : facts;
        String last = from > width ? message + " ›" : message;
        double x = Math.clamp(from, 0, width);
        double w = Math.clamp(from + length, 0, width) - x;
        Font font = text.regular(11.5);
        double right = width - 8 - (x + w + 8);
        g.setFont(font);
        g.setFill(color);
        g.setTextBaseline(VPos.CENTER);
        if (text.width(first + last, font) <= right || right >= x - 16) {
            g.fillText(text.fit(first, last, font, right), x + w + 8, y + BAR / 2);
            return;
        }
        g.setTextAlign(TextAlignment.RIGHT);
        g.fillText(text.fit(first, last, font, x - 16), x - 8, y + BAR / 2);
        g.setTextAlign(TextAlignment.LEFT);
    }

    private void label(GraphicsContext g, String words, Color color, double x, double y, double width) {
        Font font = text.regular(11.5);
        g.setFont(font);
        g.setFill(color);
        g.setTextBaseline(VPos.CENTER);
        g.fillText(text.fit(words, font, width - 8 - x), x, y + BAR / 2);
    }

    /// The way back leads up: this line's part of it.
    private static void link(GraphicsContext g, SagaPlan plan, SagaPlan.Link link, int row, Palette p, double height) {
        if (row > link.from() || row < link.to() || link.to() >= link.from()) {
            return;
        }
        double x = Math.floor(plan.scale().x(link.arrived())) + 3;
        g.setFill(p.done());
        if (row == link.from()) {
            double y = (link.fromUndo() ? UNDO_Y : ACTION_Y) + BAR / 2;
            double left = plan.scale().x(link.left());
            if (x > left) {
                g.fillRect(left, y, x - left, 1.5);
            }
            double top = link.fromUndo() || x > left ? y : ACTION_Y;
            g.fillRect(x, 0, 1.5, top);
        } else if (row == link.to()) {
            double tip = UNDO_Y + BAR + 1;
            g.fillRect(x, tip + 4, 1.5, height - tip - 4);
            g.fillPolygon(new double[] {x - 3.5, x + 5, x + 0.75}, new double[] {tip + 6, tip + 6, tip}, 3);
        } else {
            g.fillRect(x, 0, 1.5, height);
        }
    }
}
