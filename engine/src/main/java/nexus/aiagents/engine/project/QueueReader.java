package nexus.aiagents.engine.project;

import java.time.Duration;
import java.util.List;

/// From the keys of a `pool` block that concern its queue to their specification.
final class QueueReader {
    static final int DEFAULT_LIMIT = 1_000;
    static final int MOST_WORKERS = 1_000;
    private static final Duration LONGEST_BLOCK = Duration.ofMinutes(1);

    private final Body body;
    private final Scope scope;

    QueueReader(Body body, Scope scope) {
        this.body = body;
        this.scope = scope;
    }

    /// @param named its members are listed by name, so that their number is theirs
    PoolSpec.QueueSpec read(boolean named, int members) {
        Body queue = body.body("queue");
        Body scale = body.body("scale");
        boolean range = body.has("min") || body.has("max");
        int size = named ? members : (int) body.whole("size", 0);
        int min = named ? members : (int) body.whole("min", range ? 1 : 0);
        int max = named ? members : (int) body.whole("max", range ? Math.max(min, size) : MOST_WORKERS);
        if (named) {
            checkNamed();
        } else {
            checkRange(range, min, max, size);
        }
        if (!range && body.has("scale")) {
            scope.add(Code.KEY_UNUSED.at(
                    body.at("scale"),
                    "`scale` has no effect without `min` and `max`: the number of workers does not change by itself"));
        }
        PoolSpec.OnFull onFull = queue.word("onFull", PoolSpec.OnFull.REJECT);
        return new PoolSpec.QueueSpec(
                Math.min(min, max),
                body.has("size") || named ? Math.clamp(size, Math.min(min, max), max) : Math.min(min, max),
                max,
                range && !named,
                (int) queue.whole("limit", DEFAULT_LIMIT),
                onFull,
                blockFor(queue, onFull),
                body.has("retry") ? SagaReader.retry(body.body("retry")) : SagaSpec.RetrySpec.ONCE,
                Durations.positive(scale, "after", Duration.ofSeconds(1), scope),
                Durations.positive(scale, "idle", Duration.ofSeconds(30), scope),
                scale.duration("cooldown", Duration.ofSeconds(5)));
    }

    private void checkNamed() {
        for (String key : List.of("min", "max")) {
            if (body.has(key)) {
                scope.add(Code.POOL_MEMBERS.at(
                        body.at(key),
                        "`" + key + "` goes with `agent`; with `agents` every one of them is one worker: remove it"));
            }
        }
    }

    private void checkRange(boolean range, int min, int max, int size) {
        if (!range && !body.has("size")) {
            scope.add(Code.POOL_MEMBERS.at(
                    body.at("agent"), "say how many workers the pool has: add `size: 3`, or `min: 1` and `max: 8`"));
        }
        if (min > max) {
            scope.add(Code.MIN_OVER_MAX.at(
                    body.has("max") ? body.at("max") : body.at("min"),
                    "`min` is " + min + ", but `max` is " + max + ": the pool could have no number of workers"));
        } else if (range && body.has("size") && (size < min || size > max)) {
            scope.add(Code.MIN_OVER_MAX.at(
                    body.at("size"),
                    "the pool begins with `size` workers, so it must lie between " + min + " and " + max));
        }
    }

    private Duration blockFor(Body queue, PoolSpec.OnFull onFull) {
        if (onFull != PoolSpec.OnFull.BLOCK) {
            if (queue.has("wait")) {
                scope.add(Code.KEY_UNUSED.at(queue.at("wait"), "`wait` is only used with `onFull: block`: remove it"));
            }
            return Duration.ZERO;
        }
        Duration wait = Durations.positive(queue, "wait", Duration.ofSeconds(30), scope);
        if (wait.compareTo(LONGEST_BLOCK) > 0) {
            scope.add(Code.BAD_LIMIT.at(
                    queue.at("wait"), "who brings a job waits for one minute at most: write `wait: 1m` or less"));
        }
        return wait;
    }
}
