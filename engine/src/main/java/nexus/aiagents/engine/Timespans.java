package nexus.aiagents.engine;

import java.time.Duration;

/// Spans of time as messages say them.
final class Timespans {
    private Timespans() {}

    static String inWords(Duration span) {
        if (span.toMillis() % 1_000 != 0) {
            return span.toMillis() + " ms";
        }
        long seconds = span.toSeconds();
        return seconds % 60 != 0
                ? seconds + " s"
                : seconds == 60 ? "a minute" : seconds == 3_600 ? "an hour" : seconds / 60 + " minutes";
    }
}
