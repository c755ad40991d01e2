package nexus.aiagents.engine.project;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who may run.
///
/// @param minTier   1 to 5, 0: none asked
/// @param minRating `D` to `AAA`, null: none asked
/// @param isolateBelow programs of agents below this tier run in a worker process, 0: nothing is said, so
///     that {@link #ISOLATED_BELOW} counts; 1: of none
/// @param baseUrl   for `AXIS`; without it no agent can be verified and the gate stays closed
/// @param keyEnv    for `AXIS`: the variable that holds the bearer key
/// @param requireSignature an agent that is not signed, or was changed since, is untrusted
/// @param signers   whose signatures count beside those of the person who runs the project
public record TrustSpec(
        Provider provider,
        int minTier,
        @Nullable String minRating,
        OnUntrusted onUntrusted,
        int isolateBelow,
        @Nullable String baseUrl,
        @Nullable String keyEnv,
        boolean requireSignature,
        Set<String> signers,
        Position at) {

    /// Where nothing is said.
    public static final int ISOLATED_BELOW = 2;

    /// One that asks for no signature.
    public TrustSpec(
            Provider provider,
            int minTier,
            @Nullable String minRating,
            OnUntrusted onUntrusted,
            int isolateBelow,
            @Nullable String baseUrl,
            @Nullable String keyEnv,
            Position at) {
        this(provider, minTier, minRating, onUntrusted, isolateBelow, baseUrl, keyEnv, false, Set.of(), at);
    }

    public enum Provider {
        LOCAL,
        AXIS
    }

    public enum OnUntrusted {
        REJECT,
        WARN,
        /// It waits until a person allows or refuses it.
        ASK
    }
}
