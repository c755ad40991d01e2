package nexus.aiagents.engine.trust;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import nexus.aiagents.engine.journal.EngineEvent;
import nexus.aiagents.engine.journal.ExitReason;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.project.Instances;

/// One entry of the journal that counts for the local score of an agent; the score is made of nothing else.
/// `docs/reference/trust.md` has the formula. Pure.
///
/// @param seq    of the entry
/// @param agent  of an instance the agent that it is one of
/// @param points when it happened; they fade
/// @param why    for a person
public record TrustPoint(long seq, Instant at, String agent, Kind kind, double points, String why) {
    /// The entries that {@link #of} can make one of.
    public static final Set<String> TYPES = Set.of("CallEnded", "HostCallDenied", "HoldSettled", "AgentPaused");

    public enum Kind {
        /// For the score.
        GOOD,
        /// Against the score.
        BAD,
        /// For the credit rating.
        PAID,
        /// Against the credit rating.
        OVERREACH
    }

    /// @return empty if the entry does not count
    public static Optional<TrustPoint> of(JournalEntry entry) {
        return switch (entry.event()) {
            case EngineEvent.CallEnded e -> ended(entry, e);
            case EngineEvent.HostCallDenied e ->
                point(entry, e.agent(), Kind.BAD, 2, "A call to the world was denied: " + e.kind());
            case EngineEvent.HoldSettled e ->
                point(entry, e.agent(), Kind.PAID, 0.1, "A model call was paid for within the budget");
            case EngineEvent.AgentPaused e ->
                switch (e.cause()) {
                    case "budget" -> point(entry, e.agent(), Kind.OVERREACH, 5, "It ran into its budget");
                    case "runaway" -> point(entry, e.agent(), Kind.OVERREACH, 10, "It was paused as a runaway");
                    default -> Optional.empty();
                };
            default -> Optional.empty();
        };
    }

    private static Optional<TrustPoint> ended(JournalEntry entry, EngineEvent.CallEnded e) {
        ExitReason reason = e.reason();
        String why = reason.code() + (reason.message().isBlank() ? "" : ": " + reason.message());
        return switch (reason.kind()) {
            case NORMAL -> point(entry, e.agent(), Kind.GOOD, 1, "A call returned");
            case ERROR -> point(entry, e.agent(), Kind.BAD, 1, "A call ended with an error: " + why);
            case TIMEOUT, STUCK -> point(entry, e.agent(), Kind.BAD, 2, "A call took too long: " + why);
            case TRAP, OUT_OF_FUEL, OUT_OF_MEMORY ->
                // Of the runs that ended with a worker nobody can say which one ended it.
                reason.code().equals(ExitReason.WORKER_DIED)
                        ? Optional.empty()
                        : point(entry, e.agent(), Kind.BAD, 2, "A call broke down: " + why);
            case BUDGET -> point(entry, e.agent(), Kind.OVERREACH, 5, "It ran into its budget");
            case SHUTDOWN, KILLED, UNTRUSTED -> Optional.empty();
        };
    }

    private static Optional<TrustPoint> point(JournalEntry entry, String agent, Kind kind, double points, String why) {
        return Optional.of(new TrustPoint(entry.seq(), entry.at(), Instances.agentOf(agent), kind, points, why));
    }

    /// What is left of the points.
    public double faded(Instant now) {
        return now.isAfter(at)
                ? points
                        * Math.pow(0.5, Duration.between(at, now).toMillis() / (double) TrustScore.HALF_LIFE.toMillis())
                : points;
    }
}
