package nexus.aiagents.engine.view;

import java.time.Instant;
import java.util.List;
import nexus.aiagents.engine.project.BudgetSpec;
import org.jspecify.annotations.Nullable;

/// One budget as the ledger sees it. Holds are money set aside for calls under way; they are not spent yet.
///
/// @param id      as in the configuration: `agent/research-bot`
/// @param scope   `agent`, `saga`, `pool`, `supervisor`, `project`
/// @param window  `run`, `hour`, `day`, `week`, `month`, `ever`
/// @param onLimit `pause`, `throttle`, `alert`, `kill`
/// @param percent of the limit that is nearest, holds included, 0-100 and more for `alert`
/// @param verdict the engine's own
/// @param reserve what of the limits only compensations may use, null: nothing
public record BudgetView(
        String id,
        String scope,
        String target,
        String window,
        String onLimit,
        @Nullable Long maxMicroDollars,
        @Nullable Long maxTokens,
        @Nullable Long maxCalls,
        long spentMicroDollars,
        long spentTokens,
        long spentCalls,
        long heldMicroDollars,
        long heldTokens,
        int percent,
        Verdict verdict,
        List<Integer> alertAt,
        @Nullable Instant windowEnds,
        BudgetSpec.@Nullable Reserve reserve) {

    public enum Verdict {
        OK,
        ALERT,
        LIMIT
    }
}
