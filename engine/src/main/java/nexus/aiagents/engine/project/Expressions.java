package nexus.aiagents.engine.project;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Remembers which expressions were found right or wrong. Thread-safe.
final class Expressions {
    private static final int LIMIT = 10_000;

    private final Map<String, Optional<String>> known = new ConcurrentHashMap<>();

    @Nullable
    String error(String source) {
        if (known.size() > LIMIT) {
            known.clear();
        }
        return known.computeIfAbsent(source, s -> Optional.ofNullable(Template.syntaxError(s)))
                .orElse(null);
    }
}
