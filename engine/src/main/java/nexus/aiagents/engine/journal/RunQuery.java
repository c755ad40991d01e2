package nexus.aiagents.engine.journal;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which runs, newest first.
///
/// @param states any of these, empty: all
/// @param kinds  any of these, empty: all
/// @param name   of the agent, saga, pool or workflow, null: all
/// @param since  started then or later, null: ever
/// @param until  started before then, null: until now
/// @param limit  at most so many, one or more
public record RunQuery(
        Set<String> states,
        Set<String> kinds,
        @Nullable String name,
        @Nullable Instant since,
        @Nullable Instant until,
        int limit) {

    public RunQuery {
        states = Set.copyOf(states);
        kinds = Set.copyOf(kinds);
        limit = Math.max(1, limit);
    }

    public static RunQuery newest(int limit) {
        return new RunQuery(Set.of(), Set.of(), null, null, null, limit);
    }

    public boolean fits(RunRecord run) {
        return (states.isEmpty() || states.contains(run.state()))
                && (kinds.isEmpty() || kinds.contains(run.kind()))
                && (name == null || name.equals(run.name()))
                && (since == null || !run.startedAt().isBefore(since))
                && (until == null || run.startedAt().isBefore(until));
    }

    /// By the key that narrows it most; {@link #fits} does the rest.
    Storage.Search search() {
        if (name != null) {
            return new Storage.Search(ThingIndex.RUN, "name", name);
        }
        if (states.size() == 1) {
            return new Storage.Search(ThingIndex.RUN, "state", states.iterator().next());
        }
        return kinds.size() == 1
                ? new Storage.Search(ThingIndex.RUN, "kind", kinds.iterator().next())
                : new Storage.Search(ThingIndex.RUN, null, null);
    }
}
