package nexus.aiagents.app.desktop.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import nexus.aiagents.app.desktop.parts.Words;
import nexus.aiagents.engine.money.BudgetPreview;
import nexus.aiagents.engine.project.BudgetSpec.OnLimit;
import nexus.aiagents.engine.project.BudgetSpec.Window;
import org.junit.jupiter.api.Test;

/// What a person reads while a slider moves.
class PreviewWordsTest {
    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
    private static final BudgetPreview.Limits RUN =
            new BudgetPreview.Limits("agent/bot", Window.RUN, OnLimit.PAUSE, 50_000L, null, null);

    private static BudgetPreview preview(BudgetPreview.Stop... stops) {
        return new BudgetPreview(
                NOW, 412, 1_230_000, 420_000, 9_000, List.of(stops), stops.length * 8L, 310_000, 1_000);
    }

    @Test
    void the_run_and_step_that_would_have_stopped_are_named() {
        BudgetPreview.Stop at4 = new BudgetPreview.Stop(9, NOW, "bot", "r-12", "publish-article", "publish", 4);
        BudgetPreview.Stop alone = new BudgetPreview.Stop(10, NOW, "bot", null, null, null, 0);
        String time = Words.time(NOW, NOW);
        assertEquals(
                "On the last 412 calls ($1.23 since " + time
                        + ") it would have stopped publish-article r-12 at step 4, publish: 8 calls, $0.3100 not spent.",
                PreviewWords.of(preview(at4), RUN, NOW));
        assertEquals(
                "On the last 412 calls ($1.23 since " + time + ") it would have stopped bot at " + time
                        + " and 1 more: 16 calls, $0.3100 not spent.",
                PreviewWords.of(preview(alone, at4), RUN, NOW));
    }

    @Test
    void where_nothing_is_stopped_the_most_that_was_needed_is_said() {
        String time = Words.time(NOW, NOW);
        assertEquals(
                "On the last 412 calls ($1.23 since " + time
                        + ") it would have stopped nothing: the most in one run was $0.4200.",
                PreviewWords.of(preview(), RUN, NOW));
        assertEquals(
                "There is no call yet to try it on.",
                PreviewWords.of(new BudgetPreview(null, 0, 0, 0, 0, List.of(), 0, 0, 0), RUN, NOW));
    }
}
