package nexus.aiagents.engine.project;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Time spans that must be more than nothing.
final class Durations {
    private Durations() {}

    static Duration positive(Body body, String key, Duration otherwise, Scope scope) {
        Duration read = positive(body, key, scope);
        return read == null ? otherwise : read;
    }

    static @Nullable Duration positive(Body body, String key, Scope scope) {
        Duration read = body.duration(key);
        if (read != null && !read.isPositive()) {
            scope.add(Code.BAD_LIMIT.at(body.at(key), "`" + key + "` must be more than nothing"));
        }
        return read;
    }
}
