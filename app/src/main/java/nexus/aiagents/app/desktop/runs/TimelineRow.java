package nexus.aiagents.app.desktop.runs;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.RunView.ItemView;
import nexus.aiagents.engine.view.RunView.ItemsView;
import nexus.aiagents.engine.view.RunView.StepView;
import org.jspecify.annotations.Nullable;

/// One line of a run's picture: a step, or below a step that is opened one of its items. Pure.
///
/// @param step its place among the run's steps
/// @param item the number of the item, {@link #NONE}: the line is the step's own
public record TimelineRow(int step, int item) {
    static final int NONE = -1;

    /// @param opened names of the steps whose items are shown
    public static List<TimelineRow> of(RunView run, Set<String> opened) {
        List<TimelineRow> rows = new ArrayList<>();
        for (int i = 0; i < run.steps().size(); i++) {
            StepView step = run.steps().get(i);
            rows.add(new TimelineRow(i, NONE));
            ItemsView items = step.items();
            if (items != null && opened.contains(step.name())) {
                for (ItemView item : items.shown()) {
                    rows.add(new TimelineRow(i, item.index()));
                }
            }
        }
        return rows;
    }

    boolean isItem() {
        return item != NONE;
    }

    /// What the line shows, an item as a step named `STEP[INDEX]`; null if the run has it no more.
    public @Nullable StepView in(RunView run) {
        if (step >= run.steps().size()) {
            return null;
        }
        StepView whole = run.steps().get(step);
        ItemsView items = whole.items();
        if (!isItem() || items == null) {
            return isItem() ? null : whole;
        }
        for (ItemView candidate : items.shown()) {
            if (candidate.index() == item) {
                return asStep(whole, candidate);
            }
        }
        return null;
    }

    private static StepView asStep(StepView whole, ItemView i) {
        return new StepView(
                whole.name() + "[" + i.index() + "]",
                whole.agent(),
                null,
                i.state(),
                i.attempts(),
                i.startedAt(),
                i.endedAt(),
                i.inputJson(),
                i.outputJson(),
                i.errorCode(),
                i.errorMessage(),
                i.retryAt(),
                null,
                0,
                0,
                null,
                null,
                null,
                null,
                false,
                i.parked(),
                List.of(),
                null,
                null);
    }
}
