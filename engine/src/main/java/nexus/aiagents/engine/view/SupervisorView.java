package nexus.aiagents.engine.view;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One supervisor as it is now.
///
/// @param parent       null for a root
/// @param strategy     `one-for-one`, `one-for-all`, `rest-for-one`
/// @param reason       why it failed or stopped by itself, a sentence; else empty
/// @param inWindow     restarts that still count
/// @param lastRestarts times of those restarts, oldest first: they leave the window `withinSeconds` later
/// @param maxRestartMicroDollars what failed children may have spent within the window, null: no limit
/// @param restartMicroDollars    what those had spent whose restarts still count
/// @param backoffUntil when its parent starts it again, null unless that waits
/// @param template     what its children are made from, null if they are all named
/// @param children     in order, instances of the template last
/// @param autoShutdown `never`, `any`, `all`: whether it ends when significant children have
public record SupervisorView(
        String name,
        @Nullable String parent,
        String strategy,
        State state,
        String reason,
        int maxRestarts,
        long withinSeconds,
        int inWindow,
        List<Instant> lastRestarts,
        @Nullable Long maxRestartMicroDollars,
        long restartMicroDollars,
        @Nullable Instant backoffUntil,
        @Nullable TemplateView template,
        List<ChildView> children,
        String autoShutdown) {

    /// One that never shuts down by itself.
    public SupervisorView(
            String name,
            @Nullable String parent,
            String strategy,
            State state,
            String reason,
            int maxRestarts,
            long withinSeconds,
            int inWindow,
            List<Instant> lastRestarts,
            @Nullable Long maxRestartMicroDollars,
            long restartMicroDollars,
            @Nullable Instant backoffUntil,
            @Nullable TemplateView template,
            List<ChildView> children) {
        this(
                name,
                parent,
                strategy,
                state,
                reason,
                maxRestarts,
                withinSeconds,
                inWindow,
                lastRestarts,
                maxRestartMicroDollars,
                restartMicroDollars,
                backoffUntil,
                template,
                children,
                "never");
    }

    public enum State {
        STOPPED,
        RUNNING,
        FAILED
    }

    /// @param kind     `agent`, `supervisor` or `pool`
    /// @param restart  `permanent`, `transient`, `temporary`
    /// @param instance made from the template
    /// @param held     why it stays down until a person starts it: `operator`, `budget`, `untrusted`,
    ///     `start-failed` or `temporary` (it ended, and is not counted); null if it does not
    /// @param significant its end counts for the supervisor's `autoShutdown`
    public record ChildView(
            String name,
            String kind,
            String restart,
            boolean instance,
            @Nullable String held,
            boolean significant) {
        /// One that is not significant.
        public ChildView(String name, String kind, String restart, boolean instance, @Nullable String held) {
            this(name, kind, restart, instance, held, false);
        }

        /// One that is named in the YAML and not held.
        public ChildView(String name, String kind, String restart) {
            this(name, kind, restart, false, null);
        }
    }

    /// @param max as many instances there may be at once
    public record TemplateView(String agent, int max) {}

    /// As OTP counts: `specs` are children that are listed, `active` those that are alive; `supervisors`,
    /// `agents` and `pools` are what they are.
    public record Counts(int specs, int active, int supervisors, int agents, int pools) {}

    public int restartsLeft() {
        return Math.max(0, maxRestarts - inWindow);
    }

    /// Null if there is no limit.
    public @Nullable Long restartMicroDollarsLeft() {
        Long limit = maxRestartMicroDollars;
        return limit == null ? null : Math.max(0, limit - restartMicroDollars);
    }
}
