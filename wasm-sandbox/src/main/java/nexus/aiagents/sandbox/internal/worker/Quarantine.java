package nexus.aiagents.sandbox.internal.worker;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which programs may still run in workers. Who was in a worker when it died is suspected and gets the next
/// one for itself: if that dies too, nobody else can have done it. A program that does so again and again
/// is refused. Knows no clock: times are nanoseconds of the caller. Not thread-safe.
final class Quarantine {
    /// Workers that a program may end before it is refused.
    static final int DEATHS = 3;

    static final Duration WITHIN = Duration.ofMinutes(10);

    /// Where nobody was alone, this many say as much.
    static final int SHARED_DEATHS = 2 * DEATHS;

    enum Standing {
        FREE,
        /// Runs only where no other program does.
        ALONE,
        REFUSED
    }

    private static final class Suspect {
        /// One for a death among others, two for one of its own.
        final Deque<long[]> points = new ArrayDeque<>();

        boolean refused;
    }

    private final Map<String, Suspect> suspects = new HashMap<>();

    Standing of(String program) {
        Suspect suspect = suspects.get(program);
        return suspect == null ? Standing.FREE : suspect.refused ? Standing.REFUSED : Standing.ALONE;
    }

    /// A worker died by itself.
    ///
    /// @param programs that ran in it
    /// @return those that are refused from now on
    List<String> died(Collection<String> programs, long now) {
        Set<String> different = new HashSet<>(programs);
        List<String> refused = new ArrayList<>();
        for (String program : different) {
            Suspect suspect = suspects.computeIfAbsent(program, _ -> new Suspect());
            suspect.points.add(new long[] {now, different.size() == 1 ? 2 : 1});
            suspect.points.removeIf(point -> now - point[0] > WITHIN.toNanos());
            long sum = suspect.points.stream().mapToLong(point -> point[1]).sum();
            if (!suspect.refused && sum >= SHARED_DEATHS) {
                suspect.refused = true;
                refused.add(program);
            }
        }
        return refused;
    }

    /// A person wants it to be tried once more: as often as at first, in workers of its own.
    ///
    /// @return false if it was not refused
    boolean pardon(String program) {
        Suspect suspect = suspects.get(program);
        if (suspect == null || !suspect.refused) {
            return false;
        }
        suspect.refused = false;
        suspect.points.clear();
        return true;
    }

    /// A run of it ended, and its worker did not.
    ///
    /// @param alone nothing else ran there
    void endedWell(String program, boolean alone, long now) {
        Suspect suspect = suspects.get(program);
        if (suspect == null || suspect.refused || !alone) {
            return;
        }
        suspect.points.removeIf(point -> point[1] == 1 || now - point[0] > WITHIN.toNanos());
        if (suspect.points.isEmpty()) {
            suspects.remove(program); // it was another one
        }
    }
}
