package nexus.aiagents.sandbox.internal.jit;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.objectweb.asm.Label;

/// The numbers of the blocks that are entered from another region, ascending with the region.
final class Entries {
    /// Entries that the driver's switch tells apart at once; more would make the driver too large.
    private static final int MOST_AT_ONCE = 500;

    /// Beyond that, bits of a number that tell the entries of one region apart; those above are the
    /// region's.
    static final int BITS = 12;

    private final SplitPlan plan;
    private final Map<Integer, Integer> numbers = new HashMap<>();
    private final boolean byRegion;
    private final int[] first;
    private final int[] count;

    Entries(SplitPlan plan) {
        this.plan = plan;
        BitSet blocks = plan.entries();
        blocks.set(0);
        first = new int[plan.regions];
        count = new int[plan.regions];
        byRegion = blocks.cardinality() > MOST_AT_ONCE;
        blocks.stream().forEach(block -> count[plan.regionOf[block]]++);
        for (int region = 1; region < plan.regions; region++) {
            first[region] = byRegion ? region << BITS : first[region - 1] + count[region - 1];
        }
        if (byRegion && Arrays.stream(count).anyMatch(entries -> entries >> BITS > 0)) {
            throw new IllegalStateException("a region has too many entries");
        }
        int[] next = first.clone();
        blocks.stream().forEach(block -> numbers.put(block, next[plan.regionOf[block]]++));
    }

    /// Whether a number has to be shifted to that of its region before it is looked at further.
    boolean byRegion() {
        return byRegion;
    }

    boolean contains(int block) {
        return numbers.containsKey(block);
    }

    int number(int block) {
        Integer number = numbers.get(block);
        if (number == null) {
            throw new IllegalStateException("block " + block + " is not entered from another region");
        }
        return number;
    }

    int firstOf(int region) {
        return first[region];
    }

    /// Where the entries of one region lead, in the order of their numbers.
    Label[] targetsIn(int region, Function<Integer, Label> target) {
        Label[] targets = new Label[count[region]];
        numbers.forEach((block, number) -> {
            if (plan.regionOf[block] == region) {
                targets[number - first[region]] = target.apply(block);
            }
        });
        return targets;
    }

    /// Where all lead, in the order of their numbers, if they are not numbered by region.
    Label[] targets(Function<Integer, Label> target) {
        Label[] targets = new Label[numbers.size()];
        numbers.forEach((block, number) -> targets[number] = target.apply(block));
        return targets;
    }
}
