package nexus.aiagents.engine.pool;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import nexus.aiagents.engine.project.PoolSpec;
import org.jspecify.annotations.Nullable;

/// A queue between two events. Immutable.
///
/// @param mode     whether it takes jobs
/// @param open     whether its workers work: not before it was opened, and not while it is being closed
/// @param target   how many workers there are to be
/// @param pinned   a person has said how many; their number does not follow the queue
/// @param workers  by index, ascending; more than `target` only while some of them finish their last job
/// @param waiting  jobs that could start, in order
/// @param delayed  jobs that failed and are tried again later
/// @param atWork   the job of each worker that has one, by the worker's index
/// @param blocked  jobs whose bringers wait for room, in order; not accepted yet
/// @param cursor   index of the worker that was served last
/// @param seed     of the strategy `random`
/// @param nextSeq  of the next job
/// @param scaledAt when the number of workers last changed by itself, milliseconds since 1970
public record QueueState(
        Mode mode,
        boolean open,
        int target,
        boolean pinned,
        List<Worker> workers,
        List<Job> waiting,
        List<Job> delayed,
        Map<Integer, Job> atWork,
        List<Blocked> blocked,
        int cursor,
        long seed,
        long nextSeq,
        long scaledAt) {

    public enum Mode {
        /// Takes jobs.
        OPEN,
        /// Takes no new jobs and finishes those it has.
        DRAINING,
        /// Has finished them.
        DRAINED
    }

    /// @param seq         its place: jobs start in this order
    /// @param attempt     how often it was started, 0: never
    /// @param interrupted how often the process ended in the middle of it
    /// @param readyAt     since when, or from when, it may start; milliseconds since 1970
    /// @param started     it is, or was when the process ended, at work
    /// @param over        its end is written, and its call is still being stopped
    /// @param by          whose step it is
    public record Job(
            String id,
            String inputJson,
            long seq,
            int attempt,
            int interrupted,
            long readyAt,
            boolean started,
            boolean over,
            Bringer by) {
        public Job {
            by = by == null ? Bringer.NOBODY : by;
        }

        Job begun() {
            return new Job(id, inputJson, seq, attempt + 1, interrupted, readyAt, true, false, by);
        }

        Job again(long from) {
            return new Job(id, inputJson, seq, attempt, interrupted, from, false, false, by);
        }

        Job cutShort(long now) {
            return new Job(id, inputJson, seq, attempt, interrupted + 1, now, false, false, by);
        }

        Job stopping() {
            return new Job(id, inputJson, seq, attempt, interrupted, readyAt, true, true, by);
        }
    }

    /// @param jobs       finished since the process began
    /// @param busyMillis spent on them
    /// @param since      when it became busy or idle, milliseconds since 1970
    /// @param leaving    it goes when its job is done
    public record Worker(int index, long jobs, long busyMillis, long since, boolean leaving) {
        Worker took(long now) {
            return new Worker(index, jobs, busyMillis, now, leaving);
        }

        Worker finished(long now) {
            return new Worker(index, jobs + 1, busyMillis + Math.max(0, now - since), now, leaving);
        }

        Worker leaving(boolean now) {
            return new Worker(index, jobs, busyMillis, since, now);
        }
    }

    public record Blocked(String id, String inputJson, Bringer by, long until) {}

    /// What of it outlives the process, beside the jobs.
    public record Kept(Mode mode, int target, boolean pinned, int cursor, long seed, long nextSeq) {}

    public static QueueState initial(PoolSpec pool, long seed) {
        return new QueueState(
                Mode.OPEN,
                false,
                start(pool),
                false,
                List.of(),
                List.of(),
                List.of(),
                Map.of(),
                List.of(),
                -1,
                seed,
                1,
                0);
    }

    private static int start(PoolSpec pool) {
        PoolSpec.QueueSpec queue = pool.queue();
        return queue == null ? 0 : queue.start();
    }

    /// As it was stored; every job that had started is handled when the queue is opened.
    public static QueueState restored(PoolSpec pool, @Nullable Kept kept, List<Job> jobs, long seed) {
        QueueState fresh = initial(pool, seed);
        List<Job> inOrder = new ArrayList<>(jobs);
        inOrder.sort(Comparator.comparingLong(Job::seq));
        long next = inOrder.isEmpty() ? 1 : inOrder.getLast().seq() + 1;
        return new QueueState(
                kept == null ? Mode.OPEN : kept.mode(),
                false,
                kept == null ? fresh.target() : kept.target(),
                kept != null && kept.pinned(),
                List.of(),
                List.copyOf(inOrder),
                List.of(),
                Map.of(),
                List.of(),
                kept == null ? -1 : kept.cursor(),
                kept == null ? seed : kept.seed(),
                Math.max(next, kept == null ? 1 : kept.nextSeq()),
                0);
    }

    public Kept kept() {
        return new Kept(mode, target, pinned, cursor, seed, nextSeq);
    }

    /// Accepted and not at work.
    public int depth() {
        return waiting.size() + delayed.size();
    }
}
