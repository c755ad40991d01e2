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
    COST,
    TRUST;

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The key of the map form; not every kind has one.
    String plural() {
        return key() + "s";
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
