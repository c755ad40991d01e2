package nexus.aiagents.sandbox.internal.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import nexus.aiagents.sandbox.ProgramRejected;
import nexus.aiagents.sandbox.WorkerOptions;
import org.jspecify.annotations.Nullable;

/// The workers that run programs, and which program goes into which. Not thread-safe.
final class Places {
    static final String QUARANTINED = "quarantined";

    private final List<Place> all = new ArrayList<>();
    private final Quarantine quarantine = new Quarantine();
    /// Hashes by the name that a program was prepared by.
    private final Map<String, Set<String>> refusedByName = new HashMap<>();

    /// A worker and how many want it.
    static final class Place {
        final Worker worker;
        private final List<RemoteProgram> inside = new ArrayList<>();
        private int taken;
        private long freeSince = System.nanoTime();

        Place(Worker worker) {
            this.worker = worker;
        }

        private boolean isOnlyFor(RemoteProgram program) {
            return inside.stream().allMatch(each -> each.hash().equals(program.hash()));
        }

        void take() {
            taken++;
        }

        void release() {
            taken--;
            freeSince = System.nanoTime();
        }

        boolean isIdle(Duration limit) {
            return taken == 0 && System.nanoTime() - freeSince > limit.toNanos();
        }
    }

    @FunctionalInterface
    interface Starter {
        Place start() throws WorkerGone;
    }

    List<Worker> workers() {
        return all.stream().map(place -> place.worker).toList();
    }

    void clear() {
        all.clear();
    }

    /// @return workers that nobody needed for so long, which are forgotten here
    List<Worker> takeIdle(Duration limit) {
        List<Worker> idle = new ArrayList<>();
        all.removeIf(place -> place.isIdle(limit) && idle.add(place.worker));
        return idle;
    }

    /// The worker with the fewest runs, or a new one. One more than there may be for programs that may have
    /// ended others.
    ///
    /// @throws ProgramRejected as `quarantined`
    Place enter(RemoteProgram program, WorkerOptions options, Starter starter) throws WorkerGone, ProgramRejected {
        Quarantine.Standing standing = quarantine.of(program.hash());
        if (standing == Quarantine.Standing.REFUSED) {
            throw refusal();
        }
        boolean alone = standing == Quarantine.Standing.ALONE;
        Place best = best(place -> alone ? place.isOnlyFor(program) : !isSuspected(place));
        int most = alone ? options.most() + 1 : options.most();
        boolean full = best == null || !alone && best.taken >= options.runsEach();
        if (full && all.size() < most) {
            best = starter.start();
            all.add(best);
        } else if (best == null) {
            best = best(_ -> true);
        }
        if (best == null) {
            throw new WorkerGone("all worker processes are just ending");
        }
        best.take();
        best.inside.add(program);
        return best;
    }

    private @Nullable Place best(Predicate<Place> fits) {
        Place best = null;
        for (Place each : all) {
            if (!each.worker.isGone() && fits.test(each) && (best == null || each.taken < best.taken)) {
                best = each;
            }
        }
        return best;
    }

    private boolean isSuspected(Place place) {
        return place.inside.stream().anyMatch(each -> quarantine.of(each.hash()) != Quarantine.Standing.FREE);
    }

    private static ProgramRejected refusal() {
        return new ProgramRejected(
                QUARANTINED,
                "it ended its worker process " + Quarantine.DEATHS + " times within "
                        + Quarantine.WITHIN.toMinutes()
                        + " minutes, so it is not run in one any more until the program is changed, its agent is"
                        + " resumed or started by a person (`naos agent resume NAME`), or the project is opened again;"
                        + " `WorkerEnded` in the journal says how each ended");
    }

    /// @param ran it was not only loaded
    void leave(Place place, RemoteProgram program, boolean ran) {
        place.release();
        if (place.worker.isGone()) {
            return; // soon it will be asked who was there
        }
        if (ran) {
            quarantine.endedWell(program.hash(), place.isOnlyFor(program), System.nanoTime());
        }
        place.inside.remove(program);
    }

    /// @param program name of it
    /// @return false if it was not refused
    boolean pardon(String program) {
        Set<String> hashes = refusedByName.remove(program);
        return hashes != null && hashes.stream().filter(quarantine::pardon).count() > 0;
    }

    /// A worker ended and is forgotten here.
    ///
    /// @param wanted it was told to
    /// @return names of programs that are refused from now on
    Set<String> ended(Worker worker, boolean wanted) {
        Set<String> refused = new TreeSet<>();
        for (Place place : all) {
            if (place.worker == worker && !wanted && worker.cameUp()) {
                List<String> hashes = quarantine.died(
                        place.inside.stream().map(RemoteProgram::hash).toList(), System.nanoTime());
                place.inside.stream()
                        .filter(each -> hashes.contains(each.hash()))
                        .forEach(each -> {
                            refused.add(each.name());
                            refusedByName
                                    .computeIfAbsent(each.name(), _ -> new HashSet<>())
                                    .add(each.hash());
                        });
            }
        }
        all.removeIf(place -> place.worker == worker);
        return refused;
    }
}
