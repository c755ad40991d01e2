package nexus.aiagents.engine.supervise;

import java.time.Duration;
import org.pcollections.TreePMap;

/// Amounts with their times, of which those of the last while count. Immutable; O(log n).
///
/// @param sum of all amounts in it
record Window(TreePMap<Long, Entry> entries, long sum) {
    static final Window EMPTY = new Window(TreePMap.empty(), 0);

    /// @param at of a monotonic clock, in nanoseconds
    record Entry(long at, long amount) {}

    /// What is exactly `period` old still counts.
    Window since(long now, Duration period) {
        Window left = this;
        while (!left.entries.isEmpty()) {
            Entry oldest = left.entries.firstEntry().getValue();
            if (now - oldest.at() <= period.toNanos()) {
                break;
            }
            left = new Window(left.entries.minusFirstEntry(), left.sum - oldest.amount());
        }
        return left;
    }

    Window plus(long at, long amount) {
        long next = entries.isEmpty() ? 0 : entries.lastKey() + 1;
        return new Window(entries.plus(next, new Entry(at, amount)), sum + amount);
    }

    int size() {
        return entries.size();
    }
}
