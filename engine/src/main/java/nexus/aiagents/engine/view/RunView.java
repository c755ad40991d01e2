package nexus.aiagents.engine.view;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One run: a call of an agent, a saga, a workflow or a pool decision.
///
/// @param kind       `agent`, `saga`, `workflow`, `pool`, `job` (of a pool with a queue)
/// @param failedStep the step whose error ended a saga
/// @param steps      of a saga; of a pool without agreement the step `decision`, whose agent is the
///     judge or `person`
/// @param microDollars spent, that of nested runs included
/// @param parentRunId the run that it is a step of, and `parentStep` which; null: it stands for itself
/// @param forkedFrom the run whose outputs it took over, null: none
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
        List<VoteView> votes,
        @Nullable String parentRunId,
        @Nullable String parentStep,
        @Nullable String forkedFrom) {

    public RunView(
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
        this(
                id,
                kind,
                name,
                state,
                startedAt,
                endedAt,
                inputJson,
                outputJson,
                failedStep,
                errorCode,
                errorMessage,
                microDollars,
                tokens,
                resumed,
                steps,
                votes,
                null,
                null,
                null);
    }

    public enum State {
        RUNNING,
        /// A person paused it.
        PAUSED,
        /// A step waits for a person's approval.
        WAITING,
        COMPENSATING,
        /// Something went wrong, and a person has to say how it goes on.
        PARKED,
        DONE,
        FAILED,
        CANCELLED;

        public boolean isFinal() {
            return this == DONE || this == FAILED || this == CANCELLED;
        }
    }

    /// @param undoState  what became of its compensation, null: none was needed yet
    /// @param agent      who does it: an agent, or a pool or saga
    /// @param group      the parallel group it is in, null: it runs alone
    /// @param pivot      once it is done there is no way back
    /// @param parked     why it waits for a person: `compensation-failed`, `unknown` or `step-failed`;
    ///     null: it does not
    /// @param undoOrder  1 for the compensation that ran first, 0: none ran
    /// @param needs      of a workflow: the steps that it waits for
    /// @param items      of a workflow's step with `forEach`, null: it has none, or they are not known yet
    /// @param skipped    why it was skipped: `condition`, `needs-skipped`, `failed`, `unknown`,
    ///     `skipped-by-person` or `resolved-by-person`; null: it was not
    /// @param microDollars what it and its compensation spent, with all attempts and what they called;
    ///     `tokens` likewise; null: not known, for entries of old say only what the run spent
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
            @Nullable String undoError,
            @Nullable String group,
            boolean pivot,
            @Nullable String parked,
            List<String> needs,
            @Nullable ItemsView items,
            @Nullable String skipped,
            @Nullable Long microDollars,
            @Nullable Long tokens) {

        /// One of which it is not known what it spent.
        public StepView(
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
                @Nullable String undoError,
                @Nullable String group,
                boolean pivot,
                @Nullable String parked,
                List<String> needs,
                @Nullable ItemsView items,
                @Nullable String skipped) {
            this(
                    name,
                    agent,
                    compensation,
                    state,
                    attempts,
                    startedAt,
                    endedAt,
                    inputJson,
                    outputJson,
                    errorCode,
                    errorMessage,
                    retryAt,
                    undoState,
                    undoOrder,
                    undoAttempts,
                    undoStartedAt,
                    undoEndedAt,
                    undoError,
                    group,
                    pivot,
                    parked,
                    needs,
                    items,
                    skipped,
                    null,
                    null);
        }
    }

    /// The items of a step.
    ///
    /// @param shown in order; of very many those that are under way or went wrong, and the first of the
    ///     others
    public record ItemsView(int total, int done, int running, int failed, int skipped, List<ItemView> shown) {}

    public record ItemView(
            int index,
            StepState state,
            int attempts,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt,
            @Nullable String inputJson,
            @Nullable String outputJson,
            @Nullable String errorCode,
            @Nullable String errorMessage,
            @Nullable Instant retryAt,
            @Nullable String parked) {}

    public enum StepState {
        PENDING,
        /// For a person's approval.
        WAITING,
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
    /// @param choice  when a judge or a person has to pick: the number of this answer, the same for all
    ///     who say the same; 0 else
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
