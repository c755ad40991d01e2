package nexus.aiagents.engine.view;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One supervisor as it is now.
///
/// @param parent       null for a root
/// @param strategy     `one-for-one`, `one-for-all`, `rest-for-one`
/// @param inWindow     restarts that still count
/// @param lastRestarts times of those restarts, oldest first: they leave the window `withinSeconds` later
public record SupervisorView(
        String name,
        @Nullable String parent,
        String strategy,
        State state,
        int maxRestarts,
        long withinSeconds,
        int inWindow,
        List<Instant> lastRestarts,
        List<ChildView> children) {

    public enum State {
        STOPPED,
        RUNNING,
        FAILED
    }

    /// @param kind `agent` or `supervisor` @param restart `permanent`, `transient`, `temporary`
    public record ChildView(String name, String kind, String restart) {}

    public int restartsLeft() {
        return Math.max(0, maxRestarts - inWindow);
    }
}
