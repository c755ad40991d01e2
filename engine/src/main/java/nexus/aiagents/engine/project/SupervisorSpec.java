package nexus.aiagents.engine.project;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A supervisor as in Erlang/OTP. Children start in this order and stop in reverse.
///
/// @param maxRestartMicroDollars what failed incarnations may have spent within the time; null: no limit
/// @param children               empty if there is a template
/// @param template               from which children are made while it runs, null if they are all named
public record SupervisorSpec(
        String name,
        Strategy strategy,
        int maxRestarts,
        Duration within,
        @Nullable Long maxRestartMicroDollars,
        List<ChildSpec> children,
        @Nullable TemplateSpec template,
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
            boolean significant) {

        ChildSpec named(String other) {
            return new ChildSpec(other, kind, restart, shutdown, significant);
        }
    }

    public enum ChildKind {
        AGENT,
        SUPERVISOR,
        /// One with a queue.
        POOL
    }

    /// Instances of one agent, made while the supervisor runs (OTP: `simple_one_for_one`).
    ///
    /// @param child how each is supervised; its name is the agent's
    /// @param start how many are made when the supervisor starts
    /// @param max   more than these at once are refused
    public record TemplateSpec(ChildSpec child, int start, int max) {
        public static final int DEFAULT_MAX = 100;

        public String agent() {
            return child.name();
        }

        /// @param number from 1
        public ChildSpec instance(long number) {
            return child.named(Instances.name(agent(), number));
        }
    }

    /// Waits `initial * factor^n`, at most `max`, between restarts; starts over after `resetAfter` of
    /// health.
    ///
    /// @param jitter the part of each wait that is random, from 0 to 1: at 0.5 it takes from half to
    ///     all of it
    public record BackoffSpec(Duration initial, double factor, Duration max, Duration resetAfter, double jitter) {}

    /// All that can be a child of it: those named, or the agent that is its template.
    public Stream<ChildSpec> everyChild() {
        return template == null ? children.stream() : Stream.concat(children.stream(), Stream.of(template.child()));
    }

    /// The same, wherever it stands in a file.
    public SupervisorSpec anywhere() {
        return new SupervisorSpec(
                name,
                strategy,
                maxRestarts,
                within,
                maxRestartMicroDollars,
                children,
                template,
                autoShutdown,
                backoff,
                new Position("", 0, 0, 0, 0));
    }
}
