package nexus.aiagents.engine.pool;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// Finds the largest set of answers that are all near to each other. Nearness is not transitive (1, 2 and 3
/// with a tolerance of 1), so a set counts only if everyone in it is near to everyone else.
///
/// The answers are gone through by their values, never by who came first, so that the size of the set
/// is the same in whatever order they came. For single numbers it is always the largest there is; for
/// answers with several numbers too, unless there are hundreds that overlap in every possible way.
final class Nearness {
    /// Beyond this a number is only compared, not subtracted: the difference could have a billion digits.
    private static final int MAX_SCALE = 1_000;

    private static final int MAX_STEPS = 200_000;

    private final Map<Integer, Votes.Vote> votes;
    private final BigDecimal tolerance;
    private final List<Integer> ascending;
    private final List<BitSet> near = new ArrayList<>();
    private BitSet best = new BitSet();
    private int steps;

    /// @param members their answers are alike but for the numbers in them
    Nearness(List<Integer> members, Map<Integer, Votes.Vote> votes, BigDecimal tolerance) {
        this.votes = votes;
        this.tolerance = tolerance;
        this.ascending = new ArrayList<>(members);
        ascending.sort(Comparator.comparing(this::numbers, Nearness::compare).thenComparingInt(i -> i));
    }

    /// In the order of their votes; of equal ones the one whose first vote came earliest.
    List<Integer> largest() {
        if (numbers(ascending.getFirst()).size() == 1) {
            windows();
        } else {
            for (int i = 0; i < ascending.size(); i++) {
                near.add(nearTo(i));
            }
            BitSet all = new BitSet();
            all.set(0, ascending.size());
            search(new BitSet(), all);
        }
        List<Integer> found = new ArrayList<>();
        best.stream().forEach(i -> found.add(ascending.get(i)));
        found.sort(Comparator.comparingInt(this::arrival));
        return found;
    }

    private List<BigDecimal> numbers(int member) {
        Votes.Vote vote = votes.get(member);
        return vote == null ? List.of() : vote.numbers();
    }

    private int arrival(int member) {
        Votes.Vote vote = votes.get(member);
        return vote == null ? 0 : vote.arrival();
    }

    private static int compare(List<BigDecimal> a, List<BigDecimal> b) {
        for (int i = 0; i < a.size(); i++) {
            int order = a.get(i).compareTo(b.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    /// Single numbers: of all that lie between one of them and the tolerance above it.
    private void windows() {
        int from = 0;
        for (int to = 0; to < ascending.size(); to++) {
            while (!isNear(ascending.get(from), ascending.get(to))) {
                from++;
            }
            BitSet window = new BitSet();
            window.set(from, to + 1);
            offer(window);
        }
    }

    private BitSet nearTo(int i) {
        BitSet found = new BitSet();
        for (int k = 0; k < ascending.size(); k++) {
            if (k != i && isNear(ascending.get(i), ascending.get(k))) {
                found.set(k);
            }
        }
        return found;
    }

    private void search(BitSet taken, BitSet open) {
        if (steps++ > MAX_STEPS || taken.cardinality() + open.cardinality() < best.cardinality()) {
            return;
        }
        if (open.isEmpty()) {
            offer(taken);
            return;
        }
        int next = open.nextSetBit(0);
        BitSet with = (BitSet) taken.clone();
        with.set(next);
        BitSet rest = (BitSet) open.clone();
        rest.and(near.get(next));
        search(with, rest);
        if (rest.cardinality() + 1 < open.cardinality()) {
            BitSet without = (BitSet) open.clone();
            without.clear(next);
            search(taken, without);
        }
    }

    private void offer(BitSet set) {
        if (set.cardinality() > best.cardinality()
                || (set.cardinality() == best.cardinality() && firstVote(set) < firstVote(best))) {
            best = (BitSet) set.clone();
        }
    }

    private int firstVote(BitSet set) {
        return set.stream().map(i -> arrival(ascending.get(i))).min().orElse(Integer.MAX_VALUE);
    }

    private boolean isNear(int one, int other) {
        List<BigDecimal> a = numbers(one);
        List<BigDecimal> b = numbers(other);
        for (int i = 0; i < a.size(); i++) {
            if (!isNear(a.get(i), b.get(i))) {
                return false;
            }
        }
        return true;
    }

    private boolean isNear(BigDecimal a, BigDecimal b) {
        if (a.compareTo(b) == 0) {
            return true;
        }
        return Math.abs((long) a.scale()) <= MAX_SCALE
                && Math.abs((long) b.scale()) <= MAX_SCALE
                && a.subtract(b).abs().compareTo(tolerance) <= 0;
    }
}
