package nexus.aiagents.sandbox.internal.jit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/// Which block of a large method goes into which of the small methods that replace it.
///
/// Region 0 is the driver: the blocks through which everything passes, such as the dispatch of an
/// interpreter's loop. The others are neighbours in the order of the code, as many as fit.
final class SplitPlan {
    private static final int SMALL_BLOCK = 250;
    private static final int BUSY = 32;

    /// How often the driver is looked at for what may grow onto it.
    private static final int PASSES = 200;

    final int[] regionOf;
    final int regions;

    private final FlowGraph graph;
    private final Sizes sizes;

    SplitPlan(FlowGraph graph, Sizes sizes) {
        this.graph = graph;
        this.sizes = sizes;
        regionOf = new int[graph.blocks.size()];
        Arrays.fill(regionOf, -1);
        chooseDriver();
        regions = cutTheRest();
    }

    /// Places where control can come in from another region, or through the driver from its own.
    BitSet entries() {
        BitSet entries = new BitSet();
        for (int block = 0; block < regionOf.length; block++) {
            graph.wideTargets(block).forEach(entries::set);
            for (int from : graph.predecessors.get(block)) {
                if (regionOf[from] != regionOf[block]) {
                    entries.set(block);
                }
            }
        }
        return entries;
    }

    private void chooseDriver() {
        int left = sizes.driver();
        List<Integer> seeds = new ArrayList<>();
        for (int block = 0; block < regionOf.length; block++) {
            boolean dispatches = graph.blocks.get(block).successors().size() >= BUSY;
            if (dispatches || graph.predecessors.get(block).size() >= BUSY) {
                seeds.add(block);
            }
        }
        seeds.sort(Comparator.comparingInt(block -> -traffic(block)));
        for (int block : seeds) {
            left = take(block, left);
        }
        boolean grown = !seeds.isEmpty();
        for (int pass = 0; grown && pass < PASSES; pass++) {
            grown = false;
            for (int block = 0; block < regionOf.length; block++) {
                if (regionOf[block] < 0 && isBetween(block)) {
                    int before = left;
                    left = take(block, left);
                    grown |= left < before;
                }
            }
        }
    }

    private int traffic(int block) {
        return graph.predecessors.get(block).size()
                + graph.blocks.get(block).successors().size();
    }

    private int take(int block, int left) {
        int bytes = graph.blocks.get(block).bytes();
        if (bytes > left) {
            return left;
        }
        regionOf[block] = 0;
        return left - bytes;
    }

    private boolean isBetween(int block) {
        List<Integer> after = graph.blocks.get(block).successors();
        return graph.blocks.get(block).bytes() <= SMALL_BLOCK
                && !after.isEmpty()
                && after.stream().allMatch(next -> regionOf[next] == 0)
                && graph.predecessors.get(block).stream().anyMatch(from -> regionOf[from] == 0);
    }

    private int cutTheRest() {
        int region = 0;
        int bytes = 0;
        for (int block = 0; block < regionOf.length; block++) {
            if (regionOf[block] == 0) {
                continue;
            }
            int more = graph.blocks.get(block).bytes();
            if (region == 0 || bytes > 0 && bytes + more > sizes.region()) {
                region++;
                bytes = 0;
            }
            regionOf[block] = region;
            bytes += more;
        }
        return region + 1;
    }
}
