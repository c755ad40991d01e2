package nexus.aiagents.engine.project;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a block defines.
enum Kind {
    PROJECT,
    MODEL,
    AGENT,
    SUPERVISOR,
    SAGA,
    POOL,
    WORKFLOW,
    COST,
    TRUST;

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The key of the map form; empty for kinds that have none.
    String plural() {
        return this == PROJECT || this == COST || this == TRUST ? "" : key() + "s";
    }

    /// @return null for a key that is no kind
    static @Nullable Kind of(String key) {
        for (Kind kind : values()) {
            if (key.equals(kind.key()) || key.equals(kind.plural())) {
                return kind;
            }
        }
        return null;
    }
}
