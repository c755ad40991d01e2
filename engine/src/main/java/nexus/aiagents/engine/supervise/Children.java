package nexus.aiagents.engine.supervise;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/// The children of a supervisor, in their order, and the sets of them that decisions ask for. Immutable; a
/// change shares everything else with what was before, so that each costs O(log n), also among 100,000.
final class Children implements Iterable<Child> {

    /// A set that is kept up to date with every change.
    enum Set {
        LIVE(Child::live),
        WANTED(Child::wanted),
        STARTABLE(Child::startable),
        TO_STOP(Child::toStop),
        TO_ASK(Child::toAsk),
        BACKING_OFF(Child::backingOff),
        AWAITED(Child::awaited),
        SIGNIFICANT_LEFT(Child::significantLeft),
        INSTANCES(Child::instance);

        private static final List<Set> ALL = List.of(values());
        private final Predicate<Child> holds;

        Set(Predicate<Child> holds) {
            this.holds = holds;
        }
    }

    static final Children NONE = new Children(TreePMap.empty(), TreePMap.empty(), empty());

    private final TreePMap<Long, Child> byPlace;
    private final TreePMap<String, Long> places;
    private final List<TreePSet<Long>> sets;

    private Children(TreePMap<Long, Child> byPlace, TreePMap<String, Long> places, List<TreePSet<Long>> sets) {
        this.byPlace = byPlace;
        this.places = places;
        this.sets = sets;
    }

    private static List<TreePSet<Long>> empty() {
        return Set.ALL.stream().map(_ -> TreePSet.<Long>empty()).toList();
    }

    int size() {
        return byPlace.size();
    }

    @Nullable
    Child get(String name) {
        Long place = places.get(name);
        return place == null ? null : byPlace.get(place);
    }

    boolean isEmpty(Set set) {
        return sets.get(set.ordinal()).isEmpty();
    }

    int size(Set set) {
        return sets.get(set.ordinal()).size();
    }

    @Nullable
    Child first(Set set) {
        TreePSet<Long> in = sets.get(set.ordinal());
        return in.isEmpty() ? null : byPlace.get(in.first());
    }

    @Nullable
    Child last(Set set) {
        TreePSet<Long> in = sets.get(set.ordinal());
        return in.isEmpty() ? null : byPlace.get(in.last());
    }

    /// Those of a set as it is now, in order.
    Iterable<Child> all(Set set) {
        return in(sets.get(set.ordinal()).iterator());
    }

    /// Those of a set as it is now, in reverse order.
    Iterable<Child> reversed(Set set) {
        return in(sets.get(set.ordinal()).descendingIterator());
    }

    private Iterable<Child> in(Iterator<Long> order) {
        return () -> new Iterator<>() {
            @Override
            public boolean hasNext() {
                return order.hasNext();
            }

            @Override
            public Child next() {
                Child child = byPlace.get(order.next());
                if (child == null) {
                    throw new NoSuchElementException();
                }
                return child;
            }
        };
    }

    /// In order.
    @Override
    public Iterator<Child> iterator() {
        return byPlace.values().iterator();
    }

    /// This one and all behind it, in order.
    Iterable<Child> from(Child child) {
        return byPlace.tailMap(child.place(), true).values();
    }

    /// A place behind all.
    long nextPlace() {
        return byPlace.isEmpty() ? 0 : byPlace.lastKey() + 1;
    }

    /// Adds a child, or replaces the one of that name, which keeps its place.
    Children with(Child child) {
        Long place = places.get(child.name());
        Child before = place == null ? null : byPlace.get(place);
        if (place != null && place != child.place()) {
            throw new IllegalArgumentException(child.name() + " has another place");
        }
        return new Children(
                byPlace.plus(child.place(), child),
                place == null ? places.plus(child.name(), child.place()) : places,
                changed(before, child, child.place()));
    }

    Children without(Child child) {
        return new Children(
                byPlace.minus(child.place()), places.minus(child.name()), changed(child, null, child.place()));
    }

    private List<TreePSet<Long>> changed(@Nullable Child before, @Nullable Child after, long place) {
        @Nullable TreePSet<Long>[] copy = null;
        for (Set set : Set.ALL) {
            boolean was = before != null && set.holds.test(before);
            boolean is = after != null && set.holds.test(after);
            if (was != is) {
                if (copy == null) {
                    copy = copy();
                }
                TreePSet<Long> now = sets.get(set.ordinal());
                copy[set.ordinal()] = is ? now.plus(place) : now.minus(place);
            }
        }
        return copy == null ? sets : List.of(copy);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private TreePSet<Long>[] copy() {
        return sets.toArray(new TreePSet[0]);
    }
}
