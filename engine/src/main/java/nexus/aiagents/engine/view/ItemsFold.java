package nexus.aiagents.engine.view;

import java.util.ArrayList;
import java.util.List;
import nexus.aiagents.engine.view.RunView.StepState;

/// The items of a step, each like a step of its own.
final class ItemsFold {
    private static final int SHOWN = 500;

    final List<StepFold> items = new ArrayList<>();

    StepFold at(int index) {
        while (items.size() <= index) {
            items.add(new StepFold(""));
        }
        return items.get(index);
    }

    RunView.ItemsView view() {
        int[] count = new int[StepState.values().length];
        items.forEach(item -> count[item.state.ordinal()]++);
        int done = count[StepState.DONE.ordinal()];
        int failed = count[StepState.FAILED.ordinal()] + count[StepState.UNKNOWN.ordinal()];
        int plain = SHOWN - items.size() + done + count[StepState.PENDING.ordinal()];
        List<RunView.ItemView> shown = new ArrayList<>();
        for (int i = 0; i < items.size() && shown.size() < SHOWN; i++) {
            StepState state = items.get(i).state;
            boolean isPlain = state == StepState.DONE || state == StepState.PENDING;
            if (!isPlain || plain-- > 0) {
                shown.add(items.get(i).item(i));
            }
        }
        return new RunView.ItemsView(
                items.size(),
                done,
                count[StepState.RUNNING.ordinal()],
                failed,
                count[StepState.SKIPPED.ordinal()],
                List.copyOf(shown));
    }
}
