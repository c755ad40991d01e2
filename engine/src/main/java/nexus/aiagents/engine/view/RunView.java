package nexus.aiagents.engine.view;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One run: a call of an agent, a saga or a pool decision.
///
/// @param kind       `agent`, `saga`, `pool`
/// @param failedStep the step whose error ended a saga
/// @param steps      of a saga; of a pool without agreement the step `decision`, whose agent is the judge or
///     `person`
public record RunView(
        String id,
        String kind,
        String name,
        State state,
        Instant startedAt,
        @Nullable Instant endedAt,
        String inputJson,
        @Nullable String outputJson,
        @Nullable String failedStep,
        @Nullable String errorCode,
        @Nullable String errorMessage,
        long microDollars,
        long tokens,
        boolean resumed,
        List<StepView> steps,
        List<VoteView> votes) {

    public enum State {
        RUNNING,
        COMPENSATING,
        PARKED,
        DONE,
        FAILED,
        CANCELLED;

        public boolean isFinal() {
            return this == DONE || this == FAILED || this == CANCELLED;
        }
    }

    /// @param undoState  what became of its compensation, null: none was needed yet
    /// @param undoOrder  1 for the compensation that ran first, 0: none ran
    public record StepView(
            String name,
            String agent,
            @Nullable String compensation,
            StepState state,
            int attempts,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt,
            @Nullable String inputJson,
            @Nullable String outputJson,
            @Nullable String errorCode,
            @Nullable String errorMessage,
            @Nullable Instant retryAt,
            @Nullable StepState undoState,
            int undoOrder,
            int undoAttempts,
            @Nullable Instant undoStartedAt,
            @Nullable Instant undoEndedAt,
            @Nullable String undoError) {}

    public enum StepState {
        PENDING,
        RUNNING,
        DONE,
        FAILED,
        UNKNOWN,
        COMPENSATING,
        COMPENSATED,
        COMPENSATION_FAILED,
        SKIPPED
    }

    /// @param verdict `pending`, `voted` (nothing is decided), `agreed`, `dissent`, `failed`, `cancelled`
    /// @param choice  when a judge or a person has to pick: the number of this answer, the same for all who say
    ///     the same; 0 else
    public record VoteView(
            String member,
            int index,
            String verdict,
            @Nullable String outputJson,
            @Nullable String error,
            int choice) {
        VoteView chosen(int number) {
            return new VoteView(member, index, verdict, outputJson, error, number);
        }

        VoteView judged(String now) {
            return new VoteView(member, index, now, outputJson, error, choice);
        }
    }
}
