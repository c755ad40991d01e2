package nexus.aiagents.engine.trust;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import nexus.aiagents.engine.journal.JournalEntry;
import nexus.aiagents.engine.project.TrustSpec;
import nexus.aiagents.engine.view.AgentView.TrustView;
import nexus.aiagents.engine.view.FoldCopy;
import nexus.aiagents.engine.view.FoldJson;
import org.jspecify.annotations.Nullable;

/// Scores agents by what the journal says they did. Thread-safe; feed it every entry.
public final class LocalTrust implements TrustGate {
    private final transient Clock clock;
    private ConcurrentHashMap<String, TrustScore> scores = new ConcurrentHashMap<>();
    private transient volatile @Nullable TrustSpec spec;
    /// The verdict on all who have not done anything yet: it does not change with time.
    private transient volatile TrustView fresh;

    /// @param spec what the project asks for, null: nothing, every agent may run
    public LocalTrust(@Nullable TrustSpec spec, Clock clock) {
        this.spec = spec;
        this.clock = clock;
        this.fresh = judge(spec, TrustScore.fresh(Instant.EPOCH), Instant.EPOCH);
    }

    /// All that the entries so far made of it, as JSON. Fields that are not `transient` are in it by
    /// themselves.
    ///
    /// @return writes what is known now, whenever it is asked to
    public Supplier<byte[]> remember() {
        LocalTrust copy = FoldCopy.copy(this, new LocalTrust(null, clock));
        return () -> FoldJson.write(copy);
    }

    /// Goes on from what {@link #remember} gave, before the first entry.
    ///
    /// @throws tools.jackson.core.JacksonException if it is of another shape
    public void recall(byte[] remembered) {
        FoldJson.read(remembered, this);
    }

    /// The YAML changed.
    public void configure(@Nullable TrustSpec changed) {
        spec = changed;
        fresh = judge(changed, TrustScore.fresh(Instant.EPOCH), Instant.EPOCH);
    }

    /// Every point comes from an entry of the journal; {@link TrustPoint} says which.
    public void apply(JournalEntry entry) {
        TrustPoint.of(entry)
                .ifPresent(point -> scores.compute(
                        point.agent(),
                        (_, known) -> (known == null ? TrustScore.fresh(point.at()) : known)
                                .with(point.at(), point.kind(), point.points())));
    }

    @Override
    public TrustView check(String agent) {
        TrustScore score = scores.get(agent);
        return score == null ? fresh : judge(spec, score, clock.instant());
    }

    private static TrustView judge(@Nullable TrustSpec spec, TrustScore score, Instant now) {
        return Requirements.judge(spec, score.score(now), score.tier(now), score.rating(now), "");
    }
}
