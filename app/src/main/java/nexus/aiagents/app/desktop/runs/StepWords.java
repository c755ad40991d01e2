package nexus.aiagents.app.desktop.runs;

import java.util.ArrayList;
import java.util.List;
import nexus.aiagents.app.desktop.parts.Mark;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.engine.view.RunView.StepView;

/// What is said of a step.
final class StepWords {
    private StepWords() {}

    /// What runs at the same time is drawn one below the other; the words say that it belongs together.
    static String beside(StepView step) {
        return (step.group() == null ? "" : " · in " + step.group())
                + (step.pivot() ? " · no way back" : "")
                + (step.needs().isEmpty() ? "" : " · after " + String.join(", ", step.needs()));
    }

    static String spoken(StepView step, int index, int count) {
        List<String> words = new ArrayList<>();
        words.add(
                "Step " + (index + 1) + " of " + count + ", " + step.name() + ", agent " + step.agent() + beside(step));
        words.add(Mark.of(StepPainter.shownState(step)).text());
        if (!StepPainter.remark(step).isEmpty()) {
            words.add(StepPainter.remark(step));
        }
        if (step.items() != null) {
            words.add(StepPainter.items(step.items()).substring(3));
        }
        if (step.attempts() > 1) {
            words.add(Words.plural(step.attempts(), "attempt"));
        }
        if (step.errorCode() != null) {
            words.add(step.errorCode() + ", " + step.errorMessage());
        }
        if (step.undoState() != null) {
            words.add(Mark.of(step.undoState()).text() + (step.undoOrder() > 0 ? ", number " + step.undoOrder() : ""));
        }
        return String.join(", ", words);
    }
}
