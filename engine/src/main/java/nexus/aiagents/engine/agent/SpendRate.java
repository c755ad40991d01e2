package nexus.aiagents.engine.agent;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/// What one agent spent within the last minute. Thread-safe.
final class SpendRate {
    private static final Duration WINDOW = Duration.ofMinutes(1);

    private final Deque<Spent> spent = new ArrayDeque<>(1); // there are many agents that never spend
    private long sum;

    private record Spent(Instant at, long microDollars) {}

    synchronized void add(Instant now, long microDollars) {
        spent.addLast(new Spent(now, microDollars));
        sum += microDollars;
        forget(now);
    }

    /// In micro-dollars; what is exactly a minute old does not count any more.
    synchronized long lastMinute(Instant now) {
        forget(now);
        return sum;
    }

    /// A person has looked at it: counting begins anew.
    synchronized void reset() {
        spent.clear();
        sum = 0;
    }

    private void forget(Instant now) {
        Instant horizon = now.minus(WINDOW);
        while (!spent.isEmpty() && !spent.getFirst().at().isAfter(horizon)) {
            sum -= spent.removeFirst().microDollars();
        }
    }
}
