package nexus.aiagents.engine.project;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How much of the journal stays in the store; what is older is moved to archives by itself.
///
/// @param keep       how long entries stay, null: for ever
/// @param maxEntries how many stay, null: all
public record JournalSpec(@Nullable Duration keep, @Nullable Long maxEntries) {
    public static final JournalSpec ALL = new JournalSpec(null, null);

    public boolean keepsAll() {
        return keep == null && maxEntries == null;
    }
}
