package nexus.aiagents.engine.trust;

import nexus.aiagents.engine.project.TrustSpec;
import nexus.aiagents.engine.view.AgentView.TrustView;
import org.jspecify.annotations.Nullable;

/// Compares what is known of an agent with what the project asks for. Pure.
final class Requirements {
    private Requirements() {}

    /// @param note what else a person should know of the figures, empty if nothing
    static TrustView judge(@Nullable TrustSpec spec, int score, int tier, String rating, String note) {
        if (spec == null) {
            return new TrustView(true, score, tier, rating, note);
        }
        String minRating = spec.minRating();
        boolean tierFits = tier >= spec.minTier();
        boolean ratingFits = minRating == null || TrustScore.rank(rating) >= TrustScore.rank(minRating);
        if (tierFits && ratingFits) {
            return new TrustView(true, score, tier, rating, note);
        }
        String missing = !tierFits
                ? "tier T" + tier + " (score " + score + ") is below the T" + spec.minTier()
                        + " that trust.requirements" + " ask for"
                : "rating " + rating + " is below the " + minRating + " that trust.requirements ask for";
        boolean warns = spec.onUntrusted() == TrustSpec.OnUntrusted.WARN;
        return new TrustView(warns, score, tier, rating, note.isEmpty() ? missing : missing + "; " + note);
    }

    /// Nothing is known, so nothing runs: the gate fails closed.
    static TrustView unknown(@Nullable TrustSpec spec, String why) {
        boolean warns = spec != null && spec.onUntrusted() == TrustSpec.OnUntrusted.WARN;
        return new TrustView(warns, 0, 1, "D", why);
    }
}
