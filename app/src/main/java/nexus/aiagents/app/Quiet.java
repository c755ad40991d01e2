package nexus.aiagents.app;

import java.util.logging.Logger;

/// Silences the one line that JavaFX logs when it stands on the class path, which here is on purpose.
final class Quiet {
    /// Held, because the log manager keeps loggers weakly.
    private static final Logger JAVAFX = Logger.getLogger("javafx");

    private Quiet() {}

    static void javaFxOnTheClassPath() {
        JAVAFX.setFilter(record ->
                record.getMessage() == null || !record.getMessage().startsWith("Unsupported JavaFX configuration"));
    }
}
