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
/// @param reserve         what of the limits only compensations may use, null: nothing
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
        Position at,
        @Nullable Reserve reserve) {

    public BudgetSpec(
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
        this(id, scope, target, maxTokens, maxMicroDollars, maxCalls, window, onLimit, alertAt, at, null);
    }

    /// Null: nothing of this kind is kept.
    public record Reserve(
            @Nullable Long maxMicroDollars,
            @Nullable Long maxTokens,
            @Nullable Long maxCalls) {}

    public BudgetSpec keeping(@Nullable Reserve kept) {
        return new BudgetSpec(
                id, scope, target, maxTokens, maxMicroDollars, maxCalls, window, onLimit, alertAt, at, kept);
    }

    /// The limits as they are for what goes forward: without what is kept for compensations.
    public BudgetSpec withoutReserve() {
        return reserve == null
                ? this
                : new BudgetSpec(
                        id,
                        scope,
                        target,
                        less(maxTokens, reserve.maxTokens()),
                        less(maxMicroDollars, reserve.maxMicroDollars()),
                        less(maxCalls, reserve.maxCalls()),
                        window,
                        onLimit,
                        alertAt,
                        at,
                        reserve);
    }

    private static @Nullable Long less(@Nullable Long limit, @Nullable Long kept) {
        return limit == null || kept == null ? limit : Long.valueOf(Math.max(0, limit - kept));
    }

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
