package nexus.aiagents.engine.view;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.view.RunView.StepState;
import nexus.aiagents.engine.view.RunView.StepView;
import org.jspecify.annotations.Nullable;

/// What the events say about one step of a run, or one item of a step. Confined to {@link RunFold}.
final class StepFold {
    private static final Set<StepState> SHOWS_ERROR = Set.of(StepState.FAILED, StepState.UNKNOWN, StepState.PENDING);

    String name;
    String agent = "";

    @Nullable
    String compensation;

    StepState state = StepState.PENDING;
    int attempts;
    long microDollars;
    long tokens;

    @Nullable
    Instant startedAt;

    @Nullable
    Instant endedAt;

    @Nullable
    String inputJson;

    @Nullable
    String outputJson;

    @Nullable
    ExitReason error;

    @Nullable
    Instant retryAt;

    @Nullable
    StepState undoState;

    int undoOrder;
    int undoAttempts;

    @Nullable
    Instant undoStartedAt;

    @Nullable
    Instant undoEndedAt;

    @Nullable
    ExitReason undoError;

    @Nullable
    String group;

    boolean pivot;

    @Nullable
    String parked;

    List<String> needs = List.of();
    boolean each;

    @Nullable
    ItemsFold items;

    @Nullable
    String skipped;

    StepFold(String name) {
        this.name = name;
    }

    /// To be filled from a snapshot.
    private StepFold() {
        this("");
    }

    void asked(String input) {
        state = StepState.WAITING;
        inputJson = input;
    }

    void done(Instant at, @Nullable String output) {
        state = StepState.DONE;
        outputJson = output;
        error = null;
        endedAt = at;
    }

    /// @param retryAtMillis since 1970, 0: it is not tried again
    void failed(Instant at, ExitReason reason, long retryAtMillis) {
        error = reason;
        retryAt = retryAtMillis == 0 ? null : Instant.ofEpochMilli(retryAtMillis);
        state = retryAt == null ? StepState.FAILED : StepState.PENDING;
        endedAt = at;
    }

    void unknown(Instant at, String why) {
        state = StepState.UNKNOWN;
        error = ExitReason.error("unknown", why);
        endedAt = at;
    }

    /// The way forward goes on without it.
    void skipped(Instant at, String why) {
        skipped = why;
        state = StepState.SKIPPED;
        parked = null;
        endedAt = at;
    }

    void undoStarted(int attempt) {
        undoState = StepState.COMPENSATING;
        undoAttempts = attempt;
        parked = null;
    }

    void undoDone(Instant at) {
        undoState = StepState.COMPENSATED;
        undoError = null;
        undoEndedAt = at;
    }

    /// @param retryAtMillis since 1970, 0: it is not tried again
    void undoFailed(Instant at, ExitReason reason, long retryAtMillis) {
        undoError = reason;
        undoEndedAt = at;
        if (retryAtMillis == 0) {
            undoState = StepState.COMPENSATION_FAILED;
        } else {
            retryAt = Instant.ofEpochMilli(retryAtMillis);
        }
    }

    void undoSkipped(Instant at) {
        undoState = StepState.SKIPPED;
        undoEndedAt = at;
        parked = null;
    }

    /// @param allSpent whether what the run spent is known of each step
    StepView view(boolean allSpent) {
        boolean known = allSpent || microDollars > 0 || tokens > 0;
        ExitReason shown = showsError() ? error : null;
        return new StepView(
                name,
                agent,
                compensation,
                state,
                attempts,
                startedAt,
                endedAt,
                inputJson,
                outputJson,
                shown == null ? null : shown.code(),
                shown == null ? null : shown.message(),
                retryAt,
                undoState,
                undoOrder,
                undoAttempts,
                undoStartedAt,
                undoEndedAt,
                undoError == null ? null : undoError.message(),
                group,
                pivot,
                parked,
                needs,
                items == null ? null : items.view(),
                skipped,
                known ? microDollars : null,
                known ? tokens : null);
    }

    RunView.ItemView item(int index) {
        ExitReason shown = showsError() ? error : null;
        return new RunView.ItemView(
                index,
                state,
                attempts,
                startedAt,
                endedAt,
                inputJson,
                outputJson,
                shown == null ? null : shown.code(),
                shown == null ? null : shown.message(),
                retryAt,
                parked);
    }

    /// What went wrong is told also of a step that was left out for it.
    private boolean showsError() {
        return SHOWS_ERROR.contains(state)
                || state == StepState.SKIPPED && ("failed".equals(skipped) || "unknown".equals(skipped));
    }
}
