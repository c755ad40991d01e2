package nexus.aiagents.engine.project;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A hard limit on what a scope may spend in a window.
///
/// @param id              stable across edits: `agent/NAME`, `saga/NAME`, `workflow/NAME`, `pool/NAME`,
/// `supervisor/NAME` or
///     `project`
/// @param maxMicroDollars millionths of a dollar, null: no limit
/// @param alertAt         percentages, ascending
public record BudgetSpec(
        String id,
        Scope scope,
        String target,
        @Nullable Long maxTokens,
        @Nullable Long maxMicroDollars,
        @Nullable Long maxCalls,
        Window window,
        OnLimit onLimit,
        List<Integer> alertAt,
        Position at) {

    public enum Scope {
        AGENT,
        SAGA,
        WORKFLOW,
        POOL,
        SUPERVISOR,
        PROJECT
    }

    /// UTC windows; `RUN` counts each run by itself, `EVER` never starts over.
    public enum Window {
        RUN,
        HOUR,
        DAY,
        WEEK,
        MONTH,
        EVER
    }

    public enum OnLimit {
        PAUSE,
        THROTTLE,
        ALERT,
        KILL
    }
}
