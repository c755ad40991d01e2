package nexus.aiagents.engine.pool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import nexus.aiagents.engine.pool.QueueState.Worker;
import nexus.aiagents.engine.project.PoolSpec.Strategy;

/// The workers of a queue within one decision: who is free, and whose turn it is.
final class Crew {
    private final Strategy strategy;
    private final TreeMap<Integer, Worker> workers = new TreeMap<>();
    private final Set<Integer> busy;
    private final long now;
    private int target;
    private int cursor;
    private long seed;

    /// @param busy indexes of those with a job; the caller's own set, looked at and not changed
    Crew(Strategy strategy, QueueState state, Set<Integer> busy, long now) {
        this.strategy = strategy;
        this.busy = busy;
        this.now = now;
        this.target = state.target();
        this.cursor = state.cursor();
        this.seed = state.seed();
        state.workers().forEach(worker -> workers.put(worker.index(), worker));
    }

    int target() {
        return target;
    }

    int cursor() {
        return cursor;
    }

    long seed() {
        return seed;
    }

    List<Worker> workers() {
        return List.copyOf(workers.values());
    }

    void aim(int wanted) {
        target = wanted;
    }

    /// Makes them as many as they are to be: who was about to leave stays before anyone is added; who
    /// has no job leaves first, those who came last first of all.
    void arrive() {
        List<Worker> staying = new ArrayList<>(workers.values());
        staying.removeIf(Worker::leaving);
        for (Worker worker : List.copyOf(workers.values())) {
            if (staying.size() < target && worker.leaving()) {
                workers.put(worker.index(), worker.leaving(false));
                staying.add(worker);
            }
        }
        for (int index = 0; staying.size() < target; index++) {
            if (!workers.containsKey(index)) {
                Worker added = new Worker(index, 0, 0, now, false);
                workers.put(index, added);
                staying.add(added);
            }
        }
        staying.sort(Comparator.comparing((Worker worker) -> busy.contains(worker.index()))
                .thenComparing(Comparator.comparingInt(Worker::index).reversed()));
        for (Worker worker : staying.subList(0, staying.size() - target)) {
            if (busy.contains(worker.index())) {
                workers.put(worker.index(), worker.leaving(true));
            } else {
                workers.remove(worker.index());
            }
        }
    }

    boolean isAnyFree() {
        return workers.values().stream().anyMatch(this::isFree);
    }

    private boolean isFree(Worker worker) {
        return !worker.leaving() && !busy.contains(worker.index());
    }

    /// Who gets the next job; someone is free.
    int next() {
        List<Worker> free = workers.values().stream().filter(this::isFree).toList();
        return switch (strategy) {
            case LEAST_BUSY ->
                free.stream()
                        .min(Comparator.comparingLong(Worker::busyMillis)
                                .thenComparingLong(Worker::jobs)
                                .thenComparingInt(Worker::index))
                        .orElseThrow()
                        .index();
            case RANDOM -> free.get(Math.floorMod(draw(), free.size())).index();
            default ->
                free.stream()
                        .filter(worker -> worker.index() > cursor)
                        .findFirst()
                        .orElse(free.getFirst())
                        .index();
        };
    }

    void took(int index) {
        cursor = index;
        workers.computeIfPresent(index, (_, worker) -> worker.took(now));
    }

    void finished(int index) {
        workers.computeIfPresent(index, (_, worker) -> worker.leaving() ? null : worker.finished(now));
    }

    /// From 0 up to 1.
    double roll() {
        return (draw() >>> 1) / (double) (1L << 31);
    }

    /// SplitMix64: the next number follows from the last, so that a decision can be made again.
    private int draw() {
        seed += 0x9E3779B97F4A7C15L;
        long z = (seed ^ seed >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return (int) (z ^ z >>> 31);
    }
}
