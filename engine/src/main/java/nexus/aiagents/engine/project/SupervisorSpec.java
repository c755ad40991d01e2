package nexus.aiagents.engine.project;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A supervisor as in Erlang/OTP. Children start in this order and stop in reverse.
public record SupervisorSpec(
        String name,
        Strategy strategy,
        int maxRestarts,
        Duration within,
        List<ChildSpec> children,
        AutoShutdown autoShutdown,
        @Nullable BackoffSpec backoff,
        Position at) {

    public enum Strategy {
        ONE_FOR_ONE,
        ONE_FOR_ALL,
        REST_FOR_ONE
    }

    public enum RestartType {
        PERMANENT,
        TRANSIENT,
        TEMPORARY
    }

    public enum AutoShutdown {
        NEVER,
        ANY,
        ALL
    }

    /// @param kind     what the name refers to
    /// @param shutdown null means `infinity`, zero means `brutal-kill`
    public record ChildSpec(
            String name,
            ChildKind kind,
            RestartType restart,
            @Nullable Duration shutdown,
            boolean significant) {}

    public enum ChildKind {
        AGENT,
        SUPERVISOR
    }

    /// Waits `initial * factor^n`, at most `max`, between restarts; starts over after `resetAfter` of health.
    public record BackoffSpec(Duration initial, double factor, Duration max, Duration resetAfter) {}
}
