package nexus.aiagents.app.desktop.shell;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Something a person should hear of.
///
/// @param text   what happened and what to do
/// @param screen where to look, null: nowhere
/// @param count  how often the same came in a row
public record Notification(
        Kind kind,
        String title,
        String text,
        Instant at,
        @Nullable String screen,
        @Nullable String selection,
        int count) {

    public enum Kind {
        NEEDS_YOU,
        FAILED,
        FINISHED,
        INFO
    }
}
