package nexus.aiagents.app.desktop.runs;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.RunView.StepState;
import nexus.aiagents.engine.view.RunView.StepView;

/// What the picture of a saga shows: a line for each step, with what it did and below it what undid it, and
/// the way back from the step that failed. Pure.
///
/// @param links the way back, in the order in which it was gone
public record SagaPlan(RunView run, List<Link> links, TimeScale scale, Instant now) {

    /// From the end of one step, or of its compensation, up to the next compensation.
    ///
    /// @param from     line it comes from @param to line it goes to
    /// @param fromUndo whether it leaves the compensation of `from` instead of its action
    public record Link(int from, int to, boolean fromUndo, Instant left, Instant arrived) {}

    public static SagaPlan of(RunView run, Instant now, double left, double width) {
        List<TimeScale.Busy> busy = new ArrayList<>();
        for (StepView step : run.steps()) {
            Instant start = step.startedAt();
            if (start != null) {
                busy.add(new TimeScale.Busy(start, actionEnd(step, now)));
            }
            Instant undo = step.undoStartedAt();
            if (undo != null) {
                busy.add(new TimeScale.Busy(undo, undoEnd(step, now)));
            }
        }
        return new SagaPlan(run, links(run, now), new TimeScale(busy, left, width), now);
    }

    /// The same on a line that begins elsewhere or is longer.
    SagaPlan with(double left, double width) {
        return new SagaPlan(run, links, scale.with(left, width), now);
    }

    public static Instant actionEnd(StepView step, Instant now) {
        Instant end = step.endedAt();
        return end == null ? now : end;
    }

    public static Instant undoEnd(StepView step, Instant now) {
        Instant end = step.undoEndedAt();
        return end == null ? now : end;
    }

    /// Of several steps at once the way back begins at the one that failed, not at the last.
    private static boolean failed(RunView run, int step) {
        return step >= 0 && run.steps().get(step).name().equals(run.failedStep());
    }

    private static List<Link> links(RunView run, Instant now) {
        List<StepView> steps = run.steps();
        List<Integer> undone = new ArrayList<>();
        int origin = -1;
        for (int i = 0; i < steps.size(); i++) {
            StepView step = steps.get(i);
            if (step.undoOrder() > 0 && step.undoStartedAt() != null) {
                undone.add(i);
            }
            if (step.startedAt() != null && step.state() != StepState.PENDING && !failed(run, origin)) {
                origin = i;
            }
        }
        undone.sort(Comparator.comparingInt(i -> steps.get(i).undoOrder()));
        List<Link> links = new ArrayList<>();
        boolean fromUndo = false;
        int from = origin;
        for (int to : undone) {
            StepView source = steps.get(from);
            Instant arrived = steps.get(to).undoStartedAt();
            if (arrived != null) {
                Instant left = fromUndo ? undoEnd(source, now) : actionEnd(source, now);
                links.add(new Link(from, to, fromUndo, left.isAfter(arrived) ? arrived : left, arrived));
            }
            from = to;
            fromUndo = true;
        }
        return links;
    }
}
