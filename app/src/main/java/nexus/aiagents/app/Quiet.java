package nexus.aiagents.app;

import java.util.logging.Level;
import java.util.logging.Logger;

/// Silences what libraries tell about themselves: that JavaFX stands on the class path, which here is on
/// purpose, and what the store is doing.
final class Quiet {
    /// Held, because the log manager keeps loggers weakly.
    private static final Logger JAVAFX = Logger.getLogger("javafx");

    private static final Logger STORE = Logger.getLogger("jetbrains.exodus");

    private Quiet() {}

    static void libraries() {
        STORE.setLevel(Level.WARNING);
        JAVAFX.setFilter(record ->
                record.getMessage() == null || !record.getMessage().startsWith("Unsupported JavaFX configuration"));
    }
}
