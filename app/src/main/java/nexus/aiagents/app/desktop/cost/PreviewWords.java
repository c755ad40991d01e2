package nexus.aiagents.app.desktop.cost;

import java.time.Instant;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.app.desktop.shell.Money;
import nexus.aiagents.engine.money.BudgetPreview;
import nexus.aiagents.engine.project.BudgetSpec.OnLimit;

/// What other limits would have stopped, in one sentence. Pure.
final class PreviewWords {
    private PreviewWords() {}

    static String of(BudgetPreview preview, BudgetPreview.Limits limits, Instant now) {
        Instant since = preview.since();
        if (since == null) {
            return "There is no call yet to try it on.";
        }
        String tried = "On the last " + Words.plural(preview.calls(), "call") + " ("
                + Money.format(preview.microDollars()) + " since " + Words.time(since, now) + ") ";
        String most = "the most " + window(limits) + " was "
                + (limits.maxMicroDollars() == null && limits.maxTokens() != null
                        ? Words.count(preview.peakTokens()) + " tokens"
                        : Money.format(preview.peakMicroDollars()))
                + ".";
        if (limits.onLimit() == OnLimit.ALERT) {
            return tried + "nothing is stopped, it only alerts: " + most;
        }
        if (preview.stops().isEmpty()) {
            return tried + "it would have stopped nothing: " + most;
        }
        int more = preview.stops().size() - 1;
        return tried + "it would have stopped " + stop(preview.stops().getFirst(), now)
                + (more == 0 ? "" : " and " + more + " more")
                + ": " + Words.plural(preview.stoppedCalls(), "call") + ", "
                + Money.format(preview.stoppedMicroDollars()) + " not spent.";
    }

    private static String window(BudgetPreview.Limits limits) {
        return switch (limits.window()) {
            case EVER -> "in all";
            case RUN -> "in one run";
            case HOUR -> "in an hour";
            case DAY -> "in a day";
            case WEEK -> "in a week";
            case MONTH -> "in a month";
        };
    }

    private static String stop(BudgetPreview.Stop stop, Instant now) {
        if (stop.runId() == null) {
            return stop.agent() + " at " + Words.time(stop.at(), now);
        }
        String run = stop.run() == null ? stop.runId() : stop.run() + " " + stop.runId();
        return run + (stop.step() == null ? "" : " at step " + stop.stepNumber() + ", " + stop.step());
    }
}
