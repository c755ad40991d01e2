package nexus.aiagents.engine.project;

import java.time.Duration;

/// What happens when the project is opened and when it is closed.
///
/// @param onOpen          what becomes of a team that was up when the project was last open
/// @param shutdownTimeout the longest that closing may take, everything included
public record LifecycleSpec(OnOpen onOpen, Duration shutdownTimeout) {
    public static final LifecycleSpec DEFAULT = new LifecycleSpec(OnOpen.ASK, Duration.ofSeconds(10));

    public enum OnOpen {
        START,
        ASK,
        NOTHING
    }
}
