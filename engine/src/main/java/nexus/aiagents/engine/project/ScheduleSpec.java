package nexus.aiagents.engine.project;

import java.time.ZoneId;
import java.util.Locale;

/// When something is run by itself.
///
/// @param kind      `agent`, `saga`, `pool` or `workflow`
/// @param name      of what is run
/// @param inputJson what it gets
public record ScheduleSpec(
        String kind,
        String name,
        Cron cron,
        ZoneId zone,
        Missed missed,
        Overlap overlap,
        String inputJson,
        Position at) {

    /// What becomes of times that passed while nobody had the project up.
    public enum Missed {
        SKIP,
        ONCE,
        ALL
    }

    /// What becomes of a time at which the run before it is still under way.
    public enum Overlap {
        SKIP,
        QUEUE,
        ALLOW
    }

    /// `saga/NAME`.
    public String id() {
        return kind + "/" + name;
    }

    /// Changes with the times, and with nothing else.
    public String times() {
        return cron + " " + zone.getId();
    }

    public static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
