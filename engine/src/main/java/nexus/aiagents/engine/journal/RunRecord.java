package nexus.aiagents.engine.journal;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One run as it is searched for: of all runs that ever were, not only of the last ones.
///
/// @param kind         `agent`, `saga`, `pool` or `workflow`
/// @param state        as in the views, lower case with dashes: `running`, `compensating`, `paused`,
///     `waiting`, `parked`, `done`, `failed`, `cancelled`
/// @param failedStep   the step whose error ended it
/// @param parentRunId  the run that it is a step of
/// @param firstSeq     the entry that began it
/// @param lastSeq      the newest entry that changed this record
/// @param restedSeq    the newest entry of it before it was last taken up again, 0: it never was
public record RunRecord(
        String id,
        String kind,
        String name,
        String state,
        Instant startedAt,
        @Nullable Instant endedAt,
        long microDollars,
        long tokens,
        @Nullable String failedStep,
        @Nullable String errorCode,
        @Nullable String parentRunId,
        long firstSeq,
        long lastSeq,
        long restedSeq) {

    public boolean isFinal() {
        return endedAt != null;
    }

    RunRecord after(RunProgress progress, Instant at, long seq) {
        boolean over = progress.ended() != null;
        boolean done = "done".equals(progress.ended());
        return new RunRecord(
                id,
                kind,
                name,
                progress.state(),
                startedAt,
                !over ? null : endedAt == null ? at : endedAt,
                microDollars,
                tokens,
                done ? null : progress.failedStep(),
                done ? null : progress.errorCode(),
                parentRunId,
                firstSeq,
                seq,
                restedSeq);
    }

    RunRecord spent(long moreMicroDollars, long moreTokens, long seq) {
        return new RunRecord(
                id,
                kind,
                name,
                state,
                startedAt,
                endedAt,
                microDollars + moreMicroDollars,
                tokens + moreTokens,
                failedStep,
                errorCode,
                parentRunId,
                firstSeq,
                seq,
                restedSeq);
    }

    /// Before the entry that takes it up again changes it.
    RunRecord rested() {
        return new RunRecord(
                id,
                kind,
                name,
                state,
                startedAt,
                endedAt,
                microDollars,
                tokens,
                failedStep,
                errorCode,
                parentRunId,
                firstSeq,
                lastSeq,
                lastSeq);
    }
}
