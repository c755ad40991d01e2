package nexus.aiagents.engine.project;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Agents that get the same work, and how their answers become one.
///
/// @param members   agent names, one entry a member; one agent times `size` is that name repeated
/// @param quorum    how many must agree; used by `quorum`
/// @param agreeOn   the field whose value is compared, null: the whole output, canonicalised
/// @param tolerance numbers that differ by no more count as the same; 0 is exact
public record PoolSpec(
        String name,
        List<String> members,
        Strategy strategy,
        int quorum,
        @Nullable String agreeOn,
        double tolerance,
        OnTie onTie,
        @Nullable Duration timeout,
        Position at) {

    public enum Strategy {
        ALL,
        FIRST,
        MAJORITY,
        QUORUM
    }

    public enum OnTie {
        FAIL,
        FIRST
    }
}
