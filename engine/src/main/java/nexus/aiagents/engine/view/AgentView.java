package nexus.aiagents.engine.view;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One agent as it is now.
///
/// @param supervisor  the supervisor it is a child of, null: it runs only when called
/// @param pausedBy    `budget`, `operator`, `trust`, `approval`, `runaway`; null unless paused
/// @param detail      one sentence for a person: what it does, why it is paused, why it failed
/// @param since       when it got into this state
/// @param restarts    since the project was opened
/// @param activeCalls calls and loop ticks under way
/// @param scripted    its model is the built-in scripted one
/// @param backoffUntil when the next start is tried, null unless backing off
public record AgentView(
        String name,
        String runtime,
        @Nullable String source,
        String description,
        @Nullable String supervisor,
        State state,
        @Nullable String pausedBy,
        String detail,
        Instant since,
        int restarts,
        @Nullable ExitView lastExit,
        int activeCalls,
        long calls,
        long failedCalls,
        long tokens,
        long microDollars,
        boolean scripted,
        long fuel,
        long memoryBytes,
        long hostCalls,
        long deniedCalls,
        @Nullable String lastHostCall,
        @Nullable Instant backoffUntil,
        TrustView trust) {

    public enum State {
        STOPPED,
        STARTING,
        RUNNING,
        IDLE,
        BACKING_OFF,
        PAUSED,
        STUCK,
        FAILED,
        COMPLETED
    }

    /// @param kind as {@link nexus.aiagents.engine.journal.ExitReason.Kind}, lower case with dashes
    public record ExitView(Instant at, String kind, String code, String message) {}

    /// @param tier 1-5 @param score 0-100
    public record TrustView(boolean allowed, int score, int tier, String rating, String why) {}
}
