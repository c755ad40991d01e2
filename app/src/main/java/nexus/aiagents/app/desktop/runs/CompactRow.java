package nexus.aiagents.app.desktop.runs;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import nexus.aiagents.app.desktop.parts.Mark;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.engine.view.RunView;
import nexus.aiagents.engine.view.RunView.StepView;

/// One step in one line: all that is to be known of a run without a picture. Pure.
///
/// @param took     how long its action took or takes, empty if it has not begun
/// @param attempts empty if it has not begun
/// @param undone   what became of its compensation, empty if none was needed
/// @param note     its error, what it waits for or why it was skipped, items; empty if nothing
record CompactRow(
        int number, String step, String agent, Mark mark, String took, String attempts, String undone, String note) {

    static List<CompactRow> of(RunView run, Instant now) {
        List<CompactRow> rows = new ArrayList<>(run.steps().size());
        for (int i = 0; i < run.steps().size(); i++) {
            rows.add(of(i + 1, run.steps().get(i), now));
        }
        return rows;
    }

    private static CompactRow of(int number, StepView step, Instant now) {
        Instant start = step.startedAt();
        return new CompactRow(
                number,
                step.name(),
                step.agent(),
                Mark.of(StepPainter.shownState(step)),
                start == null ? "" : Words.duration(Duration.between(start, SagaPlan.actionEnd(step, now))),
                step.attempts() == 0 ? "" : String.valueOf(step.attempts()),
                undone(step, now),
                note(step, now));
    }

    private static String undone(StepView step, Instant now) {
        if (step.undoState() == null) {
            return "";
        }
        Instant start = step.undoStartedAt();
        return (step.undoOrder() > 0 ? step.undoOrder() + ". " : "")
                + Mark.of(step.undoState()).text()
                + (step.undoAttempts() > 1 ? ", " + Words.plural(step.undoAttempts(), "attempt") : "")
                + (start == null ? "" : " · " + Words.duration(Duration.between(start, SagaPlan.undoEnd(step, now))));
    }

    private static String note(StepView step, Instant now) {
        List<String> parts = new ArrayList<>();
        Instant retry = step.retryAt();
        if (retry != null && retry.isAfter(now)) {
            parts.add("again in " + Words.coarse(Duration.between(now, retry).plusMillis(999)));
        }
        if (step.errorCode() != null) {
            parts.add(step.errorCode() + (step.errorMessage() == null ? "" : ": " + step.errorMessage()));
        }
        if (step.undoError() != null) {
            parts.add("undoing it: " + step.undoError());
        }
        if (!StepPainter.remark(step).isEmpty()) {
            parts.add(StepPainter.remark(step));
        }
        if (step.items() != null) {
            parts.add(StepPainter.items(step.items()).substring(3));
        }
        return String.join(" · ", parts);
    }

    /// The next step that has this in its name, agent or error, behind a place; it goes round.
    ///
    /// @param after -1: from the first on
    /// @return its place, -1 if none has
    static int find(RunView run, String typed, int after) {
        String wanted = typed.strip().toLowerCase(Locale.ROOT);
        int size = run.steps().size();
        for (int i = 1; i <= size && !wanted.isEmpty(); i++) {
            int at = Math.floorMod(after + i, size);
            StepView step = run.steps().get(at);
            String said = step.name() + " " + step.agent() + " " + step.errorCode() + " " + step.errorMessage();
            if (said.toLowerCase(Locale.ROOT).contains(wanted)) {
                return at;
            }
        }
        return -1;
    }
}
