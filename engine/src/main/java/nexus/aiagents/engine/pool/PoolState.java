package nexus.aiagents.engine.pool;

import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A run of a pool between two events; stored with every transition. Immutable.
///
/// @param arrived      indices of members that voted, in the order of their votes
/// @param phase        what is waited for
/// @param candidates   when there is no agreement: who said the same, from which a judge or a person
///     picks one
/// @param judgeAttempt how often the judge was asked
/// @param suspended    the process is about to end: votes are kept, nothing is decided
public record PoolState(
        List<Member> members,
        List<Integer> arrived,
        Phase phase,
        List<List<Integer>> candidates,
        int judgeAttempt,
        boolean ended,
        boolean suspended) {

    public enum Phase {
        /// For the members.
        VOTING,
        /// For the judge.
        JUDGING,
        /// For a person.
        ASKING
    }

    public enum Status {
        RUNNING,
        VOTED,
        FAILED,
        CANCELLED
    }

    /// @param output its vote
    /// @param error  why it failed, for a person
    public record Member(
            Status status,
            int attempt,
            @Nullable String output,
            @Nullable String error) {
        static final Member NEW = new Member(Status.RUNNING, 0, null, null);

        Member asked() {
            return new Member(Status.RUNNING, attempt + 1, null, null);
        }

        Member voted(String outputJson) {
            return new Member(Status.VOTED, attempt, outputJson, null);
        }

        Member failed(String why) {
            return new Member(Status.FAILED, attempt, null, why);
        }

        Member cancelled() {
            return new Member(Status.CANCELLED, attempt, null, null);
        }
    }

    public static PoolState initial(PoolRun run) {
        return new PoolState(
                Collections.nCopies(run.size(), Member.NEW), List.of(), Phase.VOTING, List.of(), 0, false, false);
    }
}
